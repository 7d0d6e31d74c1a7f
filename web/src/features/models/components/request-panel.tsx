import { Button, Group, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import {
  applyRequest,
  reviewRequest,
  withdrawRequest,
  type PromotionRequest,
} from "@/api/promotions";
import { Age } from "@/components/age";
import { Panel } from "@/components/panel";
import { useUserName } from "@/components/user-name";
import { YourName } from "@/components/your-name";
import { describeWish } from "@/lib/policy";

import classes from "./models.module.css";

interface RequestPanelProps {
  request: PromotionRequest;
  /** Whether a link leads here: it is scrolled to. */
  isLinked: boolean;
}

const VERDICTS = { open: undefined, applied: "pass", rejected: "fail", withdrawn: undefined };

/** One wish that a version be promoted: what gates and reviewers say, and what one can do about it. */
export function RequestPanel({ request, isLinked }: RequestPanelProps) {
  const { name, version, status, author, timestamp, reason = "" } = request;
  const { gates = [], reviews = [], approved_by: approved = [], reviewers = [] } = request;
  const needed = request.approvals_needed ?? 0;

  return (
    <div
      className={classes.card}
      data-linked={isLinked || undefined}
      ref={(element) => {
        if (isLinked) element?.scrollIntoView({ block: "nearest" });
      }}
    >
      <Panel
        title={describeWish(request)}
        tools={
          <Link to="/models/$name/versions/$version" params={{ name, version }}>
            See version {version}
          </Link>
        }
      >
        <p className={classes.soft}>
          <span className={classes.badge} data-verdict={VERDICTS[status]}>
            {status}
          </span>{" "}
          {author} asked <Age time={timestamp} />
        </p>
        {reason !== "" && <p>{reason}</p>}
        {needed > 0 && (
          <p className={classes.soft}>
            {approved.length} of {needed} approvals
            {reviewers.length > 0 && `, asked of ${reviewers.join(", ")}`}
          </p>
        )}
        {gates.length > 0 && (
          <ul className={classes.said} aria-label="Gates">
            {gates.map((gate) => (
              <li key={gate.gate}>
                <span className={classes.badge} data-verdict={gate.verdict}>
                  {gate.verdict}
                </span>
                <span>
                  <strong>{gate.gate}</strong> <span className={classes.soft}>{gate.summary}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
        {reviews.length > 0 && (
          <ul className={classes.said} aria-label="Reviews">
            {reviews.map((one) => (
              <li key={one.review_id}>
                <span className={classes.badge} data-verdict={DECISIONS[one.decision].verdict}>
                  {DECISIONS[one.decision].word}
                </span>
                <span>
                  <strong>{one.author}</strong>{" "}
                  <span className={classes.soft}>
                    <Age time={one.timestamp} />
                  </span>
                  {one.comment && <span className={classes.comment}>{one.comment}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
        {status === "open" && <RequestActions request={request} />}
      </Panel>
    </div>
  );
}

const DECISIONS = {
  approve: { word: "approves", verdict: "pass" },
  reject: { word: "refuses", verdict: "fail" },
  comment: { word: "says", verdict: undefined },
};

function RequestActions({ request }: { request: PromotionRequest }) {
  const { request_id: id, author, reviewers = [] } = request;
  const queries = useQueryClient();
  const user = useUserName();
  const [comment, setComment] = useState("");
  const act = useMutation({
    mutationFn: (work: () => Promise<void>) => work(),
    onSuccess: () => setComment(""),
    // Also after a refusal: somebody else may have decided.
    onSettled: () => queries.invalidateQueries({ queryKey: ["registry"] }),
  });
  const isSame = (name: string) => name.toLowerCase() === user.toLowerCase();
  const isOwn = isSame(author);
  const mayDecide = user !== "" && !isOwn && (reviewers.length === 0 || reviewers.some(isSame));
  const review = (decision: "approve" | "reject" | "comment") =>
    act.mutate(() => reviewRequest(id, decision, comment.trim()));

  return (
    <div className={classes.actions}>
      <YourName />
      <Textarea
        size="xs"
        label="Comment"
        autosize
        minRows={2}
        value={comment}
        error={act.error?.message}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Group gap="xs">
        {mayDecide && (
          <>
            <Button loading={act.isPending} onClick={() => review("approve")}>
              Approve
            </Button>
            <Button
              variant="default"
              disabled={comment.trim() === ""}
              title="A refusal says why, in the comment"
              onClick={() => review("reject")}
            >
              Refuse
            </Button>
          </>
        )}
        <Button
          variant="default"
          disabled={user === "" || comment.trim() === ""}
          onClick={() => review("comment")}
        >
          Comment
        </Button>
        <Button
          variant="default"
          title="Where all pass, and enough approve, it is done"
          onClick={() => act.mutate(() => applyRequest(id))}
        >
          Check the gates again
        </Button>
        {isOwn && (
          <Button variant="default" onClick={() => act.mutate(() => withdrawRequest(id))}>
            Withdraw
          </Button>
        )}
      </Group>
      {isOwn && <p className={classes.soft}>It is yours: somebody else decides.</p>}
    </div>
  );
}
