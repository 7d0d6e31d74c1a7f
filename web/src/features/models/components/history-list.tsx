import { Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { placeBefore, readHistory, rollBack, type RegistryEvent } from "@/api/registry";
import { Age } from "@/components/age";
import { ErrorPanel } from "@/components/error-panel";
import { ReasonDialog } from "@/components/reason-dialog";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./models.module.css";

interface HistoryListProps {
  /** "" for all models, and for all versions. */
  name: string;
  version: string;
}

/** What was decided, newest first: who, when, from what to what, and why. */
export function HistoryList({ name, version }: HistoryListProps) {
  const query = useInfiniteQuery(readHistory({ name, version }));
  const queries = useQueryClient();
  const [undone, setUndone] = useState<RegistryEvent | null>(null);

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const events = query.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <p className={classes.none}>Nothing has been decided yet.</p>;

  const place = undone === null ? null : placeBefore(undone);
  return (
    <div className={classes.wrap} role="group" aria-label="History" tabIndex={0}>
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
                {name !== "" && placeBefore(event) !== null && (
                  <Button
                    variant="subtle"
                    aria-label={`Go back to before: ${describe(event)}`}
                    onClick={() => setUndone(event)}
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
      {undone !== null && place !== null && (
        <ReasonDialog
          title={`Put back what was ${place.key} before?`}
          action="Go back"
          onReason={async (reason) => {
            await rollBack(undone, place, reason);
            await queries.invalidateQueries({ queryKey: ["registry"] });
          }}
          onClose={() => setUndone(null)}
        >
          {place.target === "alias"
            ? `${place.key} goes back to version ${undone.before ?? ""}, as it was before this:`
            : `${place.key} goes back to the version that it was before this:`}{" "}
          {describe(undone)} ({undone.author}).
        </ReasonDialog>
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
