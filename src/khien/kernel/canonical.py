"""Canonical JSON: one value, one sequence of bytes, so that hashes and signatures can be compared."""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None

INTEGER_MAX = 2**53 - 1


def canonical_bytes(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Keys are sorted by code point, there is no white space, text is NFC and not escaped beyond what JSON demands.
    Source:  RFC 8785 in spirit; narrower on purpose: no float that is not whole, no integer beyond 2^53-1.
    Raises:  ValueError: a float, an integer out of range, two keys equal after NFC; TypeError: not JSON
    """
    text = json.dumps(
        _checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _checked(value: Json) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return _checked_integer(value)
    if isinstance(value, float):
        return _checked_float(value)
    if isinstance(value, Mapping):
        return _checked_mapping(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_checked(item) for item in value]
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def _checked_integer(value: int) -> int:
    if abs(value) > INTEGER_MAX:
        raise ValueError(f"integer out of the exact range of JSON: {value}")
    return value


def _checked_float(value: float) -> int:
    if not math.isfinite(value) or not value.is_integer():
        raise ValueError(
            f"fractions have no canonical form here; store them as text or scaled integers: {value}"
        )
    return _checked_integer(int(value))


def _checked_mapping(value: Mapping[str, Json]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a JSON key is text, not {type(key).__name__}")
        normal = unicodedata.normalize("NFC", key)
        if normal in result:
            raise ValueError(f"two keys are the same after normalisation: {normal}")
        result[normal] = _checked(item)
    return result
