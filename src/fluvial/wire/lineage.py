"""Where models come from and where they went, over the wire."""

from __future__ import annotations

from typing import Literal

from fluvial.wire.endpoint import Endpoint, Message

NodeKind = Literal["dataset", "run", "model", "version", "alias"]


class FindLineage(Message, frozen=True, kw_only=True):
    """Ask what something came from and what came of it. One of these says where to begin.

    Attributes:
        name: A registered model, all versions of it; with
        version: one version.
        model_id: A logged model.
        run_id: A run.
        dataset_name: A dataset that runs of
        experiment_id: this experiment read, with
        dataset_digest: this digest; any where it is not said.
        search: Only paths through a node whose label or id holds this text, in any case.
        max_nodes: How many nodes at most, up to 2,000.
    """

    name: str = ""
    version: str = ""
    model_id: str = ""
    run_id: str = ""
    dataset_name: str = ""
    experiment_id: str = ""
    dataset_digest: str = ""
    search: str = ""
    max_nodes: int = 500


class LineageNode(Message, frozen=True, kw_only=True):
    """Something on the way from data to a served model.

    Attributes:
        node_id: `kind:…`, unique in the answer.
        kind: What it is.
        label: For people.
        experiment_id: Of a dataset, a run or a logged model.
        detail: A digest, a status, a stage.
    """

    node_id: str
    kind: NodeKind
    label: str
    experiment_id: str = ""
    detail: str = ""


class LineageEdge(Message, frozen=True, kw_only=True):
    """One thing that came of another.

    Attributes:
        source: Node that it came from.
        target: Node that came of it.
        label: How: `read as training`, `made`, `registered`, …
    """

    source: str
    target: str
    label: str = ""


class Lineage(Message, frozen=True, kw_only=True):
    """Nodes and edges, from data to served models.

    Attributes:
        nodes: Those that were asked for come first.
        edges: Between them.
        is_truncated: Whether there were more than `max_nodes`.
    """

    nodes: tuple[LineageNode, ...] = ()
    edges: tuple[LineageEdge, ...] = ()
    is_truncated: bool = False


FIND_LINEAGE = Endpoint("GET", "/api/1.0/fluvial/registry/lineage", FindLineage, Lineage)
