"""Messages to webhooks, signed so that who gets one knows who sent it, and when."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time

from fluvial.jobs._egress import Answer, Egress

_STANDARD_PREFIX = "whsec_"


def send(egress: Egress, url: str, delivery_id: str, body: str, secret: str) -> Answer:
    """Send one message, signed by MLflow's rule and by that of Standard Webhooks, where there is a secret.

    Raises:
        NotReached: No answer came.

    Source:
        The Standard Webhooks specification, 1.0: HMAC-SHA256 over id, time and body with dots between.
    """
    at = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "fluvial-webhooks",
        "X-MLflow-Delivery-Id": delivery_id,
        "X-MLflow-Timestamp": at,
        "webhook-id": delivery_id,
        "webhook-timestamp": at,
    }
    if secret:
        signed = f"{delivery_id}.{at}.{body}".encode()
        headers["X-MLflow-Signature"] = _signature(secret.encode(), signed)
        headers["webhook-signature"] = _signature(_standard_key(secret), signed)
    return egress.post(url, body.encode(), headers)


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _standard_key(secret: str) -> bytes:
    """A secret that Standard Webhooks made is its key in base64; another one is the key itself."""
    if secret.startswith(_STANDARD_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_STANDARD_PREFIX), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
