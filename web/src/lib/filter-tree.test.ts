import { describe, expect, it } from "vitest";

import { comparisonsOf, parseFilter, unquote, withComparisons, writeFilter } from "./filter-tree";

const again = (text: string) => {
  const tree = parseFilter(text);
  return tree === null ? null : writeFilter(tree);
};

const of = (field: string, operator: string, ...values: string[]) => ({
  kind: "comparison" as const,
  field,
  operator,
  values,
});

describe("parseFilter and writeFilter", () => {
  it.each([
    "",
    "metrics.loss < 0.5",
    "params.model = 'it''s' AND tags.`a b` != \"x\"",
    "(metrics.a > 1 OR metrics.b > 2) AND status IN ('FAILED', 'KILLED')",
    "max(metrics.val/loss) BETWEEN 0.1 AND 1e3 OR metrics.x IS NOT NAN",
    "start_time > now() - 7d AND duration > 1h30m",
    "params.a IS NULL AND params.b NOT LIKE 'x%' AND text MATCHES 'a b'",
    "NOT (params.a = 'b' OR params.c = 'd') AND metrics.loss < -.5",
  ])("write what was read: %s", (text) => {
    expect(again(text)).toBe(text);
  });

  it("spell words in one way, and drop parentheses that mean nothing", () => {
    expect(again("((params.a == 'b') and (params.c =~ '^d'))")).toBe(
      "params.a = 'b' AND params.c RLIKE '^d'",
    );
  });

  it.each([
    "metrics.loss <",
    "params.a = 'b",
    "params.a = 'b' params.c = 'd'",
    "(params.a = 'b'",
    "and",
  ])("leave what is no filter alone: %s", (text) => {
    expect(again(text)).toBeNull();
  });
});

describe("withComparisons", () => {
  it("replaces the comparisons of a field and keeps the others", () => {
    const filter = "params.a = 'x' AND metrics.loss < 1";

    expect(withComparisons(filter, "params.a", [of("params.a", "IN", "'x'", "'y'")])).toBe(
      "metrics.loss < 1 AND params.a IN ('x', 'y')",
    );
    expect(withComparisons(filter, "params.a", [])).toBe("metrics.loss < 1");
    expect(comparisonsOf(filter, "metrics.loss")).toEqual([of("metrics.loss", "<", "1")]);
  });

  it("narrows what is joined by OR as a whole", () => {
    expect(
      withComparisons("params.a = 'x' OR params.b = 'y'", "status", [
        of("status", "=", "'FAILED'"),
      ]),
    ).toBe("(params.a = 'x' OR params.b = 'y') AND status = 'FAILED'");
  });
});

it("reads the text of a literal", () => {
  expect(["'it''s'", '"a""b"', "0.5"].map(unquote)).toEqual(["it's", 'a"b', "0.5"]);
});

it("takes two spellings of a field to be one", () => {
  expect(withComparisons("status = 'FAILED' AND param.a = 'x'", "attributes.status", [])).toBe(
    "param.a = 'x'",
  );
  expect(comparisonsOf("param.a = 'x'", "params.`a`")).toHaveLength(1);
});
