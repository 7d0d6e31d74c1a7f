"""Webhooks: who is told of what, how it is signed and sent again, and where nothing is ever sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.errors import InternalError, InvalidRequest, InvalidSetting
from fluvial.jobs._egress import Egress, NotReached, is_public
from fluvial.jobs.webhooks import PAUSES_S, deliver
from fluvial.services.outside import Outside
from fluvial.services.platform import Platform
from fluvial.services.secret_box import SecretBox
from fluvial.store.database import Database
from fluvial.wire.registered_models import DELETE_ALIAS, AliasName
from fluvial.wire.webhooks import (
    CREATE_WEBHOOK,
    LIST_DELIVERIES,
    LIST_WEBHOOKS,
    UPDATE_WEBHOOK,
    CreateWebhook,
    ListDeliveries,
    ListWebhooks,
    UpdateWebhook,
    Webhook,
    WebhookAction,
    WebhookDelivery,
    WebhookEntity,
    WebhookEvent,
    WebhookStatus,
)
from tests.platforms import Clock, clock, database, database_uri
from tests.services.registering import create, point, register

__all__ = ["clock", "database", "database_uri"]

KEY = base64.b64encode(bytes(range(32))).decode()
ALIASES = (
    WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, WebhookAction.CREATED),
    WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, WebhookAction.DELETED),
)


class Listener:
    """A web server that writes down what it gets, and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status, headers = outer.answers.pop(0) if outer.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"thanks")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody to tell."""
    running = Listener()
    yield running
    running.close()


@pytest.fixture
def platform(database: Database, clock: Clock, tmp_path: Path) -> Platform:
    """A platform that keeps secrets, and may send to this machine."""
    locations = Locations(destination=str(tmp_path / "artifacts"), options=StoreOptions())
    outside = Outside(secrets=SecretBox(KEY), allows_private=True)
    return Platform(database, locations, clock, outside)


EGRESS = Egress(5.0, allows_private=True)


def hook(platform: Platform, url: str, **more: Any) -> Webhook:
    """A webhook that is told of aliases."""
    request = CreateWebhook(**{"name": "hook", "url": url, "events": ALIASES, **more})
    return platform.call(CREATE_WEBHOOK, request).webhook


def log(platform: Platform, webhook: Webhook) -> tuple[WebhookDelivery, ...]:
    """What was sent to a webhook, newest first."""
    return platform.call(LIST_DELIVERIES, ListDeliveries(webhook_id=webhook.webhook_id)).deliveries


def test_a_change_is_told_once_signed_and_logged(platform: Platform, listener: Listener) -> None:
    webhook = hook(platform, listener.url, secret="whisper")
    create(platform, "net")
    register(platform, "net")
    point(platform, "net", "champion", 1)
    platform.call(DELETE_ALIAS, AliasName(name="net", alias="champion"))

    assert deliver(platform, EGRESS) == 2
    assert deliver(platform, EGRESS) == 0

    headers, body = listener.got[0]
    said = json.loads(body)
    assert (said["entity"], said["action"]) == ("model_version_alias", "created")
    assert said["data"] == {"name": "net", "alias": "champion", "version": "1"}
    signed = f"{headers['x-mlflow-delivery-id']}.{headers['x-mlflow-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"whisper", signed, hashlib.sha256).digest()).decode()
    assert headers["x-mlflow-signature"] == headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(listener.got[1][1])["action"] == "deleted"
    assert [(one.status, one.response_status, one.n_attempts) for one in log(platform, webhook)] == [
        ("delivered", 200, 1)
    ] * 2


def test_what_fails_is_sent_again_after_a_pause_and_given_up_in_the_end(
    platform: Platform, listener: Listener, clock: Clock
) -> None:
    webhook = hook(platform, listener.url)
    listener.answers = [(503, {"Retry-After": "120"}), (500, {}), (500, {}), (500, {})]
    create(platform, "net")
    register(platform, "net")
    point(platform, "net", "champion", 1)

    assert deliver(platform, EGRESS) == 1
    clock.now_ms += 119_000
    assert deliver(platform, EGRESS) == 0
    clock.now_ms += 1_000
    assert deliver(platform, EGRESS) == 1
    for pause_s in PAUSES_S[1:]:
        clock.now_ms += pause_s * 1000
        assert deliver(platform, EGRESS) == 1
    clock.now_ms += 10**7

    assert deliver(platform, EGRESS) == 0
    (last,) = log(platform, webhook)
    assert (last.status, last.n_attempts, last.error) == ("failed", 4, "It was answered with 500.")


def test_a_refusal_and_a_redirect_are_final_and_no_redirect_is_followed(
    platform: Platform, listener: Listener
) -> None:
    webhook = hook(platform, listener.url)
    listener.answers = [(302, {"Location": "http://127.0.0.1:1/"}), (404, {})]
    create(platform, "net")
    for version in (1, 2):
        register(platform, "net")
        point(platform, "net", "champion", version)

    assert deliver(platform, EGRESS) == 2

    assert {(one.status, one.response_status) for one in log(platform, webhook)} == {
        ("failed", 302),
        ("failed", 404),
    }


def test_nobody_is_told_who_does_not_want_to_be(platform: Platform, listener: Listener) -> None:
    webhook = hook(platform, listener.url)
    change = UpdateWebhook(webhook_id=webhook.webhook_id, status=WebhookStatus.DISABLED)
    platform.call(UPDATE_WEBHOOK, change)
    created = WebhookEvent(WebhookEntity.PROMPT, WebhookAction.CREATED)
    other = hook(platform, listener.url, events=(created,))
    create(platform, "net")
    register(platform, "net")
    point(platform, "net", "champion", 1)

    assert deliver(platform, EGRESS) == 0
    assert log(platform, webhook) == log(platform, other) == ()


def test_a_secret_is_answered_to_nobody_and_opens_under_its_key_alone(
    platform: Platform, listener: Listener
) -> None:
    hook(platform, listener.url, secret="whisper")

    (listed,) = platform.call(LIST_WEBHOOKS, ListWebhooks()).webhooks
    assert "secret" not in dict(listed)
    locked = SecretBox(KEY).lock("whisper", "a")
    assert b"whisper" not in locked
    assert SecretBox(KEY).open(locked, "a") == "whisper"
    with pytest.raises(InternalError):
        SecretBox(KEY).open(locked, "b")
    with pytest.raises(InvalidSetting, match="32 bytes"):
        SecretBox("c2hvcnQ=")


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://example.com"},
        {"url": "https://"},
        {"url": "https://user:word@example.com"},
        {"url": "https://example.com:port"},
        {"name": "Hook"},
        {"name": "hook-"},
        {"events": ()},
        {"events": (WebhookEvent(WebhookEntity.MODEL_VERSION, WebhookAction.EXCEEDED),)},
    ],
)
def test_a_webhook_that_could_not_be_told_is_refused(platform: Platform, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        hook(platform, **{"url": "https://example.com", **change})


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  nothing is bound to it
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_addresses_that_anybody_can_reach_are_public(address: str, expected: bool) -> None:
    assert is_public(ip_address(address)) is expected


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0x7f000001/",
        "https://2130706433/",
        "http://93.184.216.34/",
    ],
)
def test_nothing_is_sent_to_what_only_the_server_can_reach(url: str, listener: Listener) -> None:
    with pytest.raises(NotReached):
        Egress(2.0).post(url, b"{}", {})

    assert listener.got == []


def test_a_name_with_one_private_address_is_refused_and_the_checked_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    port = int(listener.url.split(":")[2].split("/")[0])
    asked = []

    def answers(*addresses: str) -> Any:
        def resolve(host: str, *_: object, **__: object) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

        return resolve

    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.216.34", "10.0.0.1"))
    with pytest.raises(NotReached, match="not public"):
        Egress(2.0).post("https://evil.example/", b"{}", {})

    monkeypatch.undo()
    monkeypatch.setattr("fluvial.jobs._egress.socket.getaddrinfo", answers("127.0.0.1"))
    original = socket.create_connection
    connected: list[Any] = []

    def connect(place: Any, *more: Any, **named: Any) -> Any:
        connected.append(place[0])
        monkeypatch.undo()  # connecting to an address resolves nothing by name
        return original(place, *more, **named)

    monkeypatch.setattr("fluvial.jobs._egress.socket.create_connection", connect)
    answer = EGRESS.post(f"http://once.example:{port}/", b"{}", {})

    assert (answer.status, answer.body, connected) == (200, "thanks", ["127.0.0.1"])
    assert asked.count("once.example") == 1
    assert listener.got[0][0]["host"] == f"once.example:{port}"


def test_what_answers_a_byte_at_a_time_is_cut_off_at_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        is_over = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not is_over.wait(0.05):
                    try:
                        connection.sendall(b"X")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        egress = Egress(timeout_s=0.5, allows_private=True)
        with pytest.raises(NotReached):
            egress.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        is_over.set()
        thread.join()
