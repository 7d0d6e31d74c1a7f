import { useQuery } from "@tanstack/react-query";

import { listRequests } from "@/api/promotions";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./models.module.css";
import { RequestPanel } from "./request-panel";

interface RequestsListProps {
  name: string;
  /** The request that a link leads to; "" for none. */
  linked: string;
}

/** The wishes that versions of a model be promoted, open ones first. */
export function RequestsList({ name, linked }: RequestsListProps) {
  const query = useQuery(listRequests(name));

  if (query.isPending) return <TableSkeleton rows={4} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) {
    return (
      <EmptyState
        title="No promotion requests"
        hint="Where the model's policy wants reviewers, a promotion begins as a request."
      />
    );
  }
  const open = query.data.filter(({ status }) => status === "open");
  const closed = query.data.filter(({ status }) => status !== "open");
  return (
    <div className={classes.stack}>
      {[...open, ...closed].map((request) => (
        <RequestPanel
          key={request.request_id}
          request={request}
          isLinked={request.request_id === linked}
        />
      ))}
    </div>
  );
}
