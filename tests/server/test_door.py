"""Who may be addressed by which name, and from which web page; what every answer says to browsers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server_process import Answer, ServerProcess, running_server

SEARCH = "/api/2.0/mlflow/runs/search"
ELSEWHERE = "https://evil.example"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a name, one friend among the origins, and below a path."""
    folder: Path = tmp_path_factory.mktemp("strict")
    with running_server(
        folder,
        allowed_hosts=("mlops.example", "*.lab.example", "127.0.0.1:*"),
        cors_allowed_origins=("https://notebooks.example",),
        static_prefix="/tracking",
        x_frame_options="DENY",
    ) as running:
        yield running


def search(server: ServerProcess, *, method: str = "POST", **headers: str) -> Answer:
    sent = {"Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return server.request(method, SEARCH, body=b"{}" if method == "POST" else None, headers=sent)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:5000", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:5000", "[::1]", "[::1]:5000",
     "0.0.0.0:5000", "10.1.2.3:5000", "192.168.0.7", "172.16.0.1:80", "[fd00::1]:5000"],
)  # fmt: skip
def test_this_machine_and_private_networks_may_be_addressed(server: ServerProcess, host: str) -> None:
    assert search(server, Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:5000", "localhost.evil.example", "127.0.0.1.evil.example", "8.8.8.8",
     "172.32.0.1", "[2001:4860::1]:5000", "localhost@evil.example", "", "127.0.0.1 evil"],
)  # fmt: skip
def test_a_name_that_somebody_else_resolves_is_refused(server: ServerProcess, host: str) -> None:
    answer = search(server, Host=host)

    assert (answer.status, answer.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert answer.text.startswith("Invalid Host header")


@pytest.mark.parametrize(
    "path", ["/", "/api/1.0/fluvial/events", "/get-artifact", "/api/1.0/fluvial/openapi.json"]
)
def test_pages_and_streams_are_behind_the_same_door(server: ServerProcess, path: str) -> None:
    assert server.request("GET", path, headers={"Host": "evil.example"}).status == 403


@pytest.mark.parametrize("path", ["/health", "/version"])
def test_health_and_version_answer_to_any_name(server: ServerProcess, path: str) -> None:
    assert server.request("GET", path, headers={"Host": "evil.example"}).status == 200


def test_a_page_of_another_site_changes_nothing(server: ServerProcess) -> None:
    answer = search(server, Origin=ELSEWHERE)

    assert answer.status == 403
    assert answer.text.startswith("Cross-origin request blocked")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    ["null", "file://", "http://localhost.evil.example", "http://127.0.0.1@evil.example", "http://[", ""],
)
def test_what_only_looks_like_this_machine_is_another_site(server: ServerProcess, origin: str) -> None:
    assert search(server, Origin=origin).status == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize(
    "path", ["/api/2.0/mlflow-artifacts/artifacts/0/a/artifacts/x", "/api/1.0/fluvial/ingest"]
)
def test_streams_are_closed_to_other_sites_under_every_method_that_writes(
    server: ServerProcess, method: str, path: str
) -> None:
    answer = server.request(method, path, body=b"x", headers={"Origin": ELSEWHERE})

    assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:8888", "http://[::1]:5000"])
def test_pages_of_this_machine_may_call(server: ServerProcess, origin: str) -> None:
    answer = search(server, Origin=origin)

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_the_servers_own_page_may_call_whatever_its_name(server: ServerProcess) -> None:
    assert search(server, Host="10.1.2.3:5000", Origin="http://10.1.2.3:5000").status == 200


def test_a_preflight_tells_what_a_page_of_this_machine_may_send(server: ServerProcess) -> None:
    answer = search(server, method="OPTIONS", Origin="http://localhost:3000")

    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_a_preflight_of_another_site_gets_no_leave(server: ServerProcess) -> None:
    answer = search(server, method="OPTIONS", Origin=ELSEWHERE)

    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/health"), ("GET", "/"), ("POST", SEARCH), ("GET", "/api/nothing"), ("DELETE", SEARCH)],
)
def test_every_answer_says_how_browsers_must_treat_it(server: ServerProcess, method: str, path: str) -> None:
    answer = server.request(method, path, message={} if method == "POST" else None)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Origin" in answer.headers["Vary"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize("host", ["mlops.example", "a.lab.example"])
def test_a_server_answers_to_the_names_it_was_given(strict: ServerProcess, host: str) -> None:
    assert search(strict, Host=host).status == 200


@pytest.mark.parametrize("host", ["localhost:5000", "lab.example", "mlops.example:81", "10.0.0.1"])
def test_a_server_that_was_given_names_answers_to_no_others(strict: ServerProcess, host: str) -> None:
    assert search(strict, Host=host).status == 403


def test_a_friendly_origin_may_call_with_credentials(strict: ServerProcess) -> None:
    friend = search(strict, Origin="https://notebooks.example")

    assert friend.status == 200
    assert friend.headers["Access-Control-Allow-Origin"] == "https://notebooks.example"
    assert search(strict, Origin=ELSEWHERE).status == 403


def test_who_may_frame_the_pages_is_a_setting(strict: ServerProcess) -> None:
    assert strict.get("/health").headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/health", "/version", "/", SEARCH])
@pytest.mark.parametrize("prefix", ["", "/tracking"])
def test_a_server_below_a_path_answers_with_it_and_without(
    strict: ServerProcess, path: str, prefix: str
) -> None:
    answer = strict.request(
        "POST" if path == SEARCH else "GET", prefix + path, message={} if path == SEARCH else None
    )

    assert answer.status == 200


@pytest.mark.parametrize("path", ["/trackinghealth", "/tracking2/health", "/tracking/tracking/health"])
def test_a_path_that_only_begins_like_the_prefix_is_not_found(strict: ServerProcess, path: str) -> None:
    assert strict.get(path).status == 404


def test_any_origin_may_be_let_in_without_credentials(tmp_path: Path) -> None:
    with running_server(tmp_path, allowed_hosts=("*",), cors_allowed_origins=("*",)) as open_server:
        answer = search(open_server, Host="evil.example", Origin=ELSEWHERE)

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
