import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { checkGates, getPolicy, listFindings } from "@/api/promotions";
import { ErrorPanel } from "@/components/error-panel";
import { notifyError } from "@/components/notify";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatTime } from "@/lib/format";

import classes from "./models.module.css";

interface FindingsPanelProps {
  name: string;
  version: string;
}

/** What the gates of the model's policy and the checks of the model found. */
export function FindingsPanel({ name, version }: FindingsPanelProps) {
  const query = useQuery(listFindings(name, version));
  const policy = useQuery(getPolicy(name)).data;
  const queries = useQueryClient();
  const check = useMutation({
    mutationFn: () => checkGates(name, version),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["registry"] }),
    onError: notifyError,
  });

  return (
    <Panel
      title="Gates and checks"
      tools={
        policy !== undefined &&
        policy.number > 0 && (
          <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
            Check the gates
          </Button>
        )
      }
    >
      {query.isPending && <TableSkeleton rows={2} />}
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && query.data.length === 0 && (
        <p className={classes.hint}>
          Nothing has been checked yet:{" "}
          <code>
            fluvial models verify models:/{name}/{version}
          </code>
        </p>
      )}
      {query.isSuccess && query.data.length > 0 && (
        <ul className={classes.said} aria-label="Gates and checks">
          {query.data.map(({ id, what, verdict, summary, by, at }) => (
            <li key={id}>
              <span className={classes.badge} data-verdict={verdict}>
                {verdict}
              </span>
              <span>
                <strong>{what}</strong> <span className={classes.soft}>{summary}</span>
                <span className={classes.by}>
                  {by}, {formatTime(at)}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
