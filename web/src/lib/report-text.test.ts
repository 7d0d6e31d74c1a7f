import { expect, it } from "vitest";

import { panelText, parseReport } from "./report-text";

const TEXT = `# Ablation

Depth matters.

\`\`\`fluvial
chart: line
experiment: churn
metric: val/loss
smoothing: 0.6
\`\`\`

\`\`\`python
print("not a panel")
\`\`\`
`;

it("parts the panels from the text, in order", () => {
  const parts = parseReport(TEXT);

  expect(parts.map(({ kind }) => kind)).toEqual(["text", "panel", "text"]);
  expect(parts[1]).toMatchObject({
    spec: { chart: "line", experiment: "churn", metric: "val/loss", smoothing: 0.6, limit: 10 },
  });
  expect(parts[2]).toMatchObject({ text: expect.stringContaining("not a panel") });
});

it("reads a panel in JSON as well", () => {
  const [part] = parseReport('```fluvial\n{"chart": "table", "experiment": 12}\n```');

  expect(part).toMatchObject({ spec: { chart: "table", experiment: "12" } });
});

it.each([
  ["chart: pie\nexperiment: a", "chart is one of"],
  ["chart: line\nexperiment: a", "Say which metric"],
  ["metric: a", "Say which experiment"],
  ["experiment: a\nmetrik: b", "A panel has no metrik"],
  ["experiment: a\nmetric: b\nlimit: 0", "limit is a number from 1"],
  ["experiment: a\nchart: table\ncolumns: loss", "columns is a list"],
  ["- a", "lines of"],
  ["a: [", "Flow sequence"],
])("says what is wrong with %j", (source, message) => {
  const [part] = parseReport(`\`\`\`fluvial\n${source}\n\`\`\``);

  expect(part).toMatchObject({ kind: "fault", source });
  expect(part).toHaveProperty("message", expect.stringContaining(message));
});

it("says that a panel has no end", () => {
  expect(parseReport("```fluvial\nchart: line")).toMatchObject([{ kind: "fault" }]);
});

it("writes a panel that reads as it was, and says no more than it needs", () => {
  const text = panelText({
    chart: "bar",
    experiment: "a: b",
    metric: "loss",
    limit: 10,
    log: true,
  });

  expect(text).not.toContain("limit");
  expect(parseReport(text)).toMatchObject([
    { spec: { chart: "bar", experiment: "a: b", metric: "loss", log: true } },
  ]);
});

it("reads one order or several, and what makes groups of the runs", () => {
  const several = {
    experiment: "a",
    order: ["metrics.loss ASC", "params.lr"],
    group: ["tags.team"],
  };
  const text = panelText({ chart: "table", ...several });

  expect(text).toContain("group: tags.team");
  expect(parseReport(text)).toMatchObject([{ spec: several }]);
  expect(parseReport(panelText({ chart: "table", experiment: "a", order: ["b"] }))).toMatchObject([
    { spec: { order: ["b"], group: [] } },
  ]);
});

it("reads the charts beside a table, over all runs unless it is said how many", () => {
  const [scatter, few, note] = parseReport(
    [
      panelText({ chart: "scatter", experiment: "a", options: { x: "params.lr" } }),
      panelText({ chart: "scatter", experiment: "a", limit: 10 }),
      panelText({ chart: "note", options: { text: "# Hm" } }),
    ].join("\n"),
  );

  expect(scatter).toMatchObject({ spec: { limit: 0, options: { x: "params.lr" } } });
  expect(few).toMatchObject({ spec: { limit: 10 } });
  expect(note).toMatchObject({ spec: { chart: "note", experiment: "" } });
});

it("says so where options are no names with values", () => {
  expect(parseReport("```fluvial\nchart: box\nexperiment: a\noptions: [b]\n```")).toMatchObject([
    { kind: "fault", message: expect.stringContaining("options are lines") },
  ]);
});
