"""`fluvial experiments`: list, show, make, compare, tag, delete, restore, export and watch experiments."""

from __future__ import annotations

import sys
from typing import Any

import click

from fluvial.cli._export_command import export_options, run_export
from fluvial.cli._named import EXPERIMENT
from fluvial.cli._output import as_json_option, confirm, print_json, say
from fluvial.cli._platform import Reached, reaching
from fluvial.cli._run_tables import ListOptions, limit_option, list_runs, order_option, view_option
from fluvial.cli._words import as_filter
from fluvial.entities.experiment import LifecycleStage, ViewType
from fluvial.errors import InvalidRequest
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    DELETE_EXPERIMENT,
    DELETE_EXPERIMENT_TAG,
    RESTORE_EXPERIMENT,
    SET_EXPERIMENT_TAG,
    UPDATE_EXPERIMENT,
    CreateExperiment,
    DeleteExperimentTag,
    ExperimentId,
    SetExperimentTag,
    UpdateExperiment,
)


@click.group("experiments")
def command() -> None:
    """List, show, make, compare, tag, delete, restore, export and watch experiments.

    An EXPERIMENT is an id or a name.

    \b
    Examples:
      fluvial experiments list
      fluvial experiments show churn
      fluvial experiments export churn -o churn.csv
    """


def _list_options(function: Any) -> Any:
    return view_option(limit_option(order_option(as_json_option(reaching(function)))))


@command.command("list")
@click.option("--filter", "filter_text", default="", metavar="FILTER", help="In the search language.")
@_list_options
def list_command(platform: Reached, filter_text: str, **options: Any) -> None:
    """List experiments with how many runs they have, newest first.

    \b
    Examples:
      fluvial experiments list
      fluvial experiments list --order-by "name ASC" -n 200
      fluvial experiments list --json | jq -r .name
    """
    from fluvial.cli._experiment_pages import list_experiments  # noqa: PLC0415 - others need not wait for it

    list_experiments(platform, filter_text, **options)


@command.command("search")
@click.argument("filter_text", metavar="FILTER")
@_list_options
def search(platform: Reached, filter_text: str, **options: Any) -> None:
    """List the experiments that a filter matches, or that have some words in their names, notes or tags.

    \b
    Examples:
      fluvial experiments search churn
      fluvial experiments search "name LIKE 'vision/%'"
      fluvial experiments search "tags.team = 'risk' AND creation_time > now() - 30d"
    """
    from fluvial.cli._experiment_pages import list_experiments  # noqa: PLC0415

    list_experiments(platform, as_filter(filter_text), **options)


@command.command("show")
@click.argument("experiment", type=EXPERIMENT)
@as_json_option
@reaching
def show(platform: Reached, experiment: str, as_json: bool) -> None:
    """Show an experiment: what it is, its tags and its newest runs.

    \b
    Examples:
      fluvial experiments show churn
      fluvial experiments show 3 --json
    """
    from fluvial.cli._experiment_pages import show_experiment  # noqa: PLC0415

    found = platform.find_experiment(experiment)
    if as_json:
        print_json(found)
        return
    show_experiment(platform, found)
    if found.lifecycle_stage == LifecycleStage.ACTIVE:
        click.echo()
        list_runs(platform, "", ListOptions(experiments=(found.experiment_id,), max_results=10))


@command.command("compare")
@click.argument("experiments", type=EXPERIMENT, metavar="EXPERIMENT EXPERIMENT...", nargs=-1, required=True)
@as_json_option
@reaching
def compare(platform: Reached, experiments: tuple[str, ...], as_json: bool) -> None:
    """Compare experiments: how many runs, how they ended, least and greatest of each shared metric.

    \b
    Examples:
      fluvial experiments compare churn churn-v2
    """
    from fluvial.cli._experiment_pages import compare_experiments  # noqa: PLC0415

    if len(experiments) < 2:
        raise click.UsageError("There is nothing to compare: name two experiments or more.")
    compare_experiments(platform, [platform.find_experiment(name) for name in experiments], as_json=as_json)


@command.command("create")
@click.argument("name")
@click.option("--tag", "tags", metavar="KEY=VALUE", multiple=True, help="Repeatable.")
@click.option("--artifact-location", default="", metavar="URI", help="[assigned by the server]")
@reaching
def create(platform: Reached, name: str, tags: tuple[str, ...], artifact_location: str) -> None:
    """Make an experiment; prints its id.

    \b
    Examples:
      fluvial experiments create churn --tag team=risk
    """
    from fluvial.cli._tags import parse_tags  # noqa: PLC0415

    platform.may_create = True
    request = CreateExperiment(name=name, artifact_location=artifact_location, tags=parse_tags(tags))
    click.echo(platform.call(CREATE_EXPERIMENT, request).experiment_id)


