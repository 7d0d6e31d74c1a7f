import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { renderPage } from "@/testing/render-page";

import { JsonTree } from "./json-tree";

const DOCUMENT = { name: "iris", classes: ["setosa", "virginica"], empty: [] };

it("shows a small document open, and closes parts of it", async () => {
  renderPage(<JsonTree label="Document" value={DOCUMENT} />);
  expect(await screen.findByText('"virginica"')).toBeDefined();

  await userEvent.click(screen.getByText("[2]"));

  expect(screen.queryByText('"virginica"')).toBeNull();
  expect(screen.getByText('"iris"')).toBeDefined();
});

it("is walked and opened with the keyboard", async () => {
  renderPage(<JsonTree label="Document" value={DOCUMENT} />);
  const [root] = await screen.findAllByRole("treeitem");

  root?.focus();
  await userEvent.keyboard("{ArrowLeft}");

  expect(screen.getAllByRole("treeitem")).toHaveLength(1);
});
