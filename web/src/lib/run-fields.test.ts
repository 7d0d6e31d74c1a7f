import { expect, it } from "vitest";

import { fieldChoices, fieldTitle, textOfField } from "./run-fields";

const KEYS = {
  metrics: ["loss", "system/cpu"],
  params: ["lr", "my param"],
  tags: ["mlflow.user", "team"],
};

it("offers what a chart can use", () => {
  expect(fieldChoices(KEYS, "texts")).toEqual([
    "params.lr",
    "params.`my param`",
    "tags.team",
    "status",
    "user_id",
    "run_name",
  ]);
  expect(fieldChoices(KEYS, "numbers")).toContain("max(metrics.`system/cpu`)");
});

it("labels a field without the language's signs", () => {
  expect(
    [
      "max(metrics.`val/loss`)",
      "params.lr",
      "start_time",
      "attributes.experiment_name",
      "attributes.status",
    ].map(fieldTitle),
  ).toEqual(["max(val/loss)", "lr", "start time", "experiment", "status"]);
});

it("reads a field of a run", () => {
  const run = { name: "n", status: "FAILED", user: "u", params: { "my param": "1" }, tags: {} };

  expect(
    ["params.`my param`", "tags.team", "status"].map((field) => textOfField(run, field)),
  ).toEqual(["1", null, "FAILED"]);
});
