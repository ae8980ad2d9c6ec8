"""Duties of a unit as a list with filters, and of many units as a board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict

from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.reminding import PERSON
from khien.duties.selectors import (
    STANDS,
    UNDONE,
    Reminder,
    counts,
    next_due,
    occurrences,
    open_set_asides,
    reminders_due,
)
from khien.duties.shown import STAND_WORDS, Shown, shown_of
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.org.roles import ROLES
from khien.web.pages.duty_calendar import ORDER, stands_of

PAGE_SIZE = 50
ESCALATED_MAX = 50
FILTERS = ("trang-thai", "van-ban", "vai-tro", "nguoi", "chu-de")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; what is empty narrows nothing. `stands` empty: what is not done."""

    stands: str = ""
    document: str = ""
    role: str = ""
    person: str = ""
    theme: str = ""
    number: int = 1

    @classmethod
    def read(cls, query: QueryDict, *, number: int) -> Wanted:
        """Read what an address asks for; what nobody knows narrows nothing."""
        stands, document, role, person, theme = (query.get(name, "")[:60] for name in FILTERS)
        return cls(
            stands=stands if stands in (*STANDS, "tat-ca") else "",
            document=document if document in load_library().documents else "",
            role=role if role in ROLES else "",
            person=person,
            theme=theme,
            number=number,
        )

    def address(self, **more: str) -> str:
        """Return the query of an address that asks for this and something else."""
        values = (self.stands, self.document, self.role, self.person, self.theme)
        given = dict(zip(FILTERS, values, strict=True)) | {
            name.replace("_", "-"): value for name, value in more.items()
        }
        return "?" + urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class StandChoice:
    """One state to narrow to, with how many stand so."""

    code: str
    word: Text
    count: int
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    code: str
    word: Text


@dataclass(frozen=True, slots=True)
class DutyList:
    """One page of a unit's duties, with what it may be narrowed to."""

    shown: Sequence[Shown]
    stands: Sequence[StandChoice]
    documents: Sequence[Choice]
    roles: Sequence[Choice]
    persons: Sequence[Choice]
    themes: Sequence[Choice]
    wanted: Wanted
    count: int
    page_count: int


def duty_list(unit: Unit, wanted: Wanted, *, now: datetime) -> DutyList:
    """Put one page of a unit's duties together; two queries, whatever is asked for."""
    library, rules = load_library(), load_proofs()
    everything = list(occurrences([unit], now=now))
    found = [one for one in everything if _fits(one, wanted)]
    # What was settled is looked up from the newest, what waits from the nearest.
    found.sort(key=lambda one: one.act_on, reverse=wanted.stands not in ("", *UNDONE, "upcoming"))
    page_count = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(1, wanted.number), page_count)
    page = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return DutyList(
        shown=[shown_of(one, rules=rules, library=library) for one in page],
        stands=_stand_choices(everything, wanted),
        documents=_documents(everything),
        roles=_roles(everything),
        persons=_persons(everything),
        themes=_themes(everything),
        wanted=replace(wanted, number=number),
        count=len(found),
        page_count=page_count,
    )


def _fits(one: Occurrence, wanted: Wanted, *, any_state: bool = False) -> bool:
    control = load_library().controls.get(one.control)
    stands = stands_of(one)
    is_state = any_state or wanted.stands == "tat-ca" or stands == wanted.stands
    if not wanted.stands:
        is_state = is_state or stands in UNDONE
    return (
        is_state
        and wanted.document in ("", one.document)
        and wanted.role in ("", one.role)
        and wanted.person in ("", one.person.username if one.person else "-")
        and wanted.theme in ("", control.theme if control else "")
    )


def _stand_choices(everything: Sequence[Occurrence], wanted: Wanted) -> list[StandChoice]:
    numbers: dict[str, int] = {}
    for one in everything:
        if _fits(one, wanted, any_state=True):
            numbers[stands_of(one)] = numbers.get(stands_of(one), 0) + 1
    undone = sum(numbers.get(stand, 0) for stand in UNDONE)
    first = [
        StandChoice("", Text("Cần làm", "To do"), undone, wanted.address(trang_thai=""), not wanted.stands)
    ]  # fmt: skip
    return first + [
        StandChoice(
            stand,
            STAND_WORDS[stand],
            numbers[stand],
            wanted.address(trang_thai=stand),
            wanted.stands == stand,
        )
        for stand in (*ORDER, *(s for s in STANDS if s not in ORDER))
        if numbers.get(stand) or wanted.stands == stand
    ]


