from __future__ import annotations

import resource
import subprocess
import sys
import textwrap
from pathlib import Path

from sqlalchemy import func, select

from fluvial.store.schema import open_database
from fluvial.store.statement import Statement
from fluvial.store.tables import key

_COUNT = Statement(select(func.count()).select_from(key))


def run_limited(code: str, *arguments: str, max_file_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run Python in a process whose files cannot grow beyond a limit: a full disk."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes)),
    )


def test_a_full_disk_is_said_and_what_was_committed_stays(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    open_database(uri).close()
    code = """
        import signal, sys
        from fluvial.errors import RequestError
        from fluvial.store import keys
        from fluvial.store.schema import open_database
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        database = open_database(sys.argv[1])
        kept = 0
        try:
            for i in range(100_000):
                name = f"{i:06d}" + "x" * 2000
                database.write(lambda transaction: keys.intern(transaction, 0, keys.Kind.TAG, [name]))
                kept += 1
        except RequestError as error:
            print(kept, type(error).__name__)
    """

    finished = run_limited(code, uri, max_file_bytes=3_000_000)

    kept, error = finished.stdout.split()
    assert error == "StorageFull", finished.stderr
    database = open_database(uri)
    (n_rows,) = database.read(lambda transaction: transaction.rows(_COUNT))[0]
    database.close()
    assert n_rows == int(kept) > 0


def test_two_processes_write_to_one_file(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    open_database(uri).close()
    code = """
        import sys
        from fluvial.store import keys
        from fluvial.store.schema import open_database
        database = open_database(sys.argv[1])
        for i in range(200):
            name = f"{sys.argv[2]}-{i}"
            database.write(lambda transaction: keys.intern(transaction, 0, keys.Kind.TAG, [name]))
        database.close()
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), uri, str(number)], stderr=subprocess.PIPE
        )
        for number in range(3)
    ]

    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors

    database = open_database(uri)
    names = database.read(lambda transaction: transaction.rows(_COUNT))[0]
    database.close()
    assert names == (600,)
