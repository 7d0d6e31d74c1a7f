import { useEffect } from "react";

import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { csvText } from "@/lib/csv";
import { formatCount, formatNumber } from "@/lib/format";
import { categoryScale, type Scale } from "@/lib/scale";

import { CAPTION, ChartCaption } from "../chart-caption";
import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps, ChartRun } from "../define-chart";
import { columnTexts, tableRequests, useRunTables } from "../run-tables";
import { confusionMatrix, type Matrix } from "./matrix";
import type { ConfusionOptions } from ".";

const MOST_SHOWN = 4;
const NARROWEST = 220;

/** A matrix for each of the runs that logged the table, side by side, as many as fit. */
export function ConfusionChart(props: ChartProps<ConfusionOptions>) {
  const { scene, options, width, height, onHandle, onOptions } = props;
  const { tables, isPending, error, retry } = useRunTables(scene.runs, options.path);
  const found = tables.flatMap(({ run, table }) => {
    const actual = columnTexts(table, options.actual);
    const predicted = columnTexts(table, options.predicted);
    if (actual === null || predicted === null) return [];
    return [{ run, matrix: confusionMatrix(actual, predicted) }];
  });
  const csv = csvText([
    ["run", "actual", "predicted", "count"],
    ...found.flatMap(({ run, matrix: { classes, counts } }) =>
      classes.flatMap((actual, row) =>
        classes.map((predicted, column) => [
          run.name,
          actual,
          predicted,
          counts[row]?.[column] ?? 0,
        ]),
      ),
    ),
  ]);
  useEffect(
    () => onHandle({ csv: () => csv, query: () => tableRequests(tables, options.path) }),
    [csv, tables, options.path, onHandle],
  );

  if (isPending) return <ChartWaiting height={height} />;
  if (error !== null) return <ChartFailed height={height} error={error} onRetry={retry} />;
  if (found.length === 0) {
    return (
      <ChartEmpty height={height}>
        No run shown has {options.path} with the columns “{options.actual}” and “{options.predicted}
        ”
      </ChartEmpty>
    );
  }
  const first = Math.max(
    0,
    found.findIndex(({ run }) => run.id === options.run),
  );
  const fitting = Math.min(MOST_SHOWN, Math.max(1, Math.floor(width / NARROWEST)));
  const shown = [...found.slice(first), ...found.slice(0, first)].slice(0, fitting);
  return (
    <div style={{ display: "flex" }}>
      {shown.map(({ run, matrix }, at) => (
        <OneMatrix
          key={run.id}
          run={run}
          // All can be chosen for the first place; the others follow it.
          runs={at === 0 ? found.map((one) => one.run) : [run]}
          onRun={(chosen) => onOptions({ run: chosen })}
          matrix={matrix}
          isShare={options.share}
          width={width / shown.length}
          height={height}
        />
      ))}
    </div>
  );
}

interface OneMatrixProps {
  run: ChartRun;
  runs: readonly ChartRun[];
  onRun: (runId: string) => void;
  matrix: Matrix;
  isShare: boolean;
  width: number;
  height: number;
}

function OneMatrix({ run, runs, onRun, matrix, isShare, width, height }: OneMatrixProps) {
  const { classes, counts, n, nRight } = matrix;
  const scale = categoryScale(classes);
  const area = plotArea({
    width,
    height: height - CAPTION,
    x: scale,
    y: upsideDown(scale),
    hasXTitle: true,
    hasYTitle: true,
  });
  const [across, down] = [area.width / classes.length, area.height / classes.length];
  const most = Math.max(1, ...counts.flat());
  return (
    <div style={{ width }}>
      <ChartCaption run={run} runs={runs} more={`${shareText(nRight / n)} right`} onRun={onRun} />
      <PlotFrame
        area={area}
        width={width}
        height={height - CAPTION}
        label={`Confusion of ${run.name}: ${formatCount(nRight)} of ${formatCount(n)} right`}
        xTitle="predicted"
        yTitle="actual"
      >
        {counts.flatMap((line, row) => {
          const total = line.reduce((sum, count) => sum + count, 0);
          return line.map((count, column) => {
            const part = isShare ? count / Math.max(1, total) : count / most;
            return (
              <g
                key={`${classes[row]} ${classes[column]}`}
                transform={`translate(${column * across} ${row * down})`}
              >
                <title>{`${classes[row]} taken for ${classes[column]}: ${formatCount(count)}`}</title>
                <rect
                  width={across - 1}
                  height={down - 1}
                  fill={row === column ? "var(--run-0)" : "var(--run-1)"}
                  fillOpacity={count === 0 ? 0.03 : 0.08 + 0.5 * part}
                />
                {across > 24 && down > 14 && (
                  <text
                    x={across / 2}
                    y={down / 2 + 4}
                    textAnchor="middle"
                    fontSize="11"
                    fill="var(--text)"
                  >
                    {isShare ? formatNumber(Number(part.toFixed(2))) : formatCount(count)}
                  </text>
                )}
              </g>
            );
          });
        })}
      </PlotFrame>
    </div>
  );
}

function shareText(share: number): string {
  return `${formatNumber(Number((100 * share).toPrecision(3)))} %`;
}

/** The first class at the top. */
function upsideDown(scale: Scale): Scale {
  return { ...scale, at: (value) => 1 - scale.at(value), invert: (part) => scale.invert(1 - part) };
}
