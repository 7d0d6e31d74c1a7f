"""`fluvial runs`: list, search, show, compare, tag, move, delete, restore, export and watch runs."""

from __future__ import annotations

import sys
from typing import Any

import click

from fluvial.cli._export_command import export_command
from fluvial.cli._named import EXPERIMENT, RUN
from fluvial.cli._output import as_json_option, confirm, is_terminal, print_json, say
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._run_columns import RunColumns
from fluvial.cli._run_groups import facets_command, group_command
from fluvial.cli._run_tables import ListOptions, list_options, list_runs
from fluvial.cli._words import as_filter
from fluvial.entities.experiment import LifecycleStage
from fluvial.errors import InvalidRequest
from fluvial.wire.forks import FORK_RUN, REWIND_RUN, ForkRun, RewindRun
from fluvial.wire.run_moves import MOVE_RUNS, MoveRuns
from fluvial.wire.runs import (
    DELETE_RUN,
    DELETE_TAG,
    LOG_BATCH,
    RESTORE_RUN,
    DeleteTag,
    LogBatch,
    RunId,
)


@click.group("runs")
def command() -> None:
    """List, search, show, compare, group, tag, move, delete, restore, export and watch runs.

    A RUN is an id, the beginning of one, or a name that only one run has.

    \b
    Examples:
      fluvial runs list
      fluvial runs search "metrics.loss < 0.1 AND params.model = 'resnet'"
      fluvial runs show 4f1c
      fluvial runs compare 4f1c 88ab
      fluvial runs watch
    """


@command.command("list")
@list_options
@click.option("--filter", "filter_text", default="", metavar="FILTER", help="In the search language.")
def list_command(platform: Reached, filter_text: str, **options: Any) -> None:
    """List runs, newest first.

    \b
    Examples:
      fluvial runs list
      fluvial runs list -e churn -n 100 --order-by "metrics.auc DESC"
      fluvial runs list --columns run_name,status,metrics.auc,params.depth
      fluvial runs list --json | jq .metrics
    """
    list_runs(platform, filter_text, ListOptions(**options))


@command.command("search")
@click.argument("filter_text", metavar="FILTER")
@list_options
def search(platform: Reached, filter_text: str, **options: Any) -> None:
    """List the runs that a filter matches, or that have some words in their names, notes, params or tags.

    docs/search.md describes the search language.

    \b
    Examples:
      fluvial runs search "resnet -baseline"
      fluvial runs search "metrics.val_loss < 0.2"
      fluvial runs search "status = 'FAILED' AND start_time > now() - 7d"
      fluvial runs search "params.model LIKE 'resnet%'" --order-by "metrics.accuracy DESC" -n 5
    """
    list_runs(platform, as_filter(filter_text), ListOptions(**options))


@command.command("show")
@click.argument("run", type=RUN)
@click.option("--all", "shows_all", is_flag=True, help="System metrics and the tags of the platform too.")
@as_json_option
@reaching
def show(platform: Reached, run: str, shows_all: bool, as_json: bool) -> None:
    """Show a run: what it is, its params, metrics, tags, datasets and artifacts.

    \b
    Examples:
      fluvial runs show 4f1c
      fluvial runs show brave-otter-12 --all
      fluvial runs show 4f1c --json | jq .params
    """
    from fluvial.cli._run_page import show_run  # noqa: PLC0415 - others need not wait for it

    found = platform.find_run(run)
    if as_json:
        print_json(RunColumns(platform.experiments()).as_json(found))
    else:
        show_run(platform, found, shows_all=shows_all)


@command.command("compare")
@click.argument("runs", type=RUN, metavar="RUN RUN...", nargs=-1, required=True)
@click.option("--all", "shows_all", is_flag=True, help="Also what is the same in all of them.")
@as_json_option
@reaching
def compare(platform: Reached, runs: tuple[str, ...], shows_all: bool, as_json: bool) -> None:
    """Compare runs side by side: what differs between them.

    \b
    Examples:
      fluvial runs compare 4f1c 88ab
      fluvial runs compare 4f1c 88ab 90de --all
    """
    from fluvial.cli._compare import compare_runs  # noqa: PLC0415

    if len(runs) < 2:
        raise click.UsageError("There is nothing to compare: name two runs or more.")
    compare_runs(platform, [platform.find_run(run) for run in runs], shows_all=shows_all, as_json=as_json)


@command.command("tag")
@click.argument("run", type=RUN)
@click.argument("tags", metavar="KEY=VALUE...", nargs=-1)
@click.option("-d", "--delete", "deleted", metavar="KEY", multiple=True, help="Delete this tag.")
@reaching
def tag(platform: Reached, run: str, tags: tuple[str, ...], deleted: tuple[str, ...]) -> None:
    """Set and delete tags of a run.

    \b
    Examples:
      fluvial runs tag 4f1c stage=review owner=ada
      fluvial runs tag 4f1c --delete stage
    """
    from fluvial.cli._tags import parse_tags  # noqa: PLC0415

    new = parse_tags(tags)
    if not new and not deleted:
        raise click.UsageError("There is nothing to change: give KEY=VALUE or --delete KEY.")
    found = platform.find_run(run)
    if new:
        platform.call(LOG_BATCH, LogBatch(run_id=found.info.run_id, tags=new))
    for key in deleted:
        platform.call(DELETE_TAG, DeleteTag(run_id=found.info.run_id, key=key))
    say(f"{found.info.run_name}: {len(new)} tags set, {len(deleted)} deleted.")


