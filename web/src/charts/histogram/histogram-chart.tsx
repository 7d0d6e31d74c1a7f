import { useCallback, useEffect, useMemo } from "react";

import { mediaRequest } from "@/api/media";
import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { sequentialRgb } from "@/components/plot/tokens";
import { csvText } from "@/lib/csv";
import { linearScale, padded } from "@/lib/scale";

import { CAPTION, ChartCaption } from "../chart-caption";
import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { useRunMedia } from "../run-media";
import { heatOf } from "./heat";
import type { HistogramOptions } from ".";

const N_ROWS = 64;

/** The distributions of one of the runs that logged them, a column for each step. */
export function HistogramChart(props: ChartProps<HistogramOptions>) {
  const { title, scene, options, width, height, onHandle, onOptions } = props;
  const { found, isPending, error, retry } = useRunMedia(scene.runs, "histogram", options.name);
  const shown = found.find(({ run }) => run.id === options.run) ?? found[0];
  const items = shown?.items;
  const shownId = shown?.run.id;
  const data = useMemo(() => {
    const known = (items ?? []).flatMap(({ step, bins }) =>
      bins === null ? [] : [{ step, bins }],
    );
    const heat = heatOf(
      known.map(({ bins }) => bins),
      N_ROWS,
    );
    return {
      known,
      heat,
      most: heat.columns.reduce((most, rows) => Math.max(most, ...rows), 1e-9),
    };
  }, [items]);
  const { known, heat, most } = data;
  const area = useMemo(() => {
    const [from, to] = [known[0]?.step ?? 0, known.at(-1)?.step ?? 1];
    const [low, high] = known.length > 1 ? [from, to] : padded(from, to);
    return plotArea({
      width,
      height: height - CAPTION,
      x: linearScale(low, high),
      y: linearScale(heat.low, heat.high),
      hasXTitle: true,
    });
  }, [known, heat, width, height]);
  const raster = useCallback(
    (across: number, down: number, ratio: number) => {
      const pixels = new Uint8ClampedArray(across * down * 4);
      // Each step reaches half of the way to its neighbours.
      const places = known.map(({ step }) => area.px(step) * ratio);
      known.forEach((_, at) => {
        const [here = 0, before = -Infinity, after = Infinity] = [
          places[at],
          places[at - 1],
          places[at + 1],
        ];
        const from = Math.max(0, Math.round((here + before) / 2));
        const to = Math.min(across, Math.round((here + after) / 2));
        for (let top = 0; top < down; top += 1) {
          const row = heat.nRows - 1 - Math.floor((top / down) * heat.nRows);
          const share = (heat.columns[at]?.[row] ?? 0) / most;
          if (share <= 0) continue;
          const color = sequentialRgb(Math.sqrt(share));
          for (let left = from; left < to; left += 1) {
            pixels.set([...color, 255], 4 * (top * across + left));
          }
        }
      });
      return pixels;
    },
    [known, heat, most, area],
  );
  useEffect(() => {
    const rows = known.flatMap(({ step, bins }) =>
      bins.counts.map((count, bin) => [
        step,
        bins.edges[bin] ?? Number.NaN,
        bins.edges[bin + 1] ?? Number.NaN,
        count,
      ]),
    );
    onHandle({
      csv: () => csvText([["step", "from", "to", "count"], ...rows]),
      query: () => (shownId === undefined ? [] : [mediaRequest(shownId)]),
    });
  }, [known, shownId, onHandle]);

  if (isPending) return <ChartWaiting height={height} />;
  if (error !== null) return <ChartFailed height={height} error={error} onRetry={retry} />;
  if (shown === undefined || known.length === 0) {
    return <ChartEmpty height={height}>None of these runs logged such a histogram</ChartEmpty>;
  }
  return (
    <>
      <ChartCaption
        run={shown.run}
        runs={found.map(({ run }) => run)}
        onRun={(run) => onOptions({ run })}
      />
      <PlotFrame
        area={area}
        width={width}
        height={height - CAPTION}
        label={`${title} of ${shown.run.name}: ${known.length} steps`}
        xTitle="step"
        raster={raster}
      >
        <title>{shown.run.name}</title>
      </PlotFrame>
    </>
  );
}
