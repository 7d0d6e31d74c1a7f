import { expect, it } from "vitest";

import { orderParts, parseConsolePart, partAt, placeParts, searchConsolePart } from "./console-log";

const part = (path: string, sizeBytes: number) => ({ path, sizeBytes });

it("reads time, stream and text of each line", () => {
  const lines = parseConsolePart(
    "2026-11-23T09:41:07.250Z out epoch 1\n2026-11-23T09:41:08.000Z err a warning\nno time at all\n",
  );

  expect(lines).toEqual([
    { time: Date.UTC(2026, 10, 23, 9, 41, 7, 250), stream: "out", text: "epoch 1" },
    { time: Date.UTC(2026, 10, 23, 9, 41, 8), stream: "err", text: "a warning" },
    { time: null, stream: "out", text: "no time at all" },
  ]);
});

it("estimates the lines of parts that were not read", () => {
  const placed = placeParts(
    [part("1", 1000), part("2", 1000), part("3", 500)],
    new Map([["2", 100]]),
  );

  expect(placed.map(({ firstLine, nLines, isExact }) => [firstLine, nLines, isExact])).toEqual([
    [0, 100, false],
    [100, 100, true],
    [200, 50, false],
  ]);
  expect(partAt(placed, 0)?.path).toBe("1");
  expect(partAt(placed, 199)?.path).toBe("2");
  expect(partAt(placed, 200)?.path).toBe("3");
});

it("puts parts that were replaced behind those that are older", () => {
  const parts = [part("0001.log", 9), part("0002.log", 9), part("0003.log", 9)];

  expect(orderParts(parts, new Map()).map(({ path }) => path)).toEqual([
    "0001.log",
    "0002.log",
    "0003.log",
  ]);
  const times = new Map([
    ["0001.log", 1],
    ["0002.log", 9],
    ["0003.log", 5],
  ]);
  expect(orderParts(parts, times).map(({ path }) => path)).toEqual([
    "0001.log",
    "0003.log",
    "0002.log",
  ]);
});

it("finds a text in whatever case and colour, and counts the lines of what lacks it", () => {
  const text =
    "2026-11-23T09:41:07.250Z out epoch \u001b[32mDone\u001b[0m well\n2026-11-23T09:41:08.000Z err done\n";

  const { nLines, firstTime, found } = searchConsolePart(text, "DONE w", "all");

  expect([nLines, firstTime]).toEqual([2, Date.UTC(2026, 10, 23, 9, 41, 7, 250)]);
  expect(found.map(({ at }) => at)).toEqual([0]);
  expect(searchConsolePart(text, "", "err").found.map(({ at }) => at)).toEqual([1]);
  expect(searchConsolePart(text, "never", "all")).toEqual({ nLines: 2, firstTime, found: [] });
});
