import { useEffect, useMemo } from "react";

import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { csvText } from "@/lib/csv";
import { formatNumber } from "@/lib/format";
import { runColorVariable } from "@/lib/run-colors";
import { linearScale } from "@/lib/scale";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { legendHeight, PlotLegend } from "../plot-legend";
import { columnTexts, tableRequests, useRunTables } from "../run-tables";
import { isPositive, precisionRecallCurve, rocCurve } from "./curves";
import type { RocOptions } from ".";

/** One curve for each run that logged the table. */
export function RocChart(props: ChartProps<RocOptions>) {
  const { title, scene, options, width, height, onHandle } = props;
  const { path, label, score, kind } = options;
  const { tables, isPending, error, retry } = useRunTables(scene.runs, path);
  const curves = tables.flatMap(({ run, table }) => {
    const [labels, scores] = [columnTexts(table, label), columnTexts(table, score)];
    if (labels === null || scores === null) return [];
    const make = kind === "roc" ? rocCurve : precisionRecallCurve;
    const curve = make(labels.map(isPositive), scores.map(Number));
    return curve === null ? [] : [{ run, curve }];
  });
  const csv = csvText([
    ["run", ...(kind === "roc" ? ["fpr", "tpr"] : ["recall", "precision"])],
    ...curves.flatMap(({ run, curve }) =>
      curve.x.map((x, at) => [run.name, x, curve.y[at] ?? Number.NaN]),
    ),
  ]);
  useEffect(
    () => onHandle({ csv: () => csv, query: () => tableRequests(tables, path) }),
    [csv, tables, path, onHandle],
  );
  const legend = legendHeight(curves.length, height);
  const plotHeight = height - legend;
  const area = useMemo(
    () =>
      plotArea({
        width,
        height: plotHeight,
        x: linearScale(0, 1),
        y: linearScale(0, 1.02),
        hasXTitle: true,
        hasYTitle: true,
      }),
    [width, plotHeight],
  );

  if (isPending) return <ChartWaiting height={height} />;
  if (error !== null) return <ChartFailed height={height} error={error} onRetry={retry} />;
  if (curves.length === 0) {
    return (
      <ChartEmpty height={height}>
        No run shown has {path} with both classes in “{label}” and numbers in “{score}”
      </ChartEmpty>
    );
  }
  return (
    <>
      <PlotFrame
        area={area}
        width={width}
        height={plotHeight}
        label={`${title}: ${curves.length} curves`}
        xTitle={kind === "roc" ? "false positive rate" : "recall"}
        yTitle={kind === "roc" ? "true positive rate" : "precision"}
      >
        {kind === "roc" && (
          <path
            d={`M0 ${area.py(0)}L${area.px(1)} ${area.py(1)}`}
            stroke="var(--line-strong)"
            strokeDasharray="4 4"
          />
        )}
        {curves.map(({ run, curve }) => (
          <polyline
            key={run.id}
            stroke={runColorVariable(run.color)}
            fill="none"
            strokeWidth="1.8"
            points={curve.x
              .map((x, point) => `${area.px(x)},${area.py(curve.y[point] ?? 0)}`)
              .join(" ")}
          >
            <title>{run.name}</title>
          </polyline>
        ))}
      </PlotFrame>
      <PlotLegend
        height={legend}
        entries={curves.map(({ run, curve }) => ({
          id: run.id,
          label: `${kind === "roc" ? "AUC" : "AP"} ${formatNumber(curve.area)} · ${run.name}`,
          color: run.color,
        }))}
      />
    </>
  );
}
