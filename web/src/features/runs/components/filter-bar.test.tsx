import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/http";
import { renderPage } from "@/testing/render-page";

import { FilterBar } from "./filter-bar";

const COLUMNS = { metrics: ["loss", "val/loss"], params: ["lr"], tags: [] };

function show(filter = "", error: ApiError | null = null) {
  const onFilter = vi.fn<(filter: string) => void>();
  renderPage(<FilterBar filter={filter} error={error} columns={COLUMNS} onFilter={onFilter} />);
  return onFilter;
}

const input = () => screen.findByRole("combobox", { name: "Filter runs" });

it("applies the filter at Enter, not before", async () => {
  const onFilter = show();

  await userEvent.type(await input(), "metrics.loss < 1");
  expect(onFilter).not.toHaveBeenCalled();
  await userEvent.keyboard("{Enter}");

  expect(onFilter).toHaveBeenCalledExactlyOnceWith("metrics.loss < 1");
});

it("takes plain words to be a part of the name", async () => {
  const onFilter = show();

  await userEvent.type(await input(), "forest{Enter}");

  expect(onFilter).toHaveBeenCalledWith("text MATCHES 'forest*'");
});

it("completes names with the arrow keys", async () => {
  show();

  await userEvent.type(await input(), "val{ArrowDown}{Enter}");

  expect(await input()).toHaveProperty("value", "metrics.`val/loss` ");
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
