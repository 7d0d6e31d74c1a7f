"""What has read, written or deleted other people's files on MLflow's servers, tried on this one.

Each name stands for a CVE or an advisory of MLflow. The requests go out exactly as written: an HTTP
library would tidy them up first.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server_process import ServerProcess, running_server

SECRET = "the content of a file outside"

# Ways out of the store to the file `outside.txt` beside it, or further, as they stand in a URL.
WAYS_OUT = {
    "CVE-2023-1177 parent folder": "../outside.txt",
    "CVE-2023-6909 parent folder within": "a/../../outside.txt",
    "CVE-2023-6977 encoded dots": "%2e%2e/outside.txt",
    "CVE-2023-6977 encoded slash": "..%2foutside.txt",
    "CVE-2024-1558 encoded twice": "%252e%252e%252foutside.txt",
    "encoded three times": "%25252e%25252e%25252foutside.txt",
    "CVE-2024-1483 fragment": "a%23/../../outside.txt",
    "CVE-2024-3848 query": "a%3f/../../outside.txt",
    "CVE-2023-3765 backslash": "..%5coutside.txt",
    "CVE-2023-3765 drive": "C%3a/outside.txt",
    "overlong dots": "%c0%ae%c0%ae/outside.txt",
    "NUL": "..%00/outside.txt",
    "fullwidth dots": "%ef%bc%8e%ef%bc%8e/outside.txt",
    "CVE-2023-2780 absolute": "%2fetc/passwd",
    "CVE-2023-30172 slashes": "/%2f/etc/passwd",
    "GHSA-5cvj-7rg6-jggj proc": "/proc/self/root/etc/passwd",
    "CVE-2023-1176 file URI": "file%3a%2f%2f%2fetc%2fpasswd",
    "CVE-2023-2356 URI of the store": "mlflow-artifacts%3a%2f..%2foutside.txt",
}
# Locations that were given to an experiment to turn the server into a reader of its disk or network.
LOCATIONS = {
    "CVE-2023-1176": "file:///etc",
    "CVE-2023-2356": "/etc",
    "CVE-2023-2780": "//proc/self/root",
    "CVE-2023-3765": "C:\\Windows",
    "CVE-2023-6909": "http:///#/../../../../../../../../etc/",
    "CVE-2023-6974": "http://169.254.169.254/latest/meta-data",
    "CVE-2023-6977": "%2fetc",
    "CVE-2024-1483": "http:///#/../../../etc/",
    "CVE-2024-1560": "mlflow-artifacts:/%2e%2e/%2e%2e/etc",
    "CVE-2024-1594": "./a#/../../../etc",
    "CVE-2024-3848": "http:///?/../../../etc/",
    "a host of the caller's": "ftp://127.0.0.1:5000/x",
    "credentials": "s3://key:secret@bucket/x",
    "another experiment's": "mlflow-artifacts:/0",
}

every_way_out = pytest.mark.parametrize("way", WAYS_OUT.values(), ids=WAYS_OUT.keys())


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose artifacts are in `root`, with a file beside it and links out of it within."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "outside.txt").write_text(SECRET)
    (folder / "root").mkdir()
    (folder / "root" / "link").symlink_to(folder)
    (folder / "root" / "linked.txt").symlink_to(folder / "outside.txt")
    with running_server(folder, artifacts_destination=str(folder / "root")) as running:
        yield running


@pytest.fixture(autouse=True)
def _outside_stays_as_it_is(guarded: ServerProcess) -> Iterator[None]:
    """After each test the folder around the store is what it was before."""
    before = outside(guarded.folder)
    yield
    assert outside(guarded.folder) == before
    assert (guarded.folder / "outside.txt").read_text() == SECRET


def outside(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir() if not entry.name.startswith("fluvial.db")}


def send(server: ServerProcess, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Send a request whose target is left as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest(method, target, skip_accept_encoding=True)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def assert_invalid(answer: tuple[int, bytes]) -> None:
    status, content = answer
    assert status == 400, content
    assert json.loads(content)["error_code"] == "INVALID_PARAMETER_VALUE"
    message = json.loads(content)["message"]
    # A NUL is refused earlier, in whatever part of a query it stands.
    assert "Invalid path" in message or "NUL character" in message


def start_run(server: ServerProcess, experiment_id: str = "0") -> str:
    made = server.post("/api/2.0/mlflow/runs/create", experiment_id=experiment_id)
    run_id: str = made.json["run"]["info"]["run_id"]
    return run_id


@every_way_out
@pytest.mark.parametrize("prefix", ["/api", "/ajax-api"])
def test_no_url_reads_writes_or_deletes_outside_of_the_store(
    guarded: ServerProcess, prefix: str, way: str
) -> None:
    target = f"{prefix}/2.0/mlflow-artifacts/artifacts/{way}"

    assert_invalid(send(guarded, "GET", target))
    assert_invalid(send(guarded, "DELETE", target))
    assert_invalid(send(guarded, "PUT", target, b"overwritten"))
    assert send(guarded, "HEAD", target) == (400, b"")


@every_way_out
def test_no_query_lists_or_reads_outside_of_the_store(guarded: ServerProcess, way: str) -> None:
    run = start_run(guarded)

    assert_invalid(send(guarded, "GET", f"/api/2.0/mlflow-artifacts/artifacts?path={way}"))
    assert_invalid(send(guarded, "GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}&path={way}"))
    assert_invalid(send(guarded, "GET", f"/get-artifact?run_id={run}&path={way}"))


@every_way_out
def test_no_upload_by_run_writes_outside_of_the_run(guarded: ServerProcess, way: str) -> None:
    run = start_run(guarded)
    target = f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={way}"

    assert_invalid(send(guarded, "POST", target, b"overwritten"))


def test_no_link_in_the_store_leads_out_of_it(guarded: ServerProcess) -> None:
    own = "/api/2.0/mlflow-artifacts/artifacts"

    assert send(guarded, "GET", f"{own}/linked.txt")[0] == 404
    assert send(guarded, "GET", f"{own}/link/outside.txt")[0] == 404
    assert send(guarded, "PUT", f"{own}/link/outside.txt", b"overwritten")[0] == 400
    assert send(guarded, "PUT", f"{own}/link/new.txt", b"new")[0] == 400
    assert send(guarded, "DELETE", f"{own}/link/outside.txt") == (200, b"{}")
    assert send(guarded, "GET", f"{own}?path=link") == (200, b"{}")


@pytest.mark.parametrize("location", LOCATIONS.values(), ids=LOCATIONS.keys())
def test_no_experiment_is_kept_where_a_caller_must_not_point(guarded: ServerProcess, location: str) -> None:
    answer = guarded.post(
        "/api/2.0/mlflow/experiments/create", name=f"at {location}", artifact_location=location
    )

    assert answer.status == 400
    assert answer.json["error_code"] == "INVALID_PARAMETER_VALUE"


def test_the_servers_credentials_are_not_lent_to_a_bucket_that_a_caller_names(
    guarded: ServerProcess,
) -> None:
    made = guarded.post(
        "/api/2.0/mlflow/experiments/create", name="theirs", artifact_location="s3://internal/x"
    )
    run = start_run(guarded, made.json["experiment_id"])

    for answer in (
        guarded.get("/api/2.0/mlflow/artifacts/list", run_id=run),
        guarded.get("/get-artifact", run_id=run, path="a"),
        guarded.post("/api/2.0/mlflow/artifacts/presigned-upload-url", run_id=run, path="a"),
    ):
        assert (answer.status, answer.json["error_code"]) == (403, "PERMISSION_DENIED")


def test_a_refusal_is_never_a_page(guarded: ServerProcess) -> None:
    target = "/api/2.0/mlflow-artifacts/artifacts/%3Cscript%3Ealert(1)%3C%2Fscript%3E"

    answer = guarded.get(target)

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
