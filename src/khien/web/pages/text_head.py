"""The head of a text as a form: each field with the lines it was read from; the bases with their fate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from khien.adoption.importing.head import (
    DAYS,
    FIELDS,
    LABELS,
    Basis,
    Head,
    HeadProblem,
)
from khien.adoption.importing.selectors import head_of, problems_of
from khien.adoption.models import ImportedText
from khien.adoption.structure import structure_of
from khien.kernel.clock import said_day
from khien.kernel.vietnamese import search_key
from khien.norms.law_fate import LawFate, numbers_in_library
from khien.norms.text.cited import Cited
from khien.norms.text.model import ParsedDocument

_REACH = 2
_PART_MIN = 15


@dataclass(frozen=True, slots=True)
class HeadField:
    """One field of the form: its words, what the text says, where it says so, what is wrong with it."""

    name: str
    label: str
    value: str
    said: str
    is_corrected: bool
    is_long: bool
    lines: Sequence[tuple[int, str]]
    problems: Sequence[HeadProblem]

    @property
    def is_wrong(self) -> bool:
        """Say whether the text cannot come into force with this field."""
        return any(problem.stops for problem in self.problems)


@dataclass(frozen=True, slots=True)
class ShownCitation:
    """A text cited as a basis, and what became of it."""

    name: str
    tone: str
    fate: str
    note: str
    document: str


@dataclass(frozen=True, slots=True)
class ShownBasis:
    """One legal basis with the texts in it."""

    basis: Basis
    cited: Sequence[ShownCitation]


@dataclass(frozen=True, slots=True)
class HeadPage:
    """The form of the head, its bases, and what is wrong with the whole."""

    fields: Sequence[HeadField]
    bases: Sequence[ShownBasis]
    stops: Sequence[HeadProblem]
    warnings: Sequence[HeadProblem]


def head_page(text: ImportedText, *, typed: Mapping[str, str] | None, today: date) -> HeadPage:
    """Return the head of a text for its page.

    Args: typed: what somebody typed and could not keep
    """
    document, head = structure_of(text), head_of(text)
    problems = problems_of(text, today=today)
    raw = _raw_lines(document)
    return HeadPage(
        fields=[_field(name, head, raw, document, problems, typed or {}) for name in FIELDS],
        bases=[_basis(one, today) for one in head.recitals],
        stops=[one for one in problems if one.stops],
        warnings=[one for one in problems if not one.stops],
    )


def _field(
    name: str,
    head: Head,
    raw: Sequence[tuple[int, str]],
    document: ParsedDocument,
    problems: Sequence[HeadProblem],
    typed: Mapping[str, str],
) -> HeadField:
    said = _written(name, (head.said or {}).get(name))
    return HeadField(
        name=name,
        label=str(LABELS[name]),
        value=typed.get(name, _written(name, head.value(name))),
        said=said,
        is_corrected=name in head.corrected,
        is_long=name in ("title", "replaces", "issuer"),
        lines=_lines_of(name, said, raw, document),
        problems=[one for one in problems if one.field == name],
    )


def _written(name: str, value: Any) -> str:
    if not value:
        return ""
    if name in DAYS:
        return said_day(value if isinstance(value, date) else date.fromisoformat(value))
    return "; ".join(value) if isinstance(value, (list, tuple)) else str(value)


def _raw_lines(document: ParsedDocument) -> list[tuple[int, str]]:
    """Return the lines of head and tail, where a text speaks of itself."""
    return [
        (one.span.line, " ".join(one.span.raw.split()))
        for one in document.excluded
        if one.reason in ("header", "title", "tail", "preamble")
    ]


def _lines_of(
    name: str, said: str, raw: Sequence[tuple[int, str]], document: ParsedDocument
) -> list[tuple[int, str]]:
    """Return the lines from which a field was read, as far as they can be told."""
    validity = document.metadata.validity
    if name in ("in_force_from", "replaces"):
        line = validity.line if validity is not None else None
        node = next((one for one in document.nodes if one.line_start == line), None)
        return [(node.line_start, node.text)] if node is not None and said else []
    if not said:
        return []
    if name == "issued_on":
        day, month, year = said.split("/")
        return [
            one
            for one in raw
            if year in one[1]
            and f"tháng {month.lstrip('0')}" in one[1].replace("tháng 0", "tháng ")
            and day.lstrip("0") in one[1]
        ][:1]
    if name == "place":
        raw = [one for one in raw if "ngày" in one[1]]
    key = search_key(said)
    found = [one for one in raw if key in search_key(one[1])]
    parts = [one for one in raw if len(one[1]) > _PART_MIN and search_key(one[1]) in key]
    return (found or parts)[:_REACH]


def _basis(basis: Basis, today: date) -> ShownBasis:
    return ShownBasis(basis, [_citation(cited, fate, today) for cited, fate in basis.cited])


def _citation(cited: Cited, fate: LawFate | None, today: date) -> ShownCitation:
    held = numbers_in_library().get(fate.number if fate else cited.number or "", ())
    document = held[0] if len(held) == 1 else ""
    if fate is None:
        said = gettext("not in the library of law: to be checked")
        return ShownCitation(cited.text, "unknown", said, "", document)
    note = str(fate.note) if fate.note else ""
    successor = (
        gettext("now {successor}").format(successor=fate.successor) if fate.successor else ""
    )
    if fate.has_ended_on(today):
        day = said_day(fate.ended_on) if fate.ended_on else ""
        ended = gettext("ended on {day}").format(day=day)
        return ShownCitation(cited.text, "fail", _joined(ended, successor), note, document)
    if fate.mark == "C" or fate.successor:
        doubt = (
            gettext("may have been replaced: to be checked")
            if fate.successor
            else gettext("not known whether in force: to be checked")
        )
        said = _joined(doubt, successor)
        return ShownCitation(cited.text, "unknown", said, note, document)
    return ShownCitation(
        cited.text, "pass", gettext("in force, as far as is known"), note, document
    )


def _joined(first: str, second: str) -> str:
    return f"{first}; {second}" if second else first
