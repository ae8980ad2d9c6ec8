"""The list of a register's rows: what an address asks for, which columns stand there, and what cells say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.http import QueryDict

from khien.kernel.canonical import Json
from khien.kernel.clock import VIETNAM, iso_utc
from khien.kernel.language import current_language
from khien.registers.declarations import NUMBERS, Field, Register
from khien.registers.errors import FieldProblem
from khien.registers.exports import said_cell
from khien.registers.models import Row
from khien.registers.references import reference_labels
from khien.registers.selectors import Filter, RowQuery
from khien.registers.values import References, missing_wanted, read_value

COLUMNS_MAX = 6
PRINTED_COLUMNS_MAX = 9
STATE_SLUGS = {"dang-ghi": "active", "da-dua-ra": "retired", "tat-ca": "all"}
_RANGES = ("date", "moment", *NUMBERS)
_CHOSEN = ("choice", "choices", "boolean")


@dataclass(frozen=True, slots=True)
class FilterShown:
    """One filter of a list: its field, how it is asked, and what was asked."""

    field: Field
    value: str = ""
    low: str = ""
    high: str = ""

    @property
    def is_range(self) -> bool:
        """Say whether it asks from and to."""
        return self.field.type in _RANGES

    @property
    def is_chosen(self) -> bool:
        """Say whether it offers a list of choices."""
        return self.field.type in _CHOSEN

    @property
    def is_on(self) -> bool:
        """Say whether anything was asked."""
        return bool(self.value or self.low or self.high)


@dataclass(slots=True)
class Asked:
    """What the address of a list asks for, as far as it can be read, and what could not."""

    query: RowQuery
    page: int
    state: str
    lacking: str
    filters: list[FilterShown]
    kept: dict[str, str]
    problems: list[FieldProblem] = field(default_factory=list)

    @property
    def is_narrowed(self) -> bool:
        """Say whether anything but order and page was asked for."""
        return bool(self.query.search or self.query.filters or self.problems)

    def address(self, **changes: str) -> str:
        """Return the query of the same list with some words changed; an empty word is left out."""
        words = {name: word for name, word in (self.kept | changes).items() if word}
        return f"?{urlencode(words)}" if words else "?"


def asked(register: Register, params: QueryDict, references: References) -> Asked:
    """Read what an address asks a list for; what cannot be read becomes a problem and is passed over."""
    problems: list[FieldProblem] = []
    shown: list[FilterShown] = []
    conditions: list[Filter] = []
    for one in register.fields.values():
        if one.is_filter:
            filter_shown = _filter_of(one, params)
            shown.append(filter_shown)
            conditions.extend(_conditions(filter_shown, references, problems))
    lacking = params.get("thieu", "")
    if lacking in register.fields:
        conditions.append(Filter(lacking, "empty"))
    slug = params.get("tt", "")
    state = slug if slug in STATE_SLUGS else "dang-ghi"
    order, words = params.get("xep", ""), params.get("tim", "")[:200]
    query = RowQuery(
        search=words, filters=conditions, order=order or "name", state=STATE_SLUGS[state]
    )
    number = params.get("trang", "1")
    kept = _kept(register, params)
    page = int(number) if number.isdecimal() and len(number) < 7 else 1
    return Asked(query, page, state, lacking, shown, kept, problems)


def _kept(register: Register, params: QueryDict) -> dict[str, str]:
    """Return the words of an address that make the list what it is, without the page."""
    names = ["tim", "tt", "xep", "thieu"]
    for code, one in register.fields.items():
        if one.is_filter:
            names += [f"loc-{code}", f"tu-{code}", f"den-{code}"]
    return {name: text[:200] for name in names if (text := params.get(name, ""))}


def _filter_of(one: Field, params: QueryDict) -> FilterShown:
    value, low, high = (params.get(f"{how}-{one.code}", "")[:200] for how in ("loc", "tu", "den"))
    return FilterShown(one, value, low, high)


def _conditions(
    shown: FilterShown, references: References, problems: list[FieldProblem]
) -> Iterable[Filter]:
    one = shown.field
    if shown.is_range:
        for how, given in (("from", shown.low), ("to", shown.high)):
            if given:
                for condition in _condition(_as_day(one), how, given, references, problems):
                    yield _at_its_moment(one, condition)
    elif not shown.value:
        return
    elif one.is_reference:
        # A name that means nothing known is looked for as it was written.
        found = references.find(one, shown.value)
        if len(found) == 1:
            yield Filter(one.code, "is", found[0].value)
        else:
            yield Filter(one.code, "contains", shown.value)
    elif shown.is_chosen:
        yield from _condition(one, "is", shown.value, references, problems)
    else:
        yield Filter(one.code, "contains", shown.value)


def _as_day(one: Field) -> Field:
    """Return a field of moments as one of days: people filter by day."""
    return replace(one, type="date") if one.type == "moment" else one


def _at_its_moment(one: Field, condition: Filter) -> Filter:
    """Return a condition on a day of Viet Nam as one on the moments that are kept."""
    if one.type != "moment" or not isinstance(condition.value, str):
        return condition
    edge = time.min if condition.how == "from" else time(23, 59, 59)
    moment = datetime.combine(date.fromisoformat(condition.value), edge, tzinfo=VIETNAM)
    return Filter(condition.field, condition.how, iso_utc(moment))


def _condition(
    one: Field, how: str, given: str, references: References, problems: list[FieldProblem]
) -> Iterable[Filter]:
    value, problem = read_value(one, given, references)
    if problem is not None:
        problems.append(problem)
        return
    if one.type == "choices" and isinstance(value, list):
        value = value[0]
    yield Filter(one.code, how, value)


def columns_of(register: Register, *, most: int = COLUMNS_MAX) -> list[Field]:
    """Return the fields a list shows beside the name: what makes a row itself, what texts ask for, filters."""
    rest = [one for one in register.fields.values() if one.type != "long_text"]
    named = set(register.name)
    ranked = sorted(rest, key=lambda one: -_weight(register, one))
    chosen = [one.code for one in ranked if one.code not in named][: max(0, most - 1)]
    return [one for code, one in register.fields.items() if code in chosen]


def _weight(register: Register, one: Field) -> int:
    is_asked_for = one.is_wanted or one.is_required
    return 3 * (one.code in register.key) + 2 * is_asked_for + one.is_filter


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row as a list shows it: cells beside their fields, and how many fields texts ask for are empty."""

    row: Row
    cells: list[tuple[Field, str]]
    lacking: int

    @property
    def stamp(self) -> str:
        """Return the row and its version as a form sends them."""
        return f"{self.row.number}.{self.row.version}"


def shown_rows(
    register: Register,
    rows: Sequence[Row],
    columns: Sequence[Field],
    *,
    hosts: Mapping[str, str],
) -> list[RowShown]:
    """Return rows as a list shows them, in the language of the page."""
    labels = reference_labels(register, [row.values for row in rows], hosts=hosts)
    return [
        RowShown(
            row,
            [(one, said(one, row.values.get(one.code), labels)) for one in columns],
            len(missing_wanted(register, row.values)),
        )
        for row in rows
    ]


def said(one: Field, value: Json, labels: Mapping[tuple[str, Json], str]) -> str:
    """Return a value in the language of the page; what a reference no longer leads to is said as a number."""
    text = said_cell(one, value, current_language(), labels)
    return text or ("" if value is None else f"#{value}" if one.is_reference else str(value))


def hosts_named(register: Register, rows: Iterable[Row]) -> set[str]:
    """Return the ids of machines that rows name, to look their names up at once."""
    codes = [code for code, one in register.fields.items() if one.type == "host"]
    return {str(row.values[code]) for row in rows for code in codes if code in row.values}
