import { formatNumber, formatNumberInFull } from "@/lib/format";
import { runColorVariable } from "@/lib/run-colors";

import { barLengths } from "./bar-lengths";
import type { Line } from "./curve-lines";
import classes from "./single-values.module.css";

interface SingleValuesProps {
  title: string;
  lines: readonly Line[];
  height: number;
}

/** One bar a run, for a metric that was logged once in each. */
export function SingleValues({ title, lines, height }: SingleValuesProps) {
  const values = lines.map(valueOf);
  const lengths = barLengths(values);

  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    return (
      <div className={classes.single} style={{ height }} title={formatNumberInFull(only)}>
        {formatNumber(only)}
      </div>
    );
  }
  return (
    <div
      className={classes.scroller}
      style={{ height }}
      role="group"
      aria-label={`${title} of each run`}
      tabIndex={0}
    >
      <ul className={classes.bars}>
        {lines.map(({ id, label, metric, color }, at) => (
          <li
            key={`${id} ${metric}`}
            className={classes.row}
            title={`${label}: ${formatNumberInFull(values[at] ?? Number.NaN)}`}
          >
            <span className={classes.name}>{label}</span>
            <span className={classes.track}>
              <span
                className={classes.bar}
                style={{ width: `${lengths[at] ?? 0}%`, background: runColorVariable(color) }}
              />
            </span>
            <span className={classes.value}>{formatNumber(values[at] ?? Number.NaN)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The value, or what it was where it is no finite number. */
function valueOf({ y, marks }: Line): number {
  const [mark] = marks;
  if (mark === undefined) return y[0] ?? Number.NaN;
  const unbounded = { nan: Number.NaN, above: Number.POSITIVE_INFINITY, below: -Infinity };
  return unbounded[mark.kind];
}
