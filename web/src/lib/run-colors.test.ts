import { describe, expect, it } from "vitest";

import { assignRunColors, N_RUN_COLORS } from "./run-colors";

const runs = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `run-${at}`, startTime: at }));

describe("assignRunColors", () => {
  it("gives different colours while the palette lasts", () => {
    const colors = [...assignRunColors(runs(N_RUN_COLORS)).values()];

    expect(new Set(colors.map((color) => color.index)).size).toBe(N_RUN_COLORS);
  });

  it("starts a second round once every colour is used", () => {
    const colors = assignRunColors(runs(N_RUN_COLORS + 1));

    expect(colors.get(`run-${N_RUN_COLORS}`)?.round).toBe(1);
  });

  it("keeps the colour that a run had elsewhere, also from an older run", () => {
    const [older, newer] = runs(2);
    if (older === undefined || newer === undefined) throw new Error("two runs");
    const taken = assignRunColors([older]).get(older.id)?.index ?? 0;

    const colors = assignRunColors([older, newer], new Map([[newer.id, taken]]));

    expect(colors.get(newer.id)).toEqual({ index: taken, round: 0 });
    expect(colors.get(older.id)?.index).not.toBe(taken);
  });

  it("keeps the colours of older runs when newer ones arrive", () => {
    const before = assignRunColors(runs(4));
    const after = assignRunColors(runs(9));

    for (const [id, color] of before) expect(after.get(id)).toEqual(color);
  });
});
