"""Logged models: whose metrics they have, and how they are found."""

from __future__ import annotations

from typing import Any

import pytest

from fluvial.entities.metric import Metric
from fluvial.errors import InvalidFilter, InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment
from fluvial.wire.logged_models import CREATE_LOGGED_MODEL as CREATE
from fluvial.wire.logged_models import (
    DELETE_LOGGED_MODEL,
    GET_LOGGED_MODEL,
    SEARCH_LOGGED_MODELS,
    CreateLoggedModel,
    LoggedModelId,
    LoggedModelOrder,
    LoggedModelsPage,
    MeasuredOn,
    SearchLoggedModels,
)
from fluvial.wire.runs import LOG_BATCH, LogBatch
from tests.services.making import start
from tests.services.registering import log_model


@pytest.fixture
def models(platform: Platform) -> dict[str, str]:
    """Three models by name, measured on two datasets by runs of two experiments."""
    elsewhere = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="judging")).experiment_id
    made, judge = start(platform, experiment_id="0"), start(platform, experiment_id=elsewhere)
    ids = {name: log_model(platform, made, name=name) for name in ("ant", "bee", "cat")}
    for name, dataset, value, step in (
        ("ant", "train", 0.9, 1),
        ("ant", "test", 0.5, 1),
        ("bee", "train", 0.8, 1),
        ("bee", "test", 0.7, 1),
        ("bee", "test", 0.6, 2),
    ):
        point = Metric(
            key="acc",
            value=value,
            timestamp=step,
            step=step,
            model_id=ids[name],
            dataset_name=dataset,
            dataset_digest="d1",
        )
        platform.call(LOG_BATCH, LogBatch(run_id=judge, metrics=(point,)))
    return ids


def search(platform: Platform, filter_: str = "", **more: Any) -> LoggedModelsPage:
    """A page of the models of the first experiment."""
    return platform.call(
        SEARCH_LOGGED_MODELS, SearchLoggedModels(experiment_ids=("0",), filter=filter_, **more)
    )


def names(page: LoggedModelsPage) -> list[str]:
    """The names of a page's models."""
    return [model.info.name for model in page.models]


def test_a_model_has_the_last_value_of_each_metric_per_dataset_though_another_experiment_measured_it(
    platform: Platform, models: dict[str, str]
) -> None:
    model = platform.call(GET_LOGGED_MODEL, LoggedModelId(model_id=models["bee"])).model

    assert {(m.dataset_name, m.value, m.step) for m in model.data.metrics} == {
        ("train", 0.8, 1),
        ("test", 0.6, 2),
    }


@pytest.mark.parametrize(
    ("filter_", "datasets", "expected"),
    [
        ("metrics.acc > 0.75", (), {"ant", "bee"}),
        ("metrics.acc > 0.55", (("test", "d1"),), {"bee"}),
        ("metrics.acc > 0.55", (("test", None),), {"bee"}),
        ("metrics.acc > 0.1", (("test", "other"),), set()),
        ("metrics.acc > 0.85", (("test", "d1"), ("train", "d1")), {"ant"}),
        ("name IN ('ant', 'cat') AND status = 'READY'", (), {"ant", "cat"}),
    ],
)
def test_models_are_found_by_what_was_measured_on_the_named_datasets(
    platform: Platform,
    models: dict[str, str],
    filter_: str,
    datasets: tuple[tuple[str, str | None], ...],
    expected: set[str],
) -> None:
    on = tuple(MeasuredOn(dataset_name=name, dataset_digest=digest) for name, digest in datasets)

    assert set(names(search(platform, filter_, datasets=on))) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (LoggedModelOrder(field_name="metrics.acc", dataset_name="test"), ["ant", "bee", "cat"]),
        (
            LoggedModelOrder(field_name="metrics.acc", ascending=False, dataset_name="test"),
            ["bee", "ant", "cat"],
        ),
        (
            LoggedModelOrder(field_name="metrics.acc", ascending=False, dataset_name="train"),
            ["ant", "bee", "cat"],
        ),
        (LoggedModelOrder(field_name="name", ascending=False), ["cat", "bee", "ant"]),
    ],
)
def test_pages_go_on_in_the_order_of_a_metric_on_a_dataset_and_models_without_it_come_last(
    platform: Platform, models: dict[str, str], order: LoggedModelOrder, expected: list[str]
) -> None:
    found: list[str] = []
    token = None
    while len(found) < 3:
        page = search(platform, order_by=(order,), max_results=1, page_token=token)
        found += names(page)
        token = page.next_page_token

    assert found == expected
    assert token is None


def test_a_deleted_model_is_not_found_and_deleting_it_again_is_nothing(
    platform: Platform, models: dict[str, str]
) -> None:
    gone = LoggedModelId(model_id=models["ant"])
    platform.call(DELETE_LOGGED_MODEL, gone)
    platform.call(DELETE_LOGGED_MODEL, gone)

    assert set(names(search(platform))) == {"bee", "cat"}
    with pytest.raises(NotFound):
        platform.call(GET_LOGGED_MODEL, gone)


def test_an_unknown_field_and_a_forbidden_name_are_refused(platform: Platform) -> None:
    with pytest.raises(InvalidFilter):
        search(platform, order_by=(LoggedModelOrder(field_name="acc"),))
    with pytest.raises(InvalidRequest, match="has none of"):
        platform.call(CREATE, CreateLoggedModel(experiment_id="0", name="a/b"))
