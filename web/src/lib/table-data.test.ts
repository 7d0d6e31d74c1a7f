import { describe, expect, it } from "vitest";

import { csvTable, jsonTable } from "./table-data";

describe("jsonTable", () => {
  it("reads a table as MLflow logs it", () => {
    expect(
      jsonTable({
        columns: ["a", "b"],
        data: [
          [1, null],
          ["x", { y: 1 }],
        ],
      }),
    ).toEqual({
      columns: ["a", "b"],
      rows: [
        ["1", ""],
        ["x", '{"y":1}'],
      ],
      isCut: false,
    });
  });

  it.each([[null], [[1, 2]], [{ columns: ["a"] }], [{ columns: ["a"], data: [1] }]])(
    "finds no table in %j",
    (document) => {
      expect(jsonTable(document)).toBeNull();
    },
  );
});

it("takes the first line of a TSV as its columns", () => {
  expect(csvTable("a\tb\n1\t2\n", "x.tsv")).toEqual({
    columns: ["a", "b"],
    rows: [["1", "2"]],
    isCut: false,
  });
});
