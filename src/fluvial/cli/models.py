"""`fluvial models`: verify, predict, inspect, describe and sign models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from fluvial.cli._model_evidence import about_of, evidence_of, evidence_of_drift, store
from fluvial.cli._model_facts import facts_of
from fluvial.cli._model_keys import keygen, sign, verify_signature
from fluvial.cli._model_pages import print_drift, print_inspection, print_verification
from fluvial.cli._models import (
    cache,
    hold_to_settings,
    local_model,
    model_argument,
    own_folder,
    pickle_option,
    seal,
    settings,
    trusted,
    trusted_option,
)
from fluvial.cli._output import as_json_option, is_terminal, print_json, say
from fluvial.cli._platform import Reached, reaching
from fluvial.errors import InvalidRequest

FAILED_STATUS = 1


@click.group("models")
def command() -> None:
    """Verify, predict, inspect, describe and sign models.

    A MODEL is models:/NAME/VERSION, models:/NAME@ALIAS, models:/ID, runs:/RUN/NAME, a folder, or one of a
    bucket (s3://BUCKET/FOLDER).

    \b
    Examples:
      fluvial models verify models:/churn@champion
      fluvial models predict ./model -i rows.csv
      fluvial models inspect models:/churn/3 --json
      fluvial models card ./model --write
    """


command.add_command(keygen)
command.add_command(sign)
command.add_command(verify_signature)


@command.command("verify")
@model_argument
@pickle_option
@trusted_option
@click.option(
    "--load-test", "load_test_s", default=2.0, show_default=True, help="Seconds of predictions of one row."
)
@click.option(
    "--store/--no-store", "stores", default=True, help="Keep what it shows with a model of a server."
)
@as_json_option
@reaching
def verify(
    platform: Reached,
    model: str,
    allow_pickle: bool,
    types: tuple[str, ...],
    load_test_s: float,
    stores: bool,
    as_json: bool,
) -> None:
    """Rebuild a model's environment, load it there, and compare its answers.

    The environment is made by uv, apart from everything else on this machine, and kept for the next time.
    The exit status is 1 where the model fails.

    \b
    Examples:
      fluvial models verify models:/churn@champion
      fluvial models verify ./model --load-test 10 --json
    """
    from fluvial.client import vulnerabilities  # noqa: PLC0415 - --help need not wait for it
    from fluvial.models.verify import verify as verified  # noqa: PLC0415

    folder = local_model(platform, model)
    found = verified(
        folder,
        cache(),
        allow_pickle=allow_pickle,
        trusted=types,
        load_test_s=load_test_s,
        shows_progress=sys.stderr.isatty() and not as_json,
    )
    packages = [(package.name, package.version) for package in found.packages]
    scan = vulnerabilities.scan(packages, settings().vulnerability_url)
    evidence = evidence_of(found, scan, folder)
    is_kept = stores and store(platform, folder, model, evidence)
    if as_json:
        print_json({"model": model, "verification": found, "evidence": evidence, "is_kept": is_kept})
    else:
        print_verification(model, found, evidence)
        if is_kept:
            say("  kept with the model, for gates and pages")
    if found.verdict == "fail":
        sys.exit(FAILED_STATUS)


@command.command("predict")
@model_argument
@click.option(
    "-i",
    "--input",
    "data",
    type=click.Path(exists=True, dir_okay=False),
    help="CSV, or JSON as scoring servers take it. [the input example]",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="File for the answer. [standard output]"
)
@click.option("--here", "is_here", is_flag=True, help="In this environment, instead of the model's own.")
@pickle_option
@trusted_option
@reaching
def predict(
    platform: Reached,
    model: str,
    data: str | None,
    output: str | None,
    is_here: bool,
    allow_pickle: bool,
    types: tuple[str, ...],
) -> None:
    """Predict with a model in its own environment.

    The answer is JSON: an object with `predictions`.

    \b
    Examples:
      fluvial models predict models:/churn@champion -i rows.csv
      fluvial models predict ./model -i request.json -o answer.json --here
    """
    from fluvial.models import environment, replay  # noqa: PLC0415 - --help need not wait for it
    from fluvial.models.restore import restore  # noqa: PLC0415
    from fluvial.models.verify import also_needed, run_here, run_isolated  # noqa: PLC0415

    folder = local_model(platform, model)
    file = str(Path(data).resolve()) if data else ""
    request = replay.Request(
        folder=str(folder.resolve()), allow_pickle=allow_pickle, trusted=types, data=file
    )
    if is_here:
        answer = run_here(request)
    else:
        lock = environment.read(folder)
        needed = also_needed(folder, lock, reads_tables=bool(data))
        restored = restore(lock, cache(), modules=needed, shows_progress=sys.stderr.isatty())
        answer = run_isolated(restored, request)
    if answer.error:
        raise InvalidRequest(f"The model does not predict: {answer.error}\n{answer.trace}".rstrip())
    if not answer.has_example:
        raise InvalidRequest("The model has no input example: give it data by --input.")
    _put({"predictions": answer.output}, output)


@command.command("inspect")
@model_argument
@as_json_option
@reaching
def inspect(platform: Reached, model: str, as_json: bool) -> None:
    """Say what a model is and how far it can be trusted, without loading it.

    \b
    Examples:
      fluvial models inspect models:/churn/3
      fluvial models inspect ./model --json
    """
    from fluvial.models.inspection import inspect as inspected  # noqa: PLC0415 - --help need not wait for it

    found = inspected(local_model(platform, model), trusted())
    if as_json:
        print_json(found)
    else:
        print_inspection(model, found)


@command.command("drift")
@model_argument
@click.option(
    "--reference",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Data that the model was evaluated on: CSV, or JSON as scoring servers take it.",
)
@click.option(
    "--current",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Data of today, with the same columns.",
)
@click.option("--max", "limit", default=0.2, show_default=True, help="The most that a column may move, PSI.")
@click.option(
    "--store/--no-store", "stores", default=True, help="Keep what it shows with a model of a server."
)
@as_json_option
@reaching
def drift(
    platform: Reached, model: str, reference: Path, current: Path, limit: float, stores: bool, as_json: bool
) -> None:
    """Say how far data have moved from those that a model was evaluated on.

    Looked at are the inputs of the model's signature; the measure is the population stability index. The exit
    status is 1 where a column has moved too far. Gates ask for it by `evidence: drift`.

    \b
    Examples:
      fluvial models drift models:/churn/7 --reference test.csv --current june.csv
      fluvial models drift ./model --reference test.csv --current june.csv --max 0.1 --json
    """
    from fluvial.models.drift import compare  # noqa: PLC0415 - --help need not wait for it
    from fluvial.models.mlmodel import Model  # noqa: PLC0415
    from fluvial.models.prediction_input import read_input  # noqa: PLC0415

    folder = local_model(platform, model)
    signature = Model.load(folder).signature
    before, now = (read_input(file, signature).data for file in (reference, current))
    if not all(hasattr(frame, "columns") for frame in (before, now)):
        raise InvalidRequest(
            "Drift is measured on tables: CSV with a heading, dataframe_split or dataframe_records."
        )
    inputs = signature.inputs if signature is not None else None
    names = inputs.input_names() if inputs is not None and inputs.has_input_names() else []
    found = compare(before, now, [str(name) for name in names])
    finding = evidence_of_drift(found, limit, (len(before), len(now)))
    is_kept = stores and store(platform, folder, model, [finding])
    if as_json:
        print_json({"model": model, "evidence": finding, "is_kept": is_kept})
    else:
        print_drift(model, finding, found)
    if finding.verdict == "fail":
        sys.exit(FAILED_STATUS)


@command.command("card")
@model_argument
@click.option(
    "--write",
    "writes",
    is_flag=True,
    help="Keep it beside the model, a folder of this machine, as model_card.md.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File for the card. [standard output]")
@reaching
def card(platform: Reached, model: str, writes: bool, output: str | None) -> None:
    """Write a model card in Markdown: run, data, metrics, signature, trust.

    \b
    Examples:
      fluvial models card models:/churn@champion > card.md
      fluvial models card ./model --write
    """
    from fluvial.models import card as cards  # noqa: PLC0415 - --help need not wait for it
    from fluvial.models.inspection import inspect as inspected  # noqa: PLC0415

    folder = own_folder(model) if writes else local_model(platform, model)
    found = inspected(folder, trusted())
    text = cards.card(
        found.name or model, found, facts_of(platform, found, about_of(platform, folder, model))
    )
    if writes:
        cards.write(folder, text)
        say(f"{folder / cards.FILE} is written. {seal(folder)}")
    elif output:
        Path(output).write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@command.command("update-requirements")
@model_argument
@click.option(
    "--add",
    multiple=True,
    metavar="REQUIREMENT",
    help="Needed from now on; takes the place of the same package.",
)
@click.option("--remove", multiple=True, metavar="PACKAGE", help="No longer needed.")
@click.option(
    "--infer", "infers", is_flag=True, help="Load it in a fresh interpreter, and need what it really imports."
)
@click.option(
    "--time-limit", "limit_s", default=120.0, show_default=True, help="Seconds that --infer may take."
)
@pickle_option
@trusted_option
@as_json_option
def update_requirements(
    model: str,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    infers: bool,
    limit_s: float,
    allow_pickle: bool,
    types: tuple[str, ...],
    as_json: bool,
) -> None:
    """Change what a model in a folder says that it needs.

    All files that say it are changed, and its manifest is written anew; it is signed if FLUVIAL_SIGNING_KEY
    names a key.

    \b
    Examples:
      fluvial models update-requirements ./model --add 'pandas==3.1.1'
      fluvial models update-requirements ./model --remove matplotlib
      fluvial models update-requirements ./model --infer
    """
    from fluvial.models import environment, imports, replay  # noqa: PLC0415 - --help need not wait for it

    if not add and not remove and not infers:
        raise click.UsageError("Say what to --add or to --remove, or --infer it.")
    folder = own_folder(model)
    if infers:
        hold_to_settings(folder)
        request = replay.Request(folder=str(folder.resolve()), allow_pickle=allow_pickle, trusted=types)
        lines = imports.update(folder, request, add=add, remove=remove, limit_s=limit_s)
    else:
        lines = environment.change(folder, add=add, remove=remove)
    sealed = seal(folder)
    if as_json:
        print_json({"model": model, "requirements": lines})
        return
    for line in lines:
        click.echo(line)
    if is_terminal():
        say(sealed)


def _put(answer: dict[str, Any], output: str | None) -> None:
    if output is None:
        print_json(answer)
        return
    from fluvial.wire import codec  # noqa: PLC0415 - as above

    Path(output).write_bytes(codec.encode(answer))
