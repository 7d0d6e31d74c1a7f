import { expect, it } from "vitest";

import { readNotebook } from "./notebook";

it("reads cells with what they gave", () => {
  const cells = readNotebook({
    nbformat: 4,
    cells: [
      { cell_type: "markdown", source: ["# Title\n", "words"] },
      {
        cell_type: "code",
        execution_count: 3,
        source: "plot()",
        outputs: [
          { output_type: "stream", name: "stderr", text: ["careful\n"] },
          {
            output_type: "display_data",
            data: { "image/png": "iVB\nOR", "text/plain": "<Figure>" },
          },
          { output_type: "execute_result", data: { "text/html": ["<b>", "x</b>"] } },
          { output_type: "display_data", data: { "application/vnd.plotly.v1+json": { data: [] } } },
          { output_type: "error", ename: "ValueError", evalue: "no", traceback: [] },
        ],
      },
    ],
  });

  expect(cells?.map(({ kind, source, count }) => [kind, source, count])).toEqual([
    ["markdown", "# Title\nwords", null],
    ["code", "plot()", 3],
  ]);
  expect(cells?.[1]?.outputs).toEqual([
    { kind: "text", text: "careful\n", isError: true },
    { kind: "image", url: "data:image/png;base64,iVBOR" },
    { kind: "html", html: "<b>x</b>" },
    { kind: "figure", document: { data: [] } },
    { kind: "text", text: "ValueError: no", isError: true },
  ]);
});

it("takes nothing else for a notebook", () => {
  expect(readNotebook({ cells: [] })).toBeNull();
  expect(readNotebook(null)).toBeNull();
});
