import { CloseButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Run } from "@/api/runs";
import { Duration } from "@/components/duration";
import { RunDot } from "@/components/run-dot";
import { StatusBadge } from "@/components/status-badge";
import { compareValues } from "@/lib/compare-runs";
import { formatNumber } from "@/lib/format";
import { isSystemMetric } from "@/lib/metric-groups";
import type { RunColor } from "@/lib/run-colors";

import classes from "./compare-table.module.css";

interface CompareTableProps {
  runs: readonly Run[];
  colors: ReadonlyMap<string, RunColor>;
  /** True to show the rows in which all runs agree as well. */
  showsAll: boolean;
  onLeaveOut: (runId: string) => void;
}

/** Params and metrics of a few runs side by side. */
export function CompareTable({ runs, colors, showsAll, onLeaveOut }: CompareTableProps) {
  const groups = useMemo(
    () => [
      { title: "Params", rows: compareValues(runs.map((run) => run.params)) },
      { title: "Metrics", rows: compareValues(runs.map(metricTexts)) },
    ],
    [runs],
  );

  return (
    // A scrolling part of a page can be reached, and scrolled, with the keyboard.
    <div className={classes.scroller} tabIndex={0} role="region" aria-label="Values side by side">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {runs.map((run) => (
              <th key={run.id} scope="col">
                <span className={classes.run}>
                  <RunDot color={colors.get(run.id)} />
                  <Link
                    to="/experiments/$experimentId/runs/$runId"
                    params={{ experimentId: run.experimentId, runId: run.id }}
                  >
                    {run.name}
                  </Link>
                  <CloseButton
                    size="xs"
                    aria-label={`Leave out ${run.name}`}
                    onClick={() => onLeaveOut(run.id)}
                  />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Status</th>
            {runs.map((run) => (
              <td key={run.id}>
                <StatusBadge status={run.status} />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Duration</th>
            {runs.map((run) => (
              <td key={run.id}>
                <Duration startTime={run.startTime} endTime={run.endTime} />
              </td>
            ))}
          </tr>
        </tbody>
        {groups.map(({ title, rows }) => (
          <tbody key={title}>
            <tr className={classes.group}>
              <th scope="rowgroup" colSpan={runs.length + 1}>
                <span className={classes.groupTitle}>{title}</span>
              </th>
            </tr>
            {!showsAll && rows.length > 0 && rows.every((row) => !row.isDifferent) && (
              <tr>
                <td colSpan={runs.length + 1}>
                  <span className={classes.groupTitle}>{title} are the same in all runs.</span>
                </td>
              </tr>
            )}
            {rows
              .filter((row) => showsAll || row.isDifferent)
              .map((row) => (
                <tr key={row.key} data-different={row.isDifferent || undefined}>
                  <th scope="row" title={row.key}>
                    {row.key}
                  </th>
                  {row.values.map((value, at) => (
                    <td key={runs[at]?.id} title={value}>
                      {value === "" ? <span className={classes.missing}>–</span> : value}
                      <Change
                        from={numberOf(runs[0], title, row.key)}
                        to={numberOf(runs[at], title, row.key)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function metricTexts(run: Run): Record<string, string> {
  return Object.fromEntries(
    Object.entries(run.metrics)
      .filter(([key]) => !isSystemMetric(key))
      .map(([key, { value }]) => [key, formatNumber(value)]),
  );
}

/** How much a metric is above or below that of the first run. */
function Change({ from, to }: { from: number; to: number }) {
  const change = to - from;
  if (!Number.isFinite(change) || change === 0) return null;
  return (
    <span className={classes.change}>
      {change > 0 ? "+" : ""}
      {formatNumber(change)}
    </span>
  );
}

function numberOf(run: Run | undefined, part: string, key: string): number {
  return part === "Metrics" ? (run?.metrics[key]?.value ?? Number.NaN) : Number.NaN;
}
