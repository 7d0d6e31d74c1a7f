import { expect, it } from "vitest";

import { parseReport } from "@/lib/report-text";

import { viewReport } from "./view-report";

const VIEW = {
  experiment: "churn",
  filter: "params.model = 'tree'",
  orderBy: ["metrics.loss ASC", "params.lr DESC"],
  runIds: ["a", "b"],
  isChosen: false,
  groupBy: [],
  metrics: { keys: ["loss", "train/auc", "train/f1"], curves: new Set(["loss", "train/auc"]) },
  columns: ["params.model", "metrics.loss"],
};

/** The panels of the report, as far as they are worth a look. */
function panels(view: Parameters<typeof viewReport>[0]) {
  return parseReport(viewReport(view)).flatMap((part) =>
    part.kind === "panel" ? [part.spec] : [],
  );
}

it("shows the panels as they are arranged and set, and the table last", () => {
  const shown = panels({
    ...VIEW,
    charts: {
      log: true,
      closed: ["train"],
      panels: [{ id: "1", kind: "scatter", options: { x: "params.lr", y: "metrics.loss" } }],
    },
  });

  expect(shown).toMatchObject([
    { chart: "scatter", limit: 0, filter: VIEW.filter, options: { x: "params.lr" } },
    { chart: "line", metric: "loss", log: true, limit: 2, order: VIEW.orderBy },
    { chart: "table", columns: VIEW.columns, order: VIEW.orderBy },
  ]);
});

it("names the runs that somebody chose, where a chart draws them one by one", () => {
  const panel = { id: "1", kind: "scatter" };
  const [scatter, line] = panels({ ...VIEW, isChosen: true, charts: { panels: [panel] } });

  expect(scatter?.filter).toBe(VIEW.filter);
  expect(line?.filter).toBe("attributes.run_id IN ('a', 'b')");
});

it("shows groups as the table does, and their means as curves", () => {
  const [line, ...others] = panels({ ...VIEW, groupBy: ["params.model"], charts: {} });

  expect(line?.options).toMatchObject({ average: ["params.model"] });
  expect(others.at(-1)).toMatchObject({ chart: "table", group: ["params.model"] });
});

it("is the table alone where the charts are not shown", () => {
  expect(panels({ ...VIEW, charts: null }).map(({ chart }) => chart)).toEqual(["table"]);
});
