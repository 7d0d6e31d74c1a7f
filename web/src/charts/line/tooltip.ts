import type uPlot from "uplot";

import { formatDuration, formatNumber, formatTime } from "@/lib/format";
import { runColorVariable } from "@/lib/run-colors";

import type { ChartRun } from "../define-chart";
import classes from "./line-chart.module.css";
import type { PlotColumn, XAxis } from "./plot-data";

interface TooltipRequest {
  runs: ReadonlyMap<string, ChartRun>;
  columns: readonly PlotColumn[];
  xAxis: XAxis;
}

const MAX_LINES = 9;
const GAP = 14;

interface Reading {
  run: ChartRun;
  value: number;
  isNear: boolean;
}

/** The values under the cursor. It is made by hand: React would render it at every mouse move. */
export function tooltip({ runs, columns, xAxis }: TooltipRequest): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = classes["tooltip"] ?? "";
  box.hidden = true;

  const update = (plot: uPlot) => {
    const { idx, left = -1, top = -1 } = plot.cursor;
    // A plot that only follows another's cursor shows the crosshair, not a second box.
    const isUnder = plot.over.matches(":hover");
    const x = idx === null || idx === undefined ? undefined : plot.data[0][idx];
    const readings = x === undefined || !isUnder ? [] : read(plot, columns, runs, top);
    box.hidden = x === undefined || left < 0 || readings.length === 0;
    if (box.hidden || x === undefined) return;
    fill(box, xText(x, xAxis), readings);
    const isRight = left > plot.over.clientWidth / 2;
    box.style.left = `${isRight ? left - box.offsetWidth - GAP : left + GAP}px`;
    box.style.top = `${Math.min(Math.max(0, top - 20), Math.max(0, plot.over.clientHeight - box.offsetHeight))}px`;
  };

  return {
    hooks: {
      init: (plot: uPlot) => plot.over.append(box),
      setCursor: update,
    },
  };
}

function read(
  plot: uPlot,
  columns: readonly PlotColumn[],
  runs: ReadonlyMap<string, ChartRun>,
  top: number,
): Reading[] {
  const readings: Reading[] = [];
  columns.forEach(({ runId, role }, at) => {
    const run = runs.get(runId);
    const row = plot.cursor.idxs?.[at + 1];
    if (role !== "value" || !run || row === null || row === undefined) return;
    const value = plot.data[at + 1]?.[row];
    if (typeof value === "number") readings.push({ run, value, isNear: false });
  });
  const heights = readings.map(({ value }) => Math.abs(plot.valToPos(value, "y") - top));
  const nearest = heights.indexOf(Math.min(...heights));
  readings.forEach((reading, at) => {
    reading.isNear = readings.length > 1 && at === nearest;
  });
  const sorted = [...readings].sort((a, b) => b.value - a.value);
  if (sorted.length <= MAX_LINES) return sorted;
  const middle = sorted.findIndex((reading) => reading.isNear);
  const first = Math.max(
    0,
    Math.min(middle - Math.floor(MAX_LINES / 2), sorted.length - MAX_LINES),
  );
  return sorted.slice(first, first + MAX_LINES);
}

function fill(box: HTMLElement, title: string, readings: readonly Reading[]): void {
  const head = document.createElement("div");
  head.className = classes["tooltipTitle"] ?? "";
  head.textContent = title;
  box.replaceChildren(
    head,
    ...readings.map(({ run, value, isNear }) => {
      const line = document.createElement("div");
      line.className = classes["tooltipLine"] ?? "";
      line.toggleAttribute("data-near", isNear);
      const dot = document.createElement("i");
      dot.style.background = runColorVariable(run.color);
      const name = document.createElement("span");
      name.textContent = run.name;
      const number = document.createElement("b");
      number.textContent = formatNumber(value);
      line.append(dot, name, number);
      return line;
    }),
  );
}

function xText(x: number, xAxis: XAxis): string {
  switch (xAxis) {
    case "step":
      return `step ${formatNumber(x)}`;
    case "time":
      return formatTime(x * 1000);
    case "elapsed":
      return `after ${formatDuration(x * 1000)}`;
  }
}
