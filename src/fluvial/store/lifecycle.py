"""Which rows a view of the trash shows."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from fluvial.entities.experiment import ViewType


def in_view(is_deleted: ColumnElement[int], view: ViewType) -> ColumnElement[bool]:
    """True for rows that a view shows."""
    if view is ViewType.ALL:
        return true()
    return is_deleted == int(view is ViewType.DELETED_ONLY)
