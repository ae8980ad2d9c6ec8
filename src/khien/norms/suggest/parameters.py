"""Values of parameters that a clause gives to controls: numbers, codes, sets, days, laws, recipients."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, TypeVar

from khien.kernel.vietnamese import nfc
from khien.norms.suggest.deadlines import Deadline
from khien.norms.suggest.names import Names
from khien.norms.suggest.quantities import Period, Quantity, periods_of, quantities_of
from khien.norms.suggest.recipients import form_of, recipients_of
from khien.norms.suggest.signs import Read, held
from khien.norms.suggest.values import Spec, ValueBook
from khien.norms.suggest.words import words
from khien.norms.text.model import Citation, Node

GivenValue: TypeAlias = int | str | date | tuple[str, ...]

# Units of parameters, and the units of quantities in a text that give them.
_GIVEN_BY: Mapping[str, tuple[str, ...]] = {
    "character": ("character",), "attempt": ("times",), "minute": ("minute",), "hour": ("hour",),
    "percent": ("percent",), "machine": ("machine",), "line": ("line",), "zone": ("zone",), "device": ("device",),
    "per_lan": ("device",), "per_month_per_unit": ("times",), "month": ("month", "year"),
    "kept_password": ("kept_password",), "day": ("day",),
}  # fmt: skip
_YEAR_MONTHS = 12
# What any clause may name says nothing of a control that is not suggested for the clause.
# It is given once: to the likeliest control, or to each whose own sentence names it.
_GIVEN_ONCE = frozenset({"law", "recipients", "due"})
_LEVEL = re.compile(r"cấp(?: độ)?\s+(\d)(?=\s+trở lên)", re.IGNORECASE)
_STEP = re.compile(r"^\s*Bước (\d{1,2})\b")
_FILE = re.compile(r"\(?\.([a-z0-9]{2,5})\b\)?|\b(exe|bat|com|dll|docx?|xlsx?|pdf|odt|txt)\b")
_NOT_SENT = re.compile(r"không (?:được )?(?:gửi|đính kèm|mở)|cấm|thực thi|chặn", re.IGNORECASE)
_ROLE = re.compile(
    r"[Gg]iao ([A-ZĐ][^.;,]{3,60}?) (?:là|làm) (?:cơ quan|đơn vị|bộ phận|đầu mối) (?:chuyên trách|phụ trách)"
)
_SENTENCE = re.compile(r"[^.;]+(?:\.(?=\S)[^.;]*)*")
_VALID = re.compile(r"hiệu lực|hết hạn|thời hạn sử dụng|tuổi thọ|có giá trị", re.IGNORECASE)
_FROM_DAY = re.compile(r"từ ngày (\d{1,2})/(\d{1,2})/(\d{4})")
_BEFORE, _AFTER = 90, 110
_MONTH_NAMES = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_QUARTER_MONTHS = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a parameter: the control it is of, the value, its unit, and the words that say it.

    control: empty for a quantity that no parameter of the library takes
    """

    control: str
    name: str
    value: GivenValue
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as values are read from it: its text, and what stands around it."""

    node: Node
    text: str
    read: Read
    children: tuple[Node, ...] = ()
    place: int = 0
    citations: tuple[Citation, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    quantities: tuple[Quantity, ...] = field(default=(), compare=False)
    periods: tuple[Period, ...] = field(default=(), compare=False)


Spot = TypeVar("Spot", Quantity, Period)
Found: TypeAlias = tuple[GivenValue, str] | None


class Valuer:
    """Reads values of parameters from clauses; made once from the library's data."""

    def __init__(self, book: ValueBook, names: Names) -> None:
        self.phrases = book.phrases
        self._book = book
        self._names = names
        self._taken: Mapping[str, Callable[[Spec, Clause], Found]] = {
            "law": self._law, "laws": self._laws, "documents": _documents, "recipients": self._recipients,
            "form": _form, "step": _step, "due": _due, "day": _day, "replaces": _replaces, "ordinal": _ordinal,
            "count": _count, "reference": _reference, "files": _files, "roles": _roles, "range_low": _range_low,
            "quantity": _quantity,
        }  # fmt: skip

    def values(
        self, clause: Clause, controls: Sequence[str], proposed: Sequence[str]
    ) -> list[Given]:
        """Return the values that a clause gives.

        Args: controls: those suggested for the clause, sure enough to take values; proposed: all suggested
        """
        specs = self._book.worth_a_look((*clause.read.here, *clause.read.above), controls)
        found, shared = list[Given](), list[tuple[Spec, Given]]()
        for spec in specs:
            is_shared = spec.take in _GIVEN_ONCE
            if is_shared and spec.control not in proposed:
                continue
            if not self._applies(spec, clause, controls):
                continue
            value = self._value(spec, clause)
            if value is not None:
                unit = spec.parameter.unit or ""
                given = Given(spec.control, spec.parameter.name, value[0], unit, value[1])
                if is_shared:
                    shared.append((spec, given))
                else:
                    found.append(given)
        return _without_vague(found) + _given_once(shared, proposed)

    def borrowed(self, clause: Clause, lenders: Sequence[Given]) -> list[Given]:
        """Return the values that a clause takes over from clauses of the same text by name."""
        found = []
        for spec in self._book.worth_a_look(clause.read.here, ()):
            if not any(held(sign, clause.read) for sign in spec.borrows):
                continue
            lent = next((one for one in lenders if one.name == spec.parameter.name), None)
            if lent is not None:
                found.append(Given(spec.control, lent.name, lent.value, lent.unit, lent.words))
        return found

    def _applies(self, spec: Spec, clause: Clause, controls: Sequence[str]) -> bool:
        if spec.when:
            return any(held(sign, clause.read) for sign in spec.when)
        return bool(spec.codes) or spec.control in controls

    def _value(self, spec: Spec, clause: Clause) -> Found:
        if spec.take:
            return self._taken[spec.take](spec, clause)
        if spec.codes is not None:
            coded = self._coded(spec, clause)
            if coded is not None or spec.parameter.type != "integer":
                return coded
        if spec.parameter.type == "integer":
            return _number(spec, clause)
        return None

    def _coded(self, spec: Spec, clause: Clause) -> Found:
        reads = [clause.read]
        if spec.children:
            reads += [self._read_of(child) for child in clause.children]
        codes, said = list[str](), list[str]()
        for code, signs in (spec.codes or {}).items():
            for read in reads:
                shown = next((found for sign in signs if (found := held(sign, read))), None)
                if shown:
                    codes.append(code)
                    said += [phrases[0].strip() for _, phrases in shown]
                    break
        if not codes:
            return None
        shown_words = ", ".join(dict.fromkeys(said))
        if spec.parameter.type == "set":
            return tuple(codes), shown_words
        return (int(codes[0]) if spec.parameter.type == "integer" else codes[0]), shown_words

    def _read_of(self, node: Node) -> Read:
        text = words(node.text)
        return Read(text, self.phrases.found(text), frozenset())

    def _law(self, spec: Spec, clause: Clause) -> Found:
        cited = _cited_in(clause, _part(spec, clause))
        named = [
            (name, one.text) for one in cited if (name := self._names.text(one)) and _is_law(one)
        ]
        return _listed(named)

    def _laws(self, spec: Spec, clause: Clause) -> Found:
        del spec
        return _listed(
            [(self._names.text(one), one.text) for one in clause.citations if one.kind == "luật"]
        )

    def _recipients(self, spec: Spec, clause: Clause) -> Found:
        part = _part(spec, clause)
        named = recipients_of(part)
        # A control with a name for one receiver and one for several takes the one that fits.
        if self._book.has_other(spec, "recipients" if len(named) == 1 else "recipient"):
            return None
        return _listed([(self._names.body(name), name) for name in named])


