"""What MLflow's API lacks, as a program without the client finds it: over HTTP."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pytest

from tests.server.tracking import Tracking, assert_not_found, assert_refused, point
from tests.server_process import Answer

PREFIX = "/api/1.0/fluvial"


class Own:
    """Our own operations on the runs of a new experiment: three, two of which share a param."""

    def __init__(self, tracking: Tracking) -> None:
        self.tracking = tracking
        self.server = tracking.server
        created = tracking.post("experiments/create", name=f"own-{tracking.experiment_id}")
        self.experiment_id: str = created.json["experiment_id"]
        self.run_ids = [self._run(kind, loss) for kind, loss in (("a", 0.5), ("a", 0.25), ("b", "NaN"))]

    def _run(self, kind: str, loss: object) -> str:
        created = self.tracking.post("runs/create", experiment_id=self.experiment_id)
        run_id: str = created.json["run"]["info"]["run_id"]
        self.tracking.post(
            "runs/log-batch",
            run_id=run_id,
            params=[{"key": "kind", "value": kind}],
            metrics=[point("loss", value=loss)],
        )
        return run_id

    def post(self, operation: str, **message: Any) -> Answer:
        """Call an operation."""
        return self.server.post(f"{PREFIX}/{operation}", **message)

    def search(self, operation: str, **message: Any) -> Any:
        """What an operation says of the experiment's runs."""
        answer = self.post(operation, experiment_ids=[self.experiment_id], **message)
        assert answer.status == 200, answer
        return answer.json


@pytest.fixture
def own(tracking: Tracking) -> Own:
    """Our own operations, and runs to call them on."""
    return Own(tracking)


def test_values_of_runs_come_as_a_table_of_arrow(own: Own) -> None:
    message = {
        "experiment_ids": [own.experiment_id],
        "order_by": ["metrics.loss ASC"],
        "fields": ["metrics.loss", "params.kind"],
    }

    answer = own.server.request(
        "POST",
        f"{PREFIX}/runs/values",
        body=json.dumps(message).encode(),
        headers={"Content-Type": "application/json"},
    )

    table = pa.ipc.open_stream(io.BytesIO(answer.body)).read_all()
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
    assert table.column("run_id").to_pylist()[:2] == [own.run_ids[1], own.run_ids[0]]
    assert table.column("0").to_pylist()[:2] == [0.25, 0.5]
    assert table.column("1").to_pylist() == ["a", "a", "b"]
    assert table.schema.metadata[b"n_matching"] == b"3"
    assert_refused(own.post("runs/values", experiment_ids=[own.experiment_id], fields=["metrics"]))


def test_runs_are_counted_listed_grouped_and_described(own: Own) -> None:
    table = own.search("runs/table", fields=["metrics.loss"], max_rows=2, order_by=["metrics.loss ASC"])
    groups = own.search("runs/group", group_by=["params.kind"], numbers=["metrics.loss"])
    facets = own.search("runs/facets", fields=["params.kind"])
    columns = own.search("runs/columns")

    assert own.search("runs/count", filter="params.kind = 'a'") == {"count": 2}
    assert [row["run_id"] for row in table["rows"]] == [own.run_ids[1], own.run_ids[0]]
    assert (table["n_rows"], table["columns"][0]["numbers"]) == (3, [0.25, 0.5])
    assert [(group["values"], group["n_runs"]) for group in groups["groups"]] == [(["a"], 2), (["b"], 1)]
    assert groups["groups"][0]["numbers"][0]["mean"] == 0.375
    assert [(value["value"], value["n_runs"]) for value in facets["facets"][0]["values"]] == [
        ("a", 2),
        ("b", 1),
    ]
    assert (columns["params"], columns["metrics"]) == (["kind"], ["loss"])


