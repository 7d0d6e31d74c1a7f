import { useEffect } from "react";

import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { csvText } from "@/lib/csv";
import { formatCount, formatNumber } from "@/lib/format";
import { categoryScale, type Scale } from "@/lib/scale";

import { CAPTION, ChartCaption } from "../chart-caption";
import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { columnTexts, useRunTables, type RunTable } from "../run-tables";
import { confusionMatrix, type Matrix } from "./matrix";
import type { ConfusionOptions } from ".";

const MOST_SHOWN = 4;

/** A matrix for each of the first runs that logged the table, side by side. */
export function ConfusionChart(props: ChartProps<ConfusionOptions>) {
  const { scene, options, width, height, onHandle } = props;
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
  useEffect(() => onHandle({ csv: () => csv }), [csv, onHandle]);

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
  const shown = found.slice(0, Math.min(MOST_SHOWN, Math.max(1, Math.floor(width / 200))));
  return (
    <div style={{ display: "flex" }}>
      {shown.map(({ run, matrix }) => (
        <OneMatrix
          key={run.id}
          run={run}
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
  run: RunTable["run"];
  matrix: Matrix;
  isShare: boolean;
  width: number;
  height: number;
}

function OneMatrix({ run, matrix, isShare, width, height }: OneMatrixProps) {
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
    <div>
      <ChartCaption>
        {run.name} · {formatNumber(nRight / n)} right
      </ChartCaption>
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

/** The first class at the top. */
function upsideDown(scale: Scale): Scale {
  return { ...scale, at: (value) => 1 - scale.at(value), invert: (part) => scale.invert(1 - part) };
}
