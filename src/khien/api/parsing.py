"""Reading of JSON bodies: strict, and never deeper than an honest body goes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest
from ninja.parser import Parser

DEPTH_MAX: Final = 20
_INTEGER_DIGITS_MAX: Final = 20


class StrictParser(Parser):
    """Takes JSON as RFC 8259 has it: no NaN, no endless numbers, no key twice, no towers of brackets."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the value of a body; whatever is raised here becomes a 400."""
        found: dict[str, Any] = read_json(request.body)
        return found


def read_json(body: bytes) -> Any:
    """Return the value of strict JSON.

    Raises: ValueError, RecursionError: not JSON, or nested too deep
    """
    value = json.loads(
        body.decode("utf-8"),
        parse_constant=_no_constant,
        parse_int=_short_integer,
        object_pairs_hook=_unique,
    )
    _must_be_shallow(value)
    return value


def _no_constant(word: str) -> None:
    raise ValueError(f"not JSON: {word}")


def _short_integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS_MAX:
        raise ValueError("a number without end")
    return int(digits)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _must_be_shallow(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH_MAX:
            raise ValueError("nested too deep")
        level = [inner for one in level for inner in _inside(one)]


def _inside(value: Any) -> Iterable[Any]:
    """Return what a value holds; refuse text that no database takes: halves of letters, NUL."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str) and "\x00" in value.encode("utf-8").decode("utf-8"):
        raise ValueError("text with NUL")
    return ()
