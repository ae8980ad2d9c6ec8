"""Time-based one-time passwords, as code apps make them (RFC 6238, six digits, thirty seconds, SHA-1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1


def new_secret() -> str:
    """Return a secret of 160 bits in Base32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of a time step."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, code: str, *, seconds: int) -> int | None:
    """Return the time step whose code this is, now or one step away; None if none is."""
    now, found = seconds // STEP_SECONDS, None
    typed = "".join(code.split())
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode()):
            found = step
    return found


def address_for_app(secret: str, username: str) -> str:
    """Return the otpauth address that a code app reads from the picture; short, so that old cameras can."""
    return f"otpauth://totp/{quote(f'Khiên:{username}')}?secret={secret}&issuer={quote('Khiên')}"
