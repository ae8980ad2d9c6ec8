"""Signing of messages as the Standard Webhooks specification has it (webhook-id, -timestamp, -signature)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

from cryptography.fernet import Fernet
from django.conf import settings

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # a name, not a secret
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """Return a secret that sender and receiver share."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def new_message() -> str:
    """Return the id of a message."""
    return f"msg_{secrets.token_hex(16)}"


def headers_of(secret: str, *, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows a message, its moment and its sender."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": signature_of(secret, message=message, stamp=stamp, body=body),
    }


def signature_of(secret: str, *, message: str, stamp: str, body: bytes) -> str:
    """Return v1,<base64 of HMAC-SHA-256 over id.timestamp.body>."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def sealed(secret: str) -> str:
    """Return a secret as it is kept in the database."""
    return _box().encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """Return a secret from how it is kept.

    Raises: cryptography.fernet.InvalidToken: it was sealed with the key of another data folder
    """
    return _box().decrypt(kept.encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(f"khien.exchange.webhook:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
