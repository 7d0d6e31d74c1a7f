import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { countPoints, getSmallCurves, type Curve } from "@/api/curves";
import type { TableRow } from "@/api/run-rows";
import { findColumnNames, getTablePage } from "@/api/run-table";
import { Age } from "@/components/age";
import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/panel";
import { Sparkline } from "@/components/sparkline";
import { StatusBadge } from "@/components/status-badge";
import { TableSkeleton } from "@/components/table-skeleton";
import { isSystemMetric } from "@/lib/metric-groups";

import classes from "./home.module.css";
import { USER_FIELD, userOf } from "./user-of";

interface HomeRunsProps {
  title: string;
  /** In the search language. */
  filter: string;
  /** What is said where there are none. */
  none: string;
  experimentIds: readonly string[];
  nameOf: (experimentId: string) => string;
  /** Whether curves of the runs are drawn. */
  hasCurves?: boolean;
}

const MOST = 8;
/** Why a run has the status that it has, where the server knows. */
const REASON_FIELD = "tags.`fluvial.status_reason`";
const FIELDS = [USER_FIELD, REASON_FIELD];
const NEWEST_FIRST: readonly string[] = [];

/** The newest runs of a kind, of all experiments. */
export function HomeRuns(props: HomeRunsProps) {
  const { title, filter, none, experimentIds, nameOf, hasCurves = false } = props;
  const query = useQuery({
    ...getTablePage(
      {
        experimentIds,
        filter,
        order: NEWEST_FIRST,
        viewType: "ACTIVE_ONLY",
        isNested: false,
        isOpen: false,
        toggled: [],
      },
      FIELDS,
      0,
    ),
    enabled: experimentIds.length > 0,
  });
  const rows = useMemo(() => (query.data?.rows ?? []).slice(0, MOST), [query.data]);
  const curves = useCurves(hasCurves ? rows : []);

  return (
    <Panel
      title={title}
      {...(query.data === undefined ? {} : { count: query.data.nRuns })}
      {...((query.data?.nRuns ?? 0) > MOST && {
        tools: (
          <Link
            to="/experiments/$experimentId"
            params={{ experimentId: experimentIds.join(",") }}
            search={{ filter, flat: true }}
            className={classes.of}
          >
            Show all
          </Link>
        ),
      })}
    >
      {query.isPending && <TableSkeleton rows={3} />}
      {query.isLoadingError && (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && rows.length === 0 && <p className={classes.none}>{none}</p>}
      <ul className={classes.list}>
        {rows.map((row) => {
          const curve = curves.get(row.id);
          const reason = row.cells[REASON_FIELD]?.toString();
          return (
            <li key={row.id} className={classes.row}>
              <StatusBadge status={row.status} />
              <span className={classes.names}>
                <Link
                  to="/experiments/$experimentId/runs/$runId"
                  params={{ experimentId: row.experimentId, runId: row.id }}
                  className={classes.link}
                >
                  {row.name}
                </Link>
                <Link
                  to="/experiments/$experimentId"
                  params={{ experimentId: row.experimentId }}
                  className={classes.of}
                >
                  {nameOf(row.experimentId)}
                </Link>
                {reason !== undefined && (
                  <span className={classes.of} title={reason}>
                    {reason}
                  </span>
                )}
              </span>
              {curve !== undefined && (
                <span className={classes.curve} title={curve.key}>
                  <span className={classes.of}>{curve.key}</span>
                  <Sparkline
                    label={`${curve.key} of ${row.name}`}
                    steps={curve.ends}
                    values={curve.means}
                  />
                </span>
              )}
              <span className={classes.when}>
                {userOf(row)} <Age time={row.startTime} />
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** A curve of each run: of its experiment's loss, or of what comes first. */
function useCurves(rows: readonly TableRow[]): Map<string, Curve> {
  const experimentIds = [...new Set(rows.map((row) => row.experimentId))];
  const keys = useQueries({
    queries: experimentIds.map((experimentId) => findColumnNames([experimentId])),
    combine: (results) => results.map(({ data }) => mainMetric(data?.metrics ?? [])),
  });
  const wanted = experimentIds.flatMap((experimentId, at) => {
    const key = keys[at] ?? null;
    const runIds = rows.filter((row) => row.experimentId === experimentId).map((row) => row.id);
    return key === null ? [] : [getSmallCurves(key, runIds)];
  });
  const curves = useQueries({
    queries: wanted,
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  return new Map(curves.filter((one) => countPoints(one) > 0).map((one) => [one.runId, one]));
}

function mainMetric(metrics: readonly string[]): string | null {
  const own = metrics.filter((key) => !isSystemMetric(key));
  return own.find((key) => /loss/i.test(key)) ?? own[0] ?? null;
}
