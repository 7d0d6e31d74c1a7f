from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from fluvial.client import vulnerabilities


class Database(BaseHTTPRequestHandler):
    """Knows of one vulnerability, in version 1.0 of `old`."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = [{"vulns": [{"id": "PYSEC-1"}]} if is_old(query) else {} for query in asked["queries"]]
        body = json.dumps({"results": results}).encode()
        self.send_response(200 if self.path == "/v1/querybatch" else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def is_old(query: dict[str, Any]) -> bool:
    return bool(query == {"package": {"name": "old", "ecosystem": "PyPI"}, "version": "1.0"})


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Database) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_known_vulnerabilities_are_named(url: str) -> None:
    scan = vulnerabilities.scan([("new", "2.0"), ("old", "1.0")], url)

    assert scan.verdict == "fail"
    assert [(one.package, one.version, one.id) for one in scan.found] == [("old", "1.0", "PYSEC-1")]


def test_packages_that_nothing_is_known_of_pass(url: str) -> None:
    scan = vulnerabilities.scan([("old", "1.1")], url)

    assert (scan.verdict, scan.n_packages, scan.found) == ("pass", 1, ())


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "none"])
def test_what_nobody_could_be_asked_about_is_unknown_and_never_a_pass(address: str) -> None:
    scan = vulnerabilities.scan([("old", "1.0")], address)

    assert scan.verdict == "unknown"
    assert scan.problem


def test_an_answer_that_is_none_is_unknown(url: str) -> None:
    assert vulnerabilities.scan([("old", "1.0")], f"{url}/elsewhere").verdict == "unknown"
