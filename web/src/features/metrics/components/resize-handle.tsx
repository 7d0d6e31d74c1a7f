import { useRef, type KeyboardEvent, type PointerEvent } from "react";

import { MAX_HEIGHT } from "@/lib/panels";

import classes from "./metric-charts.module.css";

interface Size {
  width: number;
  height: number;
}

interface ResizeHandleProps {
  title: string;
  /** In columns and rows. */
  size: Size;
  unit: Size & { nColumns: number };
  onResize: (size: Size) => void;
}

/** Makes a panel larger or smaller by whole columns and rows, with the pointer or the arrow keys. */
export function ResizeHandle({ title, size, unit, onResize }: ResizeHandleProps) {
  const from = useRef<{ x: number; y: number; size: Size } | null>(null);

  const resize = (width: number, height: number) => {
    const next = {
      width: Math.min(unit.nColumns, Math.max(1, width)),
      height: Math.min(MAX_HEIGHT, Math.max(1, height)),
    };
    if (next.width !== size.width || next.height !== size.height) onResize(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [across, down] = STEPS[event.key] ?? [0, 0];
    if (across === 0 && down === 0) return;
    event.preventDefault();
    resize(size.width + across, size.height + down);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (from.current === null) return;
    const { x, y, size: before } = from.current;
    resize(
      before.width + Math.round((event.clientX - x) / unit.width),
      before.height + Math.round((event.clientY - y) / unit.height),
    );
  };

  return (
    <button
      type="button"
      className={classes.corner}
      aria-label={`Resize ${title}`}
      title="Drag, or use the arrow keys"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, y: event.clientY, size };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => (from.current = null)}
      onPointerCancel={() => (from.current = null)}
    />
  );
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
