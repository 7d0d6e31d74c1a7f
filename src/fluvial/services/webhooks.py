"""Webhooks: who is told of changes of the registry."""

from __future__ import annotations

import json
import re
import uuid
from urllib.parse import urlsplit

import msgspec

from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import webhooks
from fluvial.store.webhooks import DeliveryRow, WebhookRow
from fluvial.wire.endpoint import Empty
from fluvial.wire.webhooks import (
    CREATE_WEBHOOK,
    DELETE_WEBHOOK,
    GET_WEBHOOK,
    LIST_DELIVERIES,
    LIST_WEBHOOKS,
    UPDATE_WEBHOOK,
    CreateWebhook,
    Deliveries,
    ListDeliveries,
    ListWebhooks,
    OneWebhook,
    UpdateWebhook,
    Webhook,
    WebhookAction,
    WebhookDelivery,
    WebhookEntity,
    WebhookEvent,
    WebhookId,
    Webhooks,
    WebhookStatus,
)

MAX_PAGE = 1000
MAX_URL_CHARS = 2_000
MAX_DESCRIPTION_CHARS = 10_000
MAX_SECRET_CHARS = 500
_NAME = re.compile(r"[a-z0-9._-]{0,62}[a-z0-9]")
_CHANGES = {
    WebhookEntity.REGISTERED_MODEL: {WebhookAction.CREATED},
    WebhookEntity.MODEL_VERSION: {WebhookAction.CREATED},
    WebhookEntity.MODEL_VERSION_TAG: {WebhookAction.SET, WebhookAction.DELETED},
    WebhookEntity.MODEL_VERSION_ALIAS: {WebhookAction.CREATED, WebhookAction.DELETED},
    WebhookEntity.PROMPT: {WebhookAction.CREATED},
    WebhookEntity.PROMPT_VERSION: {WebhookAction.CREATED},
    WebhookEntity.PROMPT_TAG: {WebhookAction.SET, WebhookAction.DELETED},
    WebhookEntity.PROMPT_VERSION_TAG: {WebhookAction.SET, WebhookAction.DELETED},
    WebhookEntity.PROMPT_ALIAS: {WebhookAction.CREATED, WebhookAction.DELETED},
    WebhookEntity.BUDGET_POLICY: {WebhookAction.EXCEEDED},
}


@serve(CREATE_WEBHOOK, needs=Permission.MANAGE)
def create_webhook(context: Context, request: CreateWebhook) -> OneWebhook:
    """Tell somebody of changes of the registry.

    Raises:
        InvalidRequest: The name, the URL or an event is none; or there is a secret, and no key to keep it by.
    """
    webhook_id = str(uuid.uuid4())
    row = WebhookRow(
        webhook_id=webhook_id,
        name=_checked_name(request.name),
        description=_checked_description(request.description),
        url=_checked_url(context, request.url),
        events=_packed(request.events),
        secret=_locked(context, request.secret, webhook_id),
        status=request.status,
        created_ms=context.now_ms,
        updated_ms=context.now_ms,
    )
    webhooks.add(context.transaction, row)
    return OneWebhook(webhook=_entity(row))


@serve(GET_WEBHOOK, needs=Permission.READ)
def get_webhook(context: Context, request: WebhookId) -> OneWebhook:
    """One webhook."""
    return OneWebhook(webhook=_entity(webhooks.get(context.transaction, request.webhook_id)))


@serve(LIST_WEBHOOKS, needs=Permission.READ)
def list_webhooks(context: Context, request: ListWebhooks) -> Webhooks:
    """Webhooks, newest first."""
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    start = rules.page_offset(request.page_token)
    rows = webhooks.page(context.transaction, start, size + 1)
    token = rules.page_token(start + size) if len(rows) > size else None
    return Webhooks(webhooks=tuple(map(_entity, rows[:size])), next_page_token=token)


@serve(UPDATE_WEBHOOK, needs=Permission.MANAGE)
def update_webhook(context: Context, request: UpdateWebhook) -> OneWebhook:
    """Change what is given of a webhook."""
    row = webhooks.get(context.transaction, request.webhook_id)
    if request.name is not None:
        row = row._replace(name=_checked_name(request.name))
    if request.description is not None:
        row = row._replace(description=_checked_description(request.description))
    if request.url is not None:
        row = row._replace(url=_checked_url(context, request.url))
    if request.events:
        row = row._replace(events=_packed(request.events))
    if request.secret is not None:
        row = row._replace(secret=_locked(context, request.secret, row.webhook_id))
    if request.status is not None:
        row = row._replace(status=request.status)
    row = row._replace(updated_ms=context.now_ms)
    webhooks.save(context.transaction, row)
    return OneWebhook(webhook=_entity(row))


