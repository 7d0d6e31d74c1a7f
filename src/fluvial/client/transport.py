"""How a client reaches a platform: over HTTP, or in its own process."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from fluvial.wire.charts import GetMetricChart
from fluvial.wire.digests import FileDigest, OnBytes
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.journal import Ingested, SliceHeader
from fluvial.wire.sql import RunSql
from fluvial.wire.views import Page, ReadView


class Transport(Protocol):
    """One platform, reached in one way. Any thread may use it.

    Every method raises the error that the platform answered, or `Unreachable` if it did not answer.
    """

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint."""
        ...

    def ingest(self, header: SliceHeader, frames: bytes) -> Ingested:
        """Send a slice of a journal."""
        ...

    def metric_points(self, run_id: str, key: str) -> bytes:
        """All points of a metric as columns, see `history.py`."""
        ...

    def metric_chart(self, request: GetMetricChart) -> bytes:
        """Series for a chart as an Arrow stream, see `wire/charts.py`."""
        ...

    def read_view(self, request: ReadView) -> Page:
        """A page of a view."""
        ...

    def run_sql(self, request: RunSql) -> bytes:
        """The answer to a query: JSON or an Arrow stream, as asked for."""
        ...

    def upload(self, owner: str, path: str, source: Path, on_bytes: OnBytes | None = None) -> FileDigest:
        """Keep a file of a run or a logged model, and make sure that it is there as it was sent."""
        ...

    def download(self, owner: str, path: str, target: Path, on_bytes: OnBytes | None = None) -> None:
        """Write an artifact of a run or a logged model to a file."""
        ...

    def checksum(self, owner: str, path: str) -> FileDigest:
        """Size and SHA-256 of an artifact of a run or a logged model, as the platform has it."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