def test_many_runs_are_tagged_moved_and_put_into_the_trash(own: Own) -> None:
    tagged = own.post("runs/edit", run_ids=own.run_ids, set_tags=[{"key": "team", "value": "vision"}])
    moved = own.post("runs/move", run_ids=own.run_ids[:2], experiment_id=own.tracking.experiment_id)
    deleted = own.post("runs/edit", run_ids=own.run_ids[2:], lifecycle_stage="deleted")

    assert tagged.json == {"n_runs": 3}
    assert moved.json["n_runs"] == 2
    assert moved.json["came_from"][0]["experiment_id"] == own.experiment_id
    assert deleted.status == 200
    assert own.search("runs/count") == {"count": 0}
    assert own.tracking.run(own.run_ids[0])["info"]["experiment_id"] == own.tracking.experiment_id
    assert_refused(
        own.post("runs/move", run_ids=own.run_ids[2:], experiment_id=own.tracking.experiment_id),
        saying="Restore it first",
    )
    assert_not_found(own.post("runs/move", run_ids=own.run_ids, experiment_id="987654321"))


def test_a_run_is_forked_and_goes_back(own: Own) -> None:
    origin = own.run_ids[0]
    forked = own.post("runs/fork", run_id=origin, step=0).json["run"]
    rewound = own.post("runs/rewind", run_id=origin, step=0).json

    assert forked["info"]["experiment_id"] == own.experiment_id
    assert forked["data"]["metrics"][0]["value"] == 0.5
    assert rewound["run"]["info"]["run_id"] == origin
    assert rewound["attempt"]["info"]["run_id"] != origin


def test_curves_media_and_names_of_metrics_are_read(own: Own) -> None:
    run_id = own.run_ids[0]
    bins = {"edges": [0, 1], "counts": [3]}
    logged = own.post(
        "runs/log-media",
        run_id=run_id,
        items=[{"key": "weights", "kind": "histogram", "step": 1, "histogram": bins}],
    )
    series = own.post("metrics/series", run_ids=[run_id], keys=["loss"]).json["series"]

    assert logged.status == 200
    assert own.post("runs/media", run_id=run_id).json["items"][0]["histogram"]["counts"] == [3]
    assert (series[0]["steps"], series[0]["values"]) == ([0], [0.5])
    assert own.post("metrics/names", run_ids=[run_id]).json["names"] == ["loss"]


def test_a_view_is_kept_changed_deleted_and_restored(own: Own) -> None:
    of = {"experiment_id": own.experiment_id}
    made = own.post("views/create", **of, name="Best", state={"filter": "metrics.loss < 1"}).json["view"]
    one = {**of, "view_id": made["view_id"]}
    changed = own.post("views/update", **one, version=made["version"], name="Better").json["view"]
    stale = own.post("views/update", **one, version=made["version"], name="Worse")
    own.post("views/delete", **one)
    without = own.server.get(f"{PREFIX}/views/list", **of).json
    own.post("views/restore", **one)

    assert (changed["name"], stale.status) == ("Better", 409)
    assert without.get("views", []) == []
    assert [view["name"] for view in own.server.get(f"{PREFIX}/views/list", **of).json["views"]] == ["Better"]


def test_a_report_has_versions_a_pin_and_a_way_back(own: Own) -> None:
    made = own.post("reports/create", title="Own", text="# One").json["report"]
    one = {"report_id": made["report_id"]}
    now = own.post("reports/update", **one, version=made["version"], text="# Two").json["report"]
    pinned = own.post("reports/pin", **one, version=now["version"], data="{}")
    versions = own.server.get(f"{PREFIX}/reports/versions", **one).json["versions"]
    own.post("reports/delete", **one)
    gone = own.server.get(f"{PREFIX}/reports/get", **one)
    own.post("reports/restore", **one)

    assert pinned.status == 200, pinned
    assert "pinned_time" in versions[0]
    assert_not_found(gone)
    assert own.server.get(f"{PREFIX}/reports/get", **one).json["text"] == "# Two"


def test_everything_is_found_by_a_part_of_its_name(own: Own) -> None:
    found = own.post("search", text=f"own-{own.tracking.experiment_id}").json
    overview = own.post("experiments/overview", filter=f"name = 'own-{own.tracking.experiment_id}'").json[
        "experiments"
    ]

    assert found["experiments"][0]["experiment_id"] == own.experiment_id
    assert overview[0]["n_runs"] == 3
