"""Every error that fluvial raises, as one tree, each named after what the caller can do about it.

    FluvialError
    ├── RequestError            an answer to a request; has an HTTP status and a wire code
    │   ├── InvalidRequest      400  change the request
    │   │   ├── InvalidFilter        mend the filter at `position`
    │   │   └── InvalidInput         mend the data: they do not fit the model's signature
    │   ├── AlreadyExists       400  choose another name, or use what is there
    │   ├── Unauthenticated     401  say who you are
    │   ├── PermissionDenied    403  ask somebody who may
    │   ├── NotFound            404  name something that exists
    │   ├── MethodNotAllowed    405  use another HTTP method
    │   ├── Conflict            409  read again, then decide
    │   ├── JournalGap          409  send the journal from `expected_sequence`
    │   ├── TooLarge            413  send less at a time
    │   ├── TooManyRequests     429  wait, then send again
    │   ├── NotSupported        501  use another way: this server cannot do it
    │   ├── Unavailable         503  send again later
    │   ├── StorageFull         507  free space on the server, then send again
    │   └── InternalError       500  report it: a fault of fluvial
    ├── Unreachable             no server answered; what was logged is kept in the journal
    ├── InvalidSetting          a setting or command-line option has no such value
    ├── JournalDamaged          a journal holds bytes that its checksum does not vouch for
    ├── InvalidModel            a folder holds no model that this version can read
    ├── ModelDamaged            a model's files are not those that were saved: fetch it anew
    ├── UntrustedModel          a model would run code, or lacks a signature: look at `reasons`, then decide
    ├── RestoreFailed           the environment of a model cannot be rebuilt: see what the installer says
    └── MissingExtra            an optional dependency is not installed; says which extra has it

The wire codes are MLflow's, so that its clients raise what they expect. An error that crossed HTTP is
raised in the client as the class that was raised in the server.
"""

from __future__ import annotations

from typing import Any, ClassVar


class FluvialError(Exception):
    """Base of all errors of fluvial."""


class RequestError(FluvialError):
    """An answer to a request: has an HTTP status and a wire code.

    Attributes:
        message: For people; says what is wrong and what to do.
        details: For programs, sent beside the message where there are any.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = details

    @property
    def error_code(self) -> str:
        """The wire code, such as `RESOURCE_DOES_NOT_EXIST`."""
        return self.code

    def get_http_status_code(self) -> int:
        """The HTTP status, such as 404."""
        return self.status

    @property
    def retry_after_s(self) -> float:
        """How long the server asks to wait before the next try, in seconds."""
        return float(self.details.get("retry_after_s", 0.0))


class InvalidRequest(RequestError):
    """The request cannot be carried out by anybody: change it."""

    status = 400
    code = "INVALID_PARAMETER_VALUE"


class InvalidFilter(InvalidRequest):
    """A filter or an ordering cannot be understood.

    `details["position"]` is where the fault begins, in characters from 0, and `details["length"]`
    how many characters are at fault: 0 where the filter ends too soon.
    """

    @property
    def position(self) -> int:
        """Where the fault begins, in characters from 0."""
        return int(self.details["position"])

    @property
    def length(self) -> int:
        """How many characters are at fault."""
        return int(self.details["length"])


class InvalidInput(InvalidRequest):
    """Data do not fit a model's signature; the message names each column, what is wanted and given."""


class AlreadyExists(RequestError):
    """The name is taken. MLflow's clients branch on this code, which travels with status 400."""

    status = 400
    code = "RESOURCE_ALREADY_EXISTS"


class Unauthenticated(RequestError):
    """The caller did not say who it is."""

    status = 401
    code = "UNAUTHENTICATED"


class PermissionDenied(RequestError):
    """The caller may not do this."""

    status = 403
    code = "PERMISSION_DENIED"


class NotFound(RequestError):
    """Nothing has that name."""

    status = 404
    code = "RESOURCE_DOES_NOT_EXIST"


