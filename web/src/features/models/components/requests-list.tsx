import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { applyRequest, listRequests, reviewRequest, type PromotionRequest } from "@/api/registry";
import { Age } from "@/components/age";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { notifyError } from "@/components/notify";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./models.module.css";

/** The wishes that versions of a model be promoted, with what gates and reviewers say. */
export function RequestsList({ name }: { name: string }) {
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
  return (
    <div className={classes.stack}>
      {query.data.map((request) => (
        <Request key={request.request_id} request={request} />
      ))}
    </div>
  );
}

function Request({ request }: { request: PromotionRequest }) {
  const { request_id: id, version, target, key, status, author, timestamp, reason } = request;
  const queries = useQueryClient();
  const [comment, setComment] = useState("");
  const isOpen = status === "open";
  const attempt = (work: () => Promise<void>) => async () => {
    try {
      await work();
      setComment("");
    } catch (error) {
      notifyError(error);
    }
    await queries.invalidateQueries({ queryKey: ["registry"] });
  };
  const review = (decision: "approve" | "reject" | "comment") =>
    attempt(() => reviewRequest(id, decision, comment));

  return (
    <Panel
      title={`Version ${version} ${request.leaves === true ? "no longer" : "as"} ${target} ${key}`}
      tools={
        <span className={classes.badge} data-verdict={status === "rejected" ? "fail" : undefined}>
          {status}
        </span>
      }
    >
      <p className={classes.none}>
        {author}, <Age time={timestamp} />
        {reason === undefined || reason === "" ? "" : `: ${reason}`}
        <br />
        {(request.approved_by ?? []).length} of {request.approvals_needed ?? 0} approvals
      </p>
      <table className={classes.table} aria-label={`What is said of version ${version}`}>
        <tbody>
          {(request.gates ?? []).map((gate) => (
            <tr key={gate.gate}>
              <td>
                <span className={classes.badge} data-verdict={gate.verdict}>
                  {gate.verdict}
                </span>
              </td>
              <td>{gate.gate}</td>
              <td className={classes.soft}>{gate.summary}</td>
            </tr>
          ))}
          {(request.reviews ?? []).map((one) => (
            <tr key={one.review_id}>
              <td>
                <span className={classes.badge}>{one.decision}</span>
              </td>
              <td>{one.author}</td>
              <td className={classes.soft}>{one.comment}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isOpen && (
        <div className={classes.none}>
          <TextInput
            size="xs"
            mb="xs"
            label="Comment"
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <div className={classes.chips}>
            <Button onClick={() => void review("approve")()}>Approve</Button>
            <Button variant="default" onClick={() => void review("reject")()}>
              Reject
            </Button>
            <Button variant="default" onClick={() => void review("comment")()}>
              Comment
            </Button>
            <Button variant="default" onClick={() => void attempt(() => applyRequest(id))()}>
              Apply
            </Button>
          </div>
        </div>
      )}
    </Panel>
  );
}
