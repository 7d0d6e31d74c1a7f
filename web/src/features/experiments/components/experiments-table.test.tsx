import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { ExperimentOverview } from "@/api/schema";
import { absentServer, fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { ExperimentsTable, type ExperimentsTableProps } from "./experiments-table";

const OVERVIEW = "api/1.0/fluvial/experiments/overview";

const experiment = (id: string, name: string): ExperimentOverview => ({
  experiment: {
    experiment_id: id,
    name,
    artifact_location: "mlflow-artifacts:/1",
    lifecycle_stage: "active",
    creation_time: 0,
    last_update_time: 0,
    workspace: "default",
  },
  n_runs: 1234,
  n_running: 2,
  last_activity_time: 0,
});

function show(props: Partial<ExperimentsTableProps> = {}) {
  renderPage(
    <ExperimentsTable
      text=""
      isDeletedView={false}
      isFlat={false}
      onSearch={() => undefined}
      orderBy="last_activity_time DESC"
      onOrderBy={() => undefined}
      onClearText={() => undefined}
      {...props}
    />,
  );
}

it("lists experiments with their runs", async () => {
  fakeServer({ [OVERVIEW]: { experiments: [experiment("1", "digits")] } });

  show();

  expect(await screen.findByRole("link", { name: "digits" })).toBeDefined();
  expect(screen.getByText("1,234")).toBeDefined();
  expect(screen.getByText("2 running")).toBeDefined();
});

it("searches by name, with quotes doubled", async () => {
  const { calls } = fakeServer({ [OVERVIEW]: {} });

  show({ text: "it's" });

  expect(await screen.findByText("No experiments match")).toBeDefined();
  expect(calls[0]?.body).toMatchObject({ filter: "name ILIKE '%it''s%'" });
});

it("teaches the first lines where there is nothing yet", async () => {
  fakeServer({ [OVERVIEW]: {} });

  show();

  expect(await screen.findByText("Track your first run")).toBeDefined();
  expect(screen.getByLabelText("Python").textContent).toContain("import fluvial");
});

it("says that the server is away, and asks again on demand", async () => {
  absentServer();
  show();
  expect(await screen.findByText("The server cannot be reached.")).toBeDefined();

  fakeServer({ [OVERVIEW]: { experiments: [experiment("1", "back again")] } });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("link", { name: "back again" })).toBeDefined();
});

it("orders by the other direction at the second click", async () => {
  fakeServer({ [OVERVIEW]: { experiments: [experiment("1", "digits")] } });
  const onOrderBy = vi.fn<(orderBy: string) => void>();
  show({ orderBy: "name ASC", onOrderBy });

  await userEvent.click(await screen.findByRole("button", { name: /Name/ }));

  expect(onOrderBy).toHaveBeenCalledWith("name DESC");
});
