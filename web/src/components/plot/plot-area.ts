import type { Scale, Tick } from "@/lib/scale";

/** Where a plot's inside is, and where values are in it, in CSS pixels. */
export interface PlotArea {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Scale;
  y: Scale;
  xTicks: Tick[];
  yTicks: Tick[];
  /** How many characters a label at the left has room for. */
  yLabelLength: number;
  /** From the inside's left edge. */
  px: (value: number) => number;
  /** From the inside's top edge. */
  py: (value: number) => number;
}

interface PlotSize {
  width: number;
  height: number;
  x: Scale;
  y: Scale;
  hasXTitle?: boolean;
  hasYTitle?: boolean;
}

const CHARACTER = 6.3;
const TITLE = 17;
const LONGEST_LABEL = 22;

/** Leaves the axes as much room as their labels need. */
export function plotArea({
  width,
  height,
  x,
  y,
  hasXTitle = false,
  hasYTitle = false,
}: PlotSize): PlotArea {
  const bottom = 22 + (hasXTitle ? TITLE : 0);
  const top = 8;
  const inner = Math.max(20, height - top - bottom);
  const yTicks = y.ticks(Math.max(2, Math.floor(inner / (y.kind === "category" ? 16 : 28))));
  const longest = Math.max(2, ...yTicks.map(({ label }) => Math.min(label.length, LONGEST_LABEL)));
  const left = Math.min(width * 0.45, 12 + longest * CHARACTER + (hasYTitle ? TITLE : 0));
  const across = Math.max(20, width - left - 14);
  const xTicks = x.ticks(ticksThatFit(x, across));
  return {
    left,
    top,
    width: across,
    height: inner,
    x,
    y,
    xTicks,
    yTicks,
    yLabelLength: Math.floor((left - 12 - (hasYTitle ? TITLE : 0)) / CHARACTER),
    px: (value) => x.at(value) * across,
    py: (value) => (1 - y.at(value)) * inner,
  };
}

function ticksThatFit(scale: Scale, width: number): number {
  const labels = scale.ticks(4).map(({ label }) => label.length);
  const longest = Math.min(LONGEST_LABEL, Math.max(3, ...labels));
  return Math.max(2, Math.floor(width / (longest * CHARACTER + 18)));
}
