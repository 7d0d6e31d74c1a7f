"""What webhooks are told: kept in the transaction that makes the change, sent by a job later."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from fluvial.services.context import Context
from fluvial.store import webhooks
from fluvial.store.webhooks import DeliveryRow
from fluvial.wire.webhooks import Payload, WebhookAction, WebhookEntity

_OF_PROMPTS = {
    WebhookEntity.REGISTERED_MODEL: WebhookEntity.PROMPT,
    WebhookEntity.MODEL_VERSION: WebhookEntity.PROMPT_VERSION,
    WebhookEntity.MODEL_VERSION_TAG: WebhookEntity.PROMPT_VERSION_TAG,
    WebhookEntity.MODEL_VERSION_ALIAS: WebhookEntity.PROMPT_ALIAS,
}


def tell(
    context: Context,
    entity: WebhookEntity,
    action: WebhookAction,
    data: dict[str, Any],
    *,
    is_prompt: bool = False,
) -> None:
    """Let every webhook that wants to know hear of an event."""
    about = _OF_PROMPTS.get(entity, entity) if is_prompt else entity
    wanted = {"entity": about, "action": action}
    listeners = [row for row in webhooks.active(context.transaction) if wanted in json.loads(row.events)]
    body = payload(about, action, context.now_ms, data)
    webhooks.add_deliveries(
        context.transaction,
        [
            DeliveryRow(
                delivery_id=context.transaction.database.ids.next(),
                webhook_id=row.webhook_id,
                entity=about,
                action=action,
                body=body,
                status=webhooks.PENDING,
                n_attempts=0,
                next_ms=context.now_ms,
                response_status=None,
                error="",
                created_ms=context.now_ms,
            )
            for row in listeners
        ],
    )


def payload(entity: WebhookEntity, action: WebhookAction, at_ms: int, data: dict[str, Any]) -> str:
    """What is sent, as JSON."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
    said = Payload(entity=entity.lower(), action=action.lower(), timestamp=at, data=data)
    return msgspec.json.encode(said).decode()
