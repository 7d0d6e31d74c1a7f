import { expect, it } from "vitest";

import { figureKind, figurePage, pageOfFigure } from "./figure-page";

const SCRIPTS = { plotly: "/p.js", vega: "/v.js", vegaLite: "/vl.js", vegaEmbed: "/ve.js" };

it("gives a page our own copies of the libraries that it wants", () => {
  const { html, refused } = figurePage(
    `<script charset="utf-8" src="https://cdn.plot.ly/plotly-3.0.0.min.js" integrity="sha256-x" crossorigin="anonymous"></script>
     <script src="https://cdn.jsdelivr.net/npm/vega@5"></script>
     <script src='https://cdn.jsdelivr.net/npm/vega-lite@5.20.1'></script>
     <script src="https://cdn.jsdelivr.net/npm/vega-embed@6"></script>
     <script src="https://elsewhere.example/x.js"></script><script>own()</script>
     <link rel="stylesheet" href="https://fonts.example/a.css">`,
    SCRIPTS,
  );

  expect([...html.matchAll(/src="(\/\w+\.js)"/g)].map(([, src]) => src)).toEqual([
    "/p.js",
    "/v.js",
    "/vl.js",
    "/ve.js",
  ]);
  expect(html).toContain("<script>own()</script>");
  expect(refused).toEqual(["fonts.example", "elsewhere.example"]);
});

it("tells figures from other documents", () => {
  expect(figureKind({ data: [{ type: "bar" }], layout: {} })).toBe("plotly");
  expect(figureKind({ $schema: "https://vega.github.io/schema/vega-lite/v5.json" })).toBe("vega");
  expect(figureKind({ columns: ["a"], data: [[1]] })).toBeNull();
  expect(figureKind([1])).toBeNull();
});

it("lets no text of a figure end its script", () => {
  const page = pageOfFigure({ data: [], layout: { title: "</script><b>" } }, "plotly", SCRIPTS);

  expect(page).toContain("\\u003c/script>\\u003cb>");
});
