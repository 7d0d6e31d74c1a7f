import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import type { Run } from "@/api/runs";
import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { RunNote } from "./run-note";

const SET_TAG = "api/2.0/mlflow/runs/set-tag";
const RUN: Run = {
  id: "r1",
  name: "run",
  experimentId: "1",
  status: "FINISHED",
  startTime: 0,
  endTime: 1,
  lifecycleStage: "active",
  user: "",
  artifactUri: "",
  parentId: null,
  params: {},
  metrics: {},
  tags: { "mlflow.note.content": "old words" },
  datasets: [],
  modelIds: [],
};

async function write(text: string) {
  await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
  const field = screen.getByLabelText("Note, in Markdown");
  await userEvent.clear(field);
  await userEvent.type(field, text);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
}

it("keeps the note as MLflow's tag", async () => {
  const { calls } = fakeServer({ [SET_TAG]: {} });
  renderPage(<RunNote run={RUN} />);

  await write("new words");

  expect(await screen.findByRole("button", { name: "Edit" })).toBeDefined();
  expect(calls[0]?.body).toEqual({ run_id: "r1", key: "mlflow.note.content", value: "new words" });
});

it("keeps what was written when the server refuses it", async () => {
  fakeServer({ [SET_TAG]: { status: 400, body: { message: "The value is too long." } } });
  renderPage(<RunNote run={RUN} />);

  await write("new words");

  expect(await screen.findByText("The value is too long.")).toBeDefined();
  expect(screen.getByLabelText("Note, in Markdown")).toHaveProperty("value", "new words");
});
