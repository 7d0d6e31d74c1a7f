import { useQuery } from "@tanstack/react-query";
import { IconBell } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { listNotifications, type PromotionRequest } from "@/api/promotions";
import { Age } from "@/components/age";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { YourName } from "@/components/your-name";
import { useUserName } from "@/components/user-name";
import { isNew } from "@/lib/notifications";
import { describeWish } from "@/lib/policy";

import { useSeen } from "../use-seen";
import classes from "./notifications.module.css";

/** What waits for whoever uses this browser, and what became of what they asked for. */
export function NotificationsList() {
  const user = useUserName();
  const query = useQuery(listNotifications(user));
  const [seenAt, setSeenAt] = useSeen();
  const [seenBefore] = useState(seenAt);
  const newest = Math.max(0, ...(query.data?.decided ?? []).map((one) => decidedAt(one)));
  useEffect(() => {
    if (newest > seenAt) setSeenAt(newest);
  }, [newest, seenAt, setSeenAt]);

  if (user === "") {
    return (
      <EmptyState
        icon={<IconBell size={30} stroke={1.4} />}
        title="Who are you?"
        hint="Requests to promote a model are asked of people, by name."
        action={<YourName />}
      />
    );
  }
  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const { waiting, decided, failing } = query.data;
  if (waiting.length + decided.length + failing.length === 0) {
    return (
      <EmptyState
        icon={<IconBell size={30} stroke={1.4} />}
        title={`Nothing waits for ${user}`}
        hint="Reviews that are asked of you appear here, and what became of your own requests in the last 30 days."
      />
    );
  }
  return (
    <div className={classes.stack}>
      <Part
        title="Waiting for your review"
        requests={waiting}
        detail={({ author, reason = "" }) => `${author} asks${reason === "" ? "" : `: ${reason}`}`}
        at={({ timestamp }) => timestamp}
      />
      <Part
        title="Your requests that do not pass their gates"
        requests={failing}
        detail={({ gates = [] }) =>
          gates
            .filter(({ verdict }) => verdict !== "pass")
            .map(({ gate, summary }) => `${gate}: ${summary}`)
            .join(" · ")
        }
        at={({ timestamp }) => timestamp}
      />
      <Part
        title="Your requests that were decided"
        requests={decided}
        detail={decision}
        at={decidedAt}
        seenBefore={seenBefore}
      />
    </div>
  );
}

interface PartProps {
  title: string;
  requests: readonly PromotionRequest[];
  detail: (request: PromotionRequest) => string;
  /** ms since the epoch. */
  at: (request: PromotionRequest) => number;
  /** What was decided after this is marked as new. */
  seenBefore?: number;
}

function Part({ title, requests, detail, at, seenBefore = Infinity }: PartProps) {
  if (requests.length === 0) return null;
  return (
    <Panel title={title} count={requests.length}>
      <ul className={classes.list}>
        {requests.map((request) => (
          <li key={request.request_id}>
            <Link
              to="/models/$name"
              params={{ name: request.name }}
              search={{ tab: "requests", request: request.request_id }}
            >
              {request.name}: {describeWish(request)}
            </Link>
            {isNew(request, seenBefore) && <span className={classes.new}>new</span>}
            <span className={classes.age}>
              <Age time={at(request)} />
            </span>
            <span className={classes.detail}>{detail(request)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function decidedAt({ decided_timestamp: at }: PromotionRequest): number {
  return at ?? 0;
}

/** Who decided what, with the last word that was said. */
function decision({ status, reviews = [], approved_by: approved = [] }: PromotionRequest): string {
  if (status === "applied") {
    return approved.length === 0 ? "It was applied." : `Approved by ${approved.join(", ")}.`;
  }
  const last = reviews.findLast((one) => one.decision === "reject");
  return last === undefined ? status : `${last.author} refused: ${last.comment ?? ""}`;
}
