"""Full-text search finds the same on both databases, whatever is written and whatever is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.errors import InvalidFilter
from fluvial.jobs import jobs
from fluvial.jobs._runner import Runner
from fluvial.search import words
from fluvial.services.platform import Platform
from fluvial.settings import ServerSettings
from fluvial.store import schema
from fluvial.store.schema import open_database
from fluvial.store.tables import experiment, run, run_place
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    SEARCH_EXPERIMENTS,
    SET_EXPERIMENT_TAG,
    UPDATE_EXPERIMENT,
    CreateExperiment,
    SearchExperiments,
    SetExperimentTag,
    UpdateExperiment,
)
from fluvial.wire.runs import (
    DELETE_TAG,
    SEARCH_RUNS,
    SET_TAG,
    UPDATE_RUN,
    DeleteTag,
    SearchRuns,
    SetTag,
    UpdateRun,
)
from tests.platforms import Clock
from tests.services.making import log, start


def found(platform: Platform, asked: str, *, also: str = "") -> list[str]:
    """The names of the runs that a text search finds, sorted."""
    quoted = asked.replace("'", "''")
    request = SearchRuns(experiment_ids=("0",), filter=f"text MATCHES '{quoted}'{also}")
    return sorted(one.info.run_name for one in platform.call(SEARCH_RUNS, request).runs)


@pytest.fixture
def study(platform: Platform) -> Platform:
    """Three runs with names, notes, params and tags."""
    log(
        platform,
        start(platform, run_name="ResNet-50 baseline"),
        params={"learning_rate": "0.01", "optimizer": "Adam"},
        tags={"mlflow.note.content": "First try, *before* the data was cleaned.", "team": "Vision"},
        metrics=[("loss", 0.5, 1)],
    )
    log(
        platform,
        start(platform, run_name="resnet_101"),
        params={"learning_rate": "0.1", "optimizer": "AdamW"},
        tags={"mlflow.note.content": "Données nettoyées; größer — ГЛУБЖЕ", "mlflow.user": "zoe"},
    )
    log(platform, start(platform, run_name="vgg"), params={"depth": "16", "text": "rest and data"})
    return platform


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("resnet", ["ResNet-50 baseline", "resnet_101"]),
        ("RESNET -baseline", ["resnet_101"]),
        ("resnet NOT baseline", ["resnet_101"]),
        ("adam", ["ResNet-50 baseline"]),
        ("adam*", ["ResNet-50 baseline", "resnet_101"]),
        ("vgg OR adam", ["ResNet-50 baseline", "vgg"]),
        ("(vgg OR resnet) -(team OR 101)", ["vgg"]),
        ("resnet AND 50", ["ResNet-50 baseline"]),
        ('"resnet 50"', ["ResNet-50 baseline"]),
        ('"50 resnet"', []),
        ("learning_rate=0.01", ["ResNet-50 baseline"]),
        ('"learning rate 0"*', ["ResNet-50 baseline", "resnet_101"]),
        ('"the data was cleaned"', ["ResNet-50 baseline"]),
        # a phrase does not reach from one param into the next
        ('"16 text"', []),
        ("rest and data", ["vgg"]),
        ("donnees", []),
        ("DONNÉES", ["resnet_101"]),
        ("grösser", ["resnet_101"]),
        ("глубже", ["resnet_101"]),
        ("zoe", ["resnet_101"]),
        ("user", []),
        ("-resnet", ["vgg"]),
        ("nothing-like-it", []),
    ],
)
def test_words_are_found_wherever_they_were_written(study: Platform, asked: str, names: list[str]) -> None:
    assert found(study, asked) == names


def test_words_go_with_every_other_condition(study: Platform) -> None:
    assert found(study, "resnet", also=" AND metrics.loss < 1") == ["ResNet-50 baseline"]
    assert found(study, "vgg", also=" OR params.optimizer = 'AdamW'") == ["resnet_101", "vgg"]
    request = SearchRuns(experiment_ids=("0",), filter="text NOT MATCHES 'resnet 50'")
    assert len(study.call(SEARCH_RUNS, request).runs) == 2


@pytest.mark.parametrize(
    "asked",
    [
        "' | 'x",
        "x:*",
        "a & !b",
        "a <-> b",
        "NEAR(a b)",
        "words : x",
        "{words} : x",
        "^x",
        "a'); DROP TABLE run; --",
        "\\",
    ],
)
def test_what_is_asked_for_never_reaches_the_syntax_of_the_database(study: Platform, asked: str) -> None:
    try:
        assert found(study, asked) == []
    except InvalidFilter as error:
        assert "letters or digits" in error.message or "join" in error.message  # noqa: PT017


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("", "no word"),
        ("resnet (vgg", "missing"),
        ("resnet ) vgg", "join"),
        ("OR vgg", "join"),
        ("vgg AND", "missing"),
        ("!!", "letters or digits"),
        ('vgg "adam', "never closed"),
        (" ".join(["x"] * 51), "at most 50"),
    ],
)
def test_what_cannot_be_asked_is_pointed_at(study: Platform, asked: str, message: str) -> None:
    with pytest.raises(InvalidFilter, match=message) as raised:
        found(study, asked)

    assert raised.value.position >= len("text MATCHES ")


def test_a_change_is_found_at_once_and_what_it_replaced_is_not(platform: Platform) -> None:
    run_id = start(platform, run_name="one")
    platform.call(SET_TAG, SetTag(run_id=run_id, key="state", value="draft"))
    assert found(platform, "draft") == ["one"]

    platform.call(SET_TAG, SetTag(run_id=run_id, key="state", value="final"))
    platform.call(UPDATE_RUN, UpdateRun(run_id=run_id, run_name="two"))
    assert (found(platform, "draft"), found(platform, "one"), found(platform, "final")) == ([], [], ["two"])

    platform.call(DELETE_TAG, DeleteTag(run_id=run_id, key="state"))
    assert found(platform, "final") == []


def test_changes_of_one_run_by_many_writers_at_once_are_all_found(platform: Platform) -> None:
    from concurrent.futures import ThreadPoolExecutor

    run_id = start(platform, run_name="shared")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: log(platform, run_id, tags={f"rank{n}": f"worker{n}"}), range(24)))

    assert found(platform, " ".join(f"worker{n}" for n in range(24))) == ["shared"]


def test_experiments_are_found_by_name_and_note(platform: Platform) -> None:
    made = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="churn/first-draft"))
    note = SetExperimentTag(
        experiment_id=made.experiment_id, key="mlflow.note.content", value="Customers who leave"
    )
    platform.call(SET_EXPERIMENT_TAG, note)
    platform.call(UPDATE_EXPERIMENT, UpdateExperiment(experiment_id=made.experiment_id, new_name="attrition"))

    def names(asked: str) -> list[str]:
        request = SearchExperiments(filter=f"text MATCHES '{asked}'")
        return [one.name for one in platform.call(SEARCH_EXPERIMENTS, request).experiments]

    assert names("customer*") == names("attrition leave") == ["attrition"]
    assert names("churn") == []


def test_texts_too_long_to_index_are_kept_and_found_by_their_beginning(platform: Platform) -> None:
    run_id = start(platform, run_name="long")
    value = "needle " + " ".join(f"w{n:x}" for n in range(1_500)) + " hay " * 1_000
    for batch in range(3):
        log(platform, run_id, params={f"p{batch}_{n}": value[:6_000] for n in range(50)})
    log(platform, run_id, params={"q": "é" * 3_000, "r": "x" * 3_000})

    assert found(platform, "needle w0") == found(platform, '"needle w0"') == ["long"]
    assert len(words.document([value] * 100)) <= words.MAX_WORDS


def test_what_was_there_before_the_index_is_indexed_by_a_job(
    database_uri: str, clock: Clock, tmp_path: Path
) -> None:
    url = database_uri.replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            experiment.insert(),
            {
                "experiment_id": 0,
                "name": "Old",
                "artifact_location": "",
                "is_deleted": 0,
                "created_ms": 0,
                "updated_ms": 0,
            },
        )
        place = {"experiment_id": 0, "run_key": 7, "run_id": "a" * 32}
        connection.execute(run_place.insert(), place)
        connection.execute(
            run.insert(),
            place
            | {
                "name": "veteran",
                "user_id": "",
                "status": 1,
                "is_deleted": 0,
                "start_ms": 0,
                "artifact_uri": "",
            },
        )
    engine.dispose()
    locations = Locations(destination=str(tmp_path / "artifacts"), options=StoreOptions())
    platform = Platform(open_database(database_uri), locations, clock)
    assert found(platform, "veteran") == []

    settings = ServerSettings(backend_store_uri="", artifacts_destination="", run_silence_s=0)
    Runner(platform, jobs(settings)).step()

    assert found(platform, "veteran") == ["veteran"]
    platform.close()