class EndpointNotFound(NotFound):
    """No endpoint has that path."""

    code = "ENDPOINT_NOT_FOUND"


class MethodNotAllowed(RequestError):
    """The path exists, the method does not."""

    status = 405
    code = "BAD_REQUEST"


class Conflict(RequestError):
    """Somebody else changed it meanwhile: read it again, then decide."""

    status = 409
    code = "RESOURCE_CONFLICT"


class JournalGap(Conflict):
    """A journal slice does not start where the server's copy ends.

    `details["expected_sequence"]` is the number of the first record that the server lacks.
    """

    code = "JOURNAL_GAP"

    @property
    def expected_sequence(self) -> int:
        """Number of the first record that the server lacks."""
        return int(self.details["expected_sequence"])


class TooLarge(RequestError):
    """The body is larger than the endpoint takes."""

    status = 413
    code = "REQUEST_TOO_LARGE"


class TooManyRequests(RequestError):
    """The server takes no more at the moment: wait, then send again."""

    status = 429
    code = "RESOURCE_EXHAUSTED"


class NotSupported(RequestError):
    """This server, or the store behind it, has no way to do this."""

    status = 501
    code = "NOT_IMPLEMENTED"


class Unavailable(RequestError):
    """Something that the server needs is away: send again later."""

    status = 503
    code = "TEMPORARILY_UNAVAILABLE"


class StorageFull(RequestError):
    """The server's disk or quota is full; nothing of the request was kept."""

    status = 507
    code = "STORAGE_FULL"


class InternalError(RequestError):
    """A fault of fluvial. The cause is in the server's log, never in the answer."""


class Unreachable(FluvialError):
    """No server answered. What was logged is kept in the journal and sent later."""


class InvalidSetting(FluvialError):
    """A setting or command-line option is unknown or has no such value."""


class JournalDamaged(FluvialError):
    """A journal holds bytes that its checksum does not vouch for."""


class InvalidModel(FluvialError):
    """A folder holds no model, or one that this version cannot read."""


class ModelDamaged(FluvialError):
    """A model's files are not those that its manifest or its signature vouches for; nothing was loaded."""


class UntrustedModel(FluvialError):
    """A model would run code when it is loaded, or nobody vouches for it; nothing was loaded.

    Args:
        message: What the model does or lacks, and what to do about it.
        reasons: What to look at, one text each: types, calls, files.
    """

    def __init__(self, message: str, reasons: tuple[str, ...] = ()) -> None:
        listed = "".join(f"\n  {reason}" for reason in reasons)
        super().__init__(f"{message}{listed}")
        self.reasons = reasons


class RestoreFailed(FluvialError):
    """The environment of a model cannot be rebuilt here: a package or a Python cannot be had."""


class MissingExtra(FluvialError, ImportError):
    """An optional dependency is not installed.

    Args:
        what: What needs it, as the subject of a sentence.
        extra: The extra of the `fluvial` package that installs it.
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs more packages: pip install 'fluvial[{extra}]'")
        self.extra = extra


def _all_request_errors(root: type[RequestError]) -> list[type[RequestError]]:
    found = [root]
    for child in root.__subclasses__():
        found += _all_request_errors(child)
    return found


def from_wire(
    status: int, code: str | None, message: str, details: dict[str, Any] | None = None
) -> RequestError:
    """The error that an answer of the server stands for.

    A code that this version does not know becomes the class of its HTTP status.
    """
    classes = _all_request_errors(RequestError)
    by_code = next((c for c in classes if c.code == code and c.status == status), None)
    by_status = next((c for c in classes if c.status == status), None)
    chosen = by_code or by_status or (InvalidRequest if 400 <= status < 500 else InternalError)
    # Shares MLflow's code of every invalid request; only the details tell it apart.
    if chosen is InvalidRequest and {"position", "length"} <= (details or {}).keys():
        chosen = InvalidFilter
    return chosen(message, **(details or {}))
