"""How an access token looks: a name of ours, 256 random bits, and a checksum that tells a slip of the pen."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from typing import Final

PREFIX: Final = "khien_"
TOKEN: Final = re.compile(r"khien_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS: Final = 256
_SECRET_LENGTH: Final = 43  # 62^43 > 2^256
_CHECKSUM_LENGTH: Final = 6  # 62^6 > 2^32


def new_token() -> str:
    """Return a token nobody has yet."""
    secret = _base62(secrets.randbits(_SECRET_BITS), _SECRET_LENGTH)
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_well_formed(token: str) -> bool:
    """Say whether a word is a token of ours without a slip; says nothing of whether it is good."""
    found = TOKEN.fullmatch(token)
    return found is not None and _checksum(found[1]) == found[2]


def digest_of(token: str) -> str:
    """Return what is kept of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def hint_of(token: str) -> str:
    """Return the end of a token, by which its owner tells it from others."""
    return token[-4:]


def _checksum(secret: str) -> str:
    return _base62(zlib.crc32(f"{PREFIX}{secret}".encode("ascii")), _CHECKSUM_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
