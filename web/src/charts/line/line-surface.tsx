import { useEffect, useId, useRef, type KeyboardEvent, type PointerEvent } from "react";

import { sizedContext } from "@/components/plot/plot-frame";
import type { PlotArea } from "@/components/plot/plot-area";
import { formatDuration, formatNumber, formatTime } from "@/lib/format";

import type { Hover, Hovered } from "../hover";
import { nearestAt, type Line } from "./curve-lines";
import { drawHighlight } from "./draw-lines";
import classes from "./line-chart.module.css";
import { fillTooltip, placeTooltip, type Reading } from "./line-tooltip";

interface LineSurfaceProps {
  title: string;
  lines: readonly Line[];
  area: PlotArea;
  /** Panels with the same axis share their crosshair. */
  axis: string;
  hover: Hover;
  isZoomed: boolean;
  onZoom: (range: readonly [number, number] | null) => void;
  onOpen?: (runId: string) => void;
}

const SHORTEST_DRAG = 4;
const NEAR = 24;
const KEY_STEP = 0.02;

/** What listens over the curves: crosshair, values under it, zoom by drag or by keys. */
export function LineSurface(props: LineSurfaceProps) {
  const { title, lines, area, axis, hover, isZoomed, onZoom, onOpen } = props;
  const panel = useId();
  const surface = useRef<HTMLDivElement>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const selection = useRef<HTMLDivElement>(null);
  const tooltip = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const dragFrom = useRef<number | null>(null);
  const pointer = useRef({ left: 0, top: 0 });

  useEffect(() => {
    let drawn: string | null = null;
    const follow = (hovered: Hovered) => {
      const isMine = hovered.panel === panel;
      const left = hovered.x === null || hovered.axis !== axis ? Number.NaN : area.px(hovered.x);
      const isInside = left >= 0 && left <= area.width;
      if (crosshair.current !== null) {
        crosshair.current.hidden = !isInside;
        crosshair.current.style.transform = `translateX(${left}px)`;
      }
      if (canvas.current !== null && drawn !== hovered.line) {
        drawn = hovered.line;
        highlight(canvas.current, lines, area, hovered.line);
      }
      const box = tooltip.current;
      if (box === null) return;
      const readings = isMine && isInside ? readAt(lines, hovered) : [];
      box.hidden = readings.length === 0;
      if (box.hidden || hovered.x === null) return;
      fillTooltip(
        box,
        xText(hovered.x, axis),
        readings,
        new Set(lines.map((l) => l.metric)).size > 1,
      );
      placeTooltip(box, area, left, pointer.current.top);
    };
    follow(hover.current);
    return hover.subscribe(follow);
  }, [hover, lines, area, axis, panel]);

  const moveTo = (left: number, top: number) => {
    pointer.current = { left, top };
    const x = area.x.invert(left / area.width);
    hover.set({ x, axis, line: nearestLine(lines, area, x, top), panel });
  };
  const place = (event: PointerEvent) => {
    const bounds = surface.current?.getBoundingClientRect();
    return { left: event.clientX - (bounds?.left ?? 0), top: event.clientY - (bounds?.top ?? 0) };
  };
  const showSelection = (from: number, to: number) => {
    const box = selection.current;
    if (box === null) return;
    box.hidden = Math.abs(to - from) < SHORTEST_DRAG;
    box.style.left = `${Math.max(0, Math.min(from, to))}px`;
    box.style.right = `${area.width - Math.min(area.width, Math.max(from, to))}px`;
  };
  const zoom = (from: number, to: number) => {
    const [low, high] = [Math.max(0, Math.min(from, to)), Math.min(area.width, Math.max(from, to))];
    onZoom([area.x.invert(low / area.width), area.x.invert(high / area.width)]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const center = pointer.current.left || area.width / 2;
    switch (event.key) {
      case "ArrowLeft":
        moveTo(Math.max(0, center - area.width * KEY_STEP), pointer.current.top || area.height / 2);
        break;
      case "ArrowRight":
        moveTo(
          Math.min(area.width, center + area.width * KEY_STEP),
          pointer.current.top || area.height / 2,
        );
        break;
      case "ArrowUp":
        moveTo(center, Math.max(0, pointer.current.top - area.height * 2 * KEY_STEP));
        break;
      case "ArrowDown":
        moveTo(center, Math.min(area.height, pointer.current.top + area.height * 2 * KEY_STEP));
        break;
      case "+":
      case "=":
        zoom(center - area.width / 4, center + area.width / 4);
        break;
      case "-":
      case "0":
        onZoom(null);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <>
      <canvas
        ref={canvas}
        aria-hidden="true"
        style={{ position: "absolute", inset: 0, width: area.width, height: area.height }}
      />
      <div ref={crosshair} className={classes.crosshair} hidden />
      <div ref={selection} className={classes.selection} hidden />
      <div
        ref={surface}
        className={classes.surface}
        role="img"
        aria-label={`${title}: curves of ${lines.length === 1 ? "one run" : `${lines.length} runs`}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => hover.leave(panel)}
        onPointerDown={(event) => {
          if (event.button !== 0 || event.pointerType === "touch") return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragFrom.current = place(event).left;
        }}
        onPointerMove={(event) => {
          const { left, top } = place(event);
          moveTo(Math.max(0, Math.min(area.width, left)), top);
          if (dragFrom.current !== null) showSelection(dragFrom.current, left);
        }}
        onPointerUp={(event) => {
          const from = dragFrom.current;
          dragFrom.current = null;
          if (selection.current !== null) selection.current.hidden = true;
          if (from === null) return;
          const { left, top } = place(event);
          if (Math.abs(left - from) >= SHORTEST_DRAG) zoom(from, left);
          else if (onOpen !== undefined && (event.ctrlKey || event.metaKey)) {
            const near = nearestLine(lines, area, area.x.invert(left / area.width), top);
            if (near !== null) onOpen(near);
          }
        }}
        onPointerLeave={() => hover.leave(panel)}
        onDoubleClick={() => onZoom(null)}
      />
      <div ref={tooltip} className={classes.tooltip} hidden />
      {isZoomed && (
        <button type="button" className={classes.reset} onClick={() => onZoom(null)}>
          Show all steps
        </button>
      )}
    </>
  );
}

function highlight(
  canvas: HTMLCanvasElement,
  lines: readonly Line[],
  area: PlotArea,
  id: string | null,
): void {
  const context = sizedContext(canvas, area.width, area.height);
  if (context === null || id === null || lines.length < 2) return;
  for (const line of lines) if (line.id === id) drawHighlight(context, line, area);
}

function nearestLine(
  lines: readonly Line[],
  area: PlotArea,
  x: number,
  top: number,
): string | null {
  let nearest: string | null = null;
  let least = NEAR;
  for (const line of lines) {
    const at = nearestAt(line, x);
    if (at < 0) continue;
    const distance = Math.abs(area.py(line.y[at] ?? Number.NaN) - top);
    if (distance < least) {
      least = distance;
      nearest = line.id;
    }
  }
  return nearest;
}

function readAt(lines: readonly Line[], { x, line: near }: Hovered): Reading[] {
  return lines.flatMap((line): Reading[] => {
    const at = nearestAt(line, x ?? Number.NaN);
    const value = at < 0 ? Number.NaN : (line.y[at] ?? Number.NaN);
    return Number.isNaN(value)
      ? []
      : [{ line, value, isNear: lines.length > 1 && line.id === near }];
  });
}

function xText(x: number, axis: string): string {
  if (axis === "step") return `step ${formatNumber(Math.round(x))}`;
  if (axis === "time") return formatTime(x);
  if (axis === "elapsed") return `after ${formatDuration(x)}`;
  return `${axis.replace("metric ", "")} ${formatNumber(x)}`;
}
