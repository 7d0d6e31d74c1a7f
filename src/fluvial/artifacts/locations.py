"""Where artifacts are kept: the server assigns every location, and opens only what was configured.

A location is a URI. `mlflow-artifacts:/1` stands for the server's own store, whatever is behind it, and
is what clients are given unless proxying is off. A caller may ask for another one when it creates an
experiment, within bounds: it may name a bucket, which its clients then write to with their own
credentials, but never a place on the server's disk, nor a host. The server itself reads and writes only
in its own store and in the places that the administrator configured; whoever names another bucket does
not get the server's credentials for it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from urllib.parse import quote, unquote

from msgspec import Struct

from fluvial.artifacts import (
    BUCKETS,
    ArtifactEntry,
    ArtifactStore,
    MultipartStore,
    PresigningStore,
    StoreOptions,
    Uri,
    checked_folder,
    checked_name,
    open_store,
)
from fluvial.errors import InvalidRequest, InvalidSetting, NotSupported, PermissionDenied

MAX_LOCATION_CHARS = 2048
PROXY = "mlflow-artifacts"  # the scheme of the server's own store


class Place(Struct, frozen=True):
    """A location, as the server sees it.

    Attributes:
        store: Where the bytes are.
        folder: What the location is called there; "" is the store's root.
    """

    store: ArtifactStore
    folder: str

    def key(self, name: str) -> str:
        """What an artifact with this name within the location is called in the store."""
        return f"{self.folder}/{checked_name(name)}" if self.folder else checked_name(name)

    def list(self, folder: str) -> list[ArtifactEntry]:
        """The entries of a folder within the location; "" is the location itself."""
        return self.store.list(self.key(folder) if folder else self.folder)


class Locations:
    """The locations that this server assigns and opens.

    Args:
        destination: What is behind `mlflow-artifacts:`, such as `./artifacts` or `s3://bucket/prefix`;
            None where clients write to the stores themselves.
        default_root: Where experiments are kept that ask for nothing; None stands for the server's own
            store.
        allowed: Further places, of any scheme, that callers may ask for and that the server opens.
        options: For the stores.

    Raises:
        InvalidSetting: A location cannot be opened.
        MissingExtra: A package is not installed.
    """

    def __init__(
        self,
        *,
        destination: str | None,
        default_root: str | None = None,
        allowed: tuple[str, ...] = (),
        options: StoreOptions,
    ) -> None:
        if destination is None and default_root is None:
            raise InvalidSetting(
                "A server that serves no artifacts needs --default-artifact-root, for clients to write to."
            )
        self._own = open_store(destination, options) if destination is not None else None
        self._root = _configured(default_root or f"{PROXY}:/")
        self._allowed = tuple(map(_configured, allowed))
        # Locations of experiments lie below few roots: each is opened once, and kept open.
        self._open = functools.cache(lambda root: open_store(root, options))

    @property
    def own(self) -> ArtifactStore:
        """What is behind `mlflow-artifacts:`.

        Raises:
            NotSupported: Nothing is: clients write to the stores themselves.
        """
        if self._own is None:
            raise NotSupported("This server does not serve artifacts (--serve-artifacts).")
        return self._own

    @property
    def takes_multipart(self) -> bool:
        """Whether large files can be sent in parts, straight to the store."""
        return isinstance(self._own, MultipartStore)

    @property
    def signs_downloads(self) -> bool:
        """Whether files can be read straight from the store."""
        return isinstance(self._own, PresigningStore)

    def of_experiment(self, experiment_id: int, proposed: str) -> str:
        """Location of a new experiment: what its creator proposed, or the server's choice.

        Args:
            experiment_id: The experiment.
            proposed: "" leaves it to the server.

        Raises:
            InvalidRequest: See `check`.
        """
        return self.check(proposed) if proposed else f"{self._root}/{experiment_id}"

    def of_run(self, experiment_location: str, run_id: str) -> str:
        """Location of a run's artifacts."""
        return f"{experiment_location}/{run_id}/artifacts"

    def of_model(self, experiment_location: str, model_id: str) -> str:
        """Location of a logged model's files."""
        return f"{experiment_location}/models/{model_id}/artifacts"

    def is_below(self, root: str, location: str) -> bool:
        """Whether a location is another one that this server assigned, or lies in it."""
        inner, outer = Uri.parse(location), Uri.parse(root)
        if inner is None or outer is None:
            return False
        return _below(_canonical(outer), _canonical(inner)) is not None

    def check(self, requested: str) -> str:
        """A location that a caller asked for, if it may have it.

        Raises:
            InvalidRequest: It is too long, malformed, on the server's disk, or at a host of its choice.
        """
        if len(requested) > MAX_LOCATION_CHARS:
            raise InvalidRequest(f"An artifact location has at most {MAX_LOCATION_CHARS} characters.")
        uri = Uri.parse(requested)
        if uri is None or ";" in uri.path:
            raise InvalidRequest(
                f"The artifact location {requested!r} has a query, a fragment or parameters."
            )
        canonical = _canonical(uri)
        if any(_below(root, canonical) is not None for root in self._allowed):
            return canonical
        if uri.scheme == PROXY:
            _check_own(uri)
        elif uri.scheme in BUCKETS:
            _check_bucket(uri)
        else:
            raise InvalidRequest(
                f"The artifact location {requested!r} is refused: it is for the server to say where "
                "artifacts are kept. Leave it out, name a bucket (s3://, gs:// or az://), or ask the "
                "administrator to allow the place (--allowed-artifact-locations)."
            )
        return canonical

    def find(self, location: str) -> Place:
        """The store of a location that an experiment, a run or a model has.

        Raises:
            NotSupported: It is in the server's own store, and the server has none.
            PermissionDenied: It is somewhere the server was not told to go.
        """
        uri = Uri.parse(location)
        if uri is not None and uri.scheme == PROXY:
            return Place(self.own, checked_folder(uri.path.strip("/")))
        for root in (self._root, *self._allowed):
            folder = None if uri is None else _below(root, _canonical(uri))
            if folder is not None:
                return Place(self._open(root), folder)
        raise PermissionDenied(
            f"Artifacts in {location!r} are not read by this server: its administrator has not "
            "configured that place (--allowed-artifact-locations)."
        )


