"""Puts the built web app into the wheel; run by hatchling, whichever tool asked for a build."""

from __future__ import annotations

import os
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebAppHook(BuildHookInterface[Any]):
    """Builds the web app if its sources have changed since it was last built.

    `FLUVIAL_SKIP_UI=1` leaves it out: the server then has the API only, unless the pages are built later.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Called by hatchling before it collects the files."""
        if os.environ.get("FLUVIAL_SKIP_UI") == "1":
            return
        sys.path.insert(0, self.root)
        from scripts import setup  # noqa: PLC0415 (found only now)

        setup.build_web_app()
