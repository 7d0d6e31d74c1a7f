"""Both ways to search runs give the same answers: by rows, and by columns that are kept up to date."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fluvial.entities.dataset import CONTEXT_TAG, Dataset, DatasetInput
from fluvial.entities.experiment import ViewType
from fluvial.entities.run import RunStatus
from fluvial.entities.tag import Tag
from fluvial.search.sql_order import fits
from fluvial.search.tree import EVERYTHING, Node, SortKey
from fluvial.segments.points import Points
from fluvial.store import experiments, inputs, keys, metrics, params, run_search, runs
from fluvial.store.database import Database, Transaction
from fluvial.store.keys import Kind
from fluvial.store.run_fields import TABLES
from fluvial.store.run_search import Search
from fluvial.store.runs import RunRow
from fluvial.store.schema import open_database
from tests.postgres import Cluster
from tests.search import strategies, things
from tests.search.strategies import NOW_MS

MEMORY = 100_000_000
_experiment_ids = itertools.count(1000)
_run_keys = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database for many experiments, which searches all of them by columns."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path_factory.mktemp('search')}/fluvial.db")
        yield database
        database.close()
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with cluster.database() as name:
        database = open_database(cluster.url(name))
        yield database
        database.close()


def write_run(transaction: Transaction, experiment_id: int, item: things.Run) -> RunRow:
    run_key = next(_run_keys)
    row = RunRow(
        experiment_id=experiment_id,
        run_key=run_key,
        # So that ids are not in the order of the keys.
        run_id=f"{(run_key * 0x9E3779B97F4A7C15) % 2**64:016x}{run_key:016x}",
        name=item.run_name,
        user_id=item.user_id,
        status=RunStatus(item.status).number,
        is_deleted=0,
        start_ms=item.start_time,
        end_ms=item.end_time,
        artifact_uri=f"mlflow-artifacts:/{item.run_id}",
    )
    runs.insert_new(transaction, row)
    write_logged(transaction, row, item)
    return row


def write_logged(transaction: Transaction, row: RunRow, item: things.Run) -> None:
    params.add(transaction, row, item.params)
    params.set_tags(transaction, row, item.tags)
    for name, series in item.metrics.items():
        n = len(series)
        key_id = keys.intern(transaction, row.experiment_id, Kind.METRIC, [name])[name]
        points = Points(np.full(n, key_id), np.arange(n), np.arange(n), np.array(series, np.float64))
        metrics.append(transaction, {row: points})
    for read in item.datasets:
        dataset = Dataset(name=read.name, digest=read.digest, source_type="local", source="{}")
        tags = () if read.context is None else (Tag(key=CONTEXT_TAG, value=read.context),)
        inputs.add_datasets(
            transaction, row.experiment_id, row.run_key, [DatasetInput(dataset=dataset, tags=tags)]
        )


def new_experiment(database: Database, items: list[things.Run]) -> tuple[int, list[RunRow]]:
    experiment_id = next(_experiment_ids)

    def write(transaction: Transaction) -> list[RunRow]:
        experiments.create(transaction, f"e{experiment_id}", str, 1, experiment_id)
        return [write_run(transaction, experiment_id, item) for item in items]

    return experiment_id, database.write(write)


def found(
    database: Database, search: Search, order: list[SortKey], *, by_columns: bool, size: int
) -> list[list[str]]:
    """All pages of a search: ids of runs."""
    database.columns_from_runs, database.columns_limit_bytes = 1, MEMORY if by_columns else 0
    pages: list[list[str]] = []
    after = None
    while True:
        page = database.read(
            lambda transaction: run_search.find_page(transaction, search, order, after=after, limit=size)  # noqa: B023
        )
        pages.append([one.row.run_id for one in page])
        if len(page) < size:
            return pages
        after = page[-1].place
        assert fits(after, order, TABLES)


def counted(database: Database, search: Search, *, by_columns: bool) -> int:
    database.columns_from_runs, database.columns_limit_bytes = 1, MEMORY if by_columns else 0
    return database.read(lambda transaction: run_search.count(transaction, search))


# Not shrunk: on a busy machine that takes minutes.
@settings(deadline=None, max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    items=strategies.runs(),
    later=strategies.runs(),
    nodes=st.lists(strategies.comparisons() | strategies.filters(), min_size=2, max_size=3),
    orders=st.lists(strategies.orders(), min_size=1, max_size=2),
    changes=st.lists(st.sampled_from(["log", "trash", "end", "untag", "new"]), max_size=4),
    view=st.sampled_from(ViewType),
)
def test_rows_and_columns_give_the_same_answers_while_runs_change(
    shared_database: Database,
    items: list[things.Run],
    later: list[things.Run],
    nodes: list[Node],
    orders: list[list[SortKey]],
    changes: list[str],
    view: ViewType,
) -> None:
    experiment_id, rows = new_experiment(shared_database, items)

    def compare() -> None:
        for node in nodes:
            search = Search([experiment_id], node, view, NOW_MS)
            for order in ([], *orders):
                pages = [
                    found(shared_database, search, order, by_columns=by_columns, size=3)
                    for by_columns in (True, False)
                ]
                assert pages[0] == pages[1], (node, order)
            n = sum(len(page) for page in pages[0])
            assert [counted(shared_database, search, by_columns=way) for way in (True, False)] == [n, n]

    compare()
    for number, (change, item) in enumerate(zip(changes, itertools.cycle(later))):
        row = rows[number % len(rows)]
        shared_database.write(lambda transaction: apply(transaction, row, item, change))  # noqa: B023
    compare()


def apply(transaction: Transaction, row: RunRow, item: things.Run, change: str) -> None:
    match change:
        case "log":
            write_logged(transaction, row, item)
        case "trash":
            runs.save(transaction, row._replace(is_deleted=1))
        case "end":
            status = RunStatus(item.status).number
            runs.save(transaction, row._replace(status=status, end_ms=item.end_time, name=item.run_name))
        case "untag":
            for name in item.tags:
                params.delete_tag(transaction, row, name)
        case "new":
            write_run(transaction, row.experiment_id, item)


def test_nan_comes_before_what_is_missing_on_every_page(shared_database: Database) -> None:
    values = [(1.0,), (math.nan,), (), (3.0,), (math.nan,), (), (2.0, math.nan)]
    items = [
        things.Run(run_id=str(n), start_time=n, metrics={"m": series} if series else {})
        for n, series in enumerate(values)
    ]
    experiment_id, rows = new_experiment(shared_database, items)
    search = Search([experiment_id], EVERYTHING, ViewType.ALL, NOW_MS)
    order = run_search.parsed_order(["metrics.m DESC", "start_time"])

    expected = [rows[n].run_id for n in (3, 0, 1, 4, 6, 2, 5)]

    for by_columns in (True, False):
        pages = found(shared_database, search, list(order), by_columns=by_columns, size=1)
        assert list(itertools.chain(*pages)) == expected


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_runs_of_several_experiments_are_in_the_order_of_their_names(
    shared_database: Database, direction: str
) -> None:
    items = [things.Run(run_id=str(n), start_time=n) for n in range(3)]
    made = [new_experiment(shared_database, items) for _ in range(2)]
    search = Search([one for one, _ in made], EVERYTHING, ViewType.ALL, NOW_MS)
    order = list(run_search.parsed_order([f"experiment_name {direction}", "start_time"]))

    expected = [[row.run_id for row in rows] for _, rows in made]
    if direction == "DESC":
        expected.reverse()

    for by_columns in (True, False):
        pages = found(shared_database, search, order, by_columns=by_columns, size=2)
        assert list(itertools.chain(*pages)) == list(itertools.chain(*expected))


@pytest.mark.parametrize(
    "order_by", [["end_time"], ["end_time DESC"], ["count(metrics.m)"], ["duration DESC"]]
)
def test_what_is_missing_is_on_the_last_pages(shared_database: Database, order_by: list[str]) -> None:
    items = [
        things.Run(run_id=str(n), start_time=n, end_time=end, metrics={"m": (1.0,) * n} if n % 2 else {})
        for n, end in enumerate([50, None, 30, 40, None])
    ]
    experiment_id, rows = new_experiment(shared_database, items)
    search = Search([experiment_id], EVERYTHING, ViewType.ALL, NOW_MS)
    order = run_search.parsed_order(order_by)

    by_columns, by_rows = (
        found(shared_database, search, list(order), by_columns=way, size=1) for way in (True, False)
    )

    assert by_columns == by_rows
    assert {run_id for page in by_rows for run_id in page} == {row.run_id for row in rows}
