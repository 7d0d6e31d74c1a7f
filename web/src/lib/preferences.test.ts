import { expect, it } from "vitest";

import { DEFAULT_PREFERENCES, parsePreferences, timeZones } from "./preferences";

it("keeps what it knows and falls back to the default elsewhere", () => {
  const kept = parsePreferences({
    digits: 6,
    notation: "scientific",
    timeZone: "Asia/Tokyo",
    density: "roomy",
    palette: 3,
  });

  expect(kept).toEqual({
    ...DEFAULT_PREFERENCES,
    digits: 6,
    notation: "scientific",
    timeZone: "Asia/Tokyo",
  });
});

it.each([null, "x", { digits: 40 }, { digits: 2.5 }, { timeZone: "Mars/Olympus" }])(
  "takes %j as if nothing had been kept",
  (raw) => {
    expect(parsePreferences(raw)).toEqual(DEFAULT_PREFERENCES);
  },
);

it("offers UTC first and each zone once", () => {
  const zones = timeZones();

  expect(zones[0]).toBe("UTC");
  expect(new Set(zones).size).toBe(zones.length);
});
