import { usePreferences } from "@/components/preferences";
import { formatNumber, formatTime } from "@/lib/format";
import { N_RUN_COLORS } from "@/lib/run-colors";

import classes from "./settings.module.css";

const ROWS = [
  { name: "learning_rate", value: 0.000_314_159_265 },
  { name: "val/loss", value: 0.123_456_789_012 },
  { name: "accuracy", value: 0.987_654_321_098 },
  { name: "tokens", value: 41_230_877_184 },
];
const TIME = Date.UTC(2026, 10, 23, 9, 41, 7);

/** A small table and some curves as the pages would draw them. */
export function SettingsPreview() {
  usePreferences();

  return (
    <aside className={classes.preview} aria-label="Preview">
      <h2 className={classes.previewTitle}>Preview</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" className={classes.number}>
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(({ name, value }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className={classes.number}>{formatNumber(value)}</td>
            </tr>
          ))}
          <tr>
            <td>Started</td>
            <td className={classes.number}>{formatTime(TIME)}</td>
          </tr>
        </tbody>
      </table>
      <svg className={classes.curves} viewBox="0 0 320 130" preserveAspectRatio="none" aria-hidden>
        {Array.from({ length: N_RUN_COLORS }, (_, index) => (
          <path
            key={index}
            d={curve(index)}
            fill="none"
            stroke={`var(--run-${index})`}
            strokeWidth={1.6}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
    </aside>
  );
}

/** A falling loss, a little lower for each run. */
function curve(index: number): string {
  const points = Array.from({ length: 33 }, (_, step) => {
    const y = 12 + index * 9 + 60 * (1 - Math.exp(-step / (4 + index))) * (1 - index / 14);
    return `${step * 10},${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