@command.command("rename")
@click.argument("experiment", type=EXPERIMENT)
@click.argument("new_name")
@reaching
def rename(platform: Reached, experiment: str, new_name: str) -> None:
    """Give an experiment another name.

    \b
    Examples:
      fluvial experiments rename churn churn-2025
    """
    found = platform.find_experiment(experiment)
    platform.call(UPDATE_EXPERIMENT, UpdateExperiment(experiment_id=found.experiment_id, new_name=new_name))
    say(f"{found.name} is {new_name} now.")


@command.command("tag")
@click.argument("experiment", type=EXPERIMENT)
@click.argument("tags", metavar="KEY=VALUE...", nargs=-1)
@click.option("-d", "--delete", "deleted", metavar="KEY", multiple=True, help="Delete this tag.")
@reaching
def tag(platform: Reached, experiment: str, tags: tuple[str, ...], deleted: tuple[str, ...]) -> None:
    """Set and delete tags of an experiment.

    \b
    Examples:
      fluvial experiments tag churn team=risk
      fluvial experiments tag churn --delete team
    """
    from fluvial.cli._tags import parse_tags  # noqa: PLC0415

    new = parse_tags(tags)
    if not new and not deleted:
        raise click.UsageError("There is nothing to change: give KEY=VALUE or --delete KEY.")
    found = platform.find_experiment(experiment)
    for each in new:
        request = SetExperimentTag(experiment_id=found.experiment_id, key=each.key, value=each.value)
        platform.call(SET_EXPERIMENT_TAG, request)
    for key in deleted:
        platform.call(DELETE_EXPERIMENT_TAG, DeleteExperimentTag(experiment_id=found.experiment_id, key=key))
    say(f"{found.name}: {len(new)} tags set, {len(deleted)} deleted.")


@command.command("delete")
@click.argument("experiment", type=EXPERIMENT)
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Do not ask.")
@reaching
def delete(platform: Reached, experiment: str, is_agreed: bool) -> None:
    """Put an experiment and its runs into the trash; `restore` takes them out again.

    Asks before it does, unless --yes is given or the input is no terminal.

    \b
    Examples:
      fluvial experiments delete churn
    """
    found = platform.find_experiment(experiment)
    if found.lifecycle_stage == LifecycleStage.DELETED:
        raise InvalidRequest(f"{found.name} is in the trash already.")
    if not confirm(f"Put {found.name} and all its runs into the trash?", is_agreed=is_agreed):
        say("Nothing was deleted.")
        sys.exit(1)
    platform.call(DELETE_EXPERIMENT, ExperimentId(experiment_id=found.experiment_id))
    say(f"{found.name} is in the trash. To take it out: fluvial experiments restore {found.experiment_id}")


@command.command("restore")
@click.argument("experiment", type=EXPERIMENT)
@reaching
def restore(platform: Reached, experiment: str) -> None:
    """Take an experiment and its runs out of the trash.

    \b
    Examples:
      fluvial experiments list --view deleted
      fluvial experiments restore churn
    """
    found = platform.find_experiment(experiment)
    platform.call(RESTORE_EXPERIMENT, ExperimentId(experiment_id=found.experiment_id))
    say(f"{found.name} is out of the trash.")


@command.command("export")
@click.argument("experiment", type=EXPERIMENT)
@export_options
@reaching
def export(platform: Reached, experiment: str, **options: Any) -> None:
    """Write the runs of an experiment to CSV, JSON or Parquet: `fluvial runs export` with one experiment.

    \b
    Examples:
      fluvial experiments export churn -o churn.csv
      fluvial experiments export churn --points -o churn-points.parquet
    """
    run_export(platform, (experiment,), view=ViewType.ACTIVE_ONLY, **options)


@command.command("watch")
@click.argument("experiment", type=EXPERIMENT)
@click.option("-n", "--max-results", "n_runs", type=click.IntRange(1), default=20, help="Runs shown. [20]")
@reaching
def watch(platform: Reached, experiment: str, n_runs: int) -> None:
    """Follow the newest runs of an experiment in the terminal, until Ctrl-C or until none is running.

    \b
    Examples:
      fluvial experiments watch churn
    """
    from fluvial.cli._experiment_pages import watch_experiment  # noqa: PLC0415

    watch_experiment(platform, platform.find_experiment(experiment), n_runs)
