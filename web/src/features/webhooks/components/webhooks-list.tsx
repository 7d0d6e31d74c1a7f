import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import {
  listDeliveries,
  listWebhooks,
  testWebhook,
  type Webhook,
  type WebhookTestResult,
} from "@/api/webhooks";
import { Age } from "@/components/age";
import { CodeBlock } from "@/components/code-block";
import { EmptyState } from "@/components/empty-state";
import { ErrorPanel } from "@/components/error-panel";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./webhooks.module.css";

const EXAMPLE = `from mlflow import MlflowClient

MlflowClient().create_webhook(
    name="deploy",
    url="https://example.com/hooks/models",
    events=["model_version_alias.created"],
)`;

/** Who is told of changes of the registry: with a test, and the log of what was sent. */
export function WebhooksList() {
  const query = useQuery(listWebhooks());

  if (query.isPending) return <TableSkeleton rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) {
    return (
      <EmptyState
        title="No webhooks yet"
        hint="A webhook is told of new models, versions, tags and aliases. MLflow's client makes them."
        action={<CodeBlock code={EXAMPLE} label="Python" />}
      />
    );
  }
  return (
    <div className={classes.stack}>
      {query.data.map((webhook) => (
        <WebhookPanel key={webhook.webhook_id} webhook={webhook} />
      ))}
    </div>
  );
}

function WebhookPanel({ webhook }: { webhook: Webhook }) {
  const { webhook_id: id, name, url, description, events, status } = webhook;
  const [isOpen, setIsOpen] = useState(false);
  const test = useMutation({ mutationFn: () => testWebhook(id) });

  return (
    <Panel
      title={name}
      tools={
        <span className={classes.tools}>
          <Button variant="subtle" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? "Hide the log" : "Show the log"}
          </Button>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
        </span>
      }
    >
      <p className={classes.line}>
        <code>{url}</code>
      </p>
      {description && <p className={classes.line}>{description}</p>}
      <p className={classes.soft}>
        {status === "ACTIVE" ? "Told of " : "Disabled; would be told of "}
        {events.map(({ entity, action }) => `${entity}.${action}`.toLowerCase()).join(", ")}
      </p>
      {test.isError && <ErrorPanel error={test.error} onRetry={() => test.mutate()} />}
      {test.isSuccess && (
        <p role="status" className={classes.line} data-failed={!test.data.success || undefined}>
          {outcome(test.data)}
        </p>
      )}
      {isOpen && <Deliveries webhookId={id} />}
    </Panel>
  );
}

function outcome({ success, response_status: status, error_message: error }: WebhookTestResult) {
  const answer = status === undefined ? "" : `It was answered with ${status}.`;
  return success ? answer : `The example did not arrive. ${error || answer}`;
}

function Deliveries({ webhookId }: { webhookId: string }) {
  const query = useQuery(listDeliveries(webhookId));

  if (query.isPending) return <TableSkeleton rows={3} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) return <p className={classes.soft}>Nothing has been sent yet.</p>;
  return (
    <div className={classes.wrap} role="group" aria-label="Deliveries" tabIndex={0}>
      <table className={classes.table} aria-label="Deliveries">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Event</th>
            <th scope="col">Status</th>
            <th scope="col">Tries</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        <tbody>
          {query.data.map((one) => (
            <tr key={one.delivery_id}>
              <td>
                <Age time={one.timestamp} />
              </td>
              <td>{`${one.event.entity}.${one.event.action}`.toLowerCase()}</td>
              <td data-failed={one.status === "failed" || undefined}>{one.status}</td>
              <td>{one.n_attempts}</td>
              <td title={one.body}>{one.error || one.response_status || ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
