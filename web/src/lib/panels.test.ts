import { describe, expect, it } from "vitest";

import { inPlace, metricPanelId, packRows, parseChartSearch, withPanel } from "./panels";

describe("parseChartSearch", () => {
  it("reads what a link says and leaves out what makes no sense", () => {
    const search = parseChartSearch({
      x: "elapsed",
      smoothing: 2,
      panels: [{ id: "a", kind: "scatter", width: 99, options: { x: "params.lr" } }, 3, {}],
      muted: ["r1", 5],
    });

    expect(search).toEqual({
      x: "elapsed",
      panels: [{ id: "a", kind: "scatter", options: { x: "params.lr" } }],
      muted: ["r1"],
    });
  });
});

describe("withPanel", () => {
  const loss = metricPanelId("loss");

  it("forgets the panel of a metric that is as it was", () => {
    const changed = withPanel([], loss, { width: 2 });

    expect(changed).toEqual([{ id: loss, width: 2 }]);
    expect(withPanel(changed, loss, { width: undefined })).toEqual([]);
  });

  it("keeps a panel that was added where it stood", () => {
    const panels = [{ id: "a", kind: "note" }, { id: "b" }];

    expect(withPanel(panels, "a", { kind: undefined })).toEqual([{ id: "a" }, { id: "b" }]);
  });
});

it("puts moved panels into their places among the others", () => {
  const places = new Map([
    ["d", 0],
    ["b", 3],
  ]);

  expect(inPlace(["a", "b", "c", "d"], places)).toEqual(["d", "a", "c", "b"]);
});

const panel = (id: string, width: number, height: number) => ({ id, width, height });

it("fills rows from the left and makes each as high as its highest panel", () => {
  const rows = packRows(
    [panel("a", 1, 1), panel("b", 2, 2), panel("c", 1, 1), panel("d", 9, 1)],
    3,
  );

  expect(rows.map((row) => [row.panels.map(({ id }) => id).join(""), row.height])).toEqual([
    ["ab", 2],
    ["c", 1],
    ["d", 1],
  ]);
});
