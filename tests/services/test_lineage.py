"""Lineage: from data to what is served, and back, through what a text finds."""

from __future__ import annotations

from typing import Any

import pytest

from fluvial.entities.dataset import Dataset, DatasetInput
from fluvial.entities.run import ModelOutput
from fluvial.entities.tag import Tag
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.lineage import FIND_LINEAGE, FindLineage, Lineage
from fluvial.wire.runs import LOG_INPUTS, LOG_OUTPUTS, LogInputs, LogOutputs
from tests.services.making import start
from tests.services.registering import create, log_model, point, register


@pytest.fixture
def made(platform: Platform) -> dict[str, str]:
    """Two runs on one dataset, one of them on another too; a model and a version of each."""
    create(platform, "net")
    ids: dict[str, str] = {}
    for name, datasets in (("ant", ("june",)), ("bee", ("june", "july"))):
        run = start(platform, experiment_id="0", run_name=name)
        inputs = tuple(
            DatasetInput(
                dataset=Dataset(name=one, digest=f"d-{one}", source_type="local", source="x"),
                tags=(Tag("mlflow.data.context", "training"),),
            )
            for one in datasets
        )
        platform.call(LOG_INPUTS, LogInputs(run_id=run, datasets=inputs))
        model = log_model(platform, run, name=f"{name}-net")
        platform.call(LOG_OUTPUTS, LogOutputs(run_id=run, models=(ModelOutput(model, 0),)))
        register(platform, "net", model)
        ids |= {f"{name}-run": run, f"{name}-model": model}
    point(platform, "net", "champion", 2)
    return ids


def ask(platform: Platform, **more: Any) -> Lineage:
    """The lineage of something."""
    return platform.call(FIND_LINEAGE, FindLineage(**more))


def labels(lineage: Lineage) -> set[str]:
    """What the nodes are called."""
    return {node.label for node in lineage.nodes}


def test_a_version_is_followed_up_to_the_data_and_down_to_its_alias(
    platform: Platform, made: dict[str, str]
) -> None:
    found = ask(platform, name="net", version="2")

    assert labels(found) == {"net 2", "net@champion", "bee-net", "bee", "june", "july"}
    names = {node.node_id: node.label for node in found.nodes}
    edges = {(names[edge.source], names[edge.target], edge.label) for edge in found.edges}
    assert edges == {
        ("june", "bee", "read as training"),
        ("july", "bee", "read as training"),
        ("bee", "bee-net", "made"),
        ("bee-net", "net 2", "registered"),
        ("net 2", "net@champion", "served as"),
    }


def test_a_dataset_is_followed_down_to_everything_that_came_of_it(
    platform: Platform, made: dict[str, str]
) -> None:
    june = ask(platform, dataset_name="june", experiment_id="0")
    july = ask(platform, dataset_name="july", experiment_id="0", dataset_digest="d-july")

    assert labels(june) == {"june", "ant", "bee", "ant-net", "bee-net", "net 1", "net 2", "net@champion"}
    assert labels(july) == {"july", "bee", "bee-net", "net 2", "net@champion"}


def test_a_run_and_a_model_are_followed_both_ways(platform: Platform, made: dict[str, str]) -> None:
    expected = {"june", "ant", "ant-net", "net 1"}

    assert labels(ask(platform, run_id=made["ant-run"])) == expected
    assert labels(ask(platform, model_id=made["ant-model"])) == expected


def test_a_text_keeps_what_lies_on_a_way_through_what_it_finds(
    platform: Platform, made: dict[str, str]
) -> None:
    assert labels(ask(platform, name="net", search="JULY")) == {
        "july",
        "bee",
        "bee-net",
        "net 2",
        "net@champion",
    }


def test_a_graph_has_an_end_and_a_beginning(platform: Platform, made: dict[str, str]) -> None:
    small = ask(platform, name="net", max_nodes=3)

    assert (len(small.nodes), small.is_truncated) == (3, True)
    with pytest.raises(InvalidRequest, match="one thing"):
        ask(platform)
    with pytest.raises(NotFound):
        ask(platform, dataset_name="may", experiment_id="0")
