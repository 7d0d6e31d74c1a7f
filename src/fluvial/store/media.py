"""Items of media series, and distributions packed to a few bytes a bin."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.store import origins
from fluvial.store.database import Transaction
from fluvial.store.ids import hashed_id
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import media, run
from fluvial.wire.media import HistogramBins, ListMedia, MediaItem

_INSERT = insert(media).values({column.name: bindparam(column.name) for column in media.c})
_PRIMARY = ["experiment_id", "run_key", "key", "step", "media_id"]
_UPSERT = Statement(
    _INSERT.on_conflict_do_update(
        index_elements=_PRIMARY,
        set_={
            name: insert(media).excluded[name] for name in ("kind", "logged_ms", "caption", "path", "data")
        },
    )
)
_ADD = Statement(_INSERT.on_conflict_do_nothing())


def add(transaction: Transaction, row: RunRow, items: Sequence[MediaItem], *, replaces: bool) -> None:
    """Add items to series of a run.

    Args:
        transaction: Open.
        row: The run.
        items: Checked.
        replaces: Whether what is said of a file that is known counts, or what was said before.
    """
    transaction.run_many(
        _UPSERT if replaces else _ADD,
        [
            {
                "experiment_id": row.experiment_id,
                "run_key": row.run_key,
                "key": item.key,
                "step": item.step,
                "media_id": hashed_id(item.kind, item.path or str(item.timestamp)),
                "kind": item.kind,
                "logged_ms": item.timestamp,
                "caption": item.caption,
                "path": item.path,
                "data": None if item.histogram is None else pack(item.histogram),
            }
            for item in items
        ],
    )


def find(
    transaction: Transaction, row: RunRow, wanted: ListMedia, offset: int, limit: int
) -> list[MediaItem]:
    """Items of a run and of those whose history it goes on with, by key and step."""
    places = [
        and_(
            media.c.experiment_id == stretch.experiment_id,
            media.c.run_key == stretch.run_key,
            *([] if until is None else [media.c.step <= until]),
        )
        for stretch, until in origins.history(transaction, row)
    ]
    conditions: list[Any] = [or_(*places)]
    if wanted.kinds:
        conditions.append(media.c.kind.in_(wanted.kinds))
    if wanted.keys:
        conditions.append(media.c.key.in_(wanted.keys))
    if wanted.start_step is not None:
        conditions.append(media.c.step >= wanted.start_step)
    if wanted.end_step is not None:
        conditions.append(media.c.step <= wanted.end_step)
    columns = (
        media.c.key,
        media.c.kind,
        media.c.step,
        media.c.logged_ms,
        media.c.caption,
        media.c.path,
        run.c.run_id,
        media.c.data,
    )
    found = transaction.select(
        select(*columns)
        .join(run, (run.c.experiment_id == media.c.experiment_id) & (run.c.run_key == media.c.run_key))
        .where(*conditions)
        .order_by(media.c.key, media.c.step, media.c.logged_ms, media.c.media_id)
        .limit(limit)
        .offset(offset)
    )
    return [
        MediaItem(
            key=key,
            kind=kind,
            step=step,
            timestamp=logged_ms,
            caption=caption,
            path=path,
            run_id=run_id,
            histogram=None if data is None else unpack(data),
        )
        for key, kind, step, logged_ms, caption, path, run_id, data in found
    ]


def pack(histogram: HistogramBins) -> bytes:
    """A distribution in few bytes: of equal bins only the ends are kept, if the edges follow from them."""
    edges: Sequence[float] = histogram.edges
    n_bins = len(histogram.counts)
    if tuple(_even(edges[0], edges[-1], n_bins)) == histogram.edges:
        edges = (edges[0], edges[-1])
    packed = msgspec.msgpack.encode((edges, histogram.counts, histogram.n_not_finite))
    return zlib.compress(packed, 9)


def unpack(data: bytes) -> HistogramBins:
    """The distribution that was packed."""
    edges, counts, n_not_finite = msgspec.msgpack.decode(
        zlib.decompress(data), type=tuple[tuple[float, ...], tuple[int, ...], int]
    )
    if len(edges) != len(counts) + 1:
        edges = tuple(_even(edges[0], edges[1], len(counts)))
    return HistogramBins(edges=edges, counts=counts, n_not_finite=n_not_finite)


def _even(least: float, greatest: float, n_bins: int) -> list[float]:
    """Edges of bins of one width, as clients compute them."""
    return [least + (greatest - least) * (i / n_bins) for i in range(n_bins)] + [greatest]
