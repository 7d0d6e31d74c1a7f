import { useQuery } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { TableRequest } from "@/api/run-rows";
import { getTableHead } from "@/api/run-table";
import { toColumn } from "@/lib/run-columns";
import { NOTHING_SELECTED } from "@/lib/run-selection";
import { placeSections } from "@/lib/table-sections";
import { absentServer, fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import type { GroupHead } from "../use-run-groups";
import { RunsTable, type RunsTableProps } from "./runs-table";

const TABLE = "api/1.0/fluvial/runs/table";
const LOSS = toColumn("metrics", "loss");
const EVERYTHING: TableRequest = {
  experimentIds: ["1"],
  filter: "",
  order: [],
  viewType: "ACTIVE_ONLY",
  isNested: true,
  isOpen: false,
  toggled: [],
};

function answer(...rows: object[]) {
  return {
    rows: rows.map((row, at) => ({
      run_id: `r${at}`,
      run_name: `run ${at}`,
      experiment_id: "1",
      status: "FINISHED",
      lifecycle_stage: "active",
      start_time: 0,
      end_time: 60_000,
      ...row,
    })),
    columns: [{ rows: rows.map((_, at) => at), numbers: rows.map(() => "NaN") }],
    n_rows: rows.length,
    n_runs: rows.length,
  };
}

function Shown({ request = EVERYTHING, ...props }: Partial<RunsTableProps>) {
  const head = useQuery(getTableHead(request, ["metrics.loss"]));
  const whole = { filter: request.filter, head: null, nRows: head.data?.nRows ?? 0 };
  return (
    <RunsTable
      request={request}
      query={head}
      sections={placeSections<GroupHead>([whole])}
      nRuns={head.data?.nRuns ?? 0}
      isStale={false}
      columns={[LOSS]}
      colors={new Map()}
      groupColors={new Map()}
      groupBy={[]}
      selection={NOTHING_SELECTED}
      onSelect={() => undefined}
      onSelectRange={() => undefined}
      onSelectAll={() => undefined}
      onOrder={() => undefined}
      onColumns={() => undefined}
      onGroupBy={() => undefined}
      onFacet={() => undefined}
      onToggleFamily={() => undefined}
      onToggleGroup={() => undefined}
      onOpen={() => undefined}
      onRename={() => undefined}
      onClearFilter={() => undefined}
      none="None so far"
      {...props}
    />
  );
}

it("says what the server said when the search fails", async () => {
  fakeServer({ [TABLE]: { status: 404, body: { message: "There is no experiment 1." } } });

  renderPage(<Shown />);

  expect((await screen.findByRole("alert")).textContent).toContain("There is no experiment 1.");
});

it("keeps its rows when the server goes away", async () => {
  fakeServer({ [TABLE]: answer({}) });
  const { queries } = renderPage(<Shown />);
  await screen.findByRole("link", { name: "run 0" });

  absentServer();
  await queries.invalidateQueries();

  expect(screen.getByRole("link", { name: "run 0" })).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("says that no runs match, and offers to clear the filter", async () => {
  fakeServer({ [TABLE]: {} });
  const onClearFilter = vi.fn<() => void>();
  renderPage(
    <Shown request={{ ...EVERYTHING, filter: "metrics.loss > 5" }} onClearFilter={onClearFilter} />,
  );

  await userEvent.click(await screen.findByRole("button", { name: "Clear the filter" }));

  expect(screen.getByText("No runs match")).toBeDefined();
  expect(onClearFilter).toHaveBeenCalledOnce();
});

it("shows NaN as what it is", async () => {
  fakeServer({ [TABLE]: answer({}) });

  renderPage(<Shown />);

  expect(await screen.findByRole("gridcell", { name: "NaN" })).toBeDefined();
});

it("opens a family, and closes one that is open", async () => {
  fakeServer({ [TABLE]: answer({ n_below: 2 }, { n_below: 1, is_open: true }, { depth: 1 }) });
  const onToggleFamily = vi.fn<(runId: string) => void>();
  renderPage(<Shown onToggleFamily={onToggleFamily} />);

  await userEvent.click(await screen.findByLabelText("Show the 2 runs within run 0"));
  await userEvent.click(screen.getByLabelText("Hide the 1 run within run 1"));

  expect(onToggleFamily.mock.calls).toEqual([["r0"], ["r1"]]);
});

it("gives a run another name by Enter, and keeps it by Escape", async () => {
  fakeServer({ [TABLE]: answer({}) });
  const onRename = vi.fn<(runId: string, name: string) => void>();
  renderPage(<Shown onRename={onRename} />);

  await userEvent.dblClick(await screen.findByRole("link", { name: "run 0" }));
  await userEvent.keyboard("better{Escape}");
  await userEvent.dblClick(screen.getByRole("link", { name: "run 0" }));
  await userEvent.keyboard("best{Enter}");

  expect(onRename.mock.calls).toEqual([["r0", "best"]]);
});

it("orders by a column, the other way round, not at all, and with Shift by several", async () => {
  fakeServer({ [TABLE]: answer({}) });
  const orders: string[][] = [];
  for (const order of [
    [],
    ["metrics.loss DESC"],
    ["metrics.loss ASC"],
    ["params.a ASC", "metrics.loss ASC"],
  ]) {
    const { unmount } = renderPage(
      <Shown request={{ ...EVERYTHING, order }} onOrder={(next) => orders.push(next)} />,
    );
    const user = userEvent.setup();
    if (order.length > 1) await user.keyboard("{Shift>}");
    await user.click(await screen.findByRole("button", { name: "loss" }));
    unmount();
  }

  expect(orders).toEqual([["metrics.loss DESC"], ["metrics.loss ASC"], [], ["params.a ASC"]]);
});
