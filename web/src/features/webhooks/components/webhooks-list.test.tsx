import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { WebhooksList } from "./webhooks-list";

const WEBHOOKS = "api/2.0/mlflow/webhooks";
const EVENT = { entity: "MODEL_VERSION_ALIAS", action: "CREATED" };

it("tests a webhook, says why the example did not arrive, and shows what was sent", async () => {
  fakeServer({
    [WEBHOOKS]: {
      webhooks: [
        {
          webhook_id: "w1",
          name: "deploy",
          url: "https://example.com/hook",
          events: [EVENT],
          status: "ACTIVE",
        },
      ],
    },
    [`${WEBHOOKS}/w1/test`]: { result: { success: false, error_message: "No such host." } },
    "api/1.0/fluvial/webhooks/deliveries": {
      deliveries: [
        {
          delivery_id: "d1",
          webhook_id: "w1",
          event: EVENT,
          status: "failed",
          n_attempts: 3,
          response_status: 503,
          timestamp: 0,
          body: "{}",
        },
      ],
    },
  });
  renderPage(<WebhooksList />);

  await userEvent.click(await screen.findByRole("button", { name: "Test" }));
  await userEvent.click(screen.getByRole("button", { name: "Show the log" }));

  expect((await screen.findByRole("status")).textContent).toContain("No such host.");
  expect(await screen.findByRole("cell", { name: "503" })).toBeDefined();
  expect(screen.getByText("Told of model_version_alias.created")).toBeDefined();
});
