from __future__ import annotations

import json
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import mlflow
import pytest
import urllib3
from mlflow.tracking import MlflowClient

from tests.s3 import make_bucket
from tests.server_process import Answer, ServerProcess, running_server

OWN = "/api/2.0/mlflow-artifacts"
UPLOAD = "/ajax-api/2.0/mlflow/upload-artifact"
MIB = 1 << 20


@pytest.fixture(scope="module")
def s3_server(
    tmp_path_factory: pytest.TempPathFactory, s3_url: str, s3_credentials: None
) -> Iterator[ServerProcess]:
    """A server with a bucket behind it."""
    folder = tmp_path_factory.mktemp("s3-server")
    destination = f"s3://{make_bucket(s3_url)}/prefix"
    with running_server(folder, artifacts_destination=destination, s3_endpoint_url=s3_url) as running:
        yield running


@pytest.fixture
def run(server: ServerProcess) -> str:
    return start_run(server)


def start_run(server: ServerProcess) -> str:
    made = server.post("/api/2.0/mlflow/runs/create", experiment_id="0")
    run_id: str = made.json["run"]["info"]["run_id"]
    return run_id


def path_of(run_id: str, name: str) -> str:
    return f"{OWN}/artifacts/0/{run_id}/artifacts/{quote(name)}"


def put(server: ServerProcess, run_id: str, name: str, content: bytes, **headers: str) -> None:
    answer = server.request("PUT", path_of(run_id, name), body=content, headers=dashed(headers))
    assert (answer.status, answer.body) == (200, b"")


def get(server: ServerProcess, run_id: str, name: str, **headers: str) -> Answer:
    return server.request("GET", path_of(run_id, name), headers=dashed(headers))


def dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def test_what_is_put_is_got_as_an_attachment_that_cannot_run(server: ServerProcess, run: str) -> None:
    put(server, run, "page é.html", b"<script>alert(1)</script>")

    answer = get(server, run, "page é.html")

    assert answer.body == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''page%20%C3%A9.html"
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == "25"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("model/MLmodel", "text/plain; charset=utf-8"),
        ("conda.yaml", "text/plain; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.png", "image/png"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.csv.gz", "application/octet-stream"),
        ("data:text/html,x", "application/octet-stream"),
        ("no-suffix", "application/octet-stream"),
    ],
)
def test_the_type_follows_from_the_name(server: ServerProcess, run: str, name: str, kind: str) -> None:
    put(server, run, name, b"x")

    assert get(server, run, name).headers["content-type"] == kind


def test_the_senders_type_is_not_repeated(server: ServerProcess, run: str) -> None:
    put(server, run, "x", b"x", content_type="text/html")

    assert get(server, run, "x").headers["content-type"] == "application/octet-stream"


def test_a_range_is_a_part(server: ServerProcess, run: str) -> None:
    put(server, run, "digits", b"0123456789")

    answer = get(server, run, "digits", range="bytes=2-4")

    assert (answer.status, answer.body) == (206, b"234")
    assert answer.headers["content-range"] == "bytes 2-4/10"
    assert answer.headers["content-length"] == "3"


def test_a_range_outside_of_the_file_is_416(server: ServerProcess, run: str) -> None:
    put(server, run, "digits", b"0123456789")

    answer = get(server, run, "digits", range="bytes=10-")

    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */10"


def test_who_has_the_file_gets_it_again_only_when_it_has_changed(server: ServerProcess, run: str) -> None:
    put(server, run, "a.txt", b"first")
    etag = get(server, run, "a.txt").headers["etag"]

    unchanged = get(server, run, "a.txt", if_none_match=etag)
    put(server, run, "a.txt", b"second")
    changed = get(server, run, "a.txt", if_none_match=etag)

    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["etag"] == etag
    assert (changed.status, changed.body) == (200, b"second")


def test_head_says_what_get_would_without_the_bytes(server: ServerProcess, run: str) -> None:
    put(server, run, "a.txt", b"12345")

    answer = server.request("HEAD", path_of(run, "a.txt"))

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == "5"


