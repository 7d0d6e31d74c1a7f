import { RunDot } from "@/components/run-dot";

import classes from "./chart-caption.module.css";
import type { ChartRun } from "./define-chart";

/** How high a caption is, px; the plot below it has the rest. */
export const CAPTION = 22;

interface ChartCaptionProps {
  run: ChartRun;
  /** Which runs could stand there instead. */
  runs: readonly ChartRun[];
  /** What else a reader needs first. */
  more?: string;
  onRun: (runId: string) => void;
}

/** A line over a plot: which run it is of, to be changed where there are others. */
export function ChartCaption({ run, runs, more = "", onRun }: ChartCaptionProps) {
  return (
    <div
      className={classes.caption}
      data-caption={more === "" ? run.name : `${run.name} · ${more}`}
    >
      <RunChoice label="Run" run={run} runs={runs} onRun={onRun} />
      {more !== "" && <span className={classes.more}>{more}</span>}
    </div>
  );
}

interface RunChoiceProps {
  label: string;
  run: ChartRun;
  runs: readonly ChartRun[];
  onRun: (runId: string) => void;
}

/** The name of a run, and where there are others a way to choose another. */
export function RunChoice({ label, run, runs, onRun }: RunChoiceProps) {
  return (
    <span className={classes.run}>
      <RunDot color={run.color} />
      {runs.length < 2 ? (
        <span className={classes.name}>{run.name}</span>
      ) : (
        <select
          className={classes.choice}
          aria-label={label}
          value={run.id}
          onChange={(event) => onRun(event.currentTarget.value)}
        >
          {runs.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}
