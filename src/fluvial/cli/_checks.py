"""What `fluvial doctor` looks at."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from fluvial import __version__
from fluvial.cli._output import short_size
from fluvial.cli.config import masked
from fluvial.cli.db import find_status
from fluvial.client.addresses import split_addresses
from fluvial.client.journal import JOURNALS_FOLDER, REJECTED_FILE, JournalInUse, StoredJournal, stored_folders
from fluvial.client.spool import stored_files
from fluvial.client.targets import Target, connect, find_target
from fluvial.errors import FluvialError, InvalidSetting, MissingExtra, Unauthenticated, Unreachable
from fluvial.settings import PREFIX, ClientSettings, find_home, read_settings, variable_of
from fluvial.wire.experiments import SEARCH_EXPERIMENTS, SearchExperiments

LITTLE_SPACE_BYTES = 1_000_000_000
NO_SPACE_BYTES = 100_000_000
SLOW_MS = 250.0
CLOCK_WARNING_S = 5.0
# A module of each extra; where it is missing, so is the extra.
_EXTRAS = {
    "server": "sqlalchemy",
    "postgres": "psycopg",
    "objectstore": "obstore",
    "pandas": "pandas",
    "parquet": "pyarrow",
    "sql": "duckdb",
    "gpu": "pynvml",
}


class State(StrEnum):
    """How bad something is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was looked at.

    Attributes:
        about: What was looked at.
        state: How bad it is.
        text: What was found.
        remedy: What to do about it; empty where nothing need be done.
    """

    about: str
    state: State = State.OK
    text: str
    remedy: str = ""


def find_all(tracking_uri: str | None) -> Iterator[Finding]:
    """Look at everything, one after the other.

    Args:
        tracking_uri: The target to examine; none for that of the settings.
    """
    yield from _installation()
    try:
        settings = read_settings(ClientSettings, os.environ)
    except InvalidSetting as error:
        yield Finding(
            about="settings",
            state=State.FAULT,
            text=str(error),
            remedy="Unset or correct the variable; docs and fluvial config name them all.",
        )
        return
    yield from _settings(settings)
    home = find_home(settings.home)
    yield from _home(home)
    yield from _journals(home)
    try:
        target = find_target(tracking_uri or settings.tracking_uri, home)
    except InvalidSetting as error:
        yield Finding(
            about="target",
            state=State.FAULT,
            text=str(error),
            remedy="Set FLUVIAL_TRACKING_URI, for example to http://127.0.0.1:5000.",
        )
        return
    if not target.is_remote:
        yield from _database(target)
    for url in split_addresses(target.uri) if target.is_remote else ():
        yield from _server(Target(url, is_remote=True), settings)


def _installation() -> Iterator[Finding]:
    where = Path(__file__).parents[1]
    yield Finding(about="fluvial", text=f"{__version__} in {where}")
    version = platform.python_version()
    yield Finding(
        about="python", text=f"{version} on {platform.system()} {platform.machine()}, {sys.executable}"
    )
    here = [extra for extra, module in _EXTRAS.items() if importlib.util.find_spec(module)]
    missing = [extra for extra in _EXTRAS if extra not in here]
    hint = f"; not installed: {', '.join(missing)}" if missing else ""
    yield Finding(about="extras", text=f"{', '.join(here) or 'none'}{hint}")
    try:
        mlflow = importlib.metadata.version("mlflow-skinny")
    except importlib.metadata.PackageNotFoundError:
        return
    yield Finding(about="mlflow", text=f"{mlflow} is installed too; MLFLOW_TRACKING_URI points it here")


def _settings(settings: ClientSettings) -> Iterator[Finding]:
    given = [name for name in os.environ if name.startswith((PREFIX, "MLFLOW_"))]
    yield Finding(about="settings", text=", ".join(sorted(given)) or "no variable is set: all are defaults")
    ours, theirs = os.environ.get("FLUVIAL_TRACKING_URI"), os.environ.get("MLFLOW_TRACKING_URI")
    if ours and theirs and ours.rstrip("/") != theirs.rstrip("/"):
        yield Finding(
            about="settings",
            state=State.WARNING,
            text=f"FLUVIAL_TRACKING_URI counts here, but MLflow's client logs to {masked(theirs)}",
            remedy="Unset one of them, or set both to the same.",
        )
    if settings.offline:
        yield Finding(
            about="settings",
            state=State.WARNING,
            text=f"{variable_of('offline', os.environ)} is set: what is logged stays on this machine",
            remedy="Unset it to send, or send by hand: fluvial sync",
        )
    if settings.insecure_tls:
        yield Finding(
            about="settings",
            state=State.WARNING,
            text="the server's certificate is not checked: who is in between can read and change it all",
            remedy="Set FLUVIAL_SERVER_CERT_PATH to its certificate, and unset the other.",
        )


def _home(home: Path) -> Iterator[Finding]:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(existing, os.W_OK):
        yield Finding(
            about="home",
            state=State.FAULT,
            text=f"{home} cannot be written: journals stay in memory, and are lost if the process dies",
            remedy="Make it writable, or name another folder with FLUVIAL_HOME.",
        )
    else:
        yield Finding(about="home", text=f"{home}{'' if home.exists() else ' (made when it is needed)'}")
    free = shutil.disk_usage(existing).free
    state = State.FAULT if free < NO_SPACE_BYTES else State.WARNING if free < LITTLE_SPACE_BYTES else State.OK
    remedy = "" if state is State.OK else "Free some, or name a folder on another disk with FLUVIAL_HOME."
    yield Finding(about="disk", state=state, text=f"{short_size(free)} free for journals", remedy=remedy)


def _journals(home: Path) -> Iterator[Finding]:
    n_waiting = n_records = n_files = n_used = n_bytes = 0
    refused = []
    for folder in stored_folders(home / JOURNALS_FOLDER):
        n_bytes += sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if (folder / REJECTED_FILE).exists():
            refused.append(folder / REJECTED_FILE)
        try:
            with StoredJournal(folder) as journal:
                n_records += journal.backlog.count()
            n_files += len(stored_files(folder))
            n_waiting += 1
        except JournalInUse:
            n_used += 1
        except FluvialError as error:
            yield Finding(
                about="journals",
                state=State.FAULT,
                text=f"{folder.name}: {error}",
                remedy=f"fluvial journal verify {folder}",
            )
    used = f"; {n_used} in use by living processes" if n_used else ""
    if n_records or n_files:
        yield Finding(
            about="journals",
            state=State.WARNING,
            text=f"{n_waiting} wait with {n_records:,} records and {n_files:,} files, "
            f"{short_size(n_bytes)}{used}",
            remedy="fluvial sync",
        )
    else:
        yield Finding(about="journals", text=f"nothing waits to be sent{used}")
    if refused:
        yield Finding(
            about="journals",
            state=State.WARNING,
            text=f"a server refused records of {len(refused)} journals",
            remedy="\n".join(f"The reasons are in {path}" for path in refused[:3]),
        )


def _database(target: Target) -> Iterator[Finding]:
    shown = masked(target.uri)
    try:
        status = find_status(target.uri)
    except FluvialError as error:
        remedies = {
            MissingExtra: "Install that, or log to a server.",
            Unreachable: "See that it is up, and that host, user and password are right.",
        }
        yield Finding(
            about="target",
            state=State.FAULT,
            text=f"{shown}: {error}",
            remedy=remedies.get(type(error), "Point FLUVIAL_TRACKING_URI at a database of fluvial."),
        )
        return
    advice = {"outdated": "fluvial db upgrade", "newer": "Upgrade fluvial."}
    texts = {
        "empty": "empty: made when something is logged, or by fluvial demo",
        "current": f"schema {status.schema}",
        "outdated": f"schema {status.schema}, and this fluvial wants {status.wanted}",
        "newer": f"schema {status.schema}, and this fluvial knows {status.wanted}",
    }
    state = State.FAULT if status.state == "newer" else State.OK
    yield Finding(
        about="target",
        state=State.WARNING if status.state == "outdated" else state,
        text=f"{shown}, {texts[status.state]}",
        remedy=advice.get(status.state, ""),
    )


def _server(target: Target, settings: ClientSettings) -> Iterator[Finding]:
    from fluvial.client.http import connect as connect_http  # noqa: PLC0415 - a database needs no HTTP
    from fluvial.client.probe import probe  # noqa: PLC0415

    try:
        with closing(connect_http(target.uri, settings)) as transport:
            found = probe(transport)
    except Unreachable as error:
        yield Finding(
            about="server",
            state=State.FAULT,
            text=str(error),
            remedy="Start it there (fluvial server), or name another with FLUVIAL_TRACKING_URI.\n"
            "Behind a proxy, see HTTP_PROXY and NO_PROXY. Until then, what is logged waits in the journal.",
        )
        return
    except FluvialError as error:
        remedy = "Set FLUVIAL_TRACKING_TOKEN, or FLUVIAL_TRACKING_USERNAME and _PASSWORD."
        if not isinstance(error, Unauthenticated):
            remedy = "See that the address is that of a fluvial server, with its static prefix; then its log."
        yield Finding(about="server", state=State.FAULT, text=f"{target.uri}: {error}", remedy=remedy)
        return
    is_slow = found.latency_ms > SLOW_MS
    yield Finding(
        about="server",
        state=State.WARNING if is_slow else State.OK,
        text=f"{target.uri} answers in {found.latency_ms:.0f} ms",
        remedy="Training does not wait for it, but reading does: use one nearby." if is_slow else "",
    )
    is_other = found.version != __version__
    yield Finding(
        about="version",
        state=State.WARNING if is_other else State.OK,
        text=f"the server has {found.version}"
        + (f", this is {__version__}" if is_other else ", the same as this"),
        remedy="Upgrade the older of them." if is_other else "",
    )
    yield _clock(found.clock_difference_s)
    try:
        with closing(connect(target, settings)) as reading:
            reading.call(SEARCH_EXPERIMENTS, SearchExperiments(max_results=1))
    except FluvialError as error:
        yield Finding(
            about="store",
            state=State.FAULT,
            text=f"the server answers, but does not read its store: {error}",
            remedy="See the server's log, and there: fluvial db status.",
        )
    else:
        yield Finding(about="store", text="the server reads its store")


def _clock(difference_s: float | None) -> Finding:
    if difference_s is None:
        return Finding(about="clock", text="the server does not say its time")
    if abs(difference_s) <= CLOCK_WARNING_S:
        return Finding(about="clock", text=f"within {CLOCK_WARNING_S:.0f} s of the server's")
    word = "ahead of" if difference_s > 0 else "behind"
    return Finding(
        about="clock",
        state=State.WARNING,
        text=f"the server's is {abs(difference_s):,.0f} s {word} this machine's",
        remedy="Times of points come from this machine: set the clock of the one that is wrong (NTP).",
    )
