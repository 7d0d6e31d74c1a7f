"""Three servers on one PostgreSQL and one S3, one of them killed every ten seconds, under load."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from bench.report import measured, report
from tests.postgres import shared_cluster, shared_folder
from tests.server_process import free_port
from tests.several_servers import Load, Outcome, Servers, running

N_SERVERS = 3
SECONDS = 120
KILL_EVERY_S = 10
SLOWEST_S = 5
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}


def main() -> None:
    seconds = int(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else SECONDS
    with (
        tempfile.TemporaryDirectory() as folder,
        shared_folder() as shared,
        shared_cluster(shared).database() as name,
        object_store() as s3,
    ):
        database = shared_cluster(shared).url(name)
        environment = {**CREDENTIALS, "FLUVIAL_S3_ENDPOINT_URL": s3}
        ports = [free_port() for _ in range(N_SERVERS)]
        servers = Servers(ports, database, "s3://bucket/artifacts", Path(folder), environment)
        with running(servers):
            found = _killing(servers, Path(folder), database, seconds)
    print(f"{found.n_points:,} points and {found.n_files} files, {found.n_resent} requests sent again")
    for kind, took_s in sorted(found.slow.items()):
        print(f"slowest {kind}: {took_s:.2f} s")
    about = "three servers killed in turn"
    report(
        "kill_servers",
        [
            measured(f"{about}: lost", "points", [found.n_lost], below=1),
            measured(f"{about}: doubled", "points", [found.n_doubled], below=1),
            measured(f"{about}: reads out of date", "reads", [found.n_stale], below=1),
            measured(f"{about}: slowest request", "s", [found.slowest_s], below=SLOWEST_S),
        ],
    )


def _killing(servers: Servers, folder: Path, database: str, seconds: int) -> Outcome:
    load = Load(servers, folder, n_journals=2, n_plain=4, n_uploaders=1)
    begun = time.monotonic()
    for kill in range(seconds // KILL_EVERY_S):
        time.sleep(max(begun + kill * KILL_EVERY_S - time.monotonic(), 0))
        number = kill % N_SERVERS
        servers.kill(number)
        servers.start(number)
        servers.await_ready(number)
    time.sleep(max(begun + seconds - time.monotonic(), 0))
    load.stop()
    return load.check(database)


@contextmanager
def object_store() -> Iterator[str]:
    """The address of an S3 with one bucket, `bucket`, in a process of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        made = 0
        while made != 200 and process.poll() is None:
            try:
                made = urllib3.request("PUT", f"{url}/bucket", retries=False).status
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
        yield url
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
