"""The form of a register from its declaration: fields with help, what was typed, and what is wrong with it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from khien.kernel.canonical import Json
from khien.kernel.clock import parse_iso, said_day, said_moment
from khien.kernel.language import Text
from khien.org.models import Unit
from khien.registers.declarations import Field, Register, register_by_code
from khien.registers.errors import FieldConflict, FieldProblem
from khien.registers.references import reference_labels, register_of
from khien.registers.scalars import said_value
from khien.registers.selectors import RowQuery, rows_of
from khien.registers.values import FREE_REFERENCES
from khien.web.pages.register_list import said

# The last sentence of a help text that only names the clause.
_BY_CLAUSE = re.compile(r"(?:^|\s)(?:Theo|By) [^.]*\.$")
CANDIDATES_MAX = 200
SELECT_MAX = 30
_EXAMPLES: Mapping[str, Text] = {
    "date": Text("Ngày/tháng/năm, ví dụ 05/03/2026.", "Day/month/year, for example 05/03/2026."),
    "moment": Text("Ví dụ 08:30 05/03/2026.", "For example 08:30 05/03/2026."),
    "money": Text("Số đồng, ví dụ 1.500.000.", "In đồng, for example 1.500.000."),
    "percent": Text("Từ 0 đến 100.", "From 0 to 100."),
    "mac": Text("Ví dụ 00:1a:2b:3c:4d:5e.", "For example 00:1a:2b:3c:4d:5e."),
    "ip": Text("Ví dụ 192.168.1.10.", "For example 192.168.1.10."),
    "phone": Text("Ví dụ 0912 345 678.", "For example 0912 345 678."),
    "email": Text("Ví dụ ten@donvi.gov.vn.", "For example name@unit.gov.vn."),
    "url": Text("Ví dụ https://donvi.gov.vn.", "For example https://unit.gov.vn."),
}
_INPUT_MODES = {"integer": "numeric", "money": "numeric", "percent": "numeric", "ip": "decimal"}
_YES_NO = (("có", Text("có", "yes")), ("không", Text("không", "no")))


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a reference may be filled with; `is_cut`: there are more than are offered."""

    words: tuple[str, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form as it is shown: its control, what stands in it, and what is wrong with that."""

    field: Field
    value: str
    chosen: tuple[str, ...]
    problems: tuple[Text, ...]
    candidates: Candidates

    @property
    def name(self) -> str:
        """Return the name under which the form sends it."""
        return self.field.code

    @property
    def widget(self) -> str:
        """Return which control it is: area, choice, choices, pick, input."""
        kinds = {"long_text": "area", "choice": "choice", "choices": "choices", "boolean": "choice"}
        if self.field.type in kinds:
            return kinds[self.field.type]
        return "pick" if self._is_short_list else "input"

    @property
    def _is_short_list(self) -> bool:
        words = self.candidates.words
        is_strict = self.field.is_reference and self.field.type not in FREE_REFERENCES
        is_known = not self.value or self.value in words
        return is_strict and is_known and 0 < len(words) <= SELECT_MAX

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return (value, word) of what can be chosen."""
        if self.field.type == "boolean":
            return [(code, str(word)) for code, word in _YES_NO]
        if self.widget == "pick":
            return [(word, word) for word in self.candidates.words]
        return [(code, str(word)) for code, word in self.field.choices.items()]

    @property
    def is_strange(self) -> bool:
        """Say whether what stands in it is none of the choices: it is shown, not lost."""
        return bool(self.value) and self.value not in {code for code, _ in self.options}

    @property
    def help(self) -> str:
        """Return what the declaration says of it, without the clause where a link says that."""
        said = str(self.field.help) if self.field.help else ""
        return _BY_CLAUSE.sub("", said) if self.clause else said

    @property
    def example(self) -> str:
        """Return how such a value is written."""
        return str(_EXAMPLES[self.field.type]) if self.field.type in _EXAMPLES else ""

    @property
    def input_mode(self) -> str:
        """Return which keys a phone offers."""
        return _INPUT_MODES.get(self.field.type, "")

    @property
    def clause(self) -> tuple[str, str] | None:
        """Return the clause that names the field, as (document, path)."""
        document, _, path = (self.field.clause or "").partition("/")
        return (document, path) if path else None

    @property
    def described_by(self) -> str:
        """Return the ids of the words that describe the control."""
        parts = [f"loi-{self.name}"] if self.problems else []
        has_help = self.help or self.example or self.clause
        return " ".join([*parts, f"giup-{self.name}"] if has_help else parts)


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form: what must or should be filled in, the rest, and everything that is wrong."""

    main: tuple[FormField, ...]
    more: tuple[FormField, ...]
    problems: tuple[FieldProblem, ...]

    @property
    def is_more_open(self) -> bool:
        """Say whether the rest has anything in it that must be seen."""
        return any(f.value or f.chosen or f.problems for f in self.more) or not self.main


def new_token() -> str:
    """Return a token that lets a form sent twice be known."""
    return secrets.token_hex(16)


def form_of(
    register: Register,
    raw: Mapping[str, object],
    *,
    candidates: Mapping[str, Candidates],
    problems: Sequence[FieldProblem] = (),
) -> Form:
    """Return the form of a register filled with what was typed or stands in a row."""
    by_field: dict[str, list[Text]] = {}
    for problem in problems:
        by_field.setdefault(problem.field or "", []).append(problem.text)
    shown = [
        _form_field(one, raw.get(code), by_field.get(code, ()), candidates)
        for code, one in register.fields.items()
    ]
    main = tuple(f for f in shown if f.field.is_required or f.field.is_wanted)
    rest = tuple(f for f in shown if f not in main)
    return Form(main, rest, tuple(problems))


def _form_field(
    one: Field,
    raw: object,
    problems: Iterable[Text],
    candidates: Mapping[str, Candidates],
) -> FormField:
    chosen = tuple(str(code) for code in raw) if isinstance(raw, (list, tuple)) else ()
    value = "" if raw is None or chosen or isinstance(raw, (list, tuple)) else str(raw)
    place = register_of(one) or one.type
    offered = candidates.get(place, Candidates()) if one.is_reference else Candidates()
    return FormField(one, value, chosen, tuple(problems), offered)


def posted(register: Register, data: QueryDict) -> dict[str, object]:
    """Return what a form sent, by field: text as it was typed, several choices as a list."""
    raw: dict[str, object] = {}
    for code, one in register.fields.items():
        raw[code] = data.getlist(code) if one.type == "choices" else data.get(code, "")
    return raw


def changed(register: Register, data: QueryDict, shown: Mapping[str, object]) -> dict[str, object]:
    """Return what a form sent that differs from what it showed; fields it does not have are not changed.

    What nobody touched is not read again: a reference to a row that was retired since may stand.
    """
    raw = {code: text for code, text in posted(register, data).items() if code in data}
    for code, one in register.fields.items():
        if one.type == "choices" and f"co-{code}" in data:
            raw.setdefault(code, [])
    return {code: text for code, text in raw.items() if _plain(text) != _plain(shown.get(code))}


def _plain(given: object) -> object:
    """Return text as it can be compared: browsers send other line ends than they were given."""
    if isinstance(given, (list, tuple)):
        return [str(part) for part in given if part] or ""
    return "" if given is None else str(given).replace("\r\n", "\n").strip()


def typed(
    register: Register, values: Mapping[str, Json], hosts: Mapping[str, str]
) -> dict[str, object]:
    """Return the values of a row as a person would type them; reading them again gives the same values."""
    labels = reference_labels(register, [values], is_numbered=True, hosts=hosts)
    return {
        code: _typed(one, values[code], labels)
        for code, one in register.fields.items()
        if values.get(code) is not None
    }


def _typed(one: Field, value: Json, labels: Mapping[tuple[str, Json], str]) -> object:
    if one.is_reference:
        return labels.get((one.code, value), str(value))
    if one.type == "boolean":
        return "có" if value is True else "không"
    if one.type == "choices":
        return value if isinstance(value, list) else []
    if one.type == "moment" and isinstance(value, str):
        return said_moment(parse_iso(value))
    if one.type == "date":
        day = said_value(one, value)
        return said_day(day) if hasattr(day, "isoformat") else str(value)  # type: ignore[arg-type]
    return str(value)


def candidates_of(
    register: Register, units: Sequence[Unit], *, home: Unit, hosts: Mapping[str, str]
) -> dict[str, Candidates]:
    """Return what the references of a register's form may be filled with, one query for each register."""
    places = {register_of(one) or one.type for one in register.fields.values() if one.is_reference}
    found: dict[str, Candidates] = {}
    for place in sorted(places):
        if place == "unit":
            words = [unit.code for unit in units]
        elif place == "host":
            words = list(hosts.values())
        else:
            words = matching_rows(place, units, home=home, words="")
        found[place] = Candidates(tuple(words[:CANDIDATES_MAX]), len(words) > CANDIDATES_MAX)
    return found


def matching_rows(place: str, units: Sequence[Unit], *, home: Unit, words: str) -> list[str]:
    """Return rows of a register as a reference names them, those of the own unit if there are any."""
    target = register_by_code(place)
    for chosen in ([home], list(units)):
        rows = rows_of(chosen, target, RowQuery(search=words))[: CANDIDATES_MAX + 1]
        found = [f"#{number} {name}" for number, name in rows.values_list("number", "name")]
        if found:
            return found
    return []


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two persons changed, in words: before, theirs, mine; and what mine was typed as."""

    field: Field
    before: str
    theirs: str
    mine: str
    is_contested: bool
    is_mine: bool


def differences(
    register: Register, fields: Iterable[FieldConflict], labels: Mapping[tuple[str, Json], str]
) -> list[Difference]:
    """Return what two persons made of a row, contested fields first."""
    shown = [
        Difference(
            field=one,
            before=said(one, conflict.base, labels),
            theirs=said(one, conflict.theirs, labels),
            mine=said(one, conflict.mine, labels),
            is_contested=conflict.is_contested,
            is_mine=conflict.base != conflict.mine,
        )
        for conflict in fields
        if (one := register.fields.get(conflict.field)) is not None
    ]
    return sorted(shown, key=lambda difference: not difference.is_contested)
