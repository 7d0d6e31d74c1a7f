import { expect, it } from "vitest";

import { addRecent, parseRecent, type RecentItem } from "./recent-items";

const item = (name: string): RecentItem => ({ path: `/${name}`, title: name });

it("puts what was looked at last first, once", () => {
  const items = ["a", "b", "a"].reduce<RecentItem[]>((all, name) => addRecent(all, item(name)), []);

  expect(items).toEqual([item("a"), item("b")]);
});

it("forgets the oldest", () => {
  const names = Array.from({ length: 12 }, (_, at) => String(at));
  const items = names.reduce<RecentItem[]>((all, name) => addRecent(all, item(name)), []);

  expect(items.map(({ title }) => title)).toEqual(["11", "10", "9", "8", "7", "6", "5", "4"]);
});

it("drops what is no item of this app", () => {
  expect(
    parseRecent([item("a"), null, { path: "javascript:x", title: "x" }, { path: "/b" }]),
  ).toEqual([item("a")]);
  expect(parseRecent("x")).toEqual([]);
});
