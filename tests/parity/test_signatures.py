"""Every name of MLflow's tracking API is here, with the same arguments. What differs is a row of a table."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import mlflow
import mlflow.artifacts
import mlflow.data
import mlflow.entities
import mlflow.exceptions
import pytest
from mlflow.data.meta_dataset import MetaDataset

import fluvial
from tests.server_process import REPOSITORY

PAGE = Path(REPOSITORY, "docs", "compatibility.md")

FLUENT = """
    active_run create_experiment delete_experiment delete_experiment_tag delete_run delete_tag end_run
    flush_artifact_async_logging flush_async_logging get_artifact_uri get_experiment get_experiment_by_name
    get_parent_run get_run get_tracking_uri is_tracking_uri_set last_active_run load_table log_artifact
    log_artifacts log_dict log_figure log_image log_input log_inputs log_metric log_metrics log_outputs
    log_param log_params log_stream log_table log_text search_experiments search_runs set_experiment
    set_experiment_tag set_experiment_tags set_tag set_tags set_tracking_uri start_run
""".split()

# Not tracking, or not there yet: models, registry, traces, prompts, assessments, workspaces.
OUT_OF_SCOPE = re.compile(
    "model|registry|trac(e|es|ing)(_|$)|prompt|assessment|feedback|expectation|issue|workspace|span|session"
    "|autolog|evaluate|validate_evaluation_results|import_checkpoints|system_metrics|telemetry|^test$|hint"
    "|^(ActiveModel|LazyLoader|MlflowClient|MlflowException|RunOperations|ActiveRun|Image)$|^context$"
)
CLIENT_OUT_OF_SCOPE = re.compile(
    "model|registry|trace|prompt|span|webhook|workspace|mcp|_stages?$|latest_versions|session"
    "|(create|delete|get|search)_datasets?$|dataset_tags?$|dataset_(to|from)_experiments$|alias"
)


class Difference(NamedTuple):
    """A name, or an argument of one, that is not here.

    Attributes:
        name: In MLflow.
        argument: The argument; none where the whole is not here.
        reason: As docs/compatibility.md tells it.
    """

    name: str
    argument: str
    reason: str

    @property
    def row(self) -> str:
        """The row of the table in the documents."""
        what = f"`{self.argument}=`" if self.argument else "not there"
        return f"| `{self.name}` | {what} | {self.reason} |"


DIFFERENCES = [
    Difference("create_experiment", "trace_location", "for traces that Databricks keeps"),
    Difference("set_experiment", "trace_location", "for traces that Databricks keeps"),
    Difference("MlflowClient", "workspace_store_uri", "there are no workspaces"),
    Difference("artifacts.download_artifacts", "registry_uri", "a server keeps models where it keeps runs"),
    Difference("doctor", "", "`fluvial doctor` on the command line"),
    Difference("login", "", "it logs in to Databricks"),
    Difference("run", "", "it runs MLproject files"),
    Difference("entities.Run", "", "`fluvial.Run`"),
    Difference("entities.Experiment", "", "`fluvial.Experiment`"),
]
ABSENT = {difference.name for difference in DIFFERENCES if not difference.argument}


def arguments(function: Callable[..., Any]) -> dict[str, tuple[str, Any]]:
    """The arguments of a function: name, kind, default; a view by its number, as MLflow has it."""
    found = inspect.signature(function).parameters.values()
    return {
        argument.name: (argument.kind.name, getattr(argument.default, "number", argument.default))
        for argument in found
    }


def expected(name: str, theirs: Callable[..., Any]) -> dict[str, tuple[str, Any]]:
    """The arguments that ours has to have."""
    missing = {difference.argument for difference in DIFFERENCES if difference.name == name}
    return {argument: what for argument, what in arguments(theirs).items() if argument not in missing}


def functions(holder: Any, out_of_scope: re.Pattern[str]) -> list[str]:
    """The public functions of a module or class of MLflow that are in scope."""
    return [
        name
        for name, member in inspect.getmembers(holder, inspect.isfunction)
        if not name.startswith("_") and not out_of_scope.search(name)
    ]


@pytest.mark.parametrize("name", sorted({*FLUENT, *functions(mlflow, OUT_OF_SCOPE)} - ABSENT))
def test_a_fluent_function_takes_what_mlflows_takes(name: str) -> None:
    ours = arguments(getattr(fluvial, name))

    assert ours == expected(name, getattr(mlflow, name))
    assert list(ours) == list(expected(name, getattr(mlflow, name)))


@pytest.mark.parametrize("name", ["__init__", *functions(mlflow.MlflowClient, CLIENT_OUT_OF_SCOPE)])
def test_a_method_of_the_client_takes_what_mlflows_takes(name: str) -> None:
    ours = arguments(getattr(fluvial.MlflowClient, name))

    theirs = expected(f"MlflowClient.{name}".removesuffix(".__init__"), getattr(mlflow.MlflowClient, name))
    assert list(ours.items()) == list(theirs.items())


@pytest.mark.parametrize(
    "name", ["download_artifacts", "list_artifacts", "load_text", "load_dict", "load_image"]
)
def test_a_function_of_artifacts_takes_what_mlflows_takes(name: str) -> None:
    ours = arguments(getattr(fluvial.artifacts, name))

    theirs = expected(f"artifacts.{name}", getattr(mlflow.artifacts, name))
    assert list(ours.items()) == list(theirs.items())


@pytest.mark.parametrize("name", [n for n in dir(mlflow.data) if n.startswith(("from_", "load_"))])
def test_a_description_of_data_takes_what_mlflows_takes(name: str) -> None:
    theirs = arguments(getattr(mlflow.data, name))

    assert list(arguments(getattr(fluvial.data, name)).items()) == list(theirs.items())


def test_a_dataset_that_is_only_named_takes_what_mlflows_takes() -> None:
    assert arguments(fluvial.data.MetaDataset) == arguments(MetaDataset)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Metric", ("loss", 0.5, 1, 2)),
        ("Param", ("rate", "0.1")),
        ("RunTag", ("team", "churn")),
        ("ExperimentTag", ("team", "churn")),
        ("InputTag", ("team", "churn")),
        ("Dataset", ("prices", "abc", "local", "{}", "{}", "{}")),
        ("LoggedModelInput", ("m-1",)),
        ("LoggedModelOutput", ("m-1", 3)),
    ],
)
def test_an_entity_is_made_as_mlflows_is(name: str, given: tuple[Any, ...]) -> None:
    ours = getattr(fluvial.entities, name)(*given)

    theirs = getattr(mlflow.entities, name)(*given)

    known = {field: value for field, value in dict(theirs).items() if hasattr(ours, field)}
    assert {field: value for field, value in dict(ours).items() if field in known} == known


def test_every_entity_of_tracking_is_there() -> None:
    names = "ViewType RunStatus LifecycleStage FileInfo DatasetInput Run Experiment".split()

    missing = {f"entities.{name}" for name in names if not hasattr(fluvial.entities, name)}

    assert missing == {name for name in ABSENT if name.startswith("entities.")}
    assert fluvial.entities.RunStatus.to_string("FAILED") == "FAILED"


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_a_difference_is_one_and_is_told_in_the_documents(difference: Difference) -> None:
    holder, _, name = difference.name.rpartition(".")
    ours = getattr(getattr(fluvial, holder) if holder else fluvial, name, None)

    assert difference.row in PAGE.read_text()
    assert ours is None or difference.argument not in inspect.signature(ours).parameters
