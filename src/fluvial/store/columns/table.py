"""The columns of one experiment's runs, in one state of the database.

A column is a list of blocks, the same runs in the same block of every column, in the order of their keys.
Nothing is ever changed in place: a newer state shares the blocks in which nothing has changed, so that a
reader goes on with the state that it has, and a change costs a copy of a block, not of a million values.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from fluvial.store.run_changes import Change

BLOCK_RUNS = 8192
# A block that grew to more is cut in two.
MAX_BLOCK_RUNS = 2 * BLOCK_RUNS
STRING_BYTES = 150  # of a text of usual length in a list and in a dict, without its characters

Arrays = tuple[NDArray[Any], ...]
Scalar = TypeVar("Scalar", bound=np.generic)


class Part(IntEnum):
    """What a column holds of each run."""

    RUN = 0
    NAME = 1
    USER = 2
    PARAM = 3
    TAG = 4
    LAST = 5
    MIN = 6
    MAX = 7
    MEAN = 8
    COUNT = 9

    @property
    def is_text(self) -> bool:
        """Whether its values are codes of texts."""
        return self in {Part.NAME, Part.USER, Part.PARAM, Part.TAG}

    @property
    def is_metric(self) -> bool:
        """Whether it is a number of a metric."""
        return self >= Part.LAST


class ColumnId(NamedTuple):
    """Which column: what it holds, and of params, tags and metrics the key."""

    part: Part
    key_id: int = 0


RUNS = ColumnId(Part.RUN)


class Base(NamedTuple):
    """The arrays of the column `RUNS`, which every table has."""

    run_keys: NDArray[np.int64]
    id_high: NDArray[np.uint64]
    id_low: NDArray[np.uint64]
    status: NDArray[np.int8]
    is_deleted: NDArray[np.bool_]
    start_ms: NDArray[np.int64]
    end_ms: NDArray[np.int64]
    has_end: NDArray[np.bool_]


class Numbers(NamedTuple):
    """The arrays of a metric's column. A value is NaN where the metric is, and where there is none."""

    values: NDArray[np.float64]
    is_there: NDArray[np.bool_]


class Texts(NamedTuple):
    """The array of a column of texts: codes of the dictionary, -1 where there is none."""

    codes: NDArray[np.int32]


def nothing(column: ColumnId, n: int) -> Arrays:
    """The arrays of a column in which no run has a value."""
    if column.part.is_text:
        return Texts(np.full(n, -1, np.int32))
    return Numbers(np.full(n, np.nan), np.zeros(n, np.bool_))


