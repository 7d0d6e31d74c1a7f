import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const styles = readFileSync(new URL("palettes.css", import.meta.url), "utf8");

type Color = [red: number, green: number, blue: number];

/** How people without one kind of cone see linear sRGB (Machado, Oliveira and Fernandes 2009). */
const SIGHT: Record<string, [Color, Color, Color]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (row: Color, color: Color) => row[0] * color[0] + row[1] * color[1] + row[2] * color[2];
const map = (rows: [Color, Color, Color], color: Color): Color => [
  dot(rows[0], color),
  dot(rows[1], color),
  dot(rows[2], color),
];

function linear(hex: string): Color {
  return [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as Color;
}

/** OKLab (Ottosson 2020): equal distances look about equally far apart. */
function oklab(color: Color): Color {
  const cones = map(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    color,
  ).map((cone) => Math.cbrt(Math.max(0, cone))) as Color;
  return map(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

function luminance(color: Color): number {
  return dot([0.2126, 0.7152, 0.0722], color);
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(linear(one)), luminance(linear(other))].toSorted(
    (a, b) => a - b,
  );
  return (high + 0.05) / (low + 0.05);
}

function leastDistance(colors: readonly string[], sight: [Color, Color, Color]): number {
  const seen = colors.map((hex) =>
    oklab(map(sight, linear(hex)).map((part) => Math.min(1, Math.max(0, part))) as Color),
  );
  return Math.min(
    ...seen.flatMap((one, index) =>
      seen
        .slice(index + 1)
        .map((other) => Math.hypot(...one.map((part, at) => part - (other[at] ?? 0)))),
    ),
  );
}

const PALETTES = [...styles.matchAll(/^([^{}/]*)\{([^}]*)\}/gm)].map(
  ([, selector = "", body = ""]) => {
    const isDark = selector.includes("dark");
    return {
      name: `${/data-palette="(\w+)"/.exec(selector)?.[1]} ${isDark ? "dark" : "light"}`,
      surfaces: isDark ? ["#12151a", "#191d24"] : ["#ffffff", "#f6f7f9"],
      colors: [...body.matchAll(/#[0-9a-f]{6}/g)].map(([hex]) => hex),
    };
  },
);

it("reads six palettes of ten colours", () => {
  expect(PALETTES.map(({ colors }) => colors.length)).toEqual([10, 10, 10, 10, 10, 10]);
});

describe.each(PALETTES)("$name", ({ name, surfaces, colors }) => {
  it.each(Object.entries(SIGHT))("keeps its colours apart with %s", (_, sight) => {
    expect(leastDistance(colors, sight)).toBeGreaterThan(0.08);
  });

  it("stands out from the page", () => {
    const least = Math.min(...surfaces.flatMap((at) => colors.map((hex) => contrast(hex, at))));
    expect(least).toBeGreaterThan(name.startsWith("contrast") ? 4.5 : 3);
  });
});
