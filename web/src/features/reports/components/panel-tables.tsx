import type { ReactNode } from "react";

import { formatDuration, formatNumber, formatNumberInFull, formatTime } from "@/lib/format";
import type { PanelGroup, PanelRun } from "@/lib/panel-data";
import { columnTitle, isNumberColumn, parseColumn, searchedField } from "@/lib/report-columns";
import type { PanelSpec } from "@/lib/report-text";
import { fieldTitle } from "@/lib/run-fields";

import classes from "./figures.module.css";
import { RunLink } from "./run-link";

const MOST_COLUMNS = 6;
const NOTHING = "–";

/** A row for each run. */
export function RunsOfPanel({ spec, runs }: { spec: PanelSpec; runs: readonly PanelRun[] }) {
  const columns = spec.columns.length > 0 ? spec.columns : tellingColumns(runs);

  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Run</th>
          {columns.map((column) => (
            <th key={column} scope="col" className={isNumberColumn(column) ? classes.number : ""}>
              {columnTitle(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              <RunLink run={run} />
            </td>
            {columns.map((column) => (
              <td key={column} className={isNumberColumn(column) ? classes.number : ""}>
                {cell(run, column)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A row for each group of runs, with means over them. */
export function GroupsOfPanel({
  spec,
  groups,
}: {
  spec: PanelSpec;
  groups: readonly PanelGroup[];
}) {
  const columns = spec.columns.filter(isNumberColumn);

  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {spec.group.map((field) => (
            <th key={field} scope="col">
              {fieldTitle(field)}
            </th>
          ))}
          <th scope="col" className={classes.number}>
            runs
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" className={classes.number}>
              {columnTitle(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={JSON.stringify(group.values)}>
            {spec.group.map((field, at) => (
              <td key={field}>{group.values[at] ?? NOTHING}</td>
            ))}
            <td className={classes.number}>{group.nRuns}</td>
            {columns.map((column) => (
              <td key={column} className={classes.number}>
                <Mean column={column} group={group} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mean({ column, group }: { column: string; group: PanelGroup }) {
  const { mean = null, std = null } = group.numbers[searchedField(column)] ?? {};
  const format = column === "attributes.duration" ? formatDuration : formatNumber;

  if (mean === null) return NOTHING;
  return (
    <>
      {format(mean)}
      {std !== null && <span className={classes.value}> ± {format(std)}</span>}
    </>
  );
}

/** Metrics first, then the params in which the runs differ. */
function tellingColumns(runs: readonly PanelRun[]): string[] {
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))]
    .filter((key) => !key.startsWith("system/"))
    .slice(0, MOST_COLUMNS);
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))]
    .filter((key) => new Set(runs.map((run) => run.params[key])).size > 1)
    .slice(0, MOST_COLUMNS);
  return [...params.map((key) => `params.${key}`), ...metrics.map((key) => `metrics.${key}`)];
}

function cell(run: PanelRun, column: string): ReactNode {
  const { kind, key } = parseColumn(column) ?? { kind: null, key: "" };
  switch (kind) {
    case "metrics": {
      const value = run.metrics[key];
      if (value === undefined) return NOTHING;
      return <span title={formatNumberInFull(value)}>{formatNumber(value)}</span>;
    }
    case "params":
      return run.params[key] ?? NOTHING;
    case "tags":
      return run.tags[key] ?? NOTHING;
    case "attributes":
      return attribute(run, key);
    default:
      return NOTHING;
  }
}

function attribute(run: PanelRun, key: string): string {
  switch (key) {
    case "status":
      return run.status.toLowerCase();
    case "start_time":
      return formatTime(run.startTime);
    case "duration":
      return run.endTime === null ? NOTHING : formatDuration(run.endTime - run.startTime);
    case "user":
      return run.tags["mlflow.user"] ?? NOTHING;
    default:
      return NOTHING;
  }
}
