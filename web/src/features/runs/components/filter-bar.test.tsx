import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/http";
import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { FilterBar } from "./filter-bar";

const NAMES = "api/1.0/fluvial/runs/columns";
const FACETS = "api/1.0/fluvial/runs/facets";

function show(filter = "", error: ApiError | null = null) {
  const onFilter = vi.fn<(filter: string) => void>();
  const { calls } = fakeServer({
    [NAMES]: { metrics: ["loss", "val/loss"], params: ["lr", "model"] },
    [FACETS]: {
      facets: [
        {
          field: "params.model",
          n_runs: 3,
          n_missing: 0,
          values: [
            { value: "it's", n_runs: 2 },
            { value: "svm", n_runs: 1 },
          ],
        },
      ],
    },
  });
  renderPage(
    <FilterBar
      experimentIds={["1"]}
      viewType="ACTIVE_ONLY"
      filter={filter}
      error={error}
      onFilter={onFilter}
    />,
  );
  return { onFilter, calls };
}

const inputs = (label: string) =>
  screen.getAllByLabelText(label).filter((one) => one instanceof HTMLInputElement);
const input = () => screen.findByRole("combobox", { name: "Filter runs" });

it("applies the filter at Enter, not before", async () => {
  const { onFilter } = show();

  await userEvent.type(await input(), "metrics.loss < 1");
  expect(onFilter).not.toHaveBeenCalled();
  await userEvent.keyboard("{Enter}");

  expect(onFilter).toHaveBeenCalledExactlyOnceWith("metrics.loss < 1");
});

it("takes plain words to be a part of the name", async () => {
  const { onFilter } = show();

  await userEvent.type(await input(), "forest{Enter}");

  expect(onFilter).toHaveBeenCalledWith("text MATCHES 'forest*'");
});

it("completes names with the arrow keys, and asks the server for those with what is typed", async () => {
  const { calls } = show();

  await userEvent.type(await input(), "val");
  await screen.findByRole("option", { name: "metrics.`val/loss`" });
  await waitFor(() =>
    expect(calls.at(-1)?.body).toMatchObject({ name_contains: "val", max_names: 40 }),
  );
  await userEvent.keyboard("{ArrowDown}{Enter}");

  expect(await input()).toHaveProperty("value", "metrics.`val/loss` ");
});

it("completes the values that runs have, with quotes doubled", async () => {
  show();

  await userEvent.type(await input(), "params.model = ");
  await userEvent.click(await screen.findByRole("option", { name: /it''s/ }));

  expect(await input()).toHaveProperty("value", "params.model = 'it''s' ");
});

it("builds a filter by choosing, and keeps what it is not about", async () => {
  const { onFilter } = show("metrics.loss < 1 AND NOT params.lr = '2'");

  await userEvent.click(await screen.findByRole("button", { name: "Build the filter" }));
  await userEvent.click(await screen.findByRole("button", { name: "Condition" }));
  fireEvent.change(inputs("Field").at(-1) ?? document.body, { target: { value: "params.model" } });
  fireEvent.change(inputs("Value").at(-1) ?? document.body, { target: { value: "svm" } });
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));

  expect(onFilter).toHaveBeenCalledWith(
    "metrics.loss < 1 AND NOT params.lr = '2' AND params.model = 'svm'",
  );
});

it("shows what the server said at the character that it is about", async () => {
  const message = "Expected a value.\nmetrics.loss <<\n              ^";
  show("metrics.loss <<", new ApiError(message, 400, "X", { position: 14, length: 1 }));

  const alert = await screen.findByRole("alert");

  expect(alert.querySelector("p")?.textContent).toBe("Expected a value.");
  expect(alert.querySelector("[data-position]")?.textContent).toBe("<");
});

it("counts characters as the server does, whatever their size in UTF-16", async () => {
  show("params.`🚀` <<", new ApiError("Expected a value.", 400, "X", { position: 12, length: 1 }));

  const alert = await screen.findByRole("alert");

  expect(alert.querySelector("[data-position]")?.textContent).toBe("<");
});

it("takes the complaint away once the filter is being changed", async () => {
  show("metrics.loss <<", new ApiError("Expected a value.", 400, "X"));

  await userEvent.type(await input(), " 3");

  expect(screen.queryByRole("alert")).toBeNull();
});