@serve(DELETE_WEBHOOK, needs=Permission.MANAGE)
def delete_webhook(context: Context, request: WebhookId) -> Empty:
    """Tell somebody no more; what was sent to them is forgotten."""
    webhooks.get(context.transaction, request.webhook_id)
    webhooks.remove(context.transaction, request.webhook_id)
    return Empty()


@serve(LIST_DELIVERIES, needs=Permission.READ)
def list_deliveries(context: Context, request: ListDeliveries) -> Deliveries:
    """What was, and is to be, sent to a webhook, newest first."""
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    webhooks.get(context.transaction, request.webhook_id)
    rows = webhooks.log(context.transaction, request.webhook_id, size)
    return Deliveries(deliveries=tuple(map(_delivery, rows)))


def secret_of(context: Context, row: WebhookRow) -> str:
    """What signs the messages to a webhook; "" where nothing does."""
    if row.secret is None or context.outside.secrets is None:
        return ""
    return context.outside.secrets.open(row.secret, row.webhook_id)


def events_of(row: WebhookRow) -> tuple[WebhookEvent, ...]:
    """What a webhook is told of."""
    return msgspec.json.decode(row.events, type=tuple[WebhookEvent, ...])


def _locked(context: Context, secret: str, webhook_id: str) -> bytes | None:
    if not secret:
        return None
    rules.check_length("The secret of a webhook", secret, MAX_SECRET_CHARS)
    if context.outside.secrets is None:
        raise InvalidRequest("This server keeps no secrets: its administrator sets FLUVIAL_WEBHOOK_KEY.")
    return context.outside.secrets.lock(secret, webhook_id)


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidRequest(
            f"A webhook's name has 1 to 63 of a-z, 0-9, . _ and -, and no sign at its end: {name[:100]!r}."
        )
    return name


def _checked_description(description: str | None) -> str | None:
    rules.check_length("A description", description or "", MAX_DESCRIPTION_CHARS)
    return description


def _checked_url(context: Context, url: str) -> str:
    rules.check_length("The URL of a webhook", url, MAX_URL_CHARS)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidRequest(f"{url[:200]!r} is no URL.") from error
    del port
    schemes = ("https", "http") if context.outside.allows_private else ("https",)
    if parts.scheme not in schemes or not parts.hostname:
        raise InvalidRequest(f"A webhook's URL begins with https:// and names a host: {url[:200]!r}.")
    if parts.username or parts.password:
        raise InvalidRequest("A webhook's URL has no user and no password in it: give a secret.")
    return url


def _packed(events: tuple[WebhookEvent, ...]) -> str:
    if not events:
        raise InvalidRequest("A webhook is told of at least one event.")
    for event in events:
        if event.action not in _CHANGES[event.entity]:
            raise InvalidRequest(f"No {event.entity} is ever {event.action}.")
    said = {(event.entity, event.action) for event in events}
    return json.dumps([{"entity": entity, "action": action} for entity, action in sorted(said)])


def _entity(row: WebhookRow) -> Webhook:
    return Webhook(
        webhook_id=row.webhook_id,
        name=row.name,
        description=row.description,
        url=row.url,
        events=events_of(row),
        status=WebhookStatus(row.status),
        creation_timestamp=row.created_ms,
        last_updated_timestamp=row.updated_ms,
    )


def _delivery(row: DeliveryRow) -> WebhookDelivery:
    return WebhookDelivery(
        delivery_id=str(row.delivery_id),
        webhook_id=row.webhook_id,
        event=WebhookEvent(WebhookEntity(row.entity), WebhookAction(row.action)),
        status=row.status,
        n_attempts=row.n_attempts,
        response_status=row.response_status,
        error=row.error,
        timestamp=row.created_ms,
        next_attempt_timestamp=row.next_ms if row.status == webhooks.PENDING else None,
        body=row.body,
    )
