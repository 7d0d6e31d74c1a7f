import { expect, it } from "vitest";

import { columnTitle, isNumberColumn, searchedField } from "./report-columns";

it("names a column as people say it, and as the search language wants it", () => {
  const columns = ["metrics.val/loss", "params.lr", "attributes.start_time", "tags.`a b`", "what"];

  expect(columns.map(columnTitle)).toEqual(["val/loss", "lr", "start time", "a b", "what"]);
  expect(columns.map(searchedField)).toEqual([
    "metrics.`val/loss`",
    "params.lr",
    "attributes.start_time",
    "tags.`a b`",
    "what",
  ]);
});

it("takes means of metrics and durations", () => {
  const columns = ["metrics.loss", "attributes.duration", "params.lr", "attributes.start_time"];

  expect(columns.filter(isNumberColumn)).toEqual(["metrics.loss", "attributes.duration"]);
});
