import type { PlotArea } from "@/components/plot/plot-area";
import type { Pen } from "@/components/plot/pen";
import { token } from "@/components/plot/tokens";
import { N_RUN_COLORS } from "@/lib/run-colors";

import type { Line } from "./curve-lines";

const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]];
const RAW_ALPHA = 0.25;
const BAND_ALPHA = 0.16;
/**
 * More are drawn one pixel thin, and their bands bucket by bucket: without a graphics card a browser needs
 * a thirtieth of the time for such lines, and a seventh for such bands.
 */
const MANY_LINES = 10;

/** Draws curves with their bands and marks. */
export function drawLines(pen: Pen, lines: readonly Line[], area: PlotArea): void {
  const colors = runColors();
  const areMany = lines.length > MANY_LINES;
  for (const line of lines) {
    if (line.band === null) continue;
    pen.fillStyle = colors[line.color.index] ?? "";
    pen.globalAlpha = BAND_ALPHA;
    if (!areMany || !fillBuckets(pen, line, area)) fillBand(pen, line, area);
  }
  for (const line of lines) {
    pen.strokeStyle = colors[line.color.index] ?? "";
    if (line.raw !== null) {
      pen.globalAlpha = RAW_ALPHA;
      pen.lineWidth = 1;
      pen.setLineDash([]);
      strokeLine(pen, line.x, line.raw, area);
    }
    pen.globalAlpha = 1;
    pen.lineWidth = areMany ? 1 : 1.6;
    pen.setLineDash(DASHES[(line.color.round + line.dash) % DASHES.length] ?? []);
    strokeLine(pen, line.x, line.y, area);
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  for (const line of lines) drawMarks(pen, line, area, colors);
}

/** Read once for all lines: each look at the page's style costs. */
function runColors(): string[] {
  return Array.from({ length: N_RUN_COLORS }, (_, index) => token(`--run-${index}`));
}

/** One curve over all others, thicker, with its points where they are few. */
export function drawHighlight(pen: Pen, line: Line, area: PlotArea): void {
  const color = token(`--run-${line.color.index}`);
  if (line.band !== null) {
    pen.fillStyle = color;
    pen.globalAlpha = BAND_ALPHA;
    fillBand(pen, line, area);
  }
  pen.globalAlpha = 1;
  pen.strokeStyle = token("--surface-raised");
  pen.lineWidth = 5;
  strokeLine(pen, line.x, line.y, area);
  pen.strokeStyle = color;
  pen.lineWidth = 2.4;
  pen.setLineDash(DASHES[(line.color.round + line.dash) % DASHES.length] ?? []);
  strokeLine(pen, line.x, line.y, area);
  pen.setLineDash([]);
}

const LONE_RADIUS = 2.2;

function strokeLine(pen: Pen, x: Float64Array, y: Float64Array, area: PlotArea): void {
  const { px, py } = area;
  const isFew = x.length <= area.width / 12;
  let isDown = false;
  let previous = { left: Number.NaN, top: Number.NaN };
  const lone: { left: number; top: number }[] = [];
  let nSince = 0;
  pen.beginPath();
  for (let at = 0; at < x.length; at += 1) {
    const left = px(x[at] ?? Number.NaN);
    const top = py(y[at] ?? Number.NaN);
    if (!Number.isFinite(left) || !Number.isFinite(top)) {
      if (nSince === 1) lone.push(previous);
      isDown = false;
      nSince = 0;
      continue;
    }
    if (isDown) pen.lineTo(left, top);
    else pen.moveTo(left, top);
    isDown = true;
    nSince += 1;
    previous = { left, top };
    if (isFew) lone.push(previous);
  }
  if (nSince === 1) lone.push(previous);
  pen.stroke();
  // A point between two gaps has no line to show it, and few points are shown beside their line.
  if (lone.length === 0) return;
  pen.beginPath();
  for (const { left, top } of lone) {
    pen.moveTo(left + LONE_RADIUS, top);
    pen.arc(left, top, LONE_RADIUS, 0, 2 * Math.PI);
  }
  pen.fillStyle = pen.strokeStyle;
  pen.fill();
}

/** A band as a bar for each bucket, halfway to its neighbours; false where the pen cannot. */
function fillBuckets(pen: Pen, { x, band }: Line, area: PlotArea): boolean {
  if (pen.fillRect === undefined || band === null) return false;
  const py = onFloor(area);
  const lefts = Array.from(x, area.px);
  for (let at = 0; at < lefts.length; at += 1) {
    const here = lefts[at] ?? Number.NaN;
    if (!Number.isFinite(band.low[at]) || !Number.isFinite(here)) continue;
    const before = halfway(here, lefts[at - 1]);
    const after = halfway(here, lefts[at + 1]);
    const top = py(band.high[at] ?? 0);
    pen.fillRect(before, top, after - before, py(band.low[at] ?? 0) - top);
  }
  return true;
}

function halfway(here: number, other: number | undefined): number {
  return other !== undefined && Number.isFinite(other) ? (here + other) / 2 : here;
}

/** What a log scale cannot show is at its floor. */
function onFloor({ py, height }: PlotArea): (value: number) => number {
  return (value) => {
    const top = py(value);
    return Number.isNaN(top) ? height : top;
  };
}

function fillBand(pen: Pen, { x, band }: Line, area: PlotArea): void {
  if (band === null) return;
  const { px } = area;
  const py = onFloor(area);
  let start = -1;
  const close = (end: number) => {
    if (start < 0) return;
    pen.beginPath();
    for (let at = start; at < end; at += 1) {
      const [left, top] = [px(x[at] ?? 0), py(band.high[at] ?? 0)];
      if (at === start) pen.moveTo(left, top);
      else pen.lineTo(left, top);
    }
    for (let at = end - 1; at >= start; at -= 1) pen.lineTo(px(x[at] ?? 0), py(band.low[at] ?? 0));
    pen.closePath();
    pen.fill();
    start = -1;
  };
  for (let at = 0; at < x.length; at += 1) {
    const isThere = Number.isFinite(band.low[at]) && Number.isFinite(px(x[at] ?? 0));
    if (isThere && start < 0) start = at;
    if (!isThere) close(at);
  }
  close(x.length);
}

/** NaN as a cross on the floor of the plot, the infinities as triangles at the edge they left by. */
function drawMarks(pen: Pen, line: Line, area: PlotArea, colors: readonly string[]): void {
  if (line.marks.length === 0) return;
  pen.strokeStyle = colors[line.color.index] ?? "";
  pen.lineWidth = 1.6;
  const size = 3.5;
  pen.beginPath();
  for (const { x, kind } of line.marks) {
    const left = area.px(x);
    if (!(left >= 0 && left <= area.width)) continue;
    const top = kind === "above" ? 6 : area.height - 6;
    if (kind === "nan") {
      pen.moveTo(left - size, top - size);
      pen.lineTo(left + size, top + size);
      pen.moveTo(left + size, top - size);
      pen.lineTo(left - size, top + size);
    } else {
      const tip = kind === "above" ? -size : size;
      pen.moveTo(left - size, top - tip);
      pen.lineTo(left, top + tip);
      pen.lineTo(left + size, top - tip);
    }
  }
  pen.stroke();
}
