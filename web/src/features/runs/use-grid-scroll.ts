import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { columnWindow, ROW_STEP, rowWindow, scrollTopFor } from "@/lib/table-window";

interface GridScroll {
  nRows: number;
  rowHeight: number;
  /** Pixels of the view that the head of the table covers. */
  headHeight: number;
  starts: Float64Array;
  /** How wide the columns are that do not scroll. */
  pinnedWidth: number;
  /** What the table shows: of something else it is shown from the top. */
  subject: string;
}

const OVERSCAN_ROWS = 6;
const OVERSCAN_COLUMNS = 2;
/** After a jump over more rows than these, rows are asked for once the scrolling pauses. */
const JUMP_ROWS = 150;
const PAUSE_MS = 90;

interface View {
  top: number;
  left: number;
  width: number;
  height: number;
}

/** Which rows and columns of a grid are in view, and which of them to fetch. */
export function useGridScroll(grid: GridScroll) {
  const { nRows, rowHeight, headHeight, starts, pinnedWidth, subject } = grid;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ top: 0, left: 0, width: 0, height: 0 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let frame = 0;
    const read = () => {
      frame = 0;
      const { scrollTop, scrollLeft, clientWidth, clientHeight } = element;
      setView({ top: scrollTop, left: scrollLeft, width: clientWidth, height: clientHeight });
    };
    const later = () => {
      if (frame === 0) frame = requestAnimationFrame(read);
    };
    read();
    const observer = new ResizeObserver(later);
    observer.observe(element);
    element.addEventListener("scroll", later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      element.removeEventListener("scroll", later);
    };
  }, []);

  const shownSubject = useRef(subject);
  useEffect(() => {
    if (shownSubject.current === subject) return;
    shownSubject.current = subject;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  });

  const viewHeight = Math.max(0, view.height - headHeight);
  const rows = rowWindow({
    nRows,
    rowHeight,
    scrollTop: view.top,
    viewHeight,
    overscan: OVERSCAN_ROWS,
  });
  const { first, last } = columnWindow(
    starts,
    view.left,
    view.left + Math.max(0, view.width - pinnedWidth),
    OVERSCAN_COLUMNS,
  );
  const columns = useMemo(() => ({ first, last }), [first, last]);
  const fetched = useSettled(rows.first, rows.last);

  return {
    scroller,
    rows,
    columns,
    fetched,
    /** At least as many as rows are drawn at a time. */
    nSlots: 8 * Math.ceil((viewHeight / rowHeight + 2 * OVERSCAN_ROWS + 2 * ROW_STEP + 2) / 8),
    /** How many rows fit into the view. */
    pageRows: Math.max(1, Math.floor(viewHeight / rowHeight) - 1),
    scrollToRow: (row: number) => {
      const element = scroller.current;
      if (element === null) return;
      element.scrollTop = scrollTopFor(row, {
        nRows,
        rowHeight,
        scrollTop: element.scrollTop,
        viewHeight,
      });
    },
  };
}

/** A range that follows another at once, but for jumps: rows that only fly by are not asked for. */
function useSettled(first: number, last: number): { first: number; last: number } {
  const [settled, setSettled] = useState({ first, last });
  const isJump = Math.abs(first - settled.first) > JUMP_ROWS;
  if (!isJump && (first !== settled.first || last !== settled.last)) setSettled({ first, last });
  const latest = useRef({ first, last });
  useEffect(() => {
    latest.current = { first, last };
    if (!isJump) return;
    const timer = setTimeout(() => setSettled(latest.current), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isJump, first, last]);
  return settled;
}