def _without_vague(given: Sequence[Given]) -> list[Given]:
    """Return the values without those that only say "on" where a number of the same control says more."""
    numbered = {one.control for one in given if isinstance(one.value, int)}
    return [one for one in given if one.value != "on" or one.control not in numbered]


def _given_once(shared: Sequence[tuple[Spec, Given]], proposed: Sequence[str]) -> list[Given]:
    ranked = sorted(shared, key=lambda one: proposed.index(one[1].control))
    found = list[Given]()
    for take in _GIVEN_ONCE:
        of_kind = [(spec, given) for spec, given in ranked if spec.take == take]
        own = [given for spec, given in of_kind if spec.part]
        found += own or [given for _, given in of_kind if given.control == of_kind[0][1].control]
    return found


def _listed(named: Sequence[tuple[str, str]]) -> Found:
    if not named:
        return None
    return tuple(dict.fromkeys(short for short, _ in named)), ", ".join(
        dict.fromkeys(w for _, w in named)
    )


def _part(spec: Spec, clause: Clause) -> str:
    """Return the sentences that the spec reads: those with its words, or all."""
    if not spec.part:
        return clause.text
    sentences = _SENTENCE.findall(clause.text)
    return ". ".join(s for s in sentences if any(one in words(s) for one in spec.part))


