"""What the accessibility checker says of pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from playwright.sync_api import Page, expect

from tests.server_process import REPOSITORY

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
WCAG_2_2_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# A new hash loads no new page: what was there before has to be gone before anything is judged.
MARK = """() => {
    const panels = [...document.querySelectorAll("[role=tabpanel]")];
    const shown = panels.find((panel) => panel.firstElementChild) ?? document.getElementById("content");
    shown?.firstElementChild?.setAttribute("data-left", "");
}"""

# Colours change over some time.
IS_SETTLED = "() => !document.getAnimations().some((one) => one instanceof CSSTransition)"


def assert_no_faults(page: Page, *urls: str) -> None:
    """Fails with what axe says of pages, in the light theme and in the dark one.

    Two addresses that follow each other differ in more than what a page filters by.
    """
    found = []
    for url in urls:
        page.evaluate(MARK)
        page.goto(url)
        expect(page.locator("[data-left]")).to_have_count(0)
        expect(page.get_by_role("heading").first).to_be_visible()
        expect(page.get_by_label("Loading")).to_have_count(0)
        found += [f"{url} {fault}" for fault in axe(page)]
        # Colours are all that the theme changes.
        look(page, "dark")
        found += [f"{url} dark {fault}" for fault in axe(page, ["color-contrast"])]
        look(page, "light")
    assert not found, "\n".join(found)


def look(page: Page, theme: Literal["light", "dark"]) -> None:
    """Switch the system to a theme; the page follows."""
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
    page.wait_for_function(IS_SETTLED)


def axe(page: Page, rules: Sequence[str] = WCAG_2_2_AA) -> list[str]:
    """What axe says is wrong with the page as it is, by some of its rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", list(rules)
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"][:3]
    ]
