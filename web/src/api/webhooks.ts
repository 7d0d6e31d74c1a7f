import { queryOptions } from "@tanstack/react-query";

import { get, post } from "./http";
import type { Deliveries, Webhooks } from "./schema";

export type { Webhook, WebhookDelivery } from "./schema";

/** What became of an example. */
export interface WebhookTestResult {
  success: boolean;
  /** HTTP status of the answer. */
  response_status?: number;
  /** Why there was none. */
  error_message?: string;
}

const WEBHOOKS = "api/2.0/mlflow/webhooks";

/** Who is told of changes of the registry, newest first. */
export function listWebhooks() {
  return queryOptions({
    queryKey: ["webhooks", "list"],
    queryFn: async ({ signal }) => {
      const query = { max_results: "1000" };
      return (await get<Webhooks>(WEBHOOKS, query, signal)).webhooks ?? [];
    },
  });
}

/** What was, and is to be, sent to a webhook, newest first. */
export function listDeliveries(webhookId: string) {
  return queryOptions({
    queryKey: ["webhooks", "deliveries", webhookId],
    queryFn: async ({ signal }) => {
      const query = { webhook_id: webhookId };
      const at = "api/1.0/fluvial/webhooks/deliveries";
      return (await get<Deliveries>(at, query, signal)).deliveries ?? [];
    },
  });
}

/** Sends an example, and says what came back. */
export async function testWebhook(webhookId: string): Promise<WebhookTestResult> {
  return (await post<{ result: WebhookTestResult }>(`${WEBHOOKS}/${webhookId}/test`, {})).result;
}
