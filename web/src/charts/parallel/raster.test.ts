import { describe, expect, it } from "vitest";

import { countLines, paintLines } from "./raster";

const SIZE = { width: 11, height: 11, places: [0, 10], thickness: 1 };
const lines = (...rows: [number, number][]) => ({
  axes: [Float32Array.from(rows, ([a]) => a), Float32Array.from(rows, ([, b]) => b)],
  tint: Float32Array.from(rows, () => 0.5),
  palette: new Uint8Array(768).fill(200),
  faint: [10, 10, 10] as const,
});

describe("countLines", () => {
  it("crosses every column once between two axes", () => {
    const { counts } = countLines(lines([0, 1]), SIZE, null);

    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(10);
    expect(counts[10 * 11]).toBe(1);
  });

  it("leaves out rows that are not chosen, and those without a value", () => {
    const rows = lines([0, 0], [1, 1], [Number.NaN, 0.5]);
    const { counts } = countLines(rows, SIZE, Uint8Array.of(1, 0, 1));

    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(10);
  });

  it("fills steep lines", () => {
    const { counts } = countLines(
      lines([0, 1]),
      { width: 3, height: 11, places: [0, 2], thickness: 1 },
      null,
    );

    expect(counts.filter((n) => n > 0)).toHaveLength(10);
  });
});

it("draws lines as thick as is asked for, within the picture", () => {
  const nDrawn = [1, 0].map((at) => {
    const { counts } = countLines(lines([at, at]), { ...SIZE, thickness: 2 }, null);
    return counts.reduce((sum, n) => sum + n, 0);
  });

  expect(nDrawn).toEqual([20, 10]);
});

describe("paintLines", () => {
  it("paints what is not chosen faintly behind what is", () => {
    const rows = lines([0, 0], [1, 1]);
    const chosen = countLines(rows, SIZE, Uint8Array.of(1, 0));
    const pixels = paintLines(rows, SIZE, chosen, countLines(rows, SIZE, null).counts);

    const [top, bottom] = [0, 10 * 11 * 4];
    expect(Array.from(pixels.subarray(top, top + 3))).toEqual([10, 10, 10]);
    expect(pixels[bottom]).toBeGreaterThan(150);
    expect(pixels[bottom + 3]).toBeGreaterThan(pixels[top + 3]!);
  });
});
