import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { fakeServer } from "@/testing/fake-server";

import { beginRunsPage, begunRunsPage } from "./head-start";

const COLUMNS = "api/1.0/fluvial/runs/columns";
const TABLE = "api/1.0/fluvial/runs/table";

beforeEach(() => vi.stubGlobal("document", { baseURI: "http://host/" }));
afterEach(() => vi.unstubAllGlobals());

it("asks for the names of the columns, and then for the first page with them", async () => {
  const { calls } = fakeServer({ [COLUMNS]: { metrics: ["loss"], params: ["lr"] }, [TABLE]: {} });

  beginRunsPage("#/experiments/7?filter=metrics.loss%20%3C%201");
  await begunRunsPage()?.page;

  expect(calls.map(({ body }) => body)).toMatchObject([
    { experiment_ids: ["7"] },
    {
      experiment_ids: ["7"],
      filter: "metrics.loss < 1",
      fields: ["metrics.loss", "params.lr"],
      is_open: true,
    },
  ]);
});

it("asks for the page at once where the link names the columns", async () => {
  const { calls } = fakeServer({ [COLUMNS]: {}, [TABLE]: {} });

  beginRunsPage("#/experiments/1,2/runs?columns=m.loss&view=deleted");
  await begunRunsPage()?.page;

  expect(calls.map(({ body }) => body)).toContainEqual(
    expect.objectContaining({
      experiment_ids: ["1", "2"],
      fields: ["metrics.loss"],
      run_view_type: "DELETED_ONLY",
    }),
  );
});

it("asks for nothing where another page is opened", () => {
  const { calls } = fakeServer({});

  beginRunsPage("#/experiments/7/runs/0123");

  expect(calls).toEqual([]);
});
