import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";

import { openToLines, visibleLines, type Json, type JsonLine } from "@/lib/json-tree";

import classes from "./json-tree.module.css";
import { moveRowFocus } from "./row-focus";

interface JsonTreeProps {
  label: string;
  value: Json;
}

const LINE_HEIGHT = 22;
const FIRST_LINES = 200;
const LONGEST_TEXT = 2000;

/** A JSON document to open and close, of which only the lines in view are on the page. */
export function JsonTree({ label, value }: JsonTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => openToLines(value, FIRST_LINES));
  const lines = useMemo(() => visibleLines(value, open), [value, open]);
  const view = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  const toggle = (pointer: string) => {
    const next = new Set(open);
    if (!next.delete(pointer)) next.add(pointer);
    setOpen(next);
  };

  return (
    <div className={classes.scroller} ref={scroller}>
      <div
        role="tree"
        aria-label={label}
        tabIndex={-1}
        className={classes.tree}
        style={{ height: view.getTotalSize() }}
        onKeyDown={moveRowFocus}
      >
        {view.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <Line
              key={line.pointer}
              line={line}
              isOpen={open.has(line.pointer)}
              isFirst={index === 0}
              top={start}
              onToggle={() => toggle(line.pointer)}
            />
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  line: JsonLine;
  isOpen: boolean;
  isFirst: boolean;
  top: number;
  onToggle: () => void;
}

function Line({ line, isOpen, isFirst, top, onToggle }: LineProps) {
  const { label, value, depth, nChildren } = line;
  const isBranch = nChildren !== null && nChildren > 0;

  return (
    <div
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={isBranch ? isOpen : undefined}
      aria-selected={false}
      tabIndex={isFirst ? 0 : -1}
      data-row
      className={classes.line}
      data-branch={isBranch || undefined}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 8 + depth * 16 }}
      onClick={isBranch ? onToggle : undefined}
      onKeyDown={(event: KeyboardEvent) => {
        const isFolding =
          event.key === "Enter" || event.key === (isOpen ? "ArrowLeft" : "ArrowRight");
        if (!isBranch || !isFolding) return;
        event.preventDefault();
        onToggle();
      }}
    >
      <span className={classes.sign} aria-hidden>
        {isBranch ? (isOpen ? "▾" : "▸") : ""}
      </span>
      {label !== null && <span className={classes.key}>{label}: </span>}
      <Value value={value} nChildren={nChildren} />
    </div>
  );
}

function Value({ value, nChildren }: { value: Json; nChildren: number | null }) {
  if (nChildren !== null) {
    return (
      <span className={classes.branch}>
        {Array.isArray(value) ? `[${nChildren}]` : `{${nChildren}}`}
      </span>
    );
  }
  const text = JSON.stringify(value);
  return (
    <span
      className={classes.value}
      data-type={value === null ? "null" : typeof value}
      title={text.slice(0, LONGEST_TEXT)}
    >
      {text.slice(0, LONGEST_TEXT)}
    </span>
  );
}
