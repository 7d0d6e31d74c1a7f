"""From data to a served model: dataset, run, logged model, version, alias, as a graph.

A question begins at one thing. What it came from is followed upward as far as it goes, what came of it
downward; never up and down again, so that a dataset which everything reads does not bring everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from fluvial.errors import InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.model_sources import version_number
from fluvial.services.routes import serve
from fluvial.store import lineage, logged_models, model_versions, registered_models, registry_search, runs
from fluvial.store.lineage import Read
from fluvial.store.logged_models import LoggedModelRow
from fluvial.store.model_versions import VersionRow
from fluvial.store.runs import RunRow
from fluvial.wire.filter_text import quoted
from fluvial.wire.lineage import FIND_LINEAGE, FindLineage, Lineage, LineageEdge, LineageNode

MAX_NODES = 2000


@serve(FIND_LINEAGE, needs=Permission.READ)
def find_lineage(context: Context, request: FindLineage) -> Lineage:
    """What something came from, and what came of it.

    Raises:
        NotFound: It is not there.
        InvalidRequest: The request begins nowhere, or at several things.
    """
    limit = rules.page_size(request.max_nodes, maximum=MAX_NODES, name="max_nodes")
    starts = [request.name, request.model_id, request.run_id, request.dataset_name]
    if sum(map(bool, starts)) != 1:
        raise InvalidRequest("Lineage begins at one thing: a name, a model_id, a run_id or a dataset_name.")
    graph = _Graph(context, limit)
    if request.name:
        graph.from_versions(_versions(context, request, limit))
    elif request.model_id:
        graph.from_models([logged_models.get(context.transaction, request.model_id)])
    elif request.run_id:
        graph.from_runs([runs.get(context.transaction, request.run_id)])
    else:
        graph.from_dataset(
            rules.experiment_id(request.experiment_id), request.dataset_name, request.dataset_digest
        )
    return graph.answer(request.search)


def _versions(context: Context, request: FindLineage, limit: int) -> list[VersionRow]:
    if request.version:
        return [model_versions.get(context.transaction, request.name, version_number(request.version))]
    registered_models.get(context.transaction, request.name)
    found = registry_search.find_versions(
        context.transaction,
        f"name = {quoted(request.name)} AND is_prompt IN ('true', 'false')",
        (),
        now_ms=context.now_ms,
        after=None,
        limit=limit,
    )
    return [one.row for one in found]


class _Graph:
    """What was found so far."""

    def __init__(self, context: Context, limit: int) -> None:
        self._transaction = context.transaction
        self._limit = limit
        self._nodes: dict[str, LineageNode] = {}
        self._edges: dict[tuple[str, str], LineageEdge] = {}
        self._is_truncated = False

    def from_versions(self, rows: list[VersionRow]) -> None:
        """Begin at versions."""
        self._add_versions(rows)
        self._up_from_versions(rows)

    def from_models(self, rows: list[LoggedModelRow]) -> None:
        """Begin at logged models."""
        self._add_models(rows)
        self._down_from_models(rows)
        self._up_from_models(rows)

    def from_runs(self, rows: list[RunRow]) -> None:
        """Begin at runs."""
        self._add_runs(rows)
        self._down_from_runs(rows)
        self._up_from_runs(rows)

    def from_dataset(self, experiment_id: int, name: str, digest: str) -> None:
        """Begin at a dataset.

        Raises:
            NotFound: No run of the experiment read it.
        """
        found = lineage.datasets_named(self._transaction, experiment_id, name)
        ids = [dataset_id for dataset_id, known in found if not digest or known == digest]
        if not ids:
            raise NotFound(f"No run of the experiment {experiment_id} read the dataset {name[:200]!r}.")
        reads = lineage.readers_of(self._transaction, experiment_id, ids)
        for read in reads:
            self._add_dataset(experiment_id, read)
        keys = sorted({read.run_key for read in reads})
        by_key = lineage.run_ids(self._transaction, experiment_id, keys)
        rows = runs.find_all(self._transaction, list(by_key.values()))
        self._add_runs(rows)
        self._add_reads(experiment_id, rows, reads)
        self._down_from_runs(rows)

    def answer(self, search: str) -> Lineage:
        """The graph, or what of it lies on a way through nodes that a text finds."""
        kept = set(self._nodes) if not search else self._around(search.casefold())
        return Lineage(
            nodes=tuple(node for node_id, node in self._nodes.items() if node_id in kept),
            edges=tuple(edge for (source, target), edge in self._edges.items() if {source, target} <= kept),
            is_truncated=self._is_truncated,
        )

    def _around(self, text: str) -> set[str]:
        """What comes before and after the nodes that hold a text."""
        found = {
            node_id
            for node_id, node in self._nodes.items()
            if text in node.label.casefold() or text in node_id.casefold() or text in node.detail.casefold()
        }
        after: dict[str, set[str]] = defaultdict(set)
        before: dict[str, set[str]] = defaultdict(set)
        for source, target in self._edges:
            after[source].add(target)
            before[target].add(source)
        return _reached(found, after) | _reached(found, before)

    def _up_from_versions(self, rows: list[VersionRow]) -> None:
        places = logged_models.places(self._transaction, {row.model_id for row in rows if row.model_id})
        looked_up = [logged_models.find(self._transaction, model_id) for model_id in sorted(places)]
        models = [model for model in looked_up if model is not None]
        self._add_models(models)
        for row in rows:
            if row.model_id in places:
                self._link(f"model:{row.model_id}", _version_id(row), "registered")
        self._up_from_models(models)
        of_runs = [row for row in rows if row.run_id and row.model_id not in places]
        found = runs.find_all(self._transaction, sorted({row.run_id for row in of_runs}))
        self._add_runs(found)
        for row in of_runs:
            self._link(f"run:{row.run_id}", _version_id(row), "registered")
        self._up_from_runs(found)

    def _up_from_models(self, rows: list[LoggedModelRow]) -> None:
        found = runs.find_all(
            self._transaction, sorted({row.source_run_id for row in rows if row.source_run_id})
        )
        self._add_runs(found)
        for row in rows:
            self._link(f"run:{row.source_run_id}", f"model:{row.model_id}", "made")
        self._up_from_runs(found)

    def _up_from_runs(self, rows: list[RunRow]) -> None:
        for experiment_id, some in _by_experiment(rows).items():
            keys = [row.run_key for row in some]
            reads = lineage.read_by_runs(self._transaction, experiment_id, keys)
            for read in reads:
                self._add_dataset(experiment_id, read)
            self._add_reads(experiment_id, some, reads)
            ids = {row.run_key: row.run_id for row in some}
            linked = lineage.models_of_runs(self._transaction, experiment_id, keys)
            read_models = {model_id for _, model_id, is_made in linked if not is_made}
            for model_id in sorted(read_models):
                model = logged_models.find(self._transaction, model_id)
                if model is not None:
                    self._add_models([model])
            for run_key, model_id, is_made in linked:
                if not is_made:
                    self._link(f"model:{model_id}", f"run:{ids[run_key]}", "read")

    def _down_from_runs(self, rows: list[RunRow]) -> None:
        for experiment_id, some in _by_experiment(rows).items():
            ids = {row.run_key: row.run_id for row in some}
            models = {
                row.model_id: row
                for row in lineage.made_by(self._transaction, experiment_id, list(ids.values()))
            }
            linked = lineage.models_of_runs(self._transaction, experiment_id, list(ids))
            for _, model_id, is_made in linked:
                if is_made and model_id not in models:
                    model = logged_models.find(self._transaction, model_id)
                    if model is not None:
                        models[model_id] = model
            self._add_models(models.values())
            for run_key, model_id, is_made in linked:
                if is_made:
                    self._link(f"run:{ids[run_key]}", f"model:{model_id}", "made")
            for model in models.values():
                self._link(f"run:{model.source_run_id}", f"model:{model.model_id}", "made")
            self._down_from_models(list(models.values()))
            versions = model_versions.of_runs(self._transaction, list(ids.values()))
            direct = [row for row in versions if row.model_id not in models]
            self._add_versions(direct)
            for row in direct:
                self._link(f"run:{row.run_id}", _version_id(row), "registered")

    def _down_from_models(self, rows: Iterable[LoggedModelRow]) -> None:
        versions = model_versions.of_logged_models(self._transaction, [row.model_id for row in rows])
        self._add_versions(versions)
        for row in versions:
            self._link(f"model:{row.model_id}", _version_id(row), "registered")

    def _add_versions(self, rows: Iterable[VersionRow]) -> None:
        rows = list(rows)
        for row, entity in zip(rows, model_versions.as_entities(self._transaction, rows), strict=True):
            detail = entity.state or ("" if entity.current_stage == "None" else entity.current_stage)
            label = f"{row.name} {row.version}"
            self._add(LineageNode(node_id=_version_id(row), kind="version", label=label, detail=detail))
            for alias in entity.aliases:
                node_id = f"alias:{row.name}@{alias}"
                self._add(LineageNode(node_id=node_id, kind="alias", label=f"{row.name}@{alias}"))
                self._link(_version_id(row), node_id, "served as")

    def _add_models(self, rows: Iterable[LoggedModelRow]) -> None:
        for row in rows:
            self._add(
                LineageNode(
                    node_id=f"model:{row.model_id}",
                    kind="model",
                    label=row.name,
                    experiment_id=str(row.experiment_id),
                    detail=row.model_type,
                )
            )

    def _add_runs(self, rows: Iterable[RunRow]) -> None:
        for row in rows:
            self._add(
                LineageNode(
                    node_id=f"run:{row.run_id}",
                    kind="run",
                    label=row.name,
                    experiment_id=str(row.experiment_id),
                )
            )

    def _add_dataset(self, experiment_id: int, read: Read) -> None:
        self._add(
            LineageNode(
                node_id=_dataset_id(experiment_id, read),
                kind="dataset",
                label=read.name,
                experiment_id=str(experiment_id),
                detail=read.digest,
            )
        )

    def _add_reads(self, experiment_id: int, rows: list[RunRow], reads: list[Read]) -> None:
        ids = {row.run_key: row.run_id for row in rows}
        for read in reads:
            if read.run_key in ids:
                words = f"read as {read.context}" if read.context else "read"
                self._link(_dataset_id(experiment_id, read), f"run:{ids[read.run_key]}", words)

    def _add(self, node: LineageNode) -> None:
        if node.node_id in self._nodes:
            return
        if len(self._nodes) >= self._limit:
            self._is_truncated = True
            return
        self._nodes[node.node_id] = node

    def _link(self, source: str, target: str, label: str) -> None:
        if source in self._nodes and target in self._nodes:
            self._edges.setdefault((source, target), LineageEdge(source=source, target=target, label=label))


def _reached(start: set[str], steps: dict[str, set[str]]) -> set[str]:
    found, todo = set(start), list(start)
    while todo:
        for node_id in steps[todo.pop()] - found:
            found.add(node_id)
            todo.append(node_id)
    return found


def _by_experiment(rows: Iterable[RunRow]) -> dict[int, list[RunRow]]:
    found: dict[int, list[RunRow]] = defaultdict(list)
    for row in rows:
        found[row.experiment_id].append(row)
    return found


def _version_id(row: VersionRow) -> str:
    return f"version:{row.name}/{row.version}"


def _dataset_id(experiment_id: int, read: Read) -> str:
    return f"dataset:{experiment_id}/{read.dataset_id}"
