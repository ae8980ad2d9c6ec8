"""The kinds of events that may be recorded, each with its sentence in two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from khien.kernel.canonical import Json
from khien.kernel.clock import parse_iso, said_day, said_moment
from khien.kernel.language import Text
from khien.ledger.entry import KIND

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_registered: dict[str, Text] = {}


class UnknownKind(LookupError):
    """An event kind nobody registered: a mistake of the programmer, not of the user."""


def register(kind: str, sentence: Text) -> str:
    """Make an event kind known; every room does so once, where it is imported.

    Args:    kind: room.past_participle ("facts.collected")
             sentence: template over the body, and over {subject}
    Returns: the kind
    Raises:  ValueError: not a kind's form, or registered before with another sentence
    """
    if not KIND.fullmatch(kind) or _registered.get(kind, sentence) != sentence:
        raise ValueError(f"not a new event kind: {kind}")
    _registered[kind] = sentence
    return kind


def kinds() -> tuple[str, ...]:
    """Return the registered kinds, by name."""
    return tuple(sorted(_registered))


def say(kind: str, subject: str, body: Mapping[str, Json]) -> Text:
    """Return the sentence of an event.

    Raises: UnknownKind: never registered; KeyError: the body lacks what the sentence needs
    """
    if kind not in _registered:
        raise UnknownKind(kind)
    said = {name: _said(value) for name, value in body.items()}
    return _registered[kind].fill({**said, "subject": subject})


def _said(value: Json) -> object:
    """Return a recorded value as a person says it: days and moments in Vietnam's way."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return said_moment(parse_iso(value))
    if isinstance(value, str) and _DAY.fullmatch(value):
        return said_day(date.fromisoformat(value))
    return value
