import { useEffect, useRef, type ReactNode } from "react";

import type { Tick } from "@/lib/scale";

import type { PlotArea } from "./plot-area";
import classes from "./plot-frame.module.css";
import type { Pen } from "./pen";
import { setPainter } from "./plot-image";
import { useLook } from "./use-look";

interface PlotFrameProps {
  area: PlotArea;
  width: number;
  height: number;
  label: string;
  xTitle?: string;
  yTitle?: string;
  /** Draws the marks, from the inside's left and top edge on. Keep it the same while they are. */
  draw?: (pen: Pen) => void;
  /** Makes the marks pixel by pixel (RGBA), for a screen with so many pixels to a CSS pixel. */
  raster?: (width: number, height: number, ratio: number) => Uint8ClampedArray<ArrayBuffer>;
  /** Marks as SVG, in the same coordinates. */
  children?: ReactNode;
  /** HTML over the inside: what listens to the pointer, and tooltips. */
  overlay?: ReactNode;
}

/** Axes, and room for marks between them. */
export function PlotFrame(props: PlotFrameProps) {
  const { area, width, height, label, xTitle, yTitle, draw, raster, children, overlay } = props;
  const { left, top } = area;
  const inside = { left, top, width: area.width, height: area.height };

  return (
    <div className={classes.frame} style={{ width, height }} data-plot>
      <svg className={classes.axes} width={width} height={height} aria-hidden="true">
        <g fontSize="11" fill="var(--text-faint)">
          <g transform={`translate(${left} ${top})`}>
            {area.yTicks.map((tick) => (
              <YTick key={tick.value} tick={tick} area={area} />
            ))}
            <path
              d={`M0 ${area.height + 0.5}H${area.width}`}
              stroke="var(--line-strong)"
              fill="none"
            />
            {area.xTicks.map((tick) => (
              <text
                key={tick.value}
                x={area.px(tick.value)}
                y={area.height + 15}
                textAnchor="middle"
              >
                {shortLabel(tick.label)}
              </text>
            ))}
          </g>
          {xTitle !== undefined && (
            <text x={left + area.width / 2} y={height - 4} textAnchor="middle">
              {xTitle}
            </text>
          )}
          {yTitle !== undefined && (
            <text
              x={0}
              y={0}
              textAnchor="middle"
              transform={`translate(11 ${top + area.height / 2}) rotate(-90)`}
            >
              {yTitle}
            </text>
          )}
        </g>
      </svg>
      {raster !== undefined && <RasterCanvas area={area} raster={raster} />}
      {draw !== undefined && <PlotCanvas area={area} draw={draw} />}
      {children !== undefined && (
        <svg
          className={classes.inside}
          style={inside}
          width={area.width}
          height={area.height}
          role="img"
          aria-label={label}
        >
          {children}
        </svg>
      )}
      {overlay !== undefined && (
        <div className={classes.inside} style={inside} data-not-saved>
          {overlay}
        </div>
      )}
    </div>
  );
}

function YTick({ tick, area }: { tick: Tick; area: PlotArea }) {
  const y = area.py(tick.value);
  return (
    <>
      {area.y.kind !== "category" && (
        <path d={`M0 ${Math.round(y) + 0.5}H${area.width}`} stroke="var(--line)" fill="none" />
      )}
      <text x={-7} y={y + 3.5} textAnchor="end">
        {shortLabel(tick.label, area.yLabelLength)}
      </text>
    </>
  );
}

function PlotCanvas({ area, draw }: { area: PlotArea; draw: (pen: Pen) => void }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const look = useLook();
  const { left, top, width, height } = area;

  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    const context = sizedContext(canvas, width, height);
    if (context !== null) draw(context);
    setPainter(canvas, draw);
    // `draw` reads the tokens of the look.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [draw, width, height, look]);

  return (
    <canvas
      ref={ref}
      className={classes.inside}
      style={{ left, top, width, height }}
      aria-hidden="true"
    />
  );
}

interface RasterCanvasProps {
  area: PlotArea;
  raster: NonNullable<PlotFrameProps["raster"]>;
}

function RasterCanvas({ area, raster }: RasterCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { left, top, width, height } = area;

  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    const ratio = window.devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    canvas.width = across;
    canvas.height = down;
    const image = new ImageData(raster(across, down, ratio), across, down);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }, [raster, width, height]);

  return (
    <canvas
      ref={ref}
      className={classes.inside}
      style={{ left, top, width, height }}
      aria-hidden="true"
    />
  );
}

/** The context of a canvas that has as many pixels as the screen, with CSS pixels as its unit. */
export function sizedContext(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

const LONGEST_LABEL = 22;

function shortLabel(label: string, most = LONGEST_LABEL): string {
  return label.length > most ? `${label.slice(0, Math.max(1, most - 1))}…` : label;
}
