import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { fakeServer } from "@/testing/fake-server";

import { getSeries, type SeriesRange } from "./metrics";

const PATH = "api/1.0/fluvial/metrics/series";
const RANGE: SeriesRange = { runIds: ["r"], maxPoints: 100, steps: null };

const wireSeries = (key: string) => ({
  run_id: "r",
  key,
  n_points: 2,
  steps: [0, 1],
  values: [1, "NaN"],
});

beforeEach(() => {
  vi.stubGlobal("document", { baseURI: "http://host/" });
});
afterEach(() => vi.unstubAllGlobals());

it("asks once for all charts that ask together", async () => {
  const { calls } = fakeServer({ [PATH]: { series: [wireSeries("a"), wireSeries("b")] } });
  const queries = new QueryClient();

  const [a, b] = await Promise.all(
    ["a", "b"].map((key) => queries.fetchQuery(getSeries(key, RANGE))),
  );

  expect(calls.map((call) => call.body)).toEqual([
    { run_ids: ["r"], keys: ["a", "b"], max_points: 100 },
  ]);
  expect([a, b].map((series) => series?.map((one) => one.key))).toEqual([["a"], ["b"]]);
});

it("asks apart for different ranges", async () => {
  const { calls } = fakeServer({ [PATH]: {} });
  const queries = new QueryClient();
  const zoomed = { ...RANGE, steps: { start: 5, end: 9 } };

  await Promise.all([RANGE, zoomed].map((range) => queries.fetchQuery(getSeries("a", range))));

  expect(calls.map((call) => call.body)).toMatchObject([
    { max_points: 100 },
    { start_step: 5, end_step: 9 },
  ]);
});

it("reads NaN, and takes the values for the envelope where nothing was left out", async () => {
  fakeServer({ [PATH]: { series: [wireSeries("a")] } });

  const [series] = await new QueryClient().fetchQuery(getSeries("a", RANGE));

  expect(series).toMatchObject({
    values: [1, Number.NaN],
    minimums: [1, Number.NaN],
    isSampled: false,
  });
});

it("tells every chart of a request that failed", async () => {
  fakeServer({ [PATH]: { status: 404, body: { message: "No such run." } } });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

  const answers = await Promise.allSettled(
    ["a", "b"].map((key) => queries.fetchQuery(getSeries(key, RANGE))),
  );

  expect(answers.map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
});
