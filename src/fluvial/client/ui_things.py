"""Views of an experiment and reports, as a person writes them down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote, unquote

from msgspec import Struct

from fluvial.errors import InvalidRequest
from fluvial.wire.saved_views import SavedView

_KINDS = {"metrics": "m", "params": "p", "tags": "t", "attributes": "a"}
# What JavaScript's encodeURIComponent leaves as it is.
_PLAIN = "-_.~!*'()"


class View(Struct, frozen=True, kw_only=True):
    """A named view of an experiment: what its runs page shows to everybody who chooses it.

    Attributes:
        name: Unique in its experiment.
        experiment: Name of the experiment.
        filter: In the search language; empty for all runs.
        order: Such as `metrics.loss ASC`, or several, the first one first; empty for the newest first.
        columns: Such as `metrics.loss`, `params.lr`, `tags.team`, `attributes.status`; none for the
            usual ones.
        is_default: Whether the experiment opens with it.
        state: What else the address of the page holds, as it is there.

    Example:
        >>> best = fluvial.ui.View(name="Best", experiment="churn", order="metrics.auc DESC")
        >>> best.to_state()
        {'order': ['metrics.auc DESC']}
    """

    name: str
    experiment: str
    filter: str = ""
    order: str | tuple[str, ...] = ""
    columns: tuple[str, ...] = ()
    is_default: bool = False
    state: dict[str, Any] = {}

    def to_state(self) -> dict[str, Any]:
        """What the address of the page holds, as the platform keeps it.

        Raises:
            InvalidRequest: A column is not one.
        """
        order = [self.order] if isinstance(self.order, str) else list(self.order)
        said = {
            "filter": self.filter,
            "order": [one for one in order if one],
            "columns": _encoded(self.columns),
        }
        return {**self.state, **{name: value for name, value in said.items() if value}}

    @classmethod
    def from_saved(cls, saved: SavedView, experiment: str) -> View:
        """A view that the platform has."""
        state = dict(saved.state)
        columns = _decoded(str(state.get("columns", "")))
        if columns is not None:
            state.pop("columns", None)
        return cls(
            name=saved.name,
            experiment=experiment,
            filter=str(state.pop("filter", "")),
            order=_one_or_several(state.pop("order", "")),
            columns=columns or (),
            is_default=saved.is_default,
            state=state,
        )


PanelChart = Literal[
    "line",
    "bar",
    "table",
    "box",
    "scatter",
    "contour",
    "parallel",
    "importance",
    "histogram",
    "images",
    "difference",
    "confusion",
    "roc",
    "note",
]


class Panel(Struct, frozen=True, kw_only=True):
    """A part of a report that shows runs; docs/ui.md says what each field means.

    Example:
        >>> print(fluvial.ui.Panel(chart="line", experiment="churn", metric="loss").to_markdown())
        ```fluvial
        {"chart": "line", "experiment": "churn", "metric": "loss"}
        ```
    """

    chart: PanelChart = "line"
    experiment: str = ""
    title: str = ""
    filter: str = ""
    order: str | tuple[str, ...] = ""
    group: tuple[str, ...] = ()
    limit: int | None = None
    metric: str = ""
    x: Literal["step", "time", "elapsed"] = "step"
    smoothing: float = 0.0
    log: bool = False
    columns: tuple[str, ...] = ()
    options: dict[str, Any] = {}

    def to_markdown(self) -> str:
        """The panel as a report's text holds it."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        said = {name: value for name, value in given.items() if value not in (_DEFAULTS.get(name), (), {})}
        return f"```fluvial\n{json.dumps({'chart': self.chart, **said}, ensure_ascii=False)}\n```"


_DEFAULTS = dict(zip(reversed(Panel.__struct_fields__), reversed(Panel.__struct_defaults__), strict=False))


class Report(Struct, frozen=True, kw_only=True):
    """A text in markdown with panels of runs in it.

    Attributes:
        title: By which it is found again; no two reports that are written as code share one.
        text: Markdown.
    """

    title: str
    text: str = ""

    @classmethod
    def of(cls, title: str, parts: Sequence[str | Panel]) -> Report:
        """A report made of markdown and panels, in order.

        Example:
            >>> loss = fluvial.ui.Panel(experiment="churn", metric="loss")
            >>> report = fluvial.ui.Report.of("Churn", ["# What helped", loss])
        """
        texts = [part.to_markdown() if isinstance(part, Panel) else part for part in parts]
        return cls(title=title, text="\n\n".join(texts))


def _one_or_several(order: str | Sequence[str]) -> str | tuple[str, ...]:
    """An order as people write it: one as a text, whether the page has kept a list of it or not."""
    if isinstance(order, str):
        return order
    return order[0] if len(order) == 1 else tuple(order)


def _encoded(columns: Sequence[str]) -> str:
    parts = []
    for column in columns:
        kind, _, key = column.partition(".")
        if kind not in _KINDS or not key:
            raise InvalidRequest(
                f"A column is metrics.KEY, params.KEY, tags.KEY or attributes.NAME, not {column!r}."
            )
        parts.append(f"{_KINDS[kind]}.{quote(key, safe=_PLAIN).replace('!', '%21')}")
    return ",".join(parts)


def _decoded(text: str) -> tuple[str, ...] | None:
    """The columns that a link names; none where it says more of them than their names."""
    names = {letter: kind for kind, letter in _KINDS.items()}
    parts = text.split(",") if text else []
    if any("!" in part or part[:1] not in names or part[1:2] != "." for part in parts):
        return None
    return tuple(f"{names[part[0]]}.{unquote(part[2:])}" for part in parts)