def _cited_in(clause: Clause, part: str) -> list[Citation]:
    if part == clause.text:
        return list(clause.citations)
    found, place = [], 0
    for one in clause.citations:
        start = clause.text.find(one.text, place)
        if start < 0:
            continue
        place = start + len(one.text)
        if clause.text[start : place + 12].strip(" .;") in part:
            found.append(one)
    return found


def _is_law(one: Citation) -> bool:
    return one.kind in ("luật", "bộ luật", "nghị định", "thông tư", "quyết định", "nghị quyết")


def _documents(spec: Spec, clause: Clause) -> Found:
    del spec
    return _listed(
        [(one.number, one.text) for one in clause.citations if one.number and not one.internal]
    )


def _form(spec: Spec, clause: Clause) -> Found:
    del spec
    form = form_of(clause.text)
    return ((form,), form) if form else None


def _step(spec: Spec, clause: Clause) -> Found:
    del spec
    match = _STEP.match(clause.text)
    return ((match[1],), match.group()) if match else None


def _due(spec: Spec, clause: Clause) -> Found:
    named = list[tuple[str, str]]()
    part = _part(spec, clause)
    for one in clause.deadlines:
        number = one.numbers
        if one.words not in part:
            continue
        if one.kind == "before" and "year" not in number:
            named.append((f"{int(number['day'])}/{int(number['month'])}", one.words))
            if "day2" in number:
                named.append((f"{int(number['day2'])}/{int(number['month2'])}", one.words))
        elif one.kind == "before_of_period" and "cuối" in number["which"]:
            named += [(f"{int(number['day'])}/{month}", one.words) for month in _QUARTER_MONTHS]
        elif one.kind == "within_month" and "year" not in number:
            month = int(number["month"])
            named += [(_MONTH_NAMES[month], one.words)] if 1 <= month < len(_MONTH_NAMES) else []
    return _listed(named)


def _day(spec: Spec, clause: Clause) -> Found:
    del spec
    match = _FROM_DAY.search(clause.text)
    if match:
        try:
            return date(int(match[3]), int(match[2]), int(match[1])), match.group()
        except ValueError:
            return None
    return next(((one.day, one.words) for one in clause.deadlines if one.day), None)


def _replaces(spec: Spec, clause: Clause) -> Found:
    del spec
    after = re.search(r"thay thế|bãi bỏ", clause.text)
    named = []
    for one in clause.citations:
        if after and one.number and clause.text.find(one.text) > after.start():
            # A number without its year names a text only together with its day.
            day = "" if re.search(r"/\d{4}/", one.number) or not one.date else _short_day(one.date)
            named.append((f"{one.number}{day}", one.text))
    return _listed(named)


def _short_day(day: str) -> str:
    year, month, number = day.split("-")
    return f" {int(number)}/{int(month)}/{year}"


def _ordinal(spec: Spec, clause: Clause) -> Found:
    del spec
    return (
        ((str(clause.place),), clause.node.path) if clause.node.kind in ("gach", "diem") else None
    )


def _count(spec: Spec, clause: Clause) -> Found:
    """Return how many units stand under a lead-in, or how many a sentence says there are."""
    del spec
    if clause.children and clause.text.rstrip().endswith(":"):
        return len(clause.children), clause.text[-40:]
    kinds = ("level", "group")
    return next(((one.value, one.words) for one in clause.quantities if one.unit in kinds), None)


