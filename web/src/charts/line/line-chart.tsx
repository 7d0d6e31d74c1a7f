import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";

import type { ChartProps } from "../define-chart";
import classes from "./line-chart.module.css";
import { stepsBetween, toPlotData, type LineOptions } from "./plot-data";
import { plotOptions } from "./plot-options";

/** Curves of one metric, drawn by uPlot on a canvas. */
export function LineChart({
  title,
  runs,
  series,
  options,
  height,
  onZoom,
}: ChartProps<LineOptions>) {
  const box = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(box, measured);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme();
  const startTimes = useMemo(() => new Map(runs.map((run) => [run.id, run.startTime])), [runs]);
  const data = useMemo(
    () => toPlotData(series, startTimes, options),
    [series, startTimes, options],
  );

  // What the plot's handlers need, without making a new plot when it changes.
  const current = useRef({ data, series, startTimes, onZoom });
  useEffect(() => {
    current.current = { data, series, startTimes, onZoom };
  });

  const layout = data.columns.map(({ runId, role }) => `${runId} ${role}`).join("\n");
  const look = runs
    .map(({ id, name, color }) => `${id} ${name} ${color.index} ${color.round}`)
    .join("\n");
  const hasSize = width > 0;
  useEffect(() => {
    const target = box.current;
    if (target === null || !hasSize) return;
    const { data: shown } = current.current;
    const made = new uPlot(
      plotOptions({
        size: { width: target.clientWidth, height },
        element: target,
        runs: new Map(runs.map((run) => [run.id, run])),
        columns: shown.columns,
        options,
        marks: () => current.current.data.marks,
        onSelect: (range) => {
          const { series: all, startTimes: starts, onZoom: zoom } = current.current;
          zoom(range === null ? null : stepsBetween(all, starts, options.xAxis, range));
        },
      }),
      table(shown),
      target,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
    // `layout` and `look` stand for the columns and the runs; new points alone need no new plot.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [layout, look, options, scheme, hasSize, height]);

  useEffect(() => {
    plot.current?.setData(table(data));
  }, [data]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);

  return (
    <div
      ref={ref}
      className={classes.box}
      style={{ height }}
      role="img"
      aria-label={`${title}: curves of ${runs.length === 1 ? "one run" : `${runs.length} runs`}`}
    />
  );
}

function table({ x, columns }: ReturnType<typeof toPlotData>): uPlot.AlignedData {
  return [x, ...columns.map((column) => column.cells)];
}
