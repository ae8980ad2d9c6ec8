"""What may close duties: rows, papers, reports sent and findings of many units, read set by set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from khien.checks.models import Finding
from khien.duties.models import Occurrence
from khien.duties.proofs import ANSWER, DISPATCH, DOCUMENT, STATEMENT, Cover, ProofRule, matches
from khien.kernel.clock import parse_iso, vietnam_date
from khien.org.models import Unit
from khien.registers.models import Attachment, Row

Values = Mapping[str, object]
_PROOF = Occurrence.Proof
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Found:
    """Something that may close an occurrence: the day it happened and what shows it.

    whole: it covers everything; part: what it covers of a whole; period: the period it names itself.
    """

    on: date
    kind: str
    row: int | None = None
    version: int | None = None
    at: datetime | None = None
    finding: int | None = None
    period: str = ""
    part: frozenset[object] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of a register as evidence reads it."""

    pk: int
    unit: int
    number: int
    version: int
    values: Values


class Evidence:
    """All rows that rules and schedules name, of some units; a few queries whatever the number of units."""

    def __init__(
        self, units: Iterable[Unit], rules: Iterable[ProofRule], *, registers: Iterable[str] = ()
    ) -> None:
        """Read the rows.

        Args: registers: those that start clocks, beside those that the rules name
        """
        self._ids = [unit.pk for unit in units]
        chosen = list(rules)
        self._rows: dict[str, dict[int, list[Kept]]] = {}
        self._papers: dict[int | None, Kept] = {}
        self._filed: frozenset[int] = frozenset()
        wanted = {rule.register for rule in chosen if rule.register} | set(registers)
        wanted |= {rule.covers.register for rule in chosen if rule.covers and rule.covers.register}
        answers = any(rule.row == ANSWER for rule in chosen)
        wanted |= {DISPATCH} if answers else set()
        wanted |= {DOCUMENT} if DISPATCH in wanted else set()
        self._read(wanted - {DOCUMENT})
        if DOCUMENT in wanted:
            kinds = {kind for rule in chosen for kind in rule.kinds}
            self._read_papers(kinds, is_all=answers)
        self._bodies = self._read_bodies()
        self._found: dict[tuple[int, int], list[Found]] = {}
        self._passing = _passing_moments(self._ids, {r.finding for r in chosen if r.finding})

    def rows(self, register: str, unit: int) -> Sequence[Kept]:
        """Return the active rows of a register of a unit, by number."""
        return self._rows.get(register, {}).get(unit, ())

    def stands_for(self, row: object) -> frozenset[str]:
        """Return for which bodies of the texts a row of the register of bodies stands."""
        return self._bodies.get(row, frozenset()) if isinstance(row, int) else frozenset()

    def found(self, unit: int, rule: ProofRule) -> Sequence[Found]:
        """Return what a rule finds at a unit, in order of days."""
        place = (unit, id(rule))
        if place not in self._found:
            found = sorted(self._look(unit, rule), key=lambda one: (one.on, one.row or 0))
            self._found[place] = found
        return self._found[place]

    def whole(self, unit: int, cover: Cover) -> frozenset[object]:
        """Return what a proof must reach at a unit."""
        if not cover.register:
            return frozenset(cover.values)
        rows = self.rows(cover.register, unit)
        return frozenset(row.pk for row in rows if matches(row.values, cover.where))

    def passing(self, unit: int, control: str) -> Sequence[tuple[datetime, datetime | None, int]]:
        """Return when a control passed at a unit in whole: from, to (None: still), and a finding that says so."""
        return self._passing.get((unit, control), ())

    def row_found(self, row: Kept, rule: ProofRule) -> Found | None:
        """Return what the row that started a clock says of its end."""
        dates = rule.dates
        if rule.row == ANSWER:
            return self._answer(row, rule)
        return _dated(row, dates, _PROOF.ROW) if _is_proof(row.values, rule) else None

    def _read(self, registers: Iterable[str]) -> None:
        asked = Row.objects.filter(
            unit__in=self._ids, register__in=list(registers), is_retired=False
        )
        self._keep(asked)

    def _keep(self, asked: QuerySet[Row]) -> None:
        columns = ("register", "pk", "unit_id", "number", "version", "values")
        rows = asked.order_by("register", "number").values_list(*columns)
        for register, pk, unit, number, version, values in rows.iterator(chunk_size=_BATCH):
            kept = Kept(pk, unit, number, version, values)
            self._rows.setdefault(register, {}).setdefault(unit, []).append(kept)

    def _read_papers(self, kinds: Iterable[str], *, is_all: bool) -> None:
        papers = Q(unit__in=self._ids, register=DOCUMENT, is_retired=False)
        if not is_all:
            papers &= Q(values__kind__in=sorted(kinds))
        self._keep(Row.objects.filter(papers))
        filed = Attachment.objects.filter(
            row__unit__in=self._ids, row__register=DOCUMENT, is_retired=False
        )
        self._filed = frozenset(filed.values_list("row_id", flat=True))
        self._papers = {
            row.pk: row for rows in self._rows.get(DOCUMENT, {}).values() for row in rows
        }

    def _read_bodies(self) -> dict[int, frozenset[str]]:
        ids = {
            value
            for rows in self._rows.values()
            for kept in rows.values()
            for row in kept
            if isinstance(value := row.values.get("authority"), int)
        }
        found: dict[int, frozenset[str]] = {}
        listed = sorted(ids)
        for start in range(0, len(listed), _BATCH):
            bodies = Row.objects.filter(register="authority", pk__in=listed[start : start + _BATCH])
            for pk, values in bodies.values_list("pk", "values"):
                found[pk] = frozenset(values.get("stands_for") or ())
        return found

    def _look(self, unit: int, rule: ProofRule) -> Iterator[Found]:
        if rule.register == DISPATCH:
            yield from self._sent(unit, rule)
        elif rule.register == DOCUMENT:
            yield from self._signed(unit, rule)
        elif rule.is_every:
            yield from self._all_of(unit, rule)
        else:
            kind = _PROOF.STATEMENT if rule.register == STATEMENT else _PROOF.ROW
            for row in self.rows(rule.register, unit):
                if _is_proof(row.values, rule):
                    part = _part_of(row.values, rule.covers)
                    found = _dated(row, rule.dates, kind, part=part)
                    if found is not None:
                        yield found

    def _sent(self, unit: int, rule: ProofRule) -> Iterator[Found]:
        for row in self.rows(DISPATCH, unit):
            paper = self._papers.get(_key(row.values.get("document")))
            if paper is None or paper.unit != unit or not self._proves(paper):
                continue
            if rule.kinds and paper.values.get("kind") not in rule.kinds:
                continue
            if rule.to and not self.stands_for(row.values.get("authority")) & set(rule.to):
                continue
            found = _dated(row, rule.dates, _PROOF.DISPATCH, period=_named_period(paper.values))
            if found is not None:
                yield found

    def _signed(self, unit: int, rule: ProofRule) -> Iterator[Found]:
        for paper in self.rows(DOCUMENT, unit):
            if paper.values.get("kind") in rule.kinds and self._proves(paper):
                found = _dated(
                    paper, rule.dates, _PROOF.DOCUMENT, period=_named_period(paper.values)
                )
                if found is not None:
                    yield found

    def _proves(self, paper: Kept) -> bool:
        return paper.values.get("is_approved") is True and paper.pk in self._filed

    def _all_of(self, unit: int, rule: ProofRule) -> Iterator[Found]:
        rows = [row for row in self.rows(rule.register, unit) if matches(row.values, rule.where)]
        found = [
            _dated(row, rule.dates, _PROOF.ROW) if _is_proof(row.values, rule) else None
            for row in rows
        ]
        whole = [one for one in found if one is not None]
        if rows and len(whole) == len(rows):
            yield max(whole, key=lambda one: one.on)

    def _answer(self, request: Kept, rule: ProofRule) -> Found | None:
        """Find the report that answers a request: sent, or filed as the answer with the day it was given."""
        answer = _key(request.values.get("answer"))
        sent = [
            found
            for row in self.rows(DISPATCH, request.unit)
            if row.values.get("answers") == request.pk
            or (answer is not None and row.values.get("document") == answer)
            if (found := _dated(row, ("sent_on",), _PROOF.DISPATCH)) is not None
        ]
        if sent:
            return min(sent, key=lambda one: one.on)
        paper = self._papers.get(answer)
        if paper is None or not self._proves(paper):
            return None
        return _dated(request, rule.dates, _PROOF.ROW)


