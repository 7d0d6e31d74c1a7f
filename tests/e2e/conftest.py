"""A real browser on a real server."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from fluvial.server.pages import WEB_APP
from tests.e2e.study import Study
from tests.server_process import ServerProcess

CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine is not a broken page.
PATIENCE_MS = 30_000
REFUSED_CALL = "Failed to load resource"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    assert (WEB_APP / "index.html").is_file(), "Build the web app first: npm run build in web/."
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """Errors in the page's console, calls that the server refused aside; what is left fails the test."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A fresh page, with no storage."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()

    def hear_message(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED_CALL):
            complaints.append(message.text)

    def hear_error(error: Error) -> None:
        complaints.append(str(error))

    opened.on("console", hear_message)
    opened.on("pageerror", hear_error)
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def study(server: ServerProcess) -> Study:
    """An experiment that only this test has, and a way to fill it."""
    return Study(server, f"study {secrets.token_hex(4)}")