def _reference(spec: Spec, clause: Clause) -> Found:
    del spec
    return _listed([(target, one.text) for one in clause.citations for target in one.targets])


def _files(spec: Spec, clause: Clause) -> Found:
    """Return file endings: those that are forbidden stand after words of a ban."""
    ban = _NOT_SENT.search(clause.text)
    cut = ban.start() if ban else len(clause.text)
    is_barred = spec.parameter.name == "blocked"
    part = clause.text[cut:] if is_barred else clause.text[:cut]
    named = [(match[1] or match[2], match.group()) for match in _FILE.finditer(part)]
    if named and not is_barred and "định dạng khác" in part:
        named.append(("others by rule", "các định dạng khác"))
    return _listed(named)


def _roles(spec: Spec, clause: Clause) -> Found:
    del spec
    match = _ROLE.search(clause.text)
    if match:
        return (f"security_section:{match[1]}",), match.group()
    if re.search(r"[Vv]ận hành hệ thống thông tin theo", clause.text):
        return ("operator",), "vận hành hệ thống thông tin"
    return None


def _range_low(spec: Spec, clause: Clause) -> Found:
    for one in _near(spec, clause, clause.quantities):
        if one.low is not None and one.unit == "times":
            return one.low, one.words
    return None


def _quantity(spec: Spec, clause: Clause) -> Found:
    return next(
        (
            (one.value, one.words)
            for one in _near(spec, clause, clause.quantities)
            if one.unit == spec.unit
        ),
        None,
    )


def _number(spec: Spec, clause: Clause) -> Found:
    parameter = spec.parameter
    if parameter.unit == "level":
        match = _LEVEL.search(clause.text)
        return (int(match[1]), match.group()) if match else None
    if parameter.unit in ("month", "day") and parameter.sense == "min":
        periods = [*_near(spec, clause, clause.periods), *_terms(clause)]
        return next(((p.value, p.words) for p in periods if p.unit == parameter.unit), None)
    units = _GIVEN_BY.get(parameter.unit or "", ())
    for one in _near(spec, clause, clause.quantities):
        if one.unit in units:
            return one.value * (_YEAR_MONTHS if one.unit == "year" else 1), one.words
    return None


def _terms(clause: Clause) -> Iterator[Period]:
    """Yield how long something is valid at most: then it is to be done again."""
    for one in clause.quantities:
        before = clause.text[max(0, one.start - _BEFORE) : one.start]
        if one.sense == "most" and one.unit in ("month", "year") and _VALID.search(before):
            length = one.value * (_YEAR_MONTHS if one.unit == "year" else 1)
            yield Period(length, "month", one.words, one.start, one.end)


def _near(spec: Spec, clause: Clause, spots: Iterable[Spot]) -> Iterator[Spot]:
    """Yield the numbers that stand near the words of a spec, inside the same sentence."""
    for one in spots:
        before = clause.text[max(0, one.start - _BEFORE) : one.start]
        before = re.split(r"[.;]\s", before)[-1]
        after = re.split(r"[.;]\s", clause.text[one.end : one.end + _AFTER])[0]
        around = words(f"{before} {one.words} {after}")
        if not spec.near or any(near in around for near in spec.near):
            yield one


def clause_of(
    node: Node,
    read: Read,
    *,
    children: tuple[Node, ...] = (),
    place: int = 0,
    citations: tuple[Citation, ...] = (),
    deadlines: tuple[Deadline, ...] = (),
) -> Clause:
    """Return a clause ready to be read, its numbers found once.

    Args: place: the clause's number among its siblings, 1-based
    """
    text = nfc(node.text)
    has_number = bool(_DIGIT.search(text))
    return Clause(
        node, text, read, children, place, citations, deadlines,
        tuple(quantities_of(text)) if has_number or _SPELLED.search(text) else (), tuple(periods_of(text)),
    )  # fmt: skip


_DIGIT = re.compile(r"[\d%]")
_SPELLED = re.compile(r"\b(?:một|hai|ba|bốn|sáu|bảy|tám|chín|mười|năm(?= lần)) ?", re.IGNORECASE)
