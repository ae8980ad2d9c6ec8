"""Reading of whole rows: each field by its type, references among what the reader may see, order of dates."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from khien.kernel.canonical import Json, canonical_bytes
from khien.kernel.clock import parse_iso, said_day, vietnam_date
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.registers import refusals as no
from khien.registers.cleaning import shortened
from khien.registers.declarations import Field, Register
from khien.registers.errors import FieldProblem
from khien.registers.models import NAME_KEY_LENGTH, NAME_LENGTH
from khien.registers.refusals import Refused
from khien.registers.scalars import TEXT_LENGTH, read_day, read_scalar, text_of

Values = Mapping[str, Json]
# References that may name a thing no register holds: an outsider, a paper, a machine never read.
FREE_REFERENCES = ("person", "host", "document")
_SEARCH_LENGTH = 4_000
_PLACE = Text("«{label}»: {why}.", "“{label}”: {why}.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a reference may mean: what is stored, and what people are shown."""

    value: int | str
    label: str


class References(Protocol):
    """Finds what references mean, among what the person who writes may see."""

    def find(self, field: Field, text: str) -> Sequence[Candidate]:
        """Return what a text may mean at a field, by name or number; nothing if it is unknown."""

    def holds(self, field: Field, value: int) -> bool:
        """Say whether a stored value names something that may be seen."""


class NoReferences:
    """Knows of nothing: for rows read where no reference can be looked up."""

    def find(self, field: Field, text: str) -> Sequence[Candidate]:
        """Return nothing."""
        return ()

    def holds(self, field: Field, value: int) -> bool:
        """Say no."""
        return False


@dataclass(frozen=True, slots=True)
class RowDraft:
    """Values read for a row, with everything that is wrong with them; services take nothing else."""

    register: Register
    values: Values
    problems: tuple[FieldProblem, ...] = ()

    @property
    def name(self) -> str:
        """Return the words people know the row by."""
        return name_of(self.register, self.values)


def read_row(
    register: Register,
    raw: Mapping[str, object],
    references: References,
    *,
    base: Values | None = None,
) -> RowDraft:
    """Read what a form, a file or a program gave for a row.

    Args:    raw: by field code; a field that is not there keeps its value of `base`
             base: the row's values so far; its values of fields no longer declared are kept
    Returns: the canonical values, without the empty ones, and the problems in the order of fields
    """
    read, problems = read_fields(register, raw, references)
    values = {code: value for code, value in (base or {}).items() if code not in raw} | read
    bad = {problem.field for problem in problems if problem.field}
    problems.extend(row_problems(register, values, bad=bad))
    place = {code: index for index, code in enumerate(register.fields)}
    problems.sort(key=lambda problem: place.get(problem.field or "", -1))
    return RowDraft(register, values, tuple(problems))


def read_fields(
    register: Register, raw: Mapping[str, object], references: References
) -> tuple[dict[str, Json], list[FieldProblem]]:
    """Read the values that are given, each for itself."""
    values: dict[str, Json] = {}
    problems: list[FieldProblem] = []
    for code, given in raw.items():
        field = register.fields.get(code)
        if field is None:
            problems.append(FieldProblem(None, no.UNKNOWN_FIELD.fill({"value": shortened(code)})))
            continue
        value, problem = read_value(field, given, references)
        if problem is not None:
            problems.append(problem)
        elif value is not None:
            values[code] = value
    return values, problems


def row_problems(register: Register, values: Values, *, bad: Collection[str]) -> list[FieldProblem]:
    """Return what is wrong with a row as a whole: fields it lacks (but for bad ones) and the order of dates."""
    problems = [
        _problem(field, no.REQUIRED, {})
        for field in register.fields.values()
        if field.is_required and field.code not in values and field.code not in bad
    ]
    return problems + _date_problems(register, values)


def read_value(
    field: Field, raw: object, references: References
) -> tuple[Json, FieldProblem | None]:
    """Read one value; a value that cannot stand here comes back as None with its problem."""
    try:
        value = (
            _read_reference(field, raw, references)
            if field.is_reference
            else read_scalar(field, raw)
        )
    except Refused as refused:
        return None, _problem(field, refused.why, refused.values)
    return value, None


def read_day_of(title: Text, raw: object) -> tuple[date | None, FieldProblem | None]:
    """Read a day that is asked for under a title of its own, outside of any field."""
    try:
        return (read_day(raw), None) if text_of(raw) else (None, _untitled(title, no.REQUIRED, {}))
    except Refused as refused:
        return None, _untitled(title, refused.why, refused.values)


def _untitled(title: Text, why: Text, values: Mapping[str, object]) -> FieldProblem:
    said = why.fill(values)
    vi = _PLACE.vi.format(label=title.vi, why=said.vi)
    return FieldProblem(None, Text(vi=vi, en=_PLACE.en.format(label=title.en, why=said.en)))


def _problem(field: Field, why: Text, values: Mapping[str, object]) -> FieldProblem:
    said = why.fill(values)
    return FieldProblem(
        field.code,
        Text(
            vi=_PLACE.vi.format(label=field.title.vi, why=said.vi),
            en=_PLACE.en.format(label=field.title.en, why=said.en),
        ),
    )


