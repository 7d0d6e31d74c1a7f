"""A throwaway PostgreSQL cluster, shared by every process of one test run.

The first test that wants a database starts the cluster. It ends with the pytest process that was started
by hand, even where that one is killed: a guard waits for a file lock that only its death sets free.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

USER = "fluvial"
READY = "ready"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "jit": "off",
}


class Cluster:
    """A running cluster, reached through a Unix socket in its folder.

    Strings sort as in American English, not by their bytes, as on most servers that users have: what
    relies on the order of bytes has to say so.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str = "postgres") -> str:
        """The URL of one database, as libpq, psycopg and SQLAlchemy read it."""
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """A database of its own, copied from `template`, dropped at the end; yields its name."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield name
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def shared_folder() -> Iterator[Path]:
    """The folder of one run of pytest; its cluster is stopped at the end, or when this process dies."""
    folder = Path(tempfile.mkdtemp(prefix="fluvial-postgres-"))
    with (folder / "owner.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    if not (folder / READY).exists():
        shutil.rmtree(folder)  # else the guard does


def shared_cluster(folder: Path) -> Cluster:
    """The run's cluster, started by whichever process is the first to ask."""
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / READY).exists():
            start_guard(folder)
    return Cluster(folder)


def start_guard(folder: Path) -> None:
    """Start the process that keeps the cluster, and wait until the cluster is there."""
    log = folder / "guard.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(folder)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for pytest; the guard follows when pytest has ended
        )
    assert process.stdout is not None
    with process.stdout:
        answer = process.stdout.readline().decode().strip()
    if answer != READY:
        process.wait()
        raise RuntimeError(f"PostgreSQL did not start.\n{log.read_text()}")
    process.returncode = 0  # not waited for: it outlives this process


class Programs:
    """PostgreSQL's programs, run as somebody who is not root, because they refuse root."""

    def __init__(self) -> None:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: int(bin_.parent.name))
        found = str(folders[-1] / "initdb") if folders else shutil.which("initdb")
        if found is None:
            raise SystemExit("The tests need PostgreSQL 15 or later. On Debian: apt-get install postgresql")
        self._folder = Path(found).parent
        self._user = self._unprivileged() if os.geteuid() == 0 else None

    @staticmethod
    def _unprivileged() -> pwd.struct_passwd:
        try:
            return pwd.getpwnam("postgres")
        except KeyError:
            return pwd.getpwnam("nobody")

    def own(self, folder: Path) -> None:
        """Let the programs write in the folder."""
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def run(self, program: str, *arguments: str) -> None:
        """Run one program to its end; what it prints goes to the log."""
        subprocess.run(
            [str(self._folder / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            cwd="/",
            user=self._user and self._user.pw_uid,
            group=self._user and self._user.pw_gid,
            extra_groups=[] if self._user else None,
        )


def keep(folder: Path) -> None:
    """Start the cluster in `folder`, say so, and stop it when the owner of the folder has ended."""
    programs = Programs()
    programs.own(folder)
    data = str(folder / "data")
    programs.run(
        "initdb", f"--pgdata={data}", f"--username={USER}", "--auth=trust", "--no-sync", "--no-instructions",
        "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US",
    )  # fmt: skip
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    programs.run("pg_ctl", "start", f"--pgdata={data}", "--wait", "-o", f"-k {folder} {options}")
    try:
        (folder / READY).touch()
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        with (folder / "owner.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        programs.run("pg_ctl", "stop", f"--pgdata={data}", "--mode=immediate")
        shutil.rmtree(folder)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
