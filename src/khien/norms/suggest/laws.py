"""What has become of the texts that a clause cites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khien.norms.law_fate import fate_of
from khien.norms.text.cited import Cited as Named
from khien.norms.text.model import Citation


@dataclass(frozen=True, slots=True)
class Cited:
    """A text that a clause cites: its key in law.yaml, until when it is in force, its successor, how sure that is.

    key: empty where the library does not know the text; then nothing is said of it
    """

    text: str
    key: str = ""
    ended_on: date | None = None
    successor: str | None = None
    mark: str = ""


def resolved(citations: Iterable[Citation]) -> tuple[Cited, ...]:
    """Return each text that is cited, once, with what has become of it; own clauses and forms are left out."""
    found: dict[str, Cited] = {}
    for one in citations:
        if one.internal or one.kind == "phụ lục" or not (one.kind or one.number):
            continue
        fate = fate_of(Named(0, one.text, one.kind, one.number, one.year, one.date))
        if fate is None:
            found.setdefault(one.text, Cited(one.text))
        else:
            cited = Cited(one.text, fate.key, fate.ended_on, fate.successor, fate.mark)
            found.setdefault(fate.key, cited)
    return tuple(found.values())
