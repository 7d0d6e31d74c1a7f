import type { PlotArea } from "@/components/plot/plot-area";
import { formatNumber } from "@/lib/format";
import { runColorVariable } from "@/lib/run-colors";

import type { Line } from "./curve-lines";
import classes from "./line-chart.module.css";

export interface Reading {
  line: Line;
  value: number;
  isNear: boolean;
}

const MAX_LINES = 9;
const GAP = 14;

/** The readings to list, greatest first; of many, those around the nearest one. */
export function listed(readings: readonly Reading[]): Reading[] {
  const sorted = [...readings].sort((a, b) => b.value - a.value);
  if (sorted.length <= MAX_LINES) return sorted;
  const middle = sorted.findIndex((reading) => reading.isNear);
  const first = Math.max(
    0,
    Math.min(middle - Math.floor(MAX_LINES / 2), sorted.length - MAX_LINES),
  );
  return sorted.slice(first, first + MAX_LINES);
}

/** Fills the box by hand: React would render it at every move of the pointer. */
export function fillTooltip(
  box: HTMLElement,
  title: string,
  readings: readonly Reading[],
  hasMetrics: boolean,
): void {
  const head = document.createElement("div");
  head.className = classes["tooltipTitle"] ?? "";
  head.textContent = title;
  box.replaceChildren(
    head,
    ...listed(readings).map(({ line, value, isNear }) => {
      const row = document.createElement("div");
      row.className = classes["tooltipLine"] ?? "";
      row.toggleAttribute("data-near", isNear);
      const dot = document.createElement("i");
      dot.style.background = runColorVariable(line.color);
      const name = document.createElement("span");
      name.textContent = hasMetrics ? `${line.label} · ${line.metric}` : line.label;
      const number = document.createElement("b");
      number.textContent = formatNumber(value);
      row.append(dot, name, number);
      return row;
    }),
  );
}

/** Beside the pointer, on the side that has the room. */
export function placeTooltip(box: HTMLElement, area: PlotArea, left: number, top: number): void {
  const isRight = left > area.width / 2;
  box.style.left = `${isRight ? left - box.offsetWidth - GAP : left + GAP}px`;
  box.style.top = `${Math.min(Math.max(-8, top - 20), Math.max(-8, area.height - box.offsetHeight))}px`;
}
