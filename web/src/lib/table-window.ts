/** Which part of a large table is in view, whatever its size. */

/** Browsers draw nothing beyond 16 to 33 million pixels: a table that is taller scrolls faster instead. */
export const LARGEST_HEIGHT = 8_000_000;
/** What is drawn changes in steps of so many rows, so that most scroll events draw nothing anew. */
export const ROW_STEP = 4;

export interface RowWindow {
  /** The rows to draw: from the first to before the last. */
  first: number;
  last: number;
  /** How tall the scrolled content is, in pixels. */
  height: number;
  /** Added to a row's place in the whole table, in pixels, for its place in the content. */
  shift: number;
}

interface Scrolled {
  nRows: number;
  rowHeight: number;
  scrollTop: number;
  viewHeight: number;
  overscan: number;
}

export function rowWindow({
  nRows,
  rowHeight,
  scrollTop,
  viewHeight,
  overscan,
}: Scrolled): RowWindow {
  const height = contentHeight(nRows, rowHeight);
  const top =
    Math.max(0, Math.min(scrollTop, height - viewHeight)) * speed(nRows, rowHeight, viewHeight);
  const first = Math.floor((top / rowHeight - overscan) / ROW_STEP) * ROW_STEP;
  const last = Math.ceil(((top + viewHeight) / rowHeight + overscan) / ROW_STEP) * ROW_STEP;
  return {
    first: Math.max(0, first),
    last: Math.min(nRows, Math.max(0, last)),
    height,
    shift: nRows * rowHeight === height ? 0 : Math.max(0, scrollTop) - top,
  };
}

/** Where to scroll so that a row is in view; the present place where it is already. */
export function scrollTopFor(
  row: number,
  { nRows, rowHeight, scrollTop, viewHeight }: Omit<Scrolled, "overscan">,
): number {
  const factor = speed(nRows, rowHeight, viewHeight);
  const top = scrollTop * factor;
  if (row * rowHeight < top) return (row * rowHeight) / factor;
  if ((row + 1) * rowHeight > top + viewHeight)
    return ((row + 1) * rowHeight - viewHeight) / factor;
  return scrollTop;
}

function contentHeight(nRows: number, rowHeight: number): number {
  return Math.min(LARGEST_HEIGHT, nRows * rowHeight);
}

/** Pixels of the table for each that is scrolled. */
function speed(nRows: number, rowHeight: number, viewHeight: number): number {
  const height = contentHeight(nRows, rowHeight);
  const whole = nRows * rowHeight;
  return whole <= height || height <= viewHeight ? 1 : (whole - viewHeight) / (height - viewHeight);
}

/** Where columns begin, from 0, and at the end their width in all. */
export function columnStarts(widths: readonly number[]): Float64Array {
  const starts = new Float64Array(widths.length + 1);
  widths.forEach((width, at) => {
    starts[at + 1] = (starts[at] ?? 0) + width;
  });
  return starts;
}

/** The columns between two places, in pixels, and a few on each side. */
export function columnWindow(
  starts: Float64Array,
  left: number,
  right: number,
  overscan: number,
): { first: number; last: number } {
  const n = starts.length - 1;
  const first = Math.max(0, lastAtMost(starts, left) - overscan);
  return {
    first: first - (first % 2),
    last: Math.min(n, lastAtMost(starts, right) + 1 + overscan),
  };
}

function lastAtMost(starts: Float64Array, place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
