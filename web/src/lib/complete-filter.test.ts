import { describe, expect, it } from "vitest";

import { nameTyped, wantedAt } from "./complete-filter";

const at = (text: string) => wantedAt(text, text.length);

describe("wantedAt", () => {
  it("asks for a name where a word is being typed", () => {
    expect(at("metrics.loss < 1 AND par")).toEqual({ kind: "name", start: 21, typed: "par" });
    expect(at("metrics.`val")).toMatchObject({ kind: "name", typed: "metrics.`val" });
  });

  it("asks for an operator after a field", () => {
    expect(at("params.model ")).toMatchObject({ kind: "operator", isNumber: false });
    expect(at("max(metrics.loss) b")).toMatchObject({
      kind: "operator",
      typed: "b",
      isNumber: true,
    });
  });

  it("asks for a value of the field after an operator, and within a list", () => {
    expect(at("params.model = 'res")).toEqual({
      kind: "value",
      start: 15,
      typed: "res",
      field: "params.model",
    });
    expect(at("metrics.a > 1 AND tags.`a b` IN ('x', ")).toMatchObject({
      kind: "value",
      typed: "",
      field: "tags.`a b`",
    });
    expect(at("status != ")).toMatchObject({ kind: "value", field: "status" });
  });

  it.each(["", "metrics.loss > 0.5", "text MATCHES 'a b", "metrics.loss = "])(
    "asks for nothing after %s",
    (text) => {
      expect(at(text)).toBeNull();
    },
  );
});

it("looks for what stands behind the kind of a name", () => {
  expect(["metrics.`val/lo", "los", "params.lr"].map(nameTyped)).toEqual(["val/lo", "los", "lr"]);
});
