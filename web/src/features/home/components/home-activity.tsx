import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { groupRuns, type RunGroup } from "@/api/run-groups";
import { Age } from "@/components/age";
import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { quote } from "@/lib/filter-text";
import { formatPlural } from "@/lib/format";

import classes from "./home.module.css";
import { USER_FIELD } from "./user-of";

interface HomeActivityProps {
  experimentIds: readonly string[];
  /** The id of the experiment with a name. */
  idOf: (name: string) => string | undefined;
}

const MOST = 10;
const STARTED = "attributes.start_time";
const GROUP_BY = [USER_FIELD, "attributes.user_id", "attributes.experiment_name"];
const LATELY = "start_time > now() - 7d";

/** Who has lately started runs, and where. */
export function HomeActivity({ experimentIds, idOf }: HomeActivityProps) {
  const query = useQuery(
    groupRuns({
      experimentIds,
      filter: LATELY,
      viewType: "ACTIVE_ONLY",
      groupBy: GROUP_BY,
      numbers: [STARTED],
      sort: { field: STARTED, isDescending: true },
    }),
  );
  const groups = query.data?.groups;
  const deeds = useMemo(() => deedsOf(groups ?? []).slice(0, MOST), [groups]);

  return (
    <Panel title="Activity of the last week">
      {query.isPending && <TableSkeleton rows={3} />}
      {query.isLoadingError && (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && deeds.length === 0 && (
        <p className={classes.none}>Nobody has started a run this week.</p>
      )}
      <ul className={classes.list}>
        {deeds.map(({ user, experiment, nRuns, time }) => (
          <li key={`${user} ${experiment}`} className={classes.row}>
            <span className={classes.face} aria-hidden>
              {(user || "?").charAt(0).toUpperCase()}
            </span>
            <span className={classes.names}>
              <span>
                <b>{user || "Somebody"}</b> started {formatPlural(nRuns, "run")}
              </span>
              <Link
                to="/experiments/$experimentId"
                params={{ experimentId: idOf(experiment) ?? "" }}
                search={user === "" ? {} : { filter: runsOf(user) }}
                className={classes.of}
              >
                {experiment}
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
  experiment: string;
  nRuns: number;
  /** When the newest of them started, ms since the epoch. */
  time: number;
}

/** What each person did in each experiment, the latest first. */
function deedsOf(groups: readonly RunGroup[]): Deed[] {
  const deeds = new Map<string, Deed>();
  for (const { values, nRuns, numbers } of groups) {
    const [tagged, named, experiment = null] = values;
    // As the runs themselves are shown: the tag says who it was, or else the field.
    const user = tagged ?? named ?? "";
    const time = numbers[STARTED]?.max ?? 0;
    const key = JSON.stringify([user, experiment]);
    const known = deeds.get(key) ?? { user, experiment: experiment ?? "", nRuns: 0, time };
    deeds.set(key, { ...known, nRuns: known.nRuns + nRuns, time: Math.max(known.time, time) });
  }
  return [...deeds.values()].toSorted((a, b) => b.time - a.time);
}

function runsOf(user: string): string {
  return `${USER_FIELD} = ${quote(user)} OR user_id = ${quote(user)}`;
}
