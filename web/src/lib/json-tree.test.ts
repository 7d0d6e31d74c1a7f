import { describe, expect, it } from "vitest";

import { openToLines, visibleLines } from "./json-tree";

const DOCUMENT = { model: { "a/b": [1, 2] }, name: "x" };

describe("visibleLines", () => {
  it("shows only the root while nothing is open", () => {
    expect(visibleLines(DOCUMENT, new Set())).toEqual([
      { pointer: "", depth: 0, label: null, value: DOCUMENT, nChildren: 2 },
    ]);
  });

  it("walks into what is open and escapes keys", () => {
    const lines = visibleLines(DOCUMENT, new Set(["", "/model", "/model/a~1b"]));

    expect(lines.map((line) => line.pointer)).toEqual([
      "",
      "/model",
      "/model/a~1b",
      "/model/a~1b/0",
      "/model/a~1b/1",
      "/name",
    ]);
  });
});

describe("openToLines", () => {
  it("opens everything in a small document", () => {
    expect(openToLines(DOCUMENT, 100)).toEqual(new Set(["", "/model", "/model/a~1b"]));
  });

  it("opens the root, and leaves long lists closed", () => {
    expect(openToLines({ long: Array.from({ length: 50 }, (_, at) => at) }, 20)).toEqual(
      new Set([""]),
    );
  });
});
