"""The words of runs and experiments, kept for full-text search.

A row per thing, in the transaction that changes one of its texts: once, as the last thing that it does, so
that a run that comes with fifty params in one batch is indexed once. SQLite has an FTS5 table for each noun,
PostgreSQL a column of tsvector with a GIN index; what they are given was split by `search/words.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql import ColumnElement

from fluvial.entities.run import LOGGED_MODELS_TAG, NAME_TAG
from fluvial.search import words
from fluvial.search.tree import Words
from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import experiment, experiment_tag, key, param, run, tag, text_backlog

# Of one param or tag, so that a few long ones leave room for the others.
MAX_VALUE_CHARS = 2_000
NOTE_TAG = "mlflow.note.content"
# In the backlog, where the run's number is.
EXPERIMENT_ITSELF = 0
_PARAM, _TAG = 1, 2
_SYSTEM = ("mlflow.", "fluvial.")
# Lists for programs, and what is said elsewhere.
_LEFT_OUT = frozenset({NAME_TAG, LOGGED_MODELS_TAG, "mlflow.loggedArtifacts"})


class TextIndex(Struct, frozen=True, kw_only=True, eq=False):
    """The words of the things of one noun.

    Attributes:
        name: Of the table.
        owner: The columns of the noun's table that name a thing; the last is unique by itself.
        read: The texts of a thing.
    """

    name: str
    owner: tuple[sa.Column[Any], ...]
    read: Callable[[Transaction, tuple[int, ...]], list[str]]

    def touch(self, transaction: Transaction, *place: int) -> None:
        """Have the words of a thing written anew at the end of the transaction."""
        transaction.before_commit(self._write, place)

    def has_words(self, wanted: Words, dialect: str) -> ColumnElement[bool]:
        """The condition on the noun's table that a thing has the words."""
        if dialect == "sqlite":
            index = sa.table(self.name, sa.column("rowid"), sa.column("words"))
            matching = index.c.words.bool_op("MATCH")(sa.literal(words.as_fts5(wanted), sa.Text()))
            return self.owner[-1].in_(sa.select(index.c.rowid).where(matching))
        index = sa.table(self.name, *(sa.column(column.name) for column in self.owner), sa.column("words"))
        asked = sa.cast(sa.literal(words.as_tsquery(wanted), sa.Text()), TSQUERY)
        links = [index.c[column.name] == column for column in self.owner]
        one = sa.select(sa.literal_column("1", sa.Integer())).select_from(index)
        return sa.exists(one.where(*links, index.c.words.bool_op("@@")(asked)))

    def _write(self, transaction: Transaction, place: tuple[int, ...]) -> None:
        found = words.document(self.read(transaction, place))
        given: dict[str, Any] = {column.name: value for column, value in zip(self.owner, place, strict=True)}
        if transaction.dialect_name == "sqlite":
            given = {"rowid": place[-1], "words": words.as_text(found)}
        else:
            given["words"] = words.as_tsvector(found)
        transaction.run(_PUT[self.name][transaction.dialect_name], given)


def _in_order(rows: Sequence[tuple[int, str, str]]) -> list[str]:
    """The name, the note, the params, the tags: of what is too long, the last is left out.

    A key is a text with its value, so that "lr 0.01" is found as a phrase; the keys of the tags that
    programs set say nothing.
    """
    first, others = [], []
    for kind, label, value in sorted(rows):
        if kind == _PARAM or (kind == _TAG and not label.startswith(_SYSTEM)):
            others.append(f"{label} {value[:MAX_VALUE_CHARS]}")
        elif label == NOTE_TAG or kind != _TAG:
            first.append(value)
        elif label not in _LEFT_OUT:
            others.append(value[:MAX_VALUE_CHARS])
    return first + others


