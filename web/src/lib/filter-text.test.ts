import { describe, expect, it } from "vitest";

import { identifier, quote, toFilter } from "./filter-text";

describe("toFilter", () => {
  it.each([
    [" resnet-50 ", "text MATCHES 'resnet-50*'"],
    ['größe "batch size" -baseline', "text MATCHES 'größe* \"batch size\" -baseline'"],
    ["adam*", "text MATCHES 'adam*'"],
  ])("searches all texts for the plain words %s", (words, filter) => {
    expect(toFilter(words)).toBe(filter);
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
