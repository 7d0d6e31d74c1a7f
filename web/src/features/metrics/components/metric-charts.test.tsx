import { screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { MetricCharts } from "./metric-charts";

const SERIES = "api/1.0/fluvial/metrics/series";
const RUNS = ["a", "b"].map((id, index) => ({
  id,
  name: `run ${id}`,
  startTime: 0,
  color: { index, round: 0 },
}));

/** Everything is in view. */
class SeenAtOnce {
  constructor(private readonly report: (entries: { isIntersecting: boolean }[]) => void) {}

  observe() {
    this.report([{ isIntersecting: true }]);
  }

  disconnect() {}
}

beforeEach(() => vi.stubGlobal("IntersectionObserver", SeenAtOnce));

function show(keys: string[]) {
  renderPage(
    <MetricCharts
      runs={RUNS}
      metrics={{ keys, curves: new Set() }}
      options={{ xAxis: "step", smoothing: 0, logScale: false }}
      search=""
      onOptions={() => undefined}
      onSearch={() => undefined}
    />,
  );
}

it("compares single values as bars", async () => {
  fakeServer({
    [SERIES]: {
      series: RUNS.map(({ id }, at) => ({
        run_id: id,
        key: "auc",
        n_points: 1,
        steps: [0],
        values: [0.5 + at / 4],
      })),
    },
  });

  show(["auc"]);

  const bars = await screen.findByRole("list", { name: "auc of each run" });
  expect(bars.textContent).toBe("run a0.5run b0.75");
});

it("says so where no metric was logged", async () => {
  show([]);

  expect(await screen.findByText("No metrics yet")).toBeDefined();
});

it("says in the chart what the server refused", async () => {
  fakeServer({ [SERIES]: { status: 404, body: { message: "There is no run a." } } });

  show(["auc"]);

  expect((await screen.findByRole("alert")).textContent).toContain("There is no run a.");
});
