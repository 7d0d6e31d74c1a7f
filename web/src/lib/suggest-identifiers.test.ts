import { describe, expect, it } from "vitest";

import { suggestIdentifiers } from "./suggest-identifiers";

const KEYS = { metrics: ["loss", "val/loss"], params: ["lr"], tags: [] };
const suggest = (text: string) => suggestIdentifiers(text, text.length, KEYS);

describe("suggestIdentifiers", () => {
  it("finds names by any part of them", () => {
    expect(suggest("los")?.options).toEqual(["metrics.loss", "metrics.`val/loss`"]);
  });

  it("replaces only the word at the cursor", () => {
    expect(suggest("metrics.loss < 1 AND par")).toEqual({
      start: 21,
      end: 24,
      options: ["params.lr"],
    });
  });

  it("goes on within backquotes", () => {
    expect(suggest("metrics.`val")?.options).toEqual(["metrics.`val/loss`"]);
  });

  it.each(["params.lr = 'los", "metrics.loss > 0.5", "", "metrics.loss"])(
    "suggests nothing after %s",
    (text) => {
      expect(suggest(text)?.options ?? []).not.toContain("metrics.loss");
    },
  );
});
