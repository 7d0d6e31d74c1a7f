"""Saved views and reports as code: what the pages show, kept beside the code that makes the runs."""

from __future__ import annotations

from fluvial.client.ui_files import read_file, write_file
from fluvial.client.ui_plan import Step, apply, export, plan
from fluvial.client.ui_things import Panel, Report, View

__all__ = ["Panel", "Report", "Step", "View", "apply", "export", "plan", "read_file", "write_file"]
