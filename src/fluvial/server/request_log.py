"""What a server writes to its log: lines for people or JSON for programs, each with the request's id."""

from __future__ import annotations

import contextvars
import itertools
import json
import logging
import re
import secrets
import sys
from datetime import UTC, datetime

from fluvial.errors import InvalidSetting

_SANE_ID = re.compile(r"[A-Za-z0-9._:/=+@-]{1,128}")
_LEVELS = ("debug", "info", "warning", "error")
_FORMATS = ("text", "json")
# What a request's line says beside its message.
_FIELDS = ("method", "path", "status", "elapsed_ms")

# An id needs to be another's, not a secret: asking the kernel for random bytes took 6% of a small request.
_PROCESS = secrets.token_hex(8)
_number = itertools.count()

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

access_log = logging.getLogger("fluvial.access")


def take_request_id(given: str | None) -> str:
    """The id that a caller or its proxy gave, if it is sane; else a new one."""
    if given is not None and _SANE_ID.fullmatch(given):
        return given
    return f"{_PROCESS}{next(_number):08x}"


def log_request(method: str, path: str, status: int, took_s: float) -> None:
    """Write the line of a request."""
    elapsed_ms = round(took_s * 1000, 1)
    access_log.info(
        "%s %s %d in %.1f ms",
        method,
        path,
        status,
        elapsed_ms,
        extra={"method": method, "path": path, "status": status, "elapsed_ms": elapsed_ms},
    )


def configure_logging(level: str, form: str) -> None:
    """Write this process's log to its standard error.

    Args:
        level: The least that is written: debug, info, warning or error. From `info` on each request is.
        form: `text` or `json`.

    Raises:
        InvalidSetting: There is no such level or form.
    """
    if level.lower() not in _LEVELS:
        raise InvalidSetting(f"FLUVIAL_LOG_LEVEL is one of {', '.join(_LEVELS)}, not {level!r}.")
    if form.lower() not in _FORMATS:
        raise InvalidSetting(f"FLUVIAL_LOG_FORMAT is one of {', '.join(_FORMATS)}, not {form!r}.")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form.lower() == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("fluvial", "uvicorn.error"):
        logging.getLogger(name).setLevel(level.upper())


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        current = request_id.get()
        mark = f" [{current}]" if current else ""
        record.message = record.getMessage()
        text = f"{_time(record)} {record.levelname.lower()}{mark} {record.message}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get():
            line["request_id"] = current
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