def _read_reference(field: Field, raw: object, references: References) -> Json:
    if raw is None or isinstance(raw, bool):
        if raw is None:
            return None
        raise Refused(no.UNREADABLE)
    if isinstance(raw, int):
        if references.holds(field, raw):
            return raw
        raise _not_found(field, str(raw))
    text = text_of(raw)
    if not text:
        return None
    found = references.find(field, text)
    if len(found) == 1:
        return found[0].value
    if found:
        known = "; ".join(candidate.label for candidate in found[:5])
        raise Refused(no.NOT_ONE, value=shortened(text), known=known)
    # Digits alone are a row's number, never a name; free text must not look like one.
    if field.type not in FREE_REFERENCES or text.lstrip("#").isdecimal():
        raise _not_found(field, text)
    if len(text) > TEXT_LENGTH:
        raise Refused(no.TOO_LONG, size=len(text), limit=TEXT_LENGTH)
    return text


def _not_found(field: Field, text: str) -> Refused:
    places = {
        "unit": Text("trong các đơn vị bạn thấy được", "among the units you may see"),
        "host": Text("trong danh sách máy", "among the machines"),
    }
    where = places.get(field.type, Text("trong sổ liên quan", "in the register it points to"))
    return Refused(no.NOT_FOUND, value=shortened(text), where_vi=where.vi, where_en=where.en)


def _date_problems(register: Register, values: Values) -> list[FieldProblem]:
    problems = []
    for order in register.dates:
        known = [(register.fields[code], _day_of(values[code])) for code in order if code in values]
        for (earlier, first), (later, second) in pairwise(known):
            if first is not None and second is not None and second < first:
                problems.append(_order_problem(earlier, first, later, second))
    return problems


def _order_problem(earlier: Field, first: date, later: Field, second: date) -> FieldProblem:
    said = {
        "earlier_vi": f"«{earlier.title.vi}»",
        "earlier_en": f"“{earlier.title.en}”",
        "later_vi": "ngày",
        "later_en": "the date",
        "earlier_value": said_day(first),
        "later_value": said_day(second),
    }
    return _problem(later, no.DATE_ORDER, said)


def _day_of(value: Json) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else vietnam_date(parse_iso(value))
    except ValueError:
        return None


def missing_wanted(register: Register, values: Values) -> tuple[Field, ...]:
    """Return the fields that texts ask for and the row leaves empty, in the order of fields."""
    return tuple(
        field
        for field in register.fields.values()
        if (field.is_wanted or field.is_required) and field.code not in values
    )


def name_of(
    register: Register, values: Values, labels: Mapping[tuple[str, Json], str] | None = None
) -> str:
    """Return the words people know a row by, from the fields that name it."""
    parts = [
        said_text(register.fields[code], values[code], labels)
        for code in register.name
        if code in values
    ]
    return " · ".join(part for part in parts if part)[:NAME_LENGTH]


def said_text(
    field: Field, value: Json, labels: Mapping[tuple[str, Json], str] | None = None
) -> str:
    """Return a canonical value as Vietnamese text, for names, search and lists.

    Args: labels: what references are called, by field code and value
    """
    if value is None:
        return ""
    if field.is_reference:
        return (labels or {}).get((field.code, value), str(value) if isinstance(value, str) else "")
    if field.type == "boolean":
        return "có" if value is True else "không"
    if field.type == "choice":
        label = field.choices.get(str(value))
        return label.vi if label else str(value)
    if field.type == "choices" and isinstance(value, Sequence):
        return "; ".join(
            field.choices[c].vi if c in field.choices else str(c) for c in map(str, value)
        )
    if field.type == "date":
        day = _day_of(value)
        return said_day(day) if day else str(value)
    return str(value)


def name_key_of(name: str) -> str:
    """Return the key that orders rows by their names, without tone marks."""
    return search_key(name)[:NAME_KEY_LENGTH]


def search_key_of(
    register: Register, values: Values, labels: Mapping[tuple[str, Json], str] | None = None
) -> str:
    """Return the text a row is found by, without tone marks: all it says but yes and no."""
    words = [
        said_text(register.fields[code], value, labels)
        for code, value in values.items()
        if code in register.fields and register.fields[code].type != "boolean"
    ]
    return search_key(" | ".join(word for word in words if word))[:_SEARCH_LENGTH]


def key_digest_of(register: Register, values: Values) -> str | None:
    """Return the digest of what makes the row itself; None where all fields of the key are empty."""
    parts = [_folded(values.get(code)) for code in register.key]
    if all(part is None for part in parts):
        return None
    return hashlib.sha256(canonical_bytes([register.code, *parts])).hexdigest()


def _folded(value: Json) -> Json:
    """Return a value so that two ways of typing one name are equal; tone marks still count."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def values_digest(salt: str, values: Values) -> str:
    """Return the digest of values that goes on record; without the salt it tells nothing of them."""
    return hashlib.sha256(salt.encode() + canonical_bytes(dict(values))).hexdigest()
