import { expect, it } from "vitest";

import { countRows, locate, placeSections, tilesOf } from "./table-sections";

const SECTIONS = placeSections([
  { filter: "a", head: "A", nRows: 0 },
  { filter: "b", head: "B", nRows: 250 },
  { filter: "c", head: "C", nRows: 2 },
]);

it("puts the runs of open groups below the rows of the groups", () => {
  expect(countRows(SECTIONS)).toBe(255);
  const found = [0, 1, 2, 251, 252, 254, 255].map((row) => {
    const located = locate(SECTIONS, row);
    return located === null ? null : `${located.section.filter} ${located.offset}`;
  });

  expect(found).toEqual(["a -1", "b -1", "b 0", "b 249", "c -1", "c 1", null]);
});

it("asks for the pages that rows in view are on, each once", () => {
  expect(tilesOf(SECTIONS, 95, 105, 100)).toEqual([
    { filter: "b", page: 0 },
    { filter: "b", page: 1 },
  ]);
  expect(tilesOf(SECTIONS, 0, 2, 100)).toEqual([]);
});