def _documents(everything: Sequence[Occurrence]) -> list[Choice]:
    library = load_library()
    codes = sorted({one.document for one in everything})
    return [
        Choice(code, library.documents[code].short if code in library.documents else Text(code, code))
        for code in codes
    ]  # fmt: skip


def _roles(everything: Sequence[Occurrence]) -> list[Choice]:
    codes = sorted({one.role for one in everything})
    return [Choice(code, ROLES[code].title) for code in codes if code in ROLES]


def _persons(everything: Sequence[Occurrence]) -> list[Choice]:
    named = {
        one.person.username: one.person.full_name or one.person.username
        for one in everything
        if one.person
    }
    choices = [Choice(code, Text(name, name)) for code, name in sorted(named.items())]
    return [*choices, Choice("-", Text("chưa giao ai", "nobody yet"))] if named else []


def _themes(everything: Sequence[Occurrence]) -> list[Choice]:
    library = load_library()
    themes = {
        library.controls[one.control].theme for one in everything if one.control in library.controls
    }
    words = {t: library.labels.get(f"theme.{t}") or library.label(t) for t in themes}
    return [Choice(theme, words[theme]) for theme in sorted(themes, key=lambda t: words[t].vi)]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One unit of the board: how many stand how, and what comes next."""

    unit: Unit
    counts: Mapping[str, int]
    next: Shown | None

    def number(self, stand: str) -> int:
        """Return how many stand so."""
        return self.counts.get(stand, 0)

    @property
    def done_count(self) -> int:
        """Return how many were done, in time or late."""
        return self.number("done") + self.number("done_late")


@dataclass(frozen=True, slots=True)
class Escalated:
    """One duty of which leaders or overseers were told, with the occurrences at the units it is late at."""

    title: Text
    cited: Text
    level: Text
    occurrences: Sequence[Occurrence]


@dataclass(frozen=True, slots=True)
class Board:
    """Units by duties: late, due, open, done; what was escalated; what waits for a leader's answer."""

    lines: Sequence[BoardLine]
    escalated: Sequence[Escalated]
    escalated_count: int
    requests: Sequence[Shown]


def board_of(units: Sequence[Unit], *, now: datetime) -> Board:
    """Put the board of units together; five queries, however many units there are."""
    library, rules = load_library(), load_proofs()
    numbers, nearest = counts(units, now=now), next_due(units, now=now)
    lines = [
        BoardLine(
            unit,
            numbers.get(unit.pk, {}),
            shown_of(nearest[unit.pk], rules=rules, library=library)
            if unit.pk in nearest
            else None,
        )
        for unit in units
        if not unit.ended_on
    ]
    lines.sort(key=lambda line: (-line.number("overdue"), -line.number("due_soon"), line.unit.code))
    told = [one for one in reminders_due(now, units) if one.level.to != PERSON]
    waiting = [request.occurrence for request in open_set_asides(units)]
    return Board(
        lines=lines,
        escalated=_grouped(told)[:ESCALATED_MAX],
        escalated_count=len(told),
        requests=[shown_of(one, rules=rules, library=library) for one in waiting],
    )


def _grouped(told: Sequence[Reminder]) -> list[Escalated]:
    """Return what was escalated by duty, what most units are late with on top."""
    library, rules = load_library(), load_proofs()
    groups: dict[str, list[Reminder]] = {}
    for one in told:
        groups.setdefault(one.occurrence.duty, []).append(one)
    found = []
    for members in groups.values():
        shown = shown_of(members[0].occurrence, rules=rules, library=library)
        worst = max(members, key=lambda one: one.level.distance).level.title
        late = sorted((one.occurrence for one in members), key=lambda one: (one.due_on, one.pk))
        found.append(Escalated(shown.title, shown.cited, worst, late))
    return sorted(found, key=lambda one: (-len(one.occurrences), one.occurrences[0].due_on))
