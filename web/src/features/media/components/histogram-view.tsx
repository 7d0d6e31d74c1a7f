import { useEffect, useRef } from "react";

import type { Bins } from "@/api/media";
import { formatCount } from "@/lib/format";

import type { MediaSeries } from "../media-series";
import classes from "./media-gallery.module.css";

const WIDTH = 360;
const HEIGHT = 120;

interface HistogramViewProps {
  series: MediaSeries;
  /** Index of the step that is looked at. */
  at: number;
}

/** Distributions over steps: all as columns that are darker where more values are, one of them as bars. */
export function HistogramView({ series, at }: HistogramViewProps) {
  const columns = series.itemsOfSteps.map((items) => items[0]?.bins ?? null);
  const bins = columns[at] ?? null;
  const [least, greatest] = span(columns);

  return (
    <>
      {columns.length > 1 && <Heatmap columns={columns} at={at} label={series.key} />}
      {bins !== null && <Bars bins={bins} label={`${series.key} at step ${series.steps[at]}`} />}
      <p className={classes.hint}>
        {formatNumber(least)} to {formatNumber(greatest)}
        {bins !== null && ` · ${formatCount(bins.counts.reduce((sum, n) => sum + n, 0))} values`}
        {bins !== null &&
          bins.nNotFinite > 0 &&
          `, ${formatCount(bins.nNotFinite)} NaN or infinite`}
      </p>
    </>
  );
}

function Heatmap({ columns, at, label }: { columns: (Bins | null)[]; at: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    const color = getComputedStyle(canvas.current).color;
    const [least, greatest] = span(columns);
    const up = (value: number) => HEIGHT - ((value - least) / (greatest - least || 1)) * HEIGHT;
    const width = WIDTH / columns.length;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    columns.forEach((bins, column) => {
      const densities = bins === null ? [] : bins.counts.map((n, bin) => n / binWidth(bins, bin));
      const densest = Math.max(...densities, 0) || 1;
      densities.forEach((density, bin) => {
        const [bottom, top] = [bins?.edges[bin] ?? 0, bins?.edges[bin + 1] ?? 0];
        context.globalAlpha = density / densest;
        context.fillStyle = color;
        context.fillRect(
          column * width,
          up(top),
          Math.ceil(width),
          Math.max(up(bottom) - up(top), 1),
        );
      });
    });
    context.globalAlpha = 1;
    context.strokeStyle = color;
    context.strokeRect(at * width + 0.5, 0.5, Math.max(width - 1, 1), HEIGHT - 1);
  }, [columns, at]);

  return (
    <canvas
      ref={canvas}
      className={classes.heatmap}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label} over ${columns.length} steps`}
    />
  );
}

function Bars({ bins, label }: { bins: Bins; label: string }) {
  const most = Math.max(...bins.counts, 1);
  const [least, greatest] = span([bins]);
  const across = (value: number) => ((value - least) / (greatest - least || 1)) * WIDTH;
  const bars = bins.counts.map((count, bin) => {
    const [left, right] = [across(bins.edges[bin] ?? 0), across(bins.edges[bin + 1] ?? 0)];
    const height = (count / most) * (HEIGHT / 2);
    return { bin, left, width: Math.max(right - left - 0.5, 0.5), height };
  });
  return (
    <svg
      className={classes.bars}
      viewBox={`0 0 ${WIDTH} ${HEIGHT / 2}`}
      role="img"
      aria-label={label}
    >
      {bars.map(({ bin, left, width, height }) => (
        <rect key={bin} x={left} y={HEIGHT / 2 - height} width={width} height={height} />
      ))}
    </svg>
  );
}

function binWidth(bins: Bins, bin: number): number {
  return (bins.edges[bin + 1] ?? 0) - (bins.edges[bin] ?? 0) || 1;
}

function span(columns: readonly (Bins | null)[]): [number, number] {
  const edges = columns.flatMap((bins) =>
    bins === null ? [] : [bins.edges[0] ?? 0, bins.edges.at(-1) ?? 0],
  );
  return [
    edges.reduce((a, b) => Math.min(a, b), Infinity),
    edges.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}

function formatNumber(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
