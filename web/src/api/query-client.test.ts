import { describe, expect, it } from "vitest";

import { getSmallCurves } from "./curves";
import { ANYTHING } from "./events";
import { getRun } from "./runs";
import { getTablePage } from "./run-table";
import { affects } from "./query-client";

const change = (kinds: string[]) => ({ experiment_id: "1", run_id: "r", kinds });
const EVERYTHING = {
  filter: "",
  order: [],
  viewType: "ACTIVE_ONLY",
  isNested: false,
  isOpen: false,
  toggled: [],
} as const;
const runsOf = (...experimentIds: string[]) =>
  getTablePage({ ...EVERYTHING, experimentIds }, [], 0).queryKey;
const seriesOf = (runId: string) => getSmallCurves("loss", [runId]).queryKey;

describe("affects", () => {
  it("takes new points to make the curves of their run stale, and no others", () => {
    expect(affects(change(["metrics"]), seriesOf("r"))).toBe(true);
    expect(affects(change(["metrics"]), seriesOf("other"))).toBe(false);
    expect(affects(change(["tags"]), seriesOf("r"))).toBe(false);
  });

  it("takes a change of a run to concern its experiment's table", () => {
    expect(affects(change(["params"]), runsOf("1"))).toBe(true);
    expect(affects(change(["params"]), runsOf("2"))).toBe(false);
    expect(affects(change(["params"]), runsOf("2", "1"))).toBe(true);
  });

  it("leaves the run alone when only its artifacts changed", () => {
    expect(affects(change(["artifacts"]), getRun("r").queryKey)).toBe(false);
  });

  it("takes everything to be stale when anything may have changed", () => {
    expect(affects(ANYTHING, seriesOf("r"))).toBe(true);
  });
});
