"""Sends webhooks what they are to be told, again where it does not arrive."""

from __future__ import annotations

import email.utils
import time

from fluvial.jobs import Job
from fluvial.jobs._egress import Answer, Egress, NotReached
from fluvial.jobs._signed import send
from fluvial.services.context import Context, Permission
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.services.webhooks import secret_of
from fluvial.settings import ServerSettings
from fluvial.store import webhooks
from fluvial.store.webhooks import DeliveryRow

EVERY_S = 1.0
AT_ONCE = 20
TURN_S = 15.0
# After the first try: 10 s, 1 min, 10 min.
PAUSES_S = (10, 60, 600)
MAX_PAUSE_S = 3600
AGAIN = (408, 429, 500, 502, 503, 504)
KEPT_MS = 30 * 86_400_000


def job(settings: ServerSettings) -> Job:
    """The job."""
    egress = Egress(settings.webhook_timeout_s, allows_private=settings.webhook_allow_private)
    return Job(
        name="webhooks",
        every_s=EVERY_S,
        settles_s=0.0,
        run=lambda platform: deliver(platform, egress),
        is_wanted=lambda platform: bool(_due(platform, 1)),
    )


def deliver(platform: Platform, egress: Egress) -> int:
    """Send what is due, for a while at most; returns how much was tried."""
    until_s = time.monotonic() + TURN_S
    n = 0
    for row in _due(platform, AT_ONCE):
        if time.monotonic() > until_s:
            break
        _attempt(platform, egress, row)
        n += 1
    return n


def _due(platform: Platform, n: int) -> list[DeliveryRow]:
    return platform.read_with(
        Permission.MANAGE, EVERYBODY, lambda context: webhooks.due(context.transaction, context.now_ms, n)
    )


def _attempt(platform: Platform, egress: Egress, row: DeliveryRow) -> None:
    def target(context: Context) -> tuple[str, str]:
        listener = webhooks.get(context.transaction, row.webhook_id)
        return listener.url, secret_of(context, listener)

    url, secret = platform.read_with(Permission.MANAGE, EVERYBODY, target)
    answer: Answer | None = None
    error = ""
    try:
        answer = send(egress, url, str(row.delivery_id), row.body, secret)
    except NotReached as found:
        error = str(found)
    status = None if answer is None else answer.status
    if status is not None and not 200 <= status < 300:
        error = f"It was answered with {status}."
    n = row.n_attempts + 1
    is_last = n > len(PAUSES_S) or (status is not None and status not in AGAIN)

    def note(context: Context) -> None:
        done = webhooks.DELIVERED if not error else webhooks.FAILED if is_last else webhooks.PENDING
        pause_s = 0.0 if done != webhooks.PENDING else max(PAUSES_S[n - 1], _asked_for_s(answer))
        webhooks.note(
            context.transaction,
            row._replace(
                status=done,
                n_attempts=n,
                next_ms=context.now_ms + int(pause_s * 1000),
                response_status=status,
                error=error,
            ),
        )
        webhooks.forget(context.transaction, context.now_ms - KEPT_MS)

    platform.write_with(Permission.MANAGE, EVERYBODY, note).result()


def _asked_for_s(answer: Answer | None) -> float:
    """How long the other side asks to be left alone, seconds."""
    text = answer.headers.get("retry-after", "") if answer else ""
    try:
        return min(max(float(text), 0.0), MAX_PAUSE_S)
    except ValueError:
        pass
    try:
        at_s = email.utils.parsedate_to_datetime(text).timestamp()
    except ValueError:
        return 0.0
    return min(max(at_s - time.time(), 0.0), MAX_PAUSE_S)
