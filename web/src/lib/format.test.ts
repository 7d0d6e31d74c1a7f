import { describe, expect, it } from "vitest";

import {
  formatAge,
  formatBytes,
  formatDuration,
  formatNumber,
  formatNumberInFull,
  formatPlural,
  formatTime,
} from "./format";

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [0.123456, "0.1235"],
    [12.3456, "12.35"],
    [1234.56, "1235"],
    [1_234_567, "1,234,567"],
    [0.000012345, "1.234e-5"],
    [1.5e12, "1.5e12"],
    [-0.5, "−0.5"],
    [0.9, "0.9"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "∞"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("shows %s as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0.000012345678, 6, "auto", "1.23457e-5"],
    [0.000012345678, 3, "plain", "0.0000123"],
    [41_230_877_184, 4, "plain", "41,230,877,184"],
    [123_456.789, 4, "plain", "123457"],
    [1.5e21, 4, "plain", "1,500,000,000,000,000,000,000"],
    [12, 3, "scientific", "1.2e1"],
    [-0.25, 3, "scientific", "−2.5e-1"],
    [0, 3, "scientific", "0"],
    [0.5, 4, "plain", "0.5"],
  ] as const)("shows %s in %i digits, %s, as %s", (value, digits, notation, text) => {
    expect(formatNumber(value, { digits, notation })).toBe(text);
  });

  it("keeps every digit for the hover text", () => {
    expect(formatNumberInFull(0.1 + 0.2)).toBe("0.30000000000000004");
  });
});

describe("times and sizes", () => {
  it.each([
    ["UTC", "2026-11-23 00:05:07"],
    ["Asia/Tokyo", "2026-11-23 09:05:07"],
    ["America/New_York", "2026-11-22 19:05:07"],
  ])("shows a time in %s", (zone, text) => {
    expect(formatTime(Date.UTC(2026, 10, 23, 0, 5, 7), zone)).toBe(text);
  });

  it.each([
    [12, "12ms"],
    [4200, "4.2s"],
    [125_000, "2m 5s"],
    [7_500_000, "2h 5m"],
    [86_400_000 * 3, "3d 0h"],
  ])("shows a duration of %s ms as %s", (elapsedMs, text) => {
    expect(formatDuration(elapsedMs)).toBe(text);
  });

  it.each([
    [1000, "just now"],
    [59_000, "59s ago"],
    [3_600_000, "1h ago"],
    [86_400_000 * 40, "1mo ago"],
  ])("shows an age of %s ms as %s", (age, text) => {
    expect(formatAge(0, age)).toBe(text);
  });

  it.each([
    [999, "999 B"],
    [1500, "1.5 kB"],
    [12_345_678, "12.3 MB"],
  ])("shows %s bytes as %s", (size, text) => {
    expect(formatBytes(size)).toBe(text);
  });

  it("uses the plural for all but one", () => {
    expect([0, 1, 2].map((count) => formatPlural(count, "run"))).toEqual([
      "0 runs",
      "1 run",
      "2 runs",
    ]);
  });
});
