import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { toColumn } from "@/lib/run-columns";
import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { useRunList } from "../use-run-list";
import { RunsTable, type RunsTableProps } from "./runs-table";

const SEARCH = "api/2.0/mlflow/runs/search";

function wireRun(id: string, parentId?: string) {
  return {
    info: {
      run_id: id,
      run_name: `name of ${id}`,
      experiment_id: "1",
      status: "FINISHED",
      lifecycle_stage: "active",
    },
    data: {
      metrics: [{ key: "loss", value: "NaN", timestamp: 0 }],
      ...(parentId === undefined ? {} : { tags: [{ key: "mlflow.parentRunId", value: parentId }] }),
    },
  };
}

function Shown(props: Partial<RunsTableProps>) {
  const list = useRunList({
    experimentId: "1",
    filter: "",
    orderBy: "",
    viewType: "ACTIVE_ONLY",
    isFlat: false,
  });
  return (
    <RunsTable
      list={list}
      columns={[toColumn("metrics", "loss")]}
      colors={new Map()}
      filter=""
      orderBy=""
      isFlat={false}
      isDeletedView={false}
      selected={new Set()}
      onSelect={() => undefined}
      onOrderBy={() => undefined}
      onOpen={() => undefined}
      onClearFilter={() => undefined}
      {...props}
    />
  );
}

it("says what the server said when the search fails", async () => {
  fakeServer({ [SEARCH]: { status: 404, body: { message: "There is no experiment 1." } } });

  renderPage(<Shown />);

  expect((await screen.findByRole("alert")).textContent).toContain("There is no experiment 1.");
});

it("says that no runs match, and offers to clear the filter", async () => {
  fakeServer({ [SEARCH]: {} });
  const onClearFilter = vi.fn<() => void>();
  renderPage(<Shown filter="metrics.loss > 5" onClearFilter={onClearFilter} />);

  await userEvent.click(await screen.findByRole("button", { name: "Clear the filter" }));

  expect(screen.getByText("No runs match")).toBeDefined();
  expect(onClearFilter).toHaveBeenCalledOnce();
});

it("shows NaN as what it is", async () => {
  fakeServer({ [SEARCH]: { runs: [wireRun("a")] } });

  renderPage(<Shown />);

  expect(await screen.findByRole("gridcell", { name: "NaN" })).toBeDefined();
});

it("fetches a parent that does not match, to hold its family together", async () => {
  const { calls } = fakeServer({
    [SEARCH]: ({ body }) => {
      const { filter = "" } = body as { filter?: string };
      return {
        runs: filter.includes("run_id IN") ? [wireRun("parent")] : [wireRun("child", "parent")],
      };
    },
  });

  renderPage(<Shown />);

  const links = within(await screen.findByRole("grid", { name: "Runs" })).getAllByRole("link");
  expect(links.map((link) => link.textContent)).toEqual(["name of parent", "name of child"]);
  expect(calls[1]?.body).toMatchObject({ filter: "attributes.run_id IN ('parent')" });
});

it("orders by a column, then the other way round, then not at all", async () => {
  fakeServer({ [SEARCH]: { runs: [wireRun("a")] } });
  const orders: string[] = [];
  for (const orderBy of ["", "metrics.loss DESC", "metrics.loss ASC"]) {
    const { unmount } = renderPage(
      <Shown orderBy={orderBy} onOrderBy={(next) => orders.push(next)} />,
    );
    await userEvent.click(await screen.findByRole("button", { name: /loss/ }));
    unmount();
  }

  expect(orders).toEqual(["metrics.loss DESC", "metrics.loss ASC", ""]);
});