def is_own(location: str) -> bool:
    """Whether a location is in the server's own store."""
    return location.startswith(f"{PROXY}:")


def _check_own(uri: Uri) -> None:
    if uri.authority is not None or not uri.path.startswith("/"):
        raise InvalidRequest(f"The artifact location {uri} names a host: write {PROXY}:/path.")
    first = checked_name(uri.path[1:].removesuffix("/")).split("/")[0]
    if "%" in uri.path:  # clients put the path into a URL, some of them as it is
        raise InvalidRequest(f"The artifact location {uri} has a '%'.")
    if first.isdecimal():
        raise InvalidRequest(
            f"The artifact location {uri} is refused: {PROXY}:/<number> is what the server assigns "
            "to experiments."
        )


def _check_bucket(uri: Uri) -> None:
    if not uri.is_bucket:
        raise InvalidRequest(
            f"The artifact location {uri} does not have the form {uri.scheme}://bucket/prefix."
        )
    checked_folder(uri.path.removeprefix("/"))


def _configured(root: str) -> str:
    """A location of the administrator's; a relative path is from the working directory."""
    uri = Uri.parse(root)
    if uri is None:
        raise InvalidSetting(f"The artifact location {root!r} has a query or a fragment.")
    if uri.scheme == "file" and not uri.path.startswith("/"):
        uri = Uri("file", uri.authority, quote(str(Path(unquote(uri.path)).absolute())))
    return _canonical(uri)


def _canonical(uri: Uri) -> str:
    """The location with one spelling for `file:/a`, `file:///a` and `/a`, and no `/` at the end."""
    path = uri.path.rstrip("/")
    if uri.scheme != "file" or uri.authority not in (None, "", "localhost"):
        return str(Uri(uri.scheme, uri.authority, path))
    return f"file://{quote(unquote(path))}"


def _below(root: str, location: str) -> str | None:
    """What is left of the location below the root, as a name; None if it is elsewhere."""
    if location == root:
        return ""
    if not location.startswith(f"{root}/"):
        return None
    rest = location[len(root) + 1 :]
    return checked_folder(unquote(rest) if location.startswith("file:") else rest)
