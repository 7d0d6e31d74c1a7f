"""Experiments and runs to look at, made through the REST API."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from tests.server_process import ServerProcess

MLFLOW = "/api/2.0/mlflow"
START_TIME = 1_795_000_000_000
BATCH = 1000


class Study:
    """An experiment of its own on a shared server."""

    def __init__(self, server: ServerProcess, name: str) -> None:
        self.server = server
        self.name = name
        created = server.post(f"{MLFLOW}/experiments/create", name=name)
        self.experiment_id: str = created.json["experiment_id"]
        self._n_runs = 0
        self._run_ids: list[str] = []

    def url(self, path: str = "", query: str = "") -> str:
        """The address of the experiment's page, or of one below it."""
        return f"{self.server.url}/#/experiments/{self.experiment_id}{path}{query}"

    def run_url(self, run_id: str, query: str = "") -> str:
        """The address of a run's page."""
        return self.url(f"/runs/{run_id}", query)

    def run(
        self,
        name: str,
        *,
        metrics: Mapping[str, float | str] | None = None,
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        parent: str | None = None,
        status: str = "FINISHED",
    ) -> str:
        """A run, each one started a second after the one before; its id."""
        self._n_runs += 1
        start_time = START_TIME + 1000 * self._n_runs
        all_tags = {**(tags or {}), **({"mlflow.parentRunId": parent} if parent else {})}
        created = self.server.post(
            f"{MLFLOW}/runs/create",
            experiment_id=self.experiment_id,
            run_name=name,
            start_time=start_time,
            tags=_pairs(all_tags),
        )
        run_id: str = created.json["run"]["info"]["run_id"]
        self._run_ids.append(run_id)
        self.server.post(
            f"{MLFLOW}/runs/log-batch",
            run_id=run_id,
            params=_pairs(params or {}),
            metrics=[
                {"key": key, "value": value, "timestamp": start_time, "step": 0}
                for key, value in (metrics or {}).items()
            ],
        )
        if status != "RUNNING":
            self.server.post(
                f"{MLFLOW}/runs/update", run_id=run_id, status=status, end_time=start_time + 60_000
            )
        return run_id

    def run_ids(self) -> tuple[str, ...]:
        """The runs that were made here, the first one first."""
        return tuple(self._run_ids)

    def log_curve(self, run_id: str, key: str, values: Sequence[float | str], *, first_step: int = 0) -> None:
        """Points of one metric, a second apart."""
        points = [
            {"key": key, "value": value, "timestamp": START_TIME + 1000 * step, "step": step}
            for step, value in enumerate(values, first_step)
        ]
        for start in range(0, len(points), BATCH):
            answer = self.server.post(
                f"{MLFLOW}/runs/log-batch", run_id=run_id, metrics=points[start : start + BATCH]
            )
            assert answer.status == 200, answer

    def set_tag(self, run_id: str, key: str, value: str) -> None:
        """A tag of a run."""
        self.server.post(f"{MLFLOW}/runs/set-tag", run_id=run_id, key=key, value=value)

    def put_artifact(self, run_id: str, path: str, content: bytes) -> None:
        """A file of a run."""
        answer = self.server.request(
            "PUT",
            f"/api/2.0/mlflow-artifacts/artifacts/{self.experiment_id}/{run_id}/artifacts/{quote(path)}",
            body=content,
        )
        assert answer.status == 200, answer


def falling_loss(n: int) -> list[float]:
    """A loss curve, without noise."""
    return [0.1 + 0.9 * math.exp(-5 * step / n) for step in range(n)]


def png(width: int, height: int) -> bytes:
    """A grey image."""
    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]
