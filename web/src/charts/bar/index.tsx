import { formatNumber, formatNumberInFull } from "@/lib/format";
import { runColorVariable } from "@/lib/run-colors";

import { defineChart, type ChartProps } from "../define-chart";
import { barLengths } from "./bar-lengths";
import classes from "./bar.module.css";

export const bar = defineChart<object>({ title: "Bar", defaults: {}, Component: BarChart });

/** One bar a run, for a metric that was logged once in each. */
function BarChart({ title, runs, series, height }: ChartProps<object>) {
  const values = new Map(series.map((one) => [one.runId, one.values.at(-1) ?? Number.NaN]));
  const shown = runs.filter((run) => values.has(run.id));
  const lengths = barLengths(shown.map((run) => values.get(run.id) ?? Number.NaN));

  const [first] = shown;
  if (shown.length === 1 && first) {
    const value = values.get(first.id) ?? Number.NaN;
    return (
      <div className={classes.single} style={{ height }} title={formatNumberInFull(value)}>
        {formatNumber(value)}
      </div>
    );
  }
  return (
    <ul className={classes.bars} style={{ height }} aria-label={`${title} of each run`}>
      {shown.map((run, at) => {
        const value = values.get(run.id) ?? Number.NaN;
        return (
          <li
            key={run.id}
            className={classes.row}
            title={`${run.name}: ${formatNumberInFull(value)}`}
          >
            <span className={classes.name}>{run.name}</span>
            <span className={classes.track}>
              <span
                className={classes.bar}
                style={{ width: `${lengths[at] ?? 0}%`, background: runColorVariable(run.color) }}
              />
            </span>
            <span className={classes.value}>{formatNumber(value)}</span>
          </li>
        );
      })}
    </ul>
  );
}