@command.command("move")
@click.argument("runs", type=RUN, metavar="RUN...", nargs=-1, required=True)
@click.option("--to", "target", type=EXPERIMENT, metavar="EXPERIMENT", required=True, help="Where to.")
@reaching
def move(platform: Reached, runs: tuple[str, ...], target: str) -> None:
    """Move runs to another experiment, with those that are nested in them and all that was logged.

    To undo it, move them back.

    \b
    Examples:
      fluvial runs move 4f1c --to churn
      fluvial runs move 4f1c 88ab --to "vision/final"
    """
    experiment = platform.find_experiment(target)
    found = [platform.find_run(run) for run in runs]
    request = MoveRuns(
        run_ids=tuple(run.info.run_id for run in found), experiment_id=experiment.experiment_id
    )
    moved = platform.call(MOVE_RUNS, request)
    say(f"{moved.n_runs} moved to {experiment.name}.")
    for some in moved.came_from:
        before = platform.experiments()[some.experiment_id].name
        say(f"{len(some.run_ids)} of them came from {before}.")


@command.command("delete")
@click.argument("runs", type=RUN, metavar="RUN...", nargs=-1, required=True)
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Do not ask.")
@reaching
def delete(platform: Reached, runs: tuple[str, ...], is_agreed: bool) -> None:
    """Put runs into the trash; `restore` takes them out again.

    Asks before it does, unless --yes is given or the input is no terminal.

    \b
    Examples:
      fluvial runs delete 4f1c
      fluvial runs delete 4f1c 88ab --yes
    """
    found = [platform.find_run(run) for run in runs]
    gone = [run for run in found if run.info.lifecycle_stage == LifecycleStage.DELETED]
    if gone:
        raise InvalidRequest(f"{gone[0].info.run_name} ({gone[0].info.run_id}) is in the trash already.")
    names = ", ".join(run.info.run_name for run in found)
    if not confirm(f"Put {names} into the trash?", is_agreed=is_agreed):
        say("Nothing was deleted.")
        sys.exit(1)
    for run in found:
        platform.call(DELETE_RUN, RunId(run_id=run.info.run_id))
    ids = " ".join(run.info.run_id[:12] for run in found)
    say(f"{len(found)} put into the trash. To take them out: fluvial runs restore {ids}")


@command.command("restore")
@click.argument("runs", type=RUN, metavar="RUN...", nargs=-1, required=True)
@reaching
def restore(platform: Reached, runs: tuple[str, ...]) -> None:
    """Take runs out of the trash.

    \b
    Examples:
      fluvial runs list --view deleted
      fluvial runs restore 4f1c
    """
    for run in [platform.find_run(run) for run in runs]:
        platform.call(RESTORE_RUN, RunId(run_id=run.info.run_id))
        say(f"{run.info.run_name} is out of the trash.")


@command.command("fork")
@click.argument("run", type=RUN)
@click.option("--step", type=int, required=True, help="The last step of RUN that the new run has.")
@click.option("--name", default="", help="Of the new run. [RUN's, with the step]")
@reaching
def fork(platform: Reached, run: str, step: int, name: str) -> None:
    """Start a run that goes on with the history of RUN up to a step; prints its id.

    It has RUN's params, tags and inputs. Log to it with fluvial.start_run(run_id=...).

    \b
    Examples:
      fluvial runs fork 4f1c --step 1000
      fluvial runs fork 4f1c --step 1000 --name "lower rate"
    """
    found = platform.find_run(run)
    request = ForkRun(run_id=found.info.run_id, step=step, run_name=name)
    forked = platform.call(FORK_RUN, request).run
    click.echo(forked.info.run_id)
    say(f"{forked.info.run_name} goes on with {found.info.run_name} from step {step}.")


@command.command("rewind")
@click.argument("run", type=RUN)
@click.option("--step", type=int, required=True, help="The last step that RUN keeps.")
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Do not ask.")
@reaching
def rewind(platform: Reached, run: str, step: int, is_agreed: bool) -> None:
    """Let RUN go back to a step; what it was stays as another run, whose id is printed.

    End the program that logs to it before. Asks before it does, unless --yes is given or the input is no
    terminal.

    \b
    Examples:
      fluvial runs rewind 4f1c --step 1000
    """
    found = platform.find_run(run)
    if not confirm(f"Let {found.info.run_name} go back to step {step}?", is_agreed=is_agreed):
        say("Nothing was changed.")
        sys.exit(1)
    rewound = platform.call(REWIND_RUN, RewindRun(run_id=found.info.run_id, step=step))
    click.echo(rewound.attempt.info.run_id)
    say(f"{found.info.run_name} is at step {step}; what it was is {rewound.attempt.info.run_name}.")


@command.command("watch")
@click.argument("run", type=RUN, required=False)
@click.option("-m", "--metric", "metrics", metavar="KEY", multiple=True, help="Only this one; repeatable.")
@click.option("--exit-status", "reports_status", is_flag=True, help="Exit with 1 if the run does not finish.")
@reaching
def watch(platform: Reached, run: str | None, metrics: tuple[str, ...], reports_status: bool) -> None:
    """Follow a run in the terminal while it trains: its charts, until it ends.

    Without RUN, the newest run that is running. In a pipe, a line for each new value.

    \b
    Examples:
      fluvial runs watch
      fluvial runs watch 4f1c -m loss -m val_loss
      fluvial runs watch 4f1c --exit-status && ./deploy.sh
    """
    from fluvial.cli._watch import newest_running, watch_run  # noqa: PLC0415

    found = platform.find_run(run) if run else newest_running(platform)
    ended = watch_run(platform, found, metrics, is_live=is_terminal())
    if reports_status and ended.info.status != "FINISHED":
        sys.exit(1)


command.add_command(export_command)
command.add_command(group_command)
command.add_command(facets_command)
