import { expect, it } from "vitest";

import { tableDiff } from "./diff";

const table = (columns: string[], rows: string[][]) => ({ columns, rows, isCut: false });
const BEFORE = table(
  ["id", "label"],
  [
    ["1", "cat"],
    ["2", "dog"],
    ["3", "owl"],
  ],
);
const AFTER = table(
  ["id", "label"],
  [
    ["2", "dog"],
    ["1", "cow"],
    ["4", "bee"],
  ],
);

it("compares rows of one name", () => {
  const { rows } = tableDiff(BEFORE, AFTER, "id");

  expect(rows.map(({ name, kind }) => [name, kind])).toEqual([
    ["1", "changed"],
    ["2", "same"],
    ["3", "removed"],
    ["4", "added"],
  ]);
  expect(rows[0]?.cells[0]).toEqual({ before: "cat", after: "cow" });
});

it("compares by order where no column names rows", () => {
  expect(tableDiff(BEFORE, AFTER, "").rows.map(({ kind }) => kind)).toEqual([
    "changed",
    "changed",
    "changed",
  ]);
});
