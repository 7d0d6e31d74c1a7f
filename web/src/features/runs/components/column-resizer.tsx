import { useRef, useState, type PointerEvent } from "react";

import classes from "./runs-table.module.css";

interface ColumnResizerProps {
  title: string;
  width: number;
  /** Called once the border is let go; null for the width that suits the column. */
  onWidth: (width: number | null) => void;
}

const SMALLEST = 56;

/** The right border of a column's title. */
export function ColumnResizer({ title, width, onWidth }: ColumnResizerProps) {
  const begun = useRef(0);
  const [change, setChange] = useState<number | null>(null);
  const end = (event: PointerEvent<HTMLElement>) => {
    if (change === null) return;
    event.currentTarget.releasePointerCapture(event.pointerId);
    setChange(null);
    if (change !== 0) onWidth(Math.max(SMALLEST, Math.round(width + change)));
  };

  return (
    <span
      className={classes.resizer}
      data-active={change !== null || undefined}
      role="presentation"
      title={`Width of ${title}: drag, or double click for the default`}
      style={change === null ? undefined : { transform: `translateX(${change}px)` }}
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = event.clientX;
        setChange(0);
      }}
      onPointerMove={(event) => {
        if (change !== null) setChange(Math.max(SMALLEST - width, event.clientX - begun.current));
      }}
      onPointerUp={end}
      onDoubleClick={() => onWidth(null)}
    />
  );
}
