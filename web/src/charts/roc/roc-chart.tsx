import { useEffect, useMemo } from "react";

import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { csvText } from "@/lib/csv";
import { formatNumber } from "@/lib/format";
import { runColorVariable } from "@/lib/run-colors";
import { linearScale } from "@/lib/scale";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { columnTexts, useRunTables } from "../run-tables";
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
  useEffect(() => onHandle({ csv: () => csv }), [csv, onHandle]);
  const area = useMemo(
    () =>
      plotArea({
        width,
        height,
        x: linearScale(0, 1),
        y: linearScale(0, 1.02),
        hasXTitle: true,
        hasYTitle: true,
      }),
    [width, height],
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
    <PlotFrame
      area={area}
      width={width}
      height={height}
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
      {curves.map(({ run, curve }, at) => (
        <g key={run.id} stroke={runColorVariable(run.color)} fill="none">
          <polyline
            strokeWidth="1.8"
            points={curve.x
              .map((x, point) => `${area.px(x)},${area.py(curve.y[point] ?? 0)}`)
              .join(" ")}
          >
            <title>{run.name}</title>
          </polyline>
          <text
            x={kind === "roc" ? area.width - 8 : 8}
            y={area.height - 8 - 15 * (curves.length - 1 - at)}
            textAnchor={kind === "roc" ? "end" : "start"}
            fontSize="11"
            fill={runColorVariable(run.color)}
            stroke="none"
          >
            {`${run.name} · ${kind === "roc" ? "AUC" : "AP"} ${formatNumber(curve.area)}`}
          </text>
        </g>
      ))}
    </PlotFrame>
  );
}
