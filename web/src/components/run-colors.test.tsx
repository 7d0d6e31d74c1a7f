import { renderHook } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import { assignRunColors } from "@/lib/run-colors";

import { forgetColors, useRunColors } from "./run-colors";

const runs = Array.from({ length: 10 }, (_, at) => ({ id: `run-${at}`, startTime: at }));

afterEach(() => {
  localStorage.clear();
  forgetColors();
});

it("shows a run alone in the colour that it had among others, also after a reload", () => {
  const among = renderHook(() => useRunColors(runs)).result.current;
  const moved = runs.find(
    (run) => assignRunColors([run]).get(run.id)?.index !== among.get(run.id)?.index,
  );
  if (moved === undefined) throw new Error("ten runs in ten colours that are all first choices");
  forgetColors(); // a reload starts with what is kept

  const alone = [moved];
  const { result } = renderHook(() => useRunColors(alone));

  expect(result.current.get(moved.id)).toEqual(among.get(moved.id));
});

it("goes without what another program has kept under its name", () => {
  localStorage.setItem("fluvial.run-colors", "[[1, 99], null");

  const { result } = renderHook(() => useRunColors(runs));

  expect(result.current.size).toBe(10);
});
