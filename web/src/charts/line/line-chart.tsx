import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";

import { curvesRequest, getCurves, MAX_CURVE_RUNS, type CurveRange } from "@/api/curves";
import { PlotFrame } from "@/components/plot/plot-frame";
import { plotArea } from "@/components/plot/plot-area";
import type { Pen } from "@/components/plot/pen";
import { csvText } from "@/lib/csv";
import { durationScale, linearScale, logScale, padded, timeScale, type Scale } from "@/lib/scale";
import type { XAxis } from "@/lib/panels";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { PlotLegend, type LegendEntry } from "../plot-legend";
import { curveLines, xExtent, yExtent, type Line } from "./curve-lines";
import { drawLines } from "./draw-lines";
import { LineSurface } from "./line-surface";
import { SingleValues } from "./single-values";
import type { LineOptions } from ".";

const NO_LINES: Line[] = [];

/** Curves of metrics, in buckets that the server makes as fine as the zoom asks for. */
export function LineChart(props: ChartProps<LineOptions>) {
  const { title, scene, options, width, height, onOptions, onHandle } = props;
  const { runs } = scene;
  const range = useMemo(() => asRange(options.range), [options.range]);
  const runIds = useMemo(() => runs.map((run) => run.id).slice(0, MAX_CURVE_RUNS), [runs]);
  const wanted: CurveRange = {
    x: options.x,
    xMetric: options.x === "metric" ? options.xMetric : null,
    range,
    nBuckets: bucketsFor(runIds.length * options.metrics.length, width),
  };
  const isAsked = options.x !== "metric" || options.xMetric !== "";
  const curves = getCurves(options.metrics, runIds, wanted);
  const query = useQuery({
    ...curves,
    enabled: isAsked && runIds.length > 0 && options.metrics.length > 0,
    placeholderData: keepPreviousData,
  });

  const lines = useMemo(
    () => (query.data === undefined ? NO_LINES : curveLines(query.data, scene, options)),
    [query.data, scene, options],
  );
  const area = useMemo(() => {
    const all = xExtent(lines, options.logX);
    const shown = range === null ? all : { low: range[0], high: range[1] };
    const y = yExtent(lines, shown, options);
    return plotArea({
      width,
      height,
      x: xScale(options.x, options.logX, shown.low, shown.high),
      y: yScale(options.log, y.low, y.high),
    });
  }, [lines, options, range, width, height]);
  const draw = useCallback((pen: Pen) => drawLines(pen, lines, area), [lines, area]);

  const latest = useRef({ lines, wanted, runIds, options });
  useEffect(() => {
    latest.current = { lines, wanted, runIds, options };
  });
  useEffect(() => {
    onHandle({
      csv: () => linesCsv(latest.current.lines, latest.current.options.x),
      query: () => {
        const { options: asked, runIds: ids, wanted: how } = latest.current;
        return [curvesRequest(asked.metrics, ids, how)];
      },
    });
  }, [onHandle]);

  if (!isAsked) return <ChartEmpty height={height}>Choose the metric on the axis</ChartEmpty>;
  if (runs.length === 0) return <ChartEmpty height={height}>No runs to draw</ChartEmpty>;
  if (options.metrics.length === 0) return <ChartEmpty height={height}>Choose a metric</ChartEmpty>;
  if (query.isPending) return <ChartWaiting height={height} />;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (lines.length === 0) {
    return (
      <ChartEmpty height={height}>
        {range === null ? "None of these runs has this metric" : "No points in this range"}
        {range !== null && (
          <button type="button" onClick={() => onOptions({ range: null })}>
            Show all
          </button>
        )}
      </ChartEmpty>
    );
  }
  const isSingle =
    range === null &&
    lines.every(({ nPoints, x }) => nPoints <= 1 || (options.average.length > 0 && x.length === 1));
  if (isSingle && options.x === "step") {
    return <SingleValues title={title} lines={lines} height={height} />;
  }
  return (
    <>
      <PlotFrame
        area={area}
        width={width}
        height={height}
        label={`${title}: curves of ${lines.length === 1 ? "one run" : `${lines.length} runs`}`}
        draw={draw}
        overlay={
          <LineSurface
            title={title}
            lines={lines}
            area={area}
            axis={options.x === "metric" ? `metric ${options.xMetric}` : options.x}
            hover={scene.hover}
            isZoomed={range !== null}
            onZoom={(next) => onOptions({ range: next === null ? null : rounded(next, options.x) })}
            {...(scene.onOpenRun === undefined || options.average.length > 0
              ? {}
              : { onOpen: scene.onOpenRun })}
          />
        }
      />
      {lines.length > 1 && <PlotLegend entries={legendOf(lines)} />}
    </>
  );
}

/** Who each line is, for what is downloaded: the page has a legend for all of its panels. */
function legendOf(lines: readonly Line[]): LegendEntry[] {
  const hasMetrics = new Set(lines.map(({ metric }) => metric)).size > 1;
  return lines.map(({ id, label, metric, color }) => ({
    id: `${id} ${metric}`,
    label: hasMetrics ? `${label} · ${metric}` : label,
    color,
  }));
}

/** As many buckets as make all curves together about sixty thousand, and never more than can be seen. */
function bucketsFor(nCurves: number, width: number): number {
  const affordable = 60_000 / Math.max(1, nCurves);
  const visible = Math.max(400, 2 * width);
  const steps = [200, 400, 800, 1600, 3200];
  return steps.findLast((n) => n <= Math.min(affordable, 2 * visible)) ?? 200;
}

function asRange(range: number[] | null): readonly [number, number] | null {
  const [start, end] = range ?? [];
  return start !== undefined && end !== undefined && start < end ? [start, end] : null;
}

/** Steps and ms are whole; the link stays short. */
function rounded([start, end]: readonly [number, number], x: XAxis): number[] {
  if (x === "metric") return [Number(start.toPrecision(6)), Number(end.toPrecision(6))];
  return end - start > 10 ? [Math.floor(start), Math.ceil(end)] : [start, end];
}

function xScale(x: XAxis, isLog: boolean, low: number, high: number): Scale {
  if (isLog && x !== "time") return logScale(low, high);
  switch (x) {
    case "time":
      return timeScale(low, high);
    case "elapsed":
      return durationScale(low, high);
    case "step":
    case "metric":
      return linearScale(low, high);
  }
}

function yScale(isLog: boolean, low: number, high: number): Scale {
  const [from, to] = padded(low, high, isLog);
  return isLog ? logScale(from, to) : linearScale(from, to);
}

function linesCsv(lines: readonly Line[], x: XAxis): string {
  const head = ["run", "metric", x === "elapsed" ? "elapsed_ms" : x, "value", "min", "max"];
  const rows = lines.flatMap((line) =>
    Array.from(line.x, (place, at) => [
      line.label,
      line.metric,
      place,
      line.y[at] ?? Number.NaN,
      line.band?.low[at] ?? line.y[at] ?? Number.NaN,
      line.band?.high[at] ?? line.y[at] ?? Number.NaN,
    ]),
  );
  return csvText([head, ...rows]);
}
