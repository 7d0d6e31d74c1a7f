import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { renderPage } from "@/testing/render-page";

import { Menu } from "./menu";

function renderMenu() {
  const chosen = vi.fn<(item: string) => void>();
  renderPage(
    <Menu>
      <Menu.Target>
        <button type="button">Actions</button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => chosen("rename")}>Rename</Menu.Item>
        <Menu.Item disabled onClick={() => chosen("save")}>
          Save
        </Menu.Item>
        <Menu.Item onClick={() => chosen("delete")}>Delete</Menu.Item>
      </Menu.Dropdown>
    </Menu>,
  );
  return chosen;
}

it("goes from item to item with the arrow keys, around the end, and runs one with Enter", async () => {
  const chosen = renderMenu();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Actions" }));

  await user.keyboard("{End}{ArrowDown}{ArrowUp}{Enter}");

  expect(chosen.mock.calls).toEqual([["delete"]]);
  expect(screen.queryByRole("menu")).toBeNull();
});

it("closes with Escape, and gives the focus back to its button", async () => {
  renderMenu();
  const user = userEvent.setup();
  const button = await screen.findByRole("button", { name: "Actions" });
  await user.click(button);
  expect(screen.getByRole("menu", { name: "Actions" })).toBeTruthy();

  await user.keyboard("{Escape}");

  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(button);
});

it("closes when somebody presses elsewhere, and does nothing for a disabled item", async () => {
  const chosen = renderMenu();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Actions" }));

  await user.click(screen.getByRole("menuitem", { name: "Save" }));
  expect(screen.getByRole("menu")).toBeTruthy();
  await user.click(document.body);

  expect(chosen).not.toHaveBeenCalled();
  expect(screen.queryByRole("menu")).toBeNull();
});