def _key(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _named_period(values: Values) -> str:
    return str(values.get("period") or "")


def _is_proof(values: Values, rule: ProofRule) -> bool:
    return matches(values, rule.where) and all(
        values.get(name) not in (None, "", []) for name in rule.filled
    )


def _part_of(values: Values, cover: Cover | None) -> frozenset[object] | None:
    """Return what a row covers; None: everything."""
    value = None if cover is None else values.get(cover.field)
    if value in (None, [], ""):
        return None
    return frozenset(value) if isinstance(value, list) else frozenset([value])


def _dated(
    row: Kept,
    dates: Iterable[str],
    kind: str,
    *,
    period: str = "",
    part: frozenset[object] | None = None,
) -> Found | None:
    for name in dates:
        moment = moment_in(row.values.get(name))
        if moment is not None:
            is_moment = isinstance(moment, datetime)
            on = vietnam_date(moment) if isinstance(moment, datetime) else moment
            at = moment if is_moment and isinstance(moment, datetime) else None
            return Found(on, kind, row.pk, row.version, at, period=period, part=part)
    return None


def moment_in(value: object) -> date | datetime | None:
    """Return the day or moment that a register value stands for; None where it is neither."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return date.fromisoformat(value) if len(value) == len("2026-01-01") else parse_iso(value)
    except ValueError:
        return None


def _passing_moments(
    units: Sequence[int], controls: Iterable[str]
) -> dict[tuple[int, str], list[tuple[datetime, datetime | None, int]]]:
    """Return when controls passed in whole: no subject failed or was unknown, and one passed."""
    chosen = sorted(set(controls))
    if not chosen:
        return {}
    rows = Finding.objects.filter(unit__in=units, control__in=chosen).order_by()
    columns = ("unit_id", "control", "verdict", "from_at", "to_at", "pk")
    steps: dict[tuple[int, str], list[tuple[datetime, int, int, int]]] = {}
    for unit, control, verdict, from_at, to_at, pk in rows.values_list(*columns).iterator():
        good, bad = int(verdict == "pass"), int(verdict in ("fail", "unknown"))
        if good or bad:
            steps.setdefault((unit, control), []).append((from_at, good, bad, pk))
            if to_at is not None:
                steps[unit, control].append((to_at, -good, -bad, 0))
    return {place: list(_intervals(sorted(moves))) for place, moves in steps.items()}


def _intervals(
    moves: Sequence[tuple[datetime, int, int, int]],
) -> Iterator[tuple[datetime, datetime | None, int]]:
    good = bad = shown = 0
    since: datetime | None = None
    for place, (moment, more_good, more_bad, pk) in enumerate(moves):
        good, bad = good + more_good, bad + more_bad
        shown = pk if more_good > 0 else shown
        if place + 1 < len(moves) and moves[place + 1][0] == moment:
            continue  # what happens at one moment is one step
        if good and not bad and since is None:
            since = moment
        elif since is not None and (bad or not good):
            yield since, moment, shown
            since = None
    if since is not None:
        yield since, None, shown
