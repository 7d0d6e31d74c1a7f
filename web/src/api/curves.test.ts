import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

import { curvesAnswer } from "@/testing/curves";

import { forgetCurves, getCurves, type CurveRange } from "./curves";
import { ANYTHING } from "./events";

interface Asked {
  series: { run_id: string; key: string }[];
  x: string;
  start?: number;
}

const RANGE: CurveRange = { x: "step", xMetric: null, range: null, nBuckets: 100 };
let asked: Asked[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("document", { baseURI: "http://server/" });
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const body = JSON.parse(init.body) as Asked;
    asked.push(body);
    const points = [
      [0, 1],
      [1, 2],
    ] as const;
    return new Response(curvesAnswer(body.series.map(() => points)) as BodyInit);
  });
  forgetCurves(ANYTHING);
});

const read = (metrics: string[], runIds: string[], range = RANGE) =>
  new QueryClient().fetchQuery(getCurves(metrics, runIds, range));

it("asks once for all charts that ask at the same time", async () => {
  const [loss, accuracy] = await Promise.all([
    read(["loss"], ["a", "b"]),
    read(["accuracy"], ["a"]),
  ]);

  expect(asked).toHaveLength(1);
  expect(asked[0]?.series).toHaveLength(3);
  expect(loss.map((curve) => [curve.runId, curve.key, [...curve.starts]])).toEqual([
    ["a", "loss", [0, 1]],
    ["b", "loss", [0, 1]],
  ]);
  expect(accuracy).toHaveLength(1);
});

it("asks only for the run that was added", async () => {
  await read(["loss"], ["a"]);
  await read(["loss"], ["a", "b"]);

  expect(asked.map(({ series }) => series.map((one) => one.run_id))).toEqual([["a"], ["b"]]);
});

it("asks again for the run that moved on, and for no other", async () => {
  await read(["loss"], ["a", "b"]);
  forgetCurves({ experiment_id: "1", run_id: "b", kinds: ["metrics"] });
  await read(["loss"], ["a", "b"]);

  expect(asked[1]?.series).toEqual([{ run_id: "b", key: "loss" }]);
});

it("asks for a finer view of the part that is zoomed to", async () => {
  await read(["loss"], ["a"]);
  await read(["loss"], ["a"], { ...RANGE, x: "elapsed", range: [5, 9] });

  expect(asked[1]).toMatchObject({ x: "relative", start: 5, end: 9 });
});
