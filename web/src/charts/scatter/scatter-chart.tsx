import { useCallback, useMemo, useRef, useState, type PointerEvent } from "react";

import { MAX_VALUE_RUNS, type RunValues } from "@/api/run-values";
import { plotArea, type PlotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import type { Pen } from "@/components/plot/pen";
import { useLook } from "@/components/plot/use-look";
import { formatCount } from "@/lib/format";
import { fieldTitle } from "@/lib/run-fields";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import { ColorKey } from "../color-key";
import { valueColors, type ValueColors } from "../colors-of-values";
import type { ChartProps, Scene } from "../define-chart";
import {
  columnOf,
  columnScale,
  finiteExtent,
  useFields,
  useRunPoints,
  valueText,
} from "../run-points";
import { ValueTooltip } from "../value-tooltip";
import { drawPoints, MOST_PATHS, nearestPoint, rasterPoints, type Points } from "./raster";
import type { ScatterOptions } from ".";

const KEY_HEIGHT = 20;
const MAX_SELECTED = 500;

/** A point for each run of the table. */
export function ScatterChart(props: ChartProps<ScatterOptions>) {
  const { title, scene, options, width, height, onHandle } = props;
  const fields = useFields(options.x, options.y, options.color, options.size);
  const query = useRunPoints(scene, fields, MAX_VALUE_RUNS, onHandle);
  const look = useLook();
  const values = query.data;
  const plotHeight = height - (options.color === "" ? 0 : KEY_HEIGHT);

  const area = useMemo(() => {
    const [x, y] = [values && columnOf(values, options.x), values && columnOf(values, options.y)];
    if (x === undefined || y === undefined) return null;
    // Large discs at the edges are to be seen whole.
    const room = options.size === "" ? 0.05 : 0.1;
    return plotArea({
      width,
      height: plotHeight,
      x: columnScale(x, options.logX, room),
      y: columnScale(y, options.logY, room),
      hasXTitle: true,
      hasYTitle: true,
    });
  }, [values, options.x, options.y, options.logX, options.logY, options.size, width, plotHeight]);
  const colors = useMemo(
    (): ValueColors =>
      values === undefined
        ? { rgb: [], key: null }
        : valueColors(columnOf(values, options.color), values.runIds.length),
    // The colours are tokens of the look.
    // oxlint-disable-next-line react/exhaustive-deps
    [values, options.color, look],
  );
  const points = useMemo(
    () => (values === undefined || area === null ? null : placed(values, area, colors, options)),
    [values, area, colors, options],
  );

  const marks = useMemo(() => {
    if (points === null) return {};
    if (points.left.length <= MOST_PATHS) return { draw: (pen: Pen) => drawPoints(pen, points) };
    return {
      raster: (across: number, down: number, ratio: number) =>
        rasterPoints(points, across, down, ratio),
    };
  }, [points]);

  if (options.x === "" || options.y === "") {
    return <ChartEmpty height={height}>Choose what lies on the two axes</ChartEmpty>;
  }
  if (query.isPending) return <ChartWaiting height={height} />;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (area === null || points === null || query.data.runIds.length === 0) {
    return <ChartEmpty height={height}>No runs match</ChartEmpty>;
  }
  return (
    <>
      <PlotFrame
        area={area}
        width={width}
        height={plotHeight}
        label={title}
        xTitle={fieldTitle(options.x)}
        yTitle={fieldTitle(options.y)}
        overlay={
          <ScatterSurface
            title={title}
            values={query.data}
            points={points}
            area={area}
            scene={scene}
          />
        }
        {...marks}
      />
      {options.color !== "" && <ColorKey field={options.color} colors={colors.key} />}
    </>
  );
}

function placed(
  values: RunValues,
  area: PlotArea,
  colors: ValueColors,
  options: ScatterOptions,
): Points {
  const numbers = (field: string) => columnOf(values, field)?.numbers ?? new Float64Array();
  const n = values.runIds.length;
  const sizes = numbers(options.size);
  const { low, high } = finiteExtent(sizes);
  const plain = n > 20_000 ? 1.5 : n > MOST_PATHS ? 2.2 : 3.6;
  return {
    left: numbers(options.x).map(area.px),
    top: numbers(options.y).map(area.py),
    radius: Float64Array.from({ length: n }, (_, at) => {
      const size = sizes[at];
      if (size === undefined || !Number.isFinite(size) || high <= low) return plain;
      // By area: a value twice as large is a disc with twice the ink.
      return 2 + 7 * Math.sqrt((size - low) / (high - low));
    }),
    rgb: colors.rgb,
  };
}

interface ScatterSurfaceProps {
  title: string;
  values: RunValues;
  points: Points;
  area: PlotArea;
  scene: Scene;
}

interface Box {
  from: { left: number; top: number };
  to: { left: number; top: number };
}

/** The run under the pointer, and selection by a box. */
function ScatterSurface({ title, values, points, area, scene }: ScatterSurfaceProps) {
  const surface = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(-1);
  const [box, setBox] = useState<Box | null>(null);

  const place = useCallback((event: PointerEvent) => {
    const bounds = surface.current?.getBoundingClientRect();
    return { left: event.clientX - (bounds?.left ?? 0), top: event.clientY - (bounds?.top ?? 0) };
  }, []);
  const select = ({ from, to }: Box) => {
    const [x0, x1] = [Math.min(from.left, to.left), Math.max(from.left, to.left)];
    const [y0, y1] = [Math.min(from.top, to.top), Math.max(from.top, to.top)];
    const inside = values.runIds.filter((_, at) => {
      const [x, y] = [points.left[at] ?? Number.NaN, points.top[at] ?? Number.NaN];
      return x >= x0 && x <= x1 && y >= y0 && y <= y1;
    });
    scene.onSelect?.(inside.slice(0, MAX_SELECTED));
  };
  const run = values.runIds[near];

  return (
    <>
      <div
        ref={surface}
        role="img"
        aria-label={`${title}: ${formatCount(values.runIds.length)} runs`}
        style={{
          position: "absolute",
          inset: 0,
          cursor: run === undefined ? "crosshair" : "pointer",
        }}
        onPointerDown={(event) => {
          if (event.button !== 0 || scene.onSelect === undefined) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setBox({ from: place(event), to: place(event) });
        }}
        onPointerMove={(event) => {
          const at = place(event);
          setNear(nearestPoint(points, at.left, at.top));
          if (box !== null) setBox({ ...box, to: at });
        }}
        onPointerUp={(event) => {
          const drawn = box;
          setBox(null);
          const at = place(event);
          const isDrag =
            drawn !== null &&
            Math.abs(at.left - drawn.from.left) + Math.abs(at.top - drawn.from.top) > 6;
          if (isDrag) select({ from: drawn.from, to: at });
          else if (run !== undefined) scene.onOpenRun?.(run);
        }}
        onPointerLeave={() => setNear(-1)}
      />
      {box !== null && <SelectionBox box={box} />}
      {run !== undefined && box === null && (
        <ValueTooltip
          area={area}
          left={points.left[near] ?? 0}
          top={points.top[near] ?? 0}
          title={values.names[near] ?? run}
          rows={values.columns.map((column) => [fieldTitle(column.field), valueText(column, near)])}
        />
      )}
    </>
  );
}

function SelectionBox({ box: { from, to } }: { box: Box }) {
  return (
    <div
      style={{
        position: "absolute",
        left: Math.min(from.left, to.left),
        top: Math.min(from.top, to.top),
        width: Math.abs(to.left - from.left),
        height: Math.abs(to.top - from.top),
        border: "1px solid var(--accent)",
        background: "color-mix(in srgb, var(--accent) 12%, transparent)",
        pointerEvents: "none",
      }}
    />
  );
}