def _reading(
    owner: sa.Table, place: Sequence[sa.Column[Any]], texts: Sequence[sa.Select[Any]]
) -> Callable[[Transaction, tuple[int, ...]], list[str]]:
    """How the texts of a thing are read: its name as kind 0, the others as selected."""
    names = [f"at{n}" for n in range(len(place))]
    is_it = sa.and_(*(column == sa.bindparam(name) for column, name in zip(place, names, strict=True)))
    name = sa.select(sa.literal_column("0"), sa.literal_column("''"), owner.c.name).where(is_it)
    lock = Statement(sa.select(owner.c.name).where(is_it).with_for_update(key_share=True))
    read = Statement(sa.union_all(name, *texts))

    def of(transaction: Transaction, at: tuple[int, ...]) -> list[str]:
        given = dict(zip(names, at, strict=True))
        if transaction.dialect_name == "postgresql":
            # Two that change other texts of the thing: the later one waits here, and then reads the other's.
            transaction.run(lock, given)
        return _in_order(transaction.rows(read, given))

    return of


_texts_of_run = _reading(
    run,
    (run.c.experiment_id, run.c.run_key),
    [
        sa.select(sa.literal_column(str(kind)), key.c.name, table.c.value)
        .join(key, key.c.key_id == table.c.key_id)
        .where(table.c.experiment_id == sa.bindparam("at0"), table.c.run_key == sa.bindparam("at1"))
        for kind, table in ((_PARAM, param), (_TAG, tag))
    ],
)
_texts_of_experiment = _reading(
    experiment,
    (experiment.c.experiment_id,),
    [
        sa.select(sa.literal_column(str(_TAG)), experiment_tag.c.key, experiment_tag.c.value).where(
            experiment_tag.c.experiment_id == sa.bindparam("at0")
        )
    ],
)


RUN_TEXTS = TextIndex(name="run_text", owner=(run.c.experiment_id, run.c.run_key), read=_texts_of_run)
EXPERIMENT_TEXTS = TextIndex(
    name="experiment_text", owner=(experiment.c.experiment_id,), read=_texts_of_experiment
)


def _put(index: TextIndex) -> dict[str, Statement]:
    columns = [column.name for column in index.owner]
    values = ", ".join(f":{name}" for name in columns)
    return {
        "sqlite": Statement(
            sa.text(f"INSERT OR REPLACE INTO {index.name} (rowid, words) VALUES (:rowid, :words)")  # noqa: S608
        ),
        "postgresql": Statement(
            sa.text(
                f"INSERT INTO {index.name} ({', '.join(columns)}, words) "  # noqa: S608  the names are ours
                f"VALUES ({values}, CAST(:words AS tsvector)) "
                f"ON CONFLICT ({', '.join(columns)}) DO UPDATE SET words = excluded.words"
            )
        ),
    }


_PUT = {index.name: _put(index) for index in (RUN_TEXTS, EXPERIMENT_TEXTS)}

_BACKLOG = Statement(sa.select(text_backlog.c.experiment_id, text_backlog.c.run_key).limit(sa.bindparam("n")))
_DONE = Statement(
    sa.delete(text_backlog).where(
        text_backlog.c.experiment_id == sa.bindparam("e"), text_backlog.c.run_key == sa.bindparam("r")
    )
)


def has_backlog(transaction: Transaction) -> bool:
    """Whether there is something that is not indexed."""
    return transaction.row(_BACKLOG, {"n": 1}) is not None


def index_some(transaction: Transaction, limit: int) -> int:
    """Index some of what was there before there was an index; returns how much that was."""
    rows = transaction.rows(_BACKLOG, {"n": limit})
    for experiment_id, run_key in sorted(rows):
        if run_key == EXPERIMENT_ITSELF:
            EXPERIMENT_TEXTS.touch(transaction, experiment_id)
        else:
            RUN_TEXTS.touch(transaction, experiment_id, run_key)
        transaction.run(_DONE, {"e": experiment_id, "r": run_key})
    return len(rows)