class Dictionary:
    """The different texts of a column. It only grows, and is shared by all states of the column."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._codes: dict[str, int] = {}
        self._lock = threading.Lock()
        self._sorted: list[int] = []
        self._kept: dict[object, NDArray[np.bool_]] = {}
        self.texts: list[str] = []
        self.n_bytes = 0
        self.encode(list(texts))

    def encode(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """The codes of texts, which are added where they are new."""
        with self._lock:
            codes = self._codes
            encoded = np.array([codes.setdefault(text, len(codes)) for text in texts], np.int32)
            new = list(islice(codes, len(self.texts), None))
            self.texts.extend(new)
            self.n_bytes += sum(STRING_BYTES + len(text) for text in new)
        return encoded

    def find(self, text: str) -> int | None:
        """The code of a text."""
        return self._codes.get(text)

    def in_order(self) -> list[int]:
        """All codes in the order of their texts, by code point."""
        with self._lock:
            n_new = len(self.texts) - len(self._sorted)
            if n_new:
                # All but the new ones are in order already, which makes the sort a merge.
                self._sorted = sorted(
                    [*self._sorted, *range(len(self._sorted), len(self.texts))], key=self.texts.__getitem__
                )
            return self._sorted

    def allowed(
        self, comparison: object, matches: Callable[[list[str]], NDArray[np.bool_]]
    ) -> NDArray[np.bool_]:
        """Which codes match; each text is compared once. The last entry is for "no text", and false.

        Args:
            comparison: What the texts are compared by.
            matches: Compares some texts.
        """
        n = len(self.texts)
        known = self._kept.get(comparison, np.zeros(1, np.bool_))
        n_known = len(known) - 1
        if n_known < n:
            new = matches(self.texts[n_known:n])
            known = np.concatenate((known[:-1], new, [False]))
            if len(self._kept) >= MAX_KEPT_COMPARISONS:
                self._kept = {}
            self._kept[comparison] = known
        return known


MAX_KEPT_COMPARISONS = 16


class Column(NamedTuple):
    """A column: the arrays of each block, and the dictionary of a column of texts."""

    blocks: tuple[Arrays, ...]
    dictionary: Dictionary | None = None

    @property
    def n_bytes(self) -> int:
        """Memory that it takes."""
        arrays = sum(array.nbytes for block in self.blocks for array in block)
        return arrays + (self.dictionary.n_bytes if self.dictionary else 0)


class Patch(NamedTuple):
    """New values of some runs: those that are there, in the order of their keys, and those that are gone.

    Attributes:
        runs: The runs.
        columns: Of each column, the values, one for each of these runs.
        gone: Keys of runs that are not there any more.
    """

    runs: Base
    columns: Mapping[ColumnId, Arrays]
    gone: NDArray[np.int64]


class Table:
    """Columns of an experiment in one state of the database.

    Attributes:
        experiment_id: Of which experiment.
        next_number: From which number on changes are not in it.
        seen: Changes from that number on that are.
        columns: By name; `RUNS` is always among them.
        offsets: How many runs are before each block, and at the end in all.
    """

    def __init__(
        self,
        experiment_id: int,
        next_number: int,
        seen: frozenset[Change],
        columns: Mapping[ColumnId, Column],
    ) -> None:
        self.experiment_id = experiment_id
        self.next_number = next_number
        self.seen = seen
        self.columns = columns
        self.runs: tuple[Base, ...] = tuple(Base(*block) for block in columns[RUNS].blocks)
        self.offsets = np.concatenate(
            ([0], np.cumsum([len(block.run_keys) for block in self.runs], dtype=int))
        )

    def __len__(self) -> int:
        return int(self.offsets[-1])

    def run_keys(self) -> NDArray[np.int64]:
        """The keys of all runs, in order."""
        return joined([block.run_keys for block in self.runs], np.int64)

    def numbers(self, column: ColumnId, block: int) -> Numbers:
        """A block of a column of numbers."""
        return Numbers(*self.columns[column].blocks[block])

    def codes(self, column: ColumnId, block: int) -> NDArray[np.int32]:
        """A block of a column of texts."""
        return Texts(*self.columns[column].blocks[block]).codes

    def dictionary(self, column: ColumnId) -> Dictionary:
        """The texts of a column."""
        dictionary = self.columns[column].dictionary
        assert dictionary is not None  # noqa: S101  every column of texts is made with one
        return dictionary

    def gather(self, of_block: Callable[[int], NDArray[Scalar]], slots: NDArray[np.intp]) -> NDArray[Scalar]:
        """The values of some runs.

        Args:
            of_block: Gives the values of a block.
            slots: Places of the runs in the table, ascending; one or more.
        """
        ends = np.searchsorted(slots, self.offsets)
        parts = [
            of_block(block)[slots[start:end] - self.offsets[block]]
            for block, (start, end) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
            if start < end
        ]
        return np.concatenate(parts)

    def run_keys_at(self, slots: NDArray[np.intp]) -> list[int]:
        """The keys of some runs, given in any order."""
        blocks = np.searchsorted(self.offsets, slots, side="right") - 1
        places = (slots - self.offsets[blocks]).tolist()
        return [
            int(self.runs[block].run_keys[place])
            for block, place in zip(blocks.tolist(), places, strict=True)
        ]

    def at(self, next_number: int, seen: frozenset[Change]) -> Table:
        """The same columns, known to be those of a later state."""
        return Table(self.experiment_id, next_number, seen, self.columns)

    def with_columns(self, more: Mapping[ColumnId, Column]) -> Table:
        """The table with more columns."""
        return Table(self.experiment_id, self.next_number, self.seen, {**self.columns, **more})

    def only(self, kept: Iterable[ColumnId]) -> Table:
        """The table without its other columns."""
        columns = {column: self.columns[column] for column in kept}
        return Table(self.experiment_id, self.next_number, self.seen, columns)

    def patched(self, patch: Patch) -> Table:
        """The table with new values of some runs."""
        made: dict[ColumnId, list[Arrays]] = {column: [] for column in self.columns}
        firsts = np.array([block.run_keys[0] for block in self.runs[1:]], np.int64)
        of_run = np.searchsorted(firsts, patch.runs.run_keys, side="right")
        of_gone = np.searchsorted(firsts, patch.gone, side="right")
        dirty = {*of_run.tolist(), *of_gone.tolist()}
        for number in range(max(1, len(self.runs))):
            if number not in dirty:
                for column in made:
                    made[column] += self.columns[column].blocks[number : number + 1]
                continue
            chosen = of_run == number
            old = self.runs[number].run_keys if self.runs else np.empty(0, np.int64)
            layout = _Layout(old, patch.runs.run_keys[chosen], patch.gone[of_gone == number])
            for column in made:
                before = self.columns[column].blocks[number] if self.runs else None
                new = patch.runs if column == RUNS else patch.columns[column]
                made[column] += layout.blocks(before, tuple(array[chosen] for array in new))
        columns = {
            column: Column(tuple(blocks), self.columns[column].dictionary) for column, blocks in made.items()
        }
        return Table(self.experiment_id, self.next_number, self.seen, columns)


class _Layout:
    """Where the runs of a block go when some come, change and go."""

    def __init__(self, old: NDArray[np.int64], given: NDArray[np.int64], gone: NDArray[np.int64]) -> None:
        stays = ~np.isin(old, gone) if len(gone) else np.ones(len(old), np.bool_)
        keys = np.union1d(old[stays], given)
        self._n = len(keys)
        self._is_same = self._n == len(old) and bool(stays.all())
        self._stays = stays
        self._old_at = np.searchsorted(keys, old[stays])
        self._given_at = np.searchsorted(keys, given)

    def blocks(self, before: Arrays | None, given: Arrays) -> list[Arrays]:
        """The arrays of a column with the given values laid in; none, one or two blocks."""
        made = []
        for number, values in enumerate(given):
            if before is not None and self._is_same:
                array = before[number].copy()
            else:
                array = np.empty(self._n, values.dtype)
                if before is not None:
                    array[self._old_at] = before[number][self._stays]
            array[self._given_at] = values
            made.append(array)
        if self._n <= MAX_BLOCK_RUNS:
            return [tuple(made)] if self._n else []
        return cut(tuple(made))


def cut(arrays: Arrays) -> list[Arrays]:
    """Arrays of all runs as those of blocks."""
    n = len(arrays[0])
    return [
        # Copies: a view would keep all of an array for one block of it.
        tuple(array[start : start + BLOCK_RUNS].copy() for array in arrays)
        for start in range(0, n, BLOCK_RUNS)
    ]


def joined(parts: Sequence[NDArray[Any]], kind: type[Scalar]) -> NDArray[Scalar]:
    """Arrays one after the other; none make an empty one."""
    return np.concatenate(parts) if parts else np.empty(0, kind)
