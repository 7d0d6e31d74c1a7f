"""Sending an example to a webhook, and saying at once what became of it."""

from __future__ import annotations

import uuid

from starlette.responses import Response

from fluvial.jobs._egress import Egress, NotReached
from fluvial.jobs._signed import send
from fluvial.server.request_body import read_small_body
from fluvial.server.store_threads import in_thread
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Context, Permission
from fluvial.services.webhook_events import payload
from fluvial.services.webhooks import events_of, secret_of
from fluvial.store import webhooks
from fluvial.wire import codec
from fluvial.wire.webhooks import (
    TEST_WEBHOOK_PATH,
    TestWebhook,
    WebhookEvent,
    WebhookTested,
    WebhookTestResult,
)

EXAMPLE = {"name": "example", "version": "1", "alias": "champion", "key": "example", "value": "example"}
MAX_SHOWN_CHARS = 2_000


@stream("POST", path=TEST_WEBHOOK_PATH, needs=Permission.MANAGE)
async def test_webhook(call: StreamCall) -> Response:
    """Send an example of an event to a webhook.

    Raises:
        NotFound: No such webhook.
    """
    wanted = codec.decode(TestWebhook, await read_small_body(call.request, call.load))
    webhook_id = call.request.path_params["webhook_id"]

    def prepare(context: Context) -> tuple[str, str, WebhookEvent, int]:
        row = webhooks.get(context.transaction, webhook_id)
        return row.url, secret_of(context, row), wanted.event or events_of(row)[0], context.now_ms

    url, secret, event, now_ms = await in_thread(
        call.platform.read_with, Permission.MANAGE, call.principal, prepare
    )
    settings = call.settings
    egress = Egress(settings.webhook_timeout_s, allows_private=settings.webhook_allow_private)
    body = payload(event.entity, event.action, now_ms, EXAMPLE)
    try:
        answer = await in_thread(send, egress, url, str(uuid.uuid4()), body, secret)
    except NotReached as error:
        result = WebhookTestResult(success=False, error_message=str(error))
    else:
        result = WebhookTestResult(
            success=200 <= answer.status < 300,
            response_status=answer.status,
            response_body=answer.body[:MAX_SHOWN_CHARS],
        )
    return Response(codec.encode(WebhookTested(result=result)), media_type="application/json")
