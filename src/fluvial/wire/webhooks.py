"""Webhooks over the wire: who is told of changes of the registry, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fluvial.entities.noun import Noun
from fluvial.wire.endpoint import Empty, Endpoint, Message


class WebhookEntity(StrEnum):
    """What an event is about; its value is MLflow's word on the wire."""

    REGISTERED_MODEL = "REGISTERED_MODEL"
    MODEL_VERSION = "MODEL_VERSION"
    MODEL_VERSION_TAG = "MODEL_VERSION_TAG"
    MODEL_VERSION_ALIAS = "MODEL_VERSION_ALIAS"
    PROMPT = "PROMPT"
    PROMPT_VERSION = "PROMPT_VERSION"
    PROMPT_TAG = "PROMPT_TAG"
    PROMPT_VERSION_TAG = "PROMPT_VERSION_TAG"
    PROMPT_ALIAS = "PROMPT_ALIAS"
    BUDGET_POLICY = "BUDGET_POLICY"


class WebhookAction(StrEnum):
    """What happened."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    SET = "SET"
    EXCEEDED = "EXCEEDED"


class WebhookStatus(StrEnum):
    """Whether a webhook is told."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class WebhookEvent(Noun, frozen=True):
    """What a webhook is told of."""

    entity: WebhookEntity
    action: WebhookAction


class Webhook(Noun, frozen=True, kw_only=True):
    """Somebody to tell. The secret that signs what is sent is never answered.

    Attributes:
        webhook_id: A UUID.
        name: For people.
        description: For people.
        url: Where to; https.
        events: What of.
        status: Whether it is told.
        creation_timestamp: ms since the epoch.
        last_updated_timestamp: ms since the epoch.
    """

    webhook_id: str
    name: str
    description: str | None = None
    url: str
    events: tuple[WebhookEvent, ...]
    status: WebhookStatus
    creation_timestamp: int
    last_updated_timestamp: int


class WebhookDelivery(Noun, frozen=True, kw_only=True):
    """One message to one webhook, and what became of it.

    Attributes:
        delivery_id: Also in the message's headers.
        webhook_id: The webhook.
        event: What it tells.
        status: `pending`, `delivered` or `failed`.
        n_attempts: How often it was sent.
        response_status: The HTTP status of the last answer.
        error: Why it did not arrive.
        timestamp: When the event happened, ms since the epoch.
        next_attempt_timestamp: When it is sent again, while it is pending.
        body: What was sent, as JSON.
    """

    delivery_id: str
    webhook_id: str
    event: WebhookEvent
    status: str
    n_attempts: int
    response_status: int | None = None
    error: str = ""
    timestamp: int
    next_attempt_timestamp: int | None = None
    body: str


class CreateWebhook(Message, frozen=True, kw_only=True):
    """Tell somebody of changes of the registry.

    Attributes:
        name: 1 to 63 of a-z, 0-9, `.`, `_` and `-`; the last is a letter or a digit.
        url: Where to; https, and the host is a public one.
        events: What of; at least one.
        description: For people.
        secret: Signs what is sent; kept encrypted, never answered.
        status: Whether it is told.
    """

    name: str
    url: str
    events: tuple[WebhookEvent, ...]
    description: str | None = None
    secret: str = ""
    status: WebhookStatus = WebhookStatus.ACTIVE


class WebhookId(Message, frozen=True, kw_only=True):
    """One webhook, by id."""

    webhook_id: str


class UpdateWebhook(Message, frozen=True, kw_only=True):
    """Change what is given of a webhook."""

    webhook_id: str
    name: str | None = None
    description: str | None = None
    url: str | None = None
    events: tuple[WebhookEvent, ...] = ()
    secret: str | None = None
    status: WebhookStatus | None = None


class OneWebhook(Message, frozen=True, kw_only=True):
    """One webhook."""

    webhook: Webhook


class ListWebhooks(Message, frozen=True, kw_only=True):
    """List webhooks, newest first."""

    max_results: int = 100
    page_token: str | None = None


class Webhooks(Message, frozen=True, kw_only=True):
    """A page of webhooks; `next_page_token` is absent on the last."""

    webhooks: tuple[Webhook, ...] = ()
    next_page_token: str | None = None


class ListDeliveries(Message, frozen=True, kw_only=True):
    """List what was, and is to be, sent to a webhook, newest first.

    Attributes:
        webhook_id: The webhook.
        max_results: How many at most, up to 1,000.
    """

    webhook_id: str
    max_results: int = 100


class Deliveries(Message, frozen=True, kw_only=True):
    """What was sent."""

    deliveries: tuple[WebhookDelivery, ...] = ()


class TestWebhook(Message, frozen=True, kw_only=True):
    """Send an example of an event, by default the first that the webhook is told of."""

    event: WebhookEvent | None = None


class WebhookTestResult(Message, frozen=True, kw_only=True):
    """What became of an example.

    Attributes:
        success: Whether it was answered with a 2xx status.
        response_status: HTTP status of the answer.
        response_body: The beginning of the answer.
        error_message: Why there was none.
    """

    success: bool
    response_status: int | None = None
    response_body: str | None = None
    error_message: str | None = None


class WebhookTested(Message, frozen=True, kw_only=True):
    """What became of an example."""

    result: WebhookTestResult


class Payload(Message, frozen=True, kw_only=True):
    """What a webhook is sent.

    Attributes:
        entity: In lower case, as `model_version_alias`.
        action: In lower case.
        timestamp: When, ISO 8601, UTC.
        data: About what.
    """

    entity: str
    action: str
    timestamp: str
    data: dict[str, Any]


_AT = "/api/2.0/mlflow/webhooks"
TEST_WEBHOOK_PATH = f"{_AT}/{{webhook_id}}/test"

CREATE_WEBHOOK = Endpoint("POST", _AT, CreateWebhook, OneWebhook)
LIST_WEBHOOKS = Endpoint("GET", _AT, ListWebhooks, Webhooks)
GET_WEBHOOK = Endpoint("GET", f"{_AT}/{{webhook_id}}", WebhookId, OneWebhook)
UPDATE_WEBHOOK = Endpoint("PATCH", f"{_AT}/{{webhook_id}}", UpdateWebhook, OneWebhook, is_repeatable=True)
DELETE_WEBHOOK = Endpoint("DELETE", f"{_AT}/{{webhook_id}}", WebhookId, Empty)
LIST_DELIVERIES = Endpoint("GET", "/api/1.0/fluvial/webhooks/deliveries", ListDeliveries, Deliveries)