def test_a_missing_file_is_404_in_json(server: ServerProcess, run: str) -> None:
    answer = get(server, run, "missing")

    assert answer.status == 404
    assert answer.json["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_a_folder_cannot_be_downloaded(server: ServerProcess, run: str) -> None:
    put(server, run, "a/b.txt", b"x")

    assert get(server, run, "a").status == 400


def test_deleting_is_recursive_and_may_be_repeated(server: ServerProcess, run: str) -> None:
    put(server, run, "a/b.txt", b"x")
    put(server, run, "a/c/d.txt", b"x")

    answers = [server.request("DELETE", path_of(run, "a")) for _ in range(2)]

    assert [(answer.status, answer.json) for answer in answers] == [(200, {}), (200, {})]
    assert get(server, run, "a/c/d.txt").status == 404


def test_the_root_cannot_be_deleted(server: ServerProcess, run: str) -> None:
    put(server, run, "a.txt", b"x")

    for path in ("artifacts/", "artifacts"):
        answer = server.request("DELETE", f"{OWN}/{path}")
        assert answer.status in (400, 405)
    assert get(server, run, "a.txt").status == 200


def test_the_web_apps_paths_are_the_same(server: ServerProcess, run: str) -> None:
    put(server, run, "a.txt", b"x")
    alias = path_of(run, "a.txt").replace("/api/", "/ajax-api/")

    assert server.get(alias).body == b"x"


def test_an_artifact_of_a_run_is_got_by_run_and_path(server: ServerProcess, run: str) -> None:
    put(server, run, "plots/a b.txt", b"x")

    for name in ("run_id", "run_uuid"):
        assert server.get("/get-artifact", path="plots/a b.txt", **{name: run}).body == b"x"


@pytest.mark.parametrize("query", ["", "run_id=0", "path=a"])
def test_get_artifact_says_what_is_missing(server: ServerProcess, query: str) -> None:
    answer = server.get(f"/get-artifact?{query}")

    assert answer.status == 400
    assert "lacks" in answer.json["message"]


def test_a_small_artifact_is_uploaded_to_a_run(server: ServerProcess, run: str) -> None:
    query = {"run_uuid": run, "path": "notes/a.md"}

    answer = server.request("POST", UPLOAD, query=query, body=b"# hello")

    assert (answer.status, answer.json) == (200, {})
    assert get(server, run, "notes/a.md").body == b"# hello"


@pytest.mark.parametrize("is_chunked", [False, True])
def test_an_upload_to_a_run_has_at_most_ten_mebibytes(
    server: ServerProcess, run: str, is_chunked: bool
) -> None:
    url = f"{server.url}{UPLOAD}?run_uuid={run}&path=big"
    content = bytes(10 * MIB + 1)

    answer = urllib3.request("POST", url, body=iter([content]) if is_chunked else content, retries=False)

    assert answer.status == 413
    assert get(server, run, "big").status == 404


def test_nothing_is_uploaded_to_a_deleted_or_unknown_run(server: ServerProcess, run: str) -> None:
    server.post("/api/2.0/mlflow/runs/delete", run_id=run)

    for run_id, status in ((run, 400), ("0" * 32, 404)):
        query = {"run_uuid": run_id, "path": "a"}
        assert server.request("POST", UPLOAD, query=query, body=b"x").status == status


def test_an_upload_that_breaks_off_leaves_nothing(server: ServerProcess, run: str) -> None:
    parts = server.folder / "artifacts" / ".fluvial-parts"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = f"PUT {path_of(run, 'half')} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"
        connection.sendall(head.encode() + bytes(4_000_000))
        while not any(parts.iterdir()):
            pass
    while any(parts.iterdir()):
        pass

    assert get(server, run, "half").status == 404


def test_a_name_with_a_question_mark_is_refused_not_cut(server: ServerProcess, run: str) -> None:
    answer = server.request("PUT", f"{OWN}/artifacts/0/{run}/artifacts/what?.png", body=b"x")

    assert answer.status == 400
    assert "?" in answer.json["message"]
    assert get(server, run, "what").status == 404


def test_a_full_disk_is_507(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        run = start_run(server)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (8 * MIB, 8 * MIB))

        answer = server.request("PUT", path_of(run, "big"), body=bytes(9 * MIB))

        assert answer.status == 507
        assert answer.json["error_code"] == "STORAGE_FULL"
        assert get(server, run, "big").status == 404
        put(server, run, "small", b"still works")


@pytest.mark.parametrize("call_name", ["create", "complete", "abort"])
def test_a_folder_takes_no_files_in_parts(server: ServerProcess, run: str, call_name: str) -> None:
    answer = server.post(f"{OWN}/mpu/{call_name}/0/{run}/artifacts", path="a")

    assert answer.status == 501
    assert answer.json["error_code"] == "NOT_IMPLEMENTED"


def test_a_folder_signs_no_urls(server: ServerProcess, run: str) -> None:
    put(server, run, "a", b"x")

    assert server.get(f"{OWN}/presigned/0/{run}/artifacts/a").status == 501


def test_without_proxying_nothing_is_handed_through(tmp_path: Path) -> None:
    root = str(tmp_path / "runs")
    with running_server(tmp_path, default_artifact_root=root, serve_artifacts=False) as server:
        run = start_run(server)
        place = tmp_path / "runs" / "0" / run / "artifacts" / "a.txt"
        place.parent.mkdir(parents=True)
        place.write_text("written by the client")

        assert get(server, run, "a.txt").status == 501
        assert server.get("/get-artifact", run_id=run, path="a.txt").body == b"written by the client"


def test_whoever_watches_a_run_hears_of_its_new_artifacts(server: ServerProcess, run: str) -> None:
    def is_told() -> None:
        while json.loads(next(events))["kinds"] != ["artifacts"]:
            pass

    watching = urllib3.request(
        "GET", f"{server.url}/api/1.0/fluvial/events?run_id={run}", preload_content=False, timeout=60
    )
    events = (line[6:] for line in iter(watching.readline, b"") if line.startswith(b"data: "))
    assert "server_time" in json.loads(next(events))

    put(server, run, "a.txt", b"x")
    is_told()
    server.request("DELETE", path_of(run, "a.txt"))
    is_told()
    server.request("POST", UPLOAD, query={"run_uuid": run, "path": "b.txt"}, body=b"x")
    is_told()

    watching.close()


def test_a_server_of_artifacts_only_serves_its_store(tmp_path: Path) -> None:
    with running_server(tmp_path, artifacts_only=True) as server:
        put(server, "run", "a.txt", b"x")

        assert get(server, "run", "a.txt").body == b"x"
        listed = server.get(f"{OWN}/artifacts", path="0/run/artifacts").json
        assert listed == {"files": [{"path": "a.txt", "is_dir": False, "file_size": 1}]}
        assert server.get("/api/2.0/mlflow/artifacts/list", run_id="run").status == 404


class TestMlflowsClient:
    @pytest.fixture
    def client(self, server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
        return connect(server, monkeypatch)

    def test_it_logs_lists_and_downloads(self, client: MlflowClient, tmp_path: Path) -> None:
        source = tmp_path / "source"
        (source / "deep").mkdir(parents=True)
        (source / "a é+%.txt").write_text("a")
        (source / "deep" / "b.bin").write_bytes(os.urandom(3 * MIB))
        run_id = client.create_run("0").info.run_id

        client.log_artifacts(run_id, str(source), "given")
        client.log_text(run_id, "text", "notes/c.txt")

        listed = client.list_artifacts(run_id, "given")
        assert [(f.path, f.is_dir, f.file_size) for f in listed] == [
            ("given/a é+%.txt", False, 1),
            ("given/deep", True, None),
        ]
        local = Path(client.download_artifacts(run_id, "given", str(tmp_path)))
        for name in ("a é+%.txt", "deep/b.bin"):
            assert (local / name).read_bytes() == (source / name).read_bytes()
        assert client.list_artifacts(run_id, "missing") == []

    def test_it_sends_and_reads_large_files_straight_to_the_bucket(
        self, s3_server: ServerProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", str(5 * MIB))
        monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(5 * MIB))
        client = connect(s3_server, monkeypatch)
        run_id = client.create_run("0").info.run_id
        (tmp_path / "large é.bin").write_bytes(os.urandom(12 * MIB))
        (tmp_path / "small.txt").write_text("small")

        client.log_artifact(run_id, str(tmp_path / "large é.bin"), "given")
        client.log_artifact(run_id, str(tmp_path / "small.txt"))

        (tmp_path / "got").mkdir()
        for name in ("given/large é.bin", "small.txt"):
            local = Path(client.download_artifacts(run_id, name, str(tmp_path / "got")))
            assert local.read_bytes() == (tmp_path / local.name).read_bytes()
        info = s3_server.get("/api/3.0/mlflow/server-info").json
        assert info["multipart_uploads_enabled"]
        assert info["multipart_downloads_enabled"]


def connect(server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    mlflow.set_tracking_uri(server.url)
    return MlflowClient(server.url)


def test_an_upload_in_parts_can_be_given_up(s3_server: ServerProcess) -> None:
    run = start_run(s3_server)
    at = f"0/{run}/artifacts/folder"
    local = r"C:\x\a.bin"
    begun = s3_server.post(f"{OWN}/mpu/create/{at}", path=local, num_parts=2).json

    answer = s3_server.post(f"{OWN}/mpu/abort/{at}", path=local, upload_id=begun["upload_id"])

    assert [part["part_number"] for part in begun["credentials"]] == [1, 2]
    assert (answer.status, answer.json) == (200, {})
    assert get(s3_server, run, "folder/a.bin").status == 404


def test_an_upload_has_up_to_ten_thousand_parts(s3_server: ServerProcess) -> None:
    for n_parts in (0, 10_001):
        answer = s3_server.post(f"{OWN}/mpu/create/0/run", path="a", num_parts=n_parts)
        assert answer.status == 400
