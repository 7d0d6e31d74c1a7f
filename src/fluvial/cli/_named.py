"""What a command takes by name, experiments and runs, and how a shell completes them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import click
from click.shell_completion import CompletionItem
from msgspec.structs import replace

from fluvial.cli._platform import ID_CHARS, Reached
from fluvial.errors import FluvialError
from fluvial.wire.filter_text import literal_pattern

# Somebody waits with a finger on the key.
ANSWER_TIMEOUT_S = 2.0
N_OFFERED = 50


def _experiments(platform: Reached, incomplete: str) -> list[CompletionItem]:
    found = platform.iter_experiments(matching=f"name ILIKE '{literal_pattern(incomplete)}%'")
    return [
        CompletionItem(one.name, help=f"experiment {one.experiment_id}") for one in islice(found, N_OFFERED)
    ]


def _runs(platform: Reached, incomplete: str) -> list[CompletionItem]:
    begins = literal_pattern(incomplete)
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


class _Named(click.ParamType[str]):
    def __init__(self, name: str, offer: Callable[[Reached, str], list[CompletionItem]]) -> None:
        self.name = name
        self._offer = offer

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What begins with what is there already; nothing where the platform does not answer."""
        del param
        try:
            platform = Reached(ctx.params.get("platform"))
            platform.settings = replace(platform.settings, http_timeout_s=ANSWER_TIMEOUT_S)
            try:
                return self._offer(platform, incomplete)
            finally:
                platform.close()
        except FluvialError:
            return []  # a message would land in the line that is being typed


EXPERIMENT = _Named("experiment", _experiments)
RUN = _Named("run", _runs)
