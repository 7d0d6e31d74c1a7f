import { expect, it } from "vitest";

import { matchNamed } from "./command-match";

const ITEMS = [
  { label: "Use the dark theme", keywords: "night colours" },
  { label: "Settings", keywords: "theme time zone" },
  { label: "Undark" },
];

it("wants each word, and puts those that begin with it first", () => {
  expect(matchNamed(ITEMS, "dark").map(({ label }) => label)).toEqual([
    "Use the dark theme",
    "Undark",
  ]);
  expect(matchNamed(ITEMS, " THEME zo ").map(({ label }) => label)).toEqual(["Settings"]);
  expect(matchNamed(ITEMS, "dark zone")).toEqual([]);
});

it("finds all by nothing", () => {
  expect(matchNamed(ITEMS, "")).toEqual(ITEMS);
});
