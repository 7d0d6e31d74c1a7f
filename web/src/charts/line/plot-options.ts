import type uPlot from "uplot";

import { formatDuration, formatNumber } from "@/lib/format";

import type { ChartRun } from "../define-chart";
import type { LineOptions, PlotColumn, PlotMark, XAxis } from "./plot-data";
import { tooltip } from "./tooltip";

interface PlotRequest {
  size: { width: number; height: number };
  /** Where the tokens are read from. */
  element: HTMLElement;
  runs: ReadonlyMap<string, ChartRun>;
  columns: readonly PlotColumn[];
  options: LineOptions;
  marks: () => readonly PlotMark[];
  onSelect: (range: { min: number; max: number } | null) => void;
}

// uPlot declares its scale kinds as an enum that does not exist when the code runs.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr.Logarithmic;
const DASHES = [[], [6, 4], [2, 3]];
const SMALL_FONT = '11px "Inter", system-ui, sans-serif';

export function plotOptions(request: PlotRequest): uPlot.Options {
  const { size, element, runs, columns, options, marks, onSelect } = request;
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const colorOf = (runId: string) => token(`--run-${runs.get(runId)?.color.index ?? 0}`);
  const isBusy = columns.length > 60;

  return {
    ...size,
    legend: { show: false },
    padding: [10, 12, 0, 0],
    cursor: {
      sync: { key: `x:${options.xAxis}`, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      focus: { prox: 24 },
      points: { size: 6, width: 1.5, fill: token("--surface") },
    },
    focus: { alpha: isBusy ? 0.15 : 0.35 },
    scales: {
      x: { time: options.xAxis === "time", range: xRange },
      y: options.logScale ? { distr: LOGARITHMIC } : { range: yRange },
    },
    axes: [
      {
        stroke: token("--text-faint"),
        grid: { show: false },
        ticks: { show: false },
        border: { show: true, stroke: token("--line-strong"), width: 1 },
        size: 26,
        gap: 4,
        font: SMALL_FONT,
        ...(options.xAxis === "time"
          ? {}
          : { values: (_, splits) => splits.map(xLabel(options.xAxis)) }),
      },
      {
        stroke: token("--text-faint"),
        grid: { stroke: token("--line"), width: 1 },
        ticks: { show: false },
        gap: 6,
        size: axisWidth,
        font: SMALL_FONT,
        values: (_, splits) => splits.map((value) => (value === null ? "" : formatNumber(value))),
      },
    ],
    series: [
      {},
      ...columns.map(({ runId, role }): uPlot.Series => {
        const color = colorOf(runId);
        const dash = DASHES[(runs.get(runId)?.color.round ?? 0) % DASHES.length] ?? [];
        switch (role) {
          case "value":
            return { stroke: color, width: 1.6, dash, points: { size: 5 } };
          case "raw":
            return { stroke: fade(color, 0.28), width: 1, points: { show: false } };
          case "minimum":
          case "maximum":
            return { stroke: "transparent", width: 0, points: { show: false } };
        }
      }),
    ],
    bands: columns.flatMap(({ runId, role }, at) =>
      role === "maximum"
        ? [{ series: [at + 1, at + 2] as [number, number], fill: fade(colorOf(runId), 0.16) }]
        : [],
    ),
    plugins: [tooltip({ runs, columns, xAxis: options.xAxis })],
    hooks: {
      draw: [(plot) => drawMarks(plot, marks(), colorOf)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          onSelect({ min: plot.posToVal(left, "x"), max: plot.posToVal(left + width, "x") });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [(plot) => plot.over.addEventListener("dblclick", () => onSelect(null))],
    },
  };
}

export function xLabel(xAxis: XAxis): (x: number) => string {
  if (xAxis === "elapsed") return (x) => formatDuration(x * 1000).replace(".0s", "s");
  return (x) => (Number.isInteger(x) ? formatNumber(x) : "");
}

function xRange(_: uPlot, min: number | null, max: number | null): [number, number] {
  const [low, high] = [min ?? 0, max ?? 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

function yRange(_: uPlot, min: number | null, max: number | null): [number, number] {
  const [low, high] = [min ?? 0, max ?? 1];
  const margin = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.06;
  return [low - margin, high + margin];
}

function axisWidth(_: uPlot, labels: string[] | null): number {
  const longest = Math.max(0, ...(labels ?? []).map((label) => label.length));
  return Math.max(34, 12 + longest * 6.4);
}

/** NaN as a cross on the floor of the plot, the infinities as triangles at the edge they left by. */
function drawMarks(
  plot: uPlot,
  marks: readonly PlotMark[],
  colorOf: (runId: string) => string,
): void {
  const { ctx, bbox } = plot;
  const unit = window.devicePixelRatio;
  ctx.save();
  for (const { runId, x, value } of marks) {
    const left = plot.valToPos(x, "x", true);
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    const isTop = value === Number.POSITIVE_INFINITY;
    const top = isTop ? bbox.top + 6 * unit : bbox.top + bbox.height - 6 * unit;
    const size = 3.5 * unit;
    ctx.beginPath();
    if (Number.isNaN(value)) {
      ctx.moveTo(left - size, top - size);
      ctx.lineTo(left + size, top + size);
      ctx.moveTo(left + size, top - size);
      ctx.lineTo(left - size, top + size);
    } else {
      const tip = isTop ? -size : size;
      ctx.moveTo(left - size, top - tip);
      ctx.lineTo(left, top + tip);
      ctx.lineTo(left + size, top - tip);
    }
    ctx.lineWidth = 1.6 * unit;
    ctx.strokeStyle = colorOf(runId);
    ctx.stroke();
  }
  ctx.restore();
}

/** A colour token (#rrggbb) at part of its strength. */
function fade(color: string, alpha: number): string {
  return `${color}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0")}`;
}
