import { Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { readHistory, rollBack, type RegistryEvent } from "@/api/registry";
import { Age } from "@/components/age";
import { ErrorPanel } from "@/components/error-panel";
import { notifyError } from "@/components/notify";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./models.module.css";

interface HistoryListProps {
  /** "" for all models, and for all versions. */
  name: string;
  version: string;
}

const CAN_BE_UNDONE = new Set(["alias", "stage"]);

/** What was decided, newest first: who, when, from what to what, and why. */
export function HistoryList({ name, version }: HistoryListProps) {
  const query = useInfiniteQuery(readHistory({ name, version }));
  const queries = useQueryClient();

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const events = query.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <p className={classes.none}>Nothing has been decided yet.</p>;

  const undo = async (event: RegistryEvent) => {
    await rollBack(event, `Back to what was before ${describe(event)}`);
    await queries.invalidateQueries({ queryKey: ["registry"] });
  };
  return (
    <div className={classes.wrap}>
      <table className={classes.table} aria-label="History">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Why</th>
            <th scope="col" aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td className={classes.soft}>
                <Age time={event.at} />
              </td>
              <td className={classes.soft}>{event.author}</td>
              <td>
                {name === "" && (
                  <>
                    <Link to="/models/$name" params={{ name: event.name }}>
                      {event.name}
                    </Link>
                    :{" "}
                  </>
                )}
                {describe(event)}
              </td>
              <td className={classes.soft}>{event.reason}</td>
              <td>
                {name !== "" && CAN_BE_UNDONE.has(event.field) && (
                  <Button
                    variant="subtle"
                    aria-label={`Go back to before: ${describe(event)}`}
                    onClick={() => void undo(event).catch(notifyError)}
                  >
                    Go back
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <p className={classes.none}>
          <Button variant="default" onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </p>
      )}
    </div>
  );
}

/** `alias champion: 3 → 4`. */
function describe({ field, key, version, before, after }: RegistryEvent): string {
  const what = [field, key].filter((one) => one !== "").join(" ");
  const of = version === "" || field === "alias" ? "" : ` of version ${version}`;
  return `${what}${of}: ${before ?? "nothing"} → ${after ?? "nothing"}`;
}
