import { configure, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import { forgetCurves } from "@/api/curves";
import { ANYTHING } from "@/api/events";
import type { ChartSearch } from "@/lib/panels";
import { curvesAnswer } from "@/testing/curves";
import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { MetricCharts } from "./metric-charts";

const CURVES = "api/1.0/fluvial/metrics/charts";
const RUNS = ["a", "b"].map((id, index) => ({
  id,
  name: `run ${id}`,
  startTime: 0,
  color: { index, round: 0 },
}));

const SOURCE = { experimentIds: ["1"], filter: "", orderBy: [], viewType: "ACTIVE_ONLY" } as const;
/** Nothing changes its size. */
class Steady {
  observe() {}

  unobserve() {}

  disconnect() {}
}

// Loaded when a chart is first drawn, which takes longer than a test waits.
beforeAll(() => import("@/charts/line/line-chart"));
// The first of the file renders with everything still cold.
configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", Steady);
  for (const side of ["clientWidth", "offsetWidth"] as const) {
    vi.spyOn(HTMLElement.prototype, side, "get").mockReturnValue(900);
  }
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
  forgetCurves(ANYTHING);
});

function show(
  keys: string[],
  search: ChartSearch = {},
  onSearch = vi.fn<(change: ChartSearch) => void>(),
) {
  renderPage(
    <MetricCharts
      runs={RUNS}
      metrics={{ keys, curves: new Set(keys) }}
      source={SOURCE}
      columns={{ params: [], metrics: keys, tags: [] }}
      search={search}
      onSearch={onSearch}
    />,
  );
  return onSearch;
}

it("compares single values as bars", async () => {
  fakeServer({ [CURVES]: curvesAnswer([[[0, 0.5]], [[0, 0.75]]]) });

  show(["auc"]);

  const bars = await screen.findByRole("group", { name: "auc of each run" });
  expect(bars.textContent).toBe("run a0.5run b0.75");
});

it("says so where no metric was logged", async () => {
  show([]);

  expect(await screen.findByText("No metrics yet")).toBeDefined();
});

it("says in the chart what the server refused", async () => {
  fakeServer({ [CURVES]: { status: 404, body: { message: "There is no run a." } } });

  show(["auc"]);

  expect((await screen.findByRole("alert")).textContent).toContain("There is no run a.");
});

it("asks for no run that was left out", async () => {
  const { calls } = fakeServer({ [CURVES]: curvesAnswer([[[0, 1]]]) });

  show(["auc"], { muted: ["b"] });

  await vi.waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.body).toMatchObject({ series: [{ run_id: "a", key: "auc" }] });
});

it("moves a panel by the arrow keys and says so in the link", async () => {
  fakeServer({ [CURVES]: curvesAnswer([]) });
  const onSearch = show(["a", "b", "c"]);

  await userEvent.type(await screen.findByRole("button", { name: "Move b" }), "{ArrowLeft}");

  expect(onSearch).toHaveBeenCalledWith({ panels: [{ id: "metric:b", at: 0 }] });
});

it("makes a panel wider by the arrow keys", async () => {
  fakeServer({ [CURVES]: curvesAnswer([]) });
  const onSearch = show(["a"]);

  await userEvent.type(await screen.findByRole("button", { name: "Resize a" }), "{ArrowRight}");

  expect(onSearch).toHaveBeenCalledWith({ panels: [{ id: "metric:a", width: 2, height: 1 }] });
});

it("closes a section and remembers it in the link", async () => {
  fakeServer({ [CURVES]: curvesAnswer([]) });
  const onSearch = show(["train/a", "train/b", "c"]);

  await userEvent.click(await screen.findByRole("button", { name: /^train/ }));

  expect(onSearch).toHaveBeenCalledWith({ closed: ["train"] });
});

it("puts only the panels in view on the page, however many metrics there are", async () => {
  fakeServer({ [CURVES]: curvesAnswer([]) });

  show(Array.from({ length: 10_000 }, (_, at) => `layer${at}/weight`));

  expect((await screen.findAllByRole("article")).length).toBeLessThan(50);
});
