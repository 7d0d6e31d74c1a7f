import { describe, expect, it } from "vitest";

import {
  columnStarts,
  columnWindow,
  LARGEST_HEIGHT,
  rowWindow,
  scrollTopFor,
} from "./table-window";

const VIEW = { rowHeight: 34, viewHeight: 680, overscan: 0 };

describe("rowWindow", () => {
  it("draws the rows in view of a table that fits into the page's height", () => {
    const rows = rowWindow({ ...VIEW, nRows: 100_000, scrollTop: 34_000 });

    expect(rows).toEqual({ first: 1000, last: 1020, height: 3_400_000, shift: 0 });
  });

  it("reaches the last of a million rows at the end of the scrollbar", () => {
    const nRows = 1_000_000;
    const scrollTop = LARGEST_HEIGHT - VIEW.viewHeight;
    const rows = rowWindow({ ...VIEW, nRows, scrollTop });

    expect(rows.height).toBe(LARGEST_HEIGHT);
    expect(rows.last).toBe(nRows);
    // The last row ends where the view does.
    expect(nRows * VIEW.rowHeight + rows.shift).toBeCloseTo(scrollTop + VIEW.viewHeight);
  });

  it("draws no row before the first or after the last", () => {
    expect(rowWindow({ ...VIEW, nRows: 3, scrollTop: 0, overscan: 8 })).toMatchObject({
      first: 0,
      last: 3,
    });
  });
});

it("scrolls to a row that is out of view, and not to one that is in it", () => {
  const table = { ...VIEW, nRows: 1000, scrollTop: 340 };

  expect(scrollTopFor(12, table)).toBe(340);
  expect(scrollTopFor(5, table)).toBe(170);
  expect(scrollTopFor(30, table)).toBe(31 * 34 - 680);
});

it("finds the columns in view, whatever their widths", () => {
  const starts = columnStarts([100, 50, 50, 200, 100]);

  expect([...starts]).toEqual([0, 100, 150, 200, 400, 500]);
  expect(columnWindow(starts, 160, 399, 0)).toEqual({ first: 2, last: 4 });
  expect(columnWindow(starts, 0, 50, 2)).toEqual({ first: 0, last: 3 });
});
