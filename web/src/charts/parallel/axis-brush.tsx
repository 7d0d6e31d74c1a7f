import { useRef, type KeyboardEvent, type PointerEvent } from "react";

import { fieldTitle } from "@/lib/run-fields";

import type { Axis } from "./axes";
import classes from "./parallel-chart.module.css";

interface AxisBrushProps {
  axis: Axis;
  left: number;
  height: number;
  brush: readonly number[] | undefined;
  /** While it is drawn, and when it is done. */
  onBrush: (brush: number[] | null, isDone: boolean) => void;
}

const SHORTEST = 3;
const STEP = 0.05;

/** Selects a stretch of an axis, with the pointer or the arrow keys. */
export function AxisBrush({ axis, left, height, brush, onBrush }: AxisBrushProps) {
  const from = useRef<number | null>(null);
  const { scale, column } = axis;
  const [low, high] = brush ?? [];
  const isBrushed = low !== undefined && high !== undefined;
  const bottom = isBrushed ? (1 - scale.at(low)) * height : height;
  const top = isBrushed ? (1 - scale.at(high)) * height : 0;

  const heightOf = (event: PointerEvent) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return Math.min(height, Math.max(0, event.clientY - bounds.top));
  };
  const between = (a: number, b: number): number[] => {
    const ends = [1 - Math.max(a, b) / height, 1 - Math.min(a, b) / height].map(scale.invert);
    return ends.map((value) => Number(value.toPrecision(6)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isBrushed) {
      onBrush(null, true);
    } else if (event.key === "Enter") {
      onBrush(between(height / 4, (3 * height) / 4), true);
    } else if (isBrushed && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const by = (event.key === "ArrowUp" ? -STEP : STEP) * height;
      onBrush(between(top + by, event.shiftKey ? bottom : bottom + by), true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <button
      type="button"
      className={classes.axis}
      style={{ left: left - 11, height }}
      aria-label={`Brush ${fieldTitle(column.field)}`}
      title="Drag to select. Enter, arrow keys and Shift with them do the same; Esc clears."
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = heightOf(event);
      }}
      onPointerMove={(event) => {
        const to = heightOf(event);
        if (from.current !== null && Math.abs(to - from.current) >= SHORTEST) {
          onBrush(between(from.current, to), false);
        }
      }}
      onPointerUp={(event) => {
        const [start, end] = [from.current, heightOf(event)];
        from.current = null;
        if (start === null) return;
        onBrush(Math.abs(end - start) >= SHORTEST ? between(start, end) : null, true);
      }}
    >
      {isBrushed && (
        <span className={classes.brush} style={{ top, height: Math.max(2, bottom - top) }} />
      )}
    </button>
  );
}
