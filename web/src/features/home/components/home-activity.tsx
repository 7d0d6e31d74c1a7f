import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { TableRow } from "@/api/run-rows";
import { getTablePage } from "@/api/run-table";
import { Age } from "@/components/age";
import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatPlural } from "@/lib/format";

import classes from "./home.module.css";
import { USER_FIELD, userOf } from "./user-of";

interface HomeActivityProps {
  experimentIds: readonly string[];
  nameOf: (experimentId: string) => string;
}

const MOST = 10;
const FIELDS = [USER_FIELD];

/** Who has lately started runs, and where. */
export function HomeActivity({ experimentIds, nameOf }: HomeActivityProps) {
  const query = useQuery({
    ...getTablePage(
      {
        experimentIds,
        filter: "",
        order: [],
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
  const rows = query.data?.rows;
  const deeds = useMemo(() => deedsOf(rows ?? []).slice(0, MOST), [rows]);

  return (
    <Panel title="Activity">
      {query.isPending && <TableSkeleton rows={3} />}
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && deeds.length === 0 && (
        <p className={classes.none}>Nobody has started a run yet.</p>
      )}
      <ul className={classes.list}>
        {deeds.map(({ user, experimentId, runs, time }) => (
          <li key={`${user} ${experimentId} ${time}`} className={classes.row}>
            <span className={classes.face} aria-hidden>
              {(user || "?").charAt(0).toUpperCase()}
            </span>
            <span className={classes.names}>
              <span>
                <b>{user || "Somebody"}</b> started {formatPlural(runs, "run")}
              </span>
              <Link
                to="/experiments/$experimentId"
                params={{ experimentId }}
                className={classes.of}
              >
                {nameOf(experimentId)}
              </Link>
            </span>
            <span className={classes.when}>
              <Age time={time} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface Deed {
  user: string;
  experimentId: string;
  runs: number;
  /** When the newest of them started, ms since the epoch. */
  time: number;
}

/** Runs that one person started one after the other in one experiment, as one line. */
function deedsOf(rows: readonly TableRow[]): Deed[] {
  const deeds: Deed[] = [];
  for (const row of rows) {
    const user = userOf(row);
    const last = deeds.at(-1);
    if (last?.user === user && last.experimentId === row.experimentId) last.runs += 1;
    else deeds.push({ user, experimentId: row.experimentId, runs: 1, time: row.startTime });
  }
  return deeds;
}
