"""The whole platform in this process, with no socket: where the tracking URI is a database or a folder.

The one module where the client meets the services; the client loads it when it is first needed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fluvial.client.capture.source import user_name
from fluvial.errors import MissingExtra, Unavailable
from fluvial.settings import ClientSettings, artifacts_of, find_home
from fluvial.wire.charts import GetMetricChart
from fluvial.wire.digests import DigestedReader, FileDigest, OnBytes, digest_of
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.heartbeats import HEARTBEAT
from fluvial.wire.journal import Ingested, SliceHeader, pack_slice
from fluvial.wire.logged_models import is_model_id
from fluvial.wire.sql import RunSql
from fluvial.wire.views import Page, ReadView

try:
    from fluvial.artifacts import CHUNK_BYTES, ArtifactReader, StoreOptions
    from fluvial.artifacts.locations import Locations, Place
    from fluvial.jobs.compaction import compact
    from fluvial.services.artifacts import RunFolder, folder_of_run, folder_to_write
    from fluvial.services.charts import read_chart
    from fluvial.services.context import Permission
    from fluvial.services.heartbeats import mark_silent
    from fluvial.services.metrics import read_columns
    from fluvial.services.model_files import place_of_logged_model
    from fluvial.services.platform import EVERYBODY, Platform, somebody
    from fluvial.services.sql import Limits, run_sql
    from fluvial.services.views import read_view
    from fluvial.store.schema import open_database
    from fluvial.store.texts import index_some
except ModuleNotFoundError as error:
    raise MissingExtra("Logging to a database without a server", "server") from error

# Runs and experiments, at each opening of an old store: about half a second.
INDEXED_AT_ONCE = 1_500


# With each heartbeat the points of quiet runs are folded, for so long at most: the process has other work.
COMPACTION_IDLE_MS = 60_000
COMPACTION_TURN_S = 0.1


class LocalTransport:
    """The platform over one database.

    Args:
        database_uri: The database; what is missing of it is made.
        artifacts: Folder of the artifacts.
        run_silence_s: After how long without a sign of life a run is marked; 0 for never.
    """

    def __init__(self, database_uri: str, artifacts: Path, run_silence_s: float) -> None:
        artifacts.mkdir(parents=True, exist_ok=True)
        locations = Locations(destination=str(artifacts), options=StoreOptions())
        self._platform = Platform(open_database(database_uri), locations)
        self._run_silence_ms = int(run_silence_s * 1000)
        self._has_backlog = True
        self._mark_silent_runs()
        self._index_texts()

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint."""
        answer = self._platform.call(endpoint, request, somebody(user_name()))
        if endpoint.path == HEARTBEAT.path:
            self._mark_silent_runs()
            compact(self._platform, COMPACTION_IDLE_MS, COMPACTION_TURN_S)
            self._index_texts()
        return answer

    def ingest(self, header: SliceHeader, frames: bytes) -> Ingested:
        """Apply a slice of a journal."""
        return self._platform.ingest(pack_slice(header, frames)).result()

    def metric_points(self, run_id: str, key: str) -> bytes:
        """All points of a metric as columns."""
        return self._platform.read_with(
            Permission.READ, EVERYBODY, lambda context: read_columns(context, run_id, key)
        )

    def metric_chart(self, request: GetMetricChart) -> bytes:
        """Series for a chart as an Arrow stream."""
        return self._platform.read_with(
            Permission.READ, EVERYBODY, lambda context: read_chart(context, request)
        )

    def read_view(self, request: ReadView) -> Page:
        """A page of a view."""
        return self._platform.read_with(
            Permission.READ, EVERYBODY, lambda context: read_view(context, request)
        )

    def run_sql(self, request: RunSql) -> bytes:
        """The answer to a query."""
        return run_sql(self._platform, EVERYBODY, request, Limits())

    def upload(self, owner: str, path: str, source: Path, on_bytes: OnBytes | None = None) -> FileDigest:
        """Keep a file as an artifact of a run, and read it back to make sure of it."""
        place = self._place(owner, Permission.EDIT)
        with source.open("rb") as content:
            size_bytes = source.stat().st_size
            read = DigestedReader(content, on_bytes)
            place.store.write(place.key(path), read, size_bytes=size_bytes)
        if self.checksum(owner, path) != read.digest:
            raise Unavailable(f"{path} is not kept as it was written: the checksums differ.")
        if not is_model_id(owner):
            self._platform.hub.publish(self._folder(owner, Permission.EDIT).change)
        return read.digest

    def download(self, owner: str, path: str, target: Path, on_bytes: OnBytes | None = None) -> None:
        """Write an artifact of a run to a file."""
        with self._open(owner, path) as content, target.open("wb") as file:
            shutil.copyfileobj(DigestedReader(content, on_bytes), file, CHUNK_BYTES)

    def checksum(self, owner: str, path: str) -> FileDigest:
        """Size and SHA-256 of an artifact of a run."""
        with self._open(owner, path) as content:
            return digest_of(content)

    def close(self) -> None:
        """Finish what was begun and let go of the database."""
        self._platform.close()

    def _open(self, owner: str, path: str) -> ArtifactReader:
        place = self._place(owner, Permission.READ)
        return place.store.open(place.key(path))

    def _place(self, owner: str, needs: Permission) -> Place:
        """Where the files of a run or a logged model are."""
        if is_model_id(owner):
            return self._platform.read_with(
                needs, EVERYBODY, lambda context: place_of_logged_model(context, owner)
            )
        return self._folder(owner, needs).place

    def _folder(self, run_id: str, needs: Permission) -> RunFolder:
        find = folder_to_write if needs is Permission.EDIT else folder_of_run
        return self._platform.read_with(needs, EVERYBODY, lambda context: find(context, run_id))

    def _mark_silent_runs(self) -> None:
        """What a server does by itself: nobody else may look after this store."""
        if self._run_silence_ms > 0:
            self._platform.write_with(
                Permission.MANAGE, EVERYBODY, lambda context: mark_silent(context, self._run_silence_ms)
            ).result()

    def _index_texts(self) -> None:
        """The same of what was logged before there was full-text search."""
        if self._has_backlog:
            n = self._platform.write_with(
                Permission.MANAGE, EVERYBODY, lambda context: index_some(context.transaction, INDEXED_AT_ONCE)
            ).result()
            self._has_backlog = n == INDEXED_AT_ONCE


def connect(uri: str, settings: ClientSettings) -> LocalTransport:
    """The platform over the database with this URL."""
    return LocalTransport(uri, artifacts_of(uri, find_home(settings.home)), settings.run_silence_s)
