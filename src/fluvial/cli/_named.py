"""What a command takes by name, experiments and runs, and how a shell completes them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import click
from click.shell_completion import CompletionItem
from msgspec.structs import replace

from fluvial.cli._platform import ID_CHARS, Reached
from fluvial.errors import FluvialError

# Somebody waits with a finger on the key.
ANSWER_TIMEOUT_S = 2.0
N_OFFERED = 50


class _Named(click.ParamType[str]):
    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What begins with what is there already; nothing where the platform does not answer."""
        del param
        try:
            platform = Reached(ctx.params.get("platform"))
            platform.settings = replace(platform.settings, http_timeout_s=ANSWER_TIMEOUT_S)
            try:
                return self._offered(platform, incomplete)
            finally:
                platform.close()
        except FluvialError:
            return []  # a message would land in the line that is being typed

    def _offered(self, platform: Reached, incomplete: str) -> list[CompletionItem]:
        raise NotImplementedError


class _ExperimentNamed(_Named):
    name = "experiment"

    def _offered(self, platform: Reached, incomplete: str) -> list[CompletionItem]:
        found = platform.iter_experiments(matching=f"name ILIKE '{_pattern(incomplete)}%'")
        return [
            CompletionItem(one.name, help=f"experiment {one.experiment_id}")
            for one in islice(found, N_OFFERED)
        ]


class _RunNamed(_Named):
    name = "run"

    def _offered(self, platform: Reached, incomplete: str) -> list[CompletionItem]:
        begins = _pattern(incomplete)
        found = platform.iter_runs(
            tuple(platform.experiments()),
            matching=f"run_id LIKE '{begins}%' OR run_name ILIKE '{begins}%'",
            order_by=("start_time DESC",),
            limit=N_OFFERED,
        )
        return [
            CompletionItem(run.info.run_id[: max(ID_CHARS + 4, len(incomplete))], help=run.info.run_name)
            if run.info.run_id.startswith(incomplete)
            else CompletionItem(run.info.run_name, help=run.info.run_id[: ID_CHARS + 4])
            for run in found
        ]


EXPERIMENT: Any = _ExperimentNamed()
RUN: Any = _RunNamed()


def _pattern(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text).replace("'", "''")
