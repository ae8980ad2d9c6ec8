"""Tests that a value passes or not: the little language of conditions in declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from khien.kernel.canonical import Json

# Words of a declaration may hold paths: "Phổ biến cho {title}".
IN_WORDS = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)*)\}")
TESTS = ("filled", "empty", "not", "min", "max")


def passes(value: Json, test: Json) -> bool:
    """Say whether a value passes a test.

    A plain test is what the value must be; a list, what it may be; `{filled: true}`, `{empty: true}`,
    `{not: x}`, `{min: x}`, `{max: x}` may stand together. Days compare as the text they are; nothing
    passes `min` or `max` where there is no value.
    """
    if isinstance(test, Mapping):
        return all(_one(value, name, limit) for name, limit in test.items())
    if _is_list(test):
        return any(passes(value, single) for single in _items(test))
    if _is_list(value) and not _is_list(test):
        return test in _items(value)
    return value == test


def _one(value: Json, name: str, limit: Json) -> bool:
    if name in ("filled", "empty"):
        return (value not in (None, "", False)) == (name == "filled")
    if name == "not":
        return not passes(value, limit)
    if isinstance(value, str) and isinstance(limit, str):
        return value >= limit if name == "min" else value <= limit
    if isinstance(value, (int, float)) and isinstance(limit, (int, float)):
        return value >= limit if name == "min" else value <= limit
    return False


def _is_list(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _items(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) else ()
