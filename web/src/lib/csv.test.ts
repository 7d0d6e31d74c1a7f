import { describe, expect, it } from "vitest";

import { parseCsv } from "./csv";

describe("parseCsv", () => {
  it("reads quoted commas, quotes and line breaks", () => {
    expect(parseCsv('a,b\r\n"x, y","say ""hi""\nthere"\n')).toEqual([
      ["a", "b"],
      ["x, y", 'say "hi"\nthere'],
    ]);
  });

  it("keeps empty fields and skips empty lines", () => {
    expect(parseCsv("a,,c\n\n,2,")).toEqual([
      ["a", "", "c"],
      ["", "2", ""],
    ]);
  });

  it("reads tabs and ignores a byte order mark", () => {
    expect(parseCsv("\uFEFFa\tb", "\t")).toEqual([["a", "b"]]);
  });

  it("stops at the limit", () => {
    expect(parseCsv("1\n2\n3\n", ",", 2)).toEqual([["1"], ["2"]]);
  });
});
