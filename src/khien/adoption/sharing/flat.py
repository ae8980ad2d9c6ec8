"""Nested data as pairs of dotted key and plain value, and back, for forms that know no nesting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

Plain: TypeAlias = str | int | bool | None

# A key that could be read as a position or as two keys is written as JSON inside brackets.
_EASY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STEP: Final = re.compile(r'(?:^|\.)([^.\[\]]+)|\[("(?:[^"\\]|\\.)*")\]')
EMPTY_LIST: Final = "[]"
EMPTY_MAPPING: Final = "{}"


class Empty(str):
    """A list or mapping without members, which has no pair of its own."""

    __slots__ = ()


def flattened(data: Any, key: str = "") -> Iterator[tuple[str, Plain]]:
    """Yield every value of nested data with its dotted key, in order: `title.vi`, `cites.0.key`."""
    if isinstance(data, Mapping):
        if not data and key:
            yield key, Empty(EMPTY_MAPPING)
        for name, value in data.items():
            yield from flattened(value, _joined(key, str(name)))
    elif isinstance(data, (list, tuple)):
        if not data and key:
            yield key, Empty(EMPTY_LIST)
        for place, value in enumerate(data):
            yield from flattened(value, f"{key}.{place}")
    else:
        yield key, data


def _joined(key: str, name: str) -> str:
    if _EASY.fullmatch(name):
        return f"{key}.{name}" if key else name
    return f"{key}[{json.dumps(name, ensure_ascii=False)}]"


def place_of(key: str) -> tuple[str | int, ...]:
    """Return the place in nested data that a dotted key names.

    Raises: ValueError: no such key can be
    """
    steps: list[str | int] = []
    at = 0
    while at < len(key):
        found = _STEP.match(key, at)
        if found is None or key[0] == ".":
            raise ValueError(f"not a key: {key[:80]}")
        quoted, plain = found[2], found[1]
        steps.append(str(json.loads(quoted)) if quoted else _step(plain))
        at = found.end()
    if not steps:
        raise ValueError("not a key")
    return tuple(steps)


def _step(step: str) -> str | int:
    return int(step) if step.isascii() and step.isdecimal() and len(step) < 7 else step


def nested(pairs: Iterable[tuple[str, Plain]]) -> dict[str, Any]:
    """Return the nested data of pairs; members of a list keep the order of their positions.

    Raises: ValueError: a key that cannot be, stands twice, or is used as value and as group
    """
    tree: dict[str | int, Any] = {}
    for key, value in pairs:
        *above, last = place_of(key)
        at = tree
        for step in above:
            at = at.setdefault(step, {})
            if not isinstance(at, dict):
                raise ValueError(f"a value and a group at once: {key[:80]}")
        if last in at:
            raise ValueError(f"stands twice: {key[:80]}")
        at[last] = value
    made = _solid(tree)
    return made if isinstance(made, dict) else {}


def _solid(tree: Any) -> Any:
    if isinstance(tree, Empty):
        return [] if tree == EMPTY_LIST else {}
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(step, int) for step in tree):
        return [_solid(tree[step]) for step in sorted(tree)]
    if any(isinstance(step, int) for step in tree):
        raise ValueError("positions and names in one group")
    return {str(step): _solid(value) for step, value in tree.items()}
