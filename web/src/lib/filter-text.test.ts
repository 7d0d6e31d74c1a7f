import { describe, expect, it } from "vitest";

import { identifier, quote, toFilter } from "./filter-text";

describe("toFilter", () => {
  it("searches the names for plain words", () => {
    expect(toFilter(" resnet-50 ")).toBe("attributes.run_name ILIKE '%resnet-50%'");
  });

  it.each(["metrics.loss < 0.5", "status = 'FAILED'", "tags.x IS NULL", "not x", ""])(
    "leaves %s to the server",
    (text) => {
      expect(toFilter(text)).toBe(text);
    },
  );
});

it("doubles the quotes within a literal", () => {
  expect(quote("it's")).toBe("'it''s'");
});

it("quotes keys that are not plain words", () => {
  expect([identifier("metrics", "loss"), identifier("metrics", "val/loss")]).toEqual([
    "metrics.loss",
    "metrics.`val/loss`",
  ]);
});
