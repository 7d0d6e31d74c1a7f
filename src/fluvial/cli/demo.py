"""`fluvial demo`: fill a store with made-up experiments to look around in."""

from __future__ import annotations

import sys
import time
from random import Random

import click

from fluvial.cli._demo_experiments import EXPERIMENTS, DemoExperiment
from fluvial.cli._demo_runs import send_run
from fluvial.cli._output import as_json_option, confirm, print_json
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._progress import Progress
from fluvial.entities.run import NOTE_TAG
from fluvial.entities.tag import Tag
from fluvial.errors import AlreadyExists
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment

DEFAULT_RUNS = 300
DEFAULT_SEED = 7
MIN_RUNS = 20


@click.command("demo")
@click.option(
    "--runs",
    "n_runs",
    type=click.IntRange(MIN_RUNS, 100_000),
    default=DEFAULT_RUNS,
    help=f"About how many. [{DEFAULT_RUNS}]",
)
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, help=f"The same seed makes the same runs. [{DEFAULT_SEED}]"
)
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Do not ask before writing to a server.")
@as_json_option
@reaching
def command(platform: Reached, n_runs: int, seed: int, is_agreed: bool, as_json: bool) -> None:
    """Fill a store with made-up experiments to look around in.

    Image sweeps, long language-model runs that are still going, cross-validation, a job that is retrained
    every day: with nested runs, curves that diverge, failures, datasets, pictures, tables and notes.
    All experiments are named demo/…; the same seed again adds nothing.

    \b
    Examples:
      fluvial demo
      fluvial demo --runs 2000 --seed 1
      fluvial demo --tracking-uri ./playground && fluvial runs list --tracking-uri ./playground
    """
    if platform.target.is_remote and not confirm(
        f"Write {n_runs} made-up runs to {platform.target.uri}?", is_agreed=is_agreed
    ):
        click.echo("Nothing was written.", err=True)
        sys.exit(1)
    platform.may_create = True
    begun = time.monotonic()
    now_ms = time.time_ns() // 1_000_000
    n_new = n_points = n_known = 0
    with Progress("Making runs", n_runs) as progress:
        for number, experiment in enumerate(EXPERIMENTS):
            _create(platform, experiment)
            chance = Random(f"{seed} {number}")  # noqa: S311 - a demo, not a secret
            for run in experiment.make(chance, max(round(n_runs * experiment.share), 2), now_ms):
                sent = send_run(platform.transport, experiment.name, run)
                n_new += sent is not None
                n_known += sent is None
                n_points += sent or 0
                progress.advance()
    if as_json:
        print_json({"runs": n_new, "points": n_points, "known": n_known, "tracking_uri": platform.target.uri})
        return
    known = f" {n_known} were there before; another --seed makes others." if n_known else ""
    click.echo(
        f"{n_new} runs with {n_points:,} points in {len(EXPERIMENTS)} experiments, "
        f"in {time.monotonic() - begun:.1f} s.{known}"
    )
    where = "" if platform.target.is_remote else "\n  fluvial ui                        in the browser"
    click.echo(
        f"Look around:{where}\n"
        "  fluvial experiments list\n"
        "  fluvial runs list -e demo/churn --order-by 'metrics.auc_mean DESC'\n"
        "  fluvial runs watch                a run that is going on"
    )


def _create(platform: Reached, experiment: DemoExperiment) -> None:
    request = CreateExperiment(name=experiment.name, tags=(Tag(key=NOTE_TAG, value=experiment.note),))
    try:
        platform.call(CREATE_EXPERIMENT, request)
    except AlreadyExists:
        return  # by an earlier demo
