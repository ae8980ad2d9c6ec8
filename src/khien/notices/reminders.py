"""What duties give rise to: reminders ahead, overdue to leader and overseer, hand-over, requests to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db.models import Q

from khien.duties.models import Charge, Occurrence
from khien.duties.reminding import LEADER, PERSON
from khien.duties.selectors import OVERDUE as STANDS_OVERDUE
from khien.duties.selectors import Reminder, open_set_asides, reminders_due
from khien.kernel.clock import said_day, vietnam_date
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Duty
from khien.notices.kinds import DECISION, ESCALATION, HANDOVER, OVERDUE, REMINDER
from khien.notices.models import Notice
from khien.notices.services import Telling, clear_old, settle, tell
from khien.org.models import RoleHeld, Unit
from khien.org.roles import LEADER as LEADER_ROLE
from khien.org.roles import OFFICER, OVERSEER

_RECENT: Final = timedelta(days=7)
_CHUNK: Final = 500
_ABOUT: Final = "duty:"
_OWN_RULE = Text("theo kế hoạch của đơn vị", "by the unit's own plan")


@dataclass(frozen=True, slots=True)
class People:
    """Who holds which role at which unit on a day, and which unit stands above which."""

    by_role: Mapping[tuple[int, str], Sequence[int]]
    parents: Mapping[int, int | None] = field(default_factory=dict)

    def holding(self, unit_id: int, *roles: str) -> list[int]:
        """Return the users who hold the first of some roles that anybody holds at a unit."""
        for role in roles:
            held = self.by_role.get((unit_id, role))
            if held:
                return list(held)
        return []

    def above(self, unit_id: int) -> list[int]:
        """Return those who oversee a unit from the nearest unit above that has somebody to do so."""
        seen: set[int] = set()
        place = self.parents.get(unit_id)
        while place is not None and place not in seen:
            seen.add(place)
            found = self.holding(place, OVERSEER, LEADER_ROLE)
            if found:
                return found
            place = self.parents.get(place)
        return []


def tell_duties(*, now: datetime) -> int:
    """Tell everybody what duties give rise to, and put away notices of what is done; return how many are new."""
    reminders = reminders_due(now)
    people = people_on(vietnam_date(now))
    _settle_done(now=now)
    fresh = tell(_of_reminders(reminders, people), now=now)
    fresh += tell(_of_handovers(now), now=now)
    fresh += tell(_of_requests(people), now=now)
    clear_old(now=now)
    return fresh


def people_on(on: date) -> People:
    """Return who holds which role on a day, for all units at once; two queries."""
    held = RoleHeld.objects.filter(revoked_at=None, from_on__lte=on, user__is_active=True)
    held = held.filter(Q(until_on=None) | Q(until_on__gte=on))
    by_role: dict[tuple[int, str], list[int]] = {}
    for unit_id, role, user_id in held.order_by("pk").values_list("unit_id", "role", "user_id"):
        by_role.setdefault((unit_id, role), []).append(user_id)
    return People(by_role, dict(Unit.objects.values_list("pk", "parent_id")))


def _of_reminders(reminders: Iterable[Reminder], people: People) -> Iterator[Telling]:
    for reminder in reminders:
        one, level = reminder.occurrence, reminder.level
        for user_id in _receivers(one, level.to, people):
            yield _telling(
                one,
                user_id,
                kind=_kind_of(reminder),
                source=f"{_ABOUT}{one.pk}:{one.due_on:%Y%m%d}:{level.code}",
                why=level.title,
            )


def _kind_of(reminder: Reminder) -> str:
    if reminder.level.to != PERSON:
        return ESCALATION
    is_late = getattr(reminder.occurrence, "stands", "") == STANDS_OVERDUE
    return OVERDUE if is_late else REMINDER


def _receivers(occurrence: Occurrence, to: str, people: People) -> list[int]:
    """Return who is told: who answers for it, else who holds its role, else the officer, else the leader."""
    if to == PERSON:
        person = occurrence.person
        if person is not None and person.is_active:
            return [person.pk]
        return people.holding(occurrence.unit_id, occurrence.role, OFFICER, LEADER_ROLE)
    if to == LEADER:
        return people.holding(occurrence.unit_id, LEADER_ROLE) or people.above(occurrence.unit_id)
    return people.above(occurrence.unit_id)


def _telling(occurrence: Occurrence, user_id: int, *, kind: str, source: str, why: Text) -> Telling:
    title = duty_title(occurrence.document, occurrence.duty)
    unit = occurrence.unit
    shown = title
    if occurrence.subject is not None:
        name = occurrence.subject.name
        shown = Text(f"{title.vi.rstrip('.')}: {name}", f"{title.en.rstrip('.')}: {name}")
    return Telling(
        user_id=user_id,
        kind=kind,
        about=f"{_ABOUT}{occurrence.pk}",
        source=source,
        title=shown,
        # A row's name may be a person or a weakness: it stands in the pages only.
        mail=title,
        unit=unit,
        why=why,
        anchor=f"{occurrence.document}/{occurrence.clause}" if occurrence.clause else "",
        due_on=occurrence.due_on,
        place=(("kind", "duty"), ("unit", unit.code), ("number", occurrence.pk)),
    )


def _of_handovers(now: datetime) -> Iterator[Telling]:
    """Tell a person of a duty that was handed over in the last days."""
    recent = Charge.objects.filter(at__gte=now - _RECENT, until_on=None)
    for charge in recent.select_related("unit", "person"):
        title = duty_title("", charge.duty) if charge.duty else _ALL_DUTIES
        yield Telling(
            user_id=charge.person_id,
            kind=HANDOVER,
            about=f"charge:{charge.pk}",
            source=f"charge:{charge.pk}",
            title=title,
            unit=charge.unit,
            why=_FROM.fill({"day": said_day(charge.from_on), "by": charge.by}),
            place=(("kind", "duties"), ("unit", charge.unit.code)),
        )


_ALL_DUTIES = Text("Toàn bộ nghĩa vụ của đơn vị", "All duties of the unit")
_FROM = Text("Được giao từ ngày {day}, bởi {by}.", "Handed over from {day}, by {by}.")
_ASIDE = Text("Đề nghị không áp dụng kỳ này: {title}", "Asked not to apply this time: {title}")


def _of_requests(people: People) -> Iterator[Telling]:
    """Tell leaders of requests that an occurrence not apply."""
    for request in open_set_asides(Unit.objects.filter(ended_on=None)):
        one = request.occurrence
        title = duty_title(one.document, one.duty)
        said = Text(_ASIDE.vi.format(title=title.vi), _ASIDE.en.format(title=title.en))
        for user_id in people.holding(one.unit_id, LEADER_ROLE):
            yield Telling(
                user_id=user_id,
                kind=DECISION,
                about=f"{_ABOUT}{one.pk}",
                source=f"aside:{request.pk}",
                title=said,
                unit=one.unit,
                anchor=f"{one.document}/{one.clause}" if one.clause else "",
                due_on=one.due_on,
                place=(("kind", "duty"), ("unit", one.unit.code), ("number", one.pk)),
            )


def _settle_done(*, now: datetime) -> None:
    """Put away unread notices about occurrences that are closed or gone."""
    unread = Notice.objects.filter(read_at=None, about__startswith=_ABOUT).order_by()
    abouts = list(unread.values_list("about", flat=True).distinct())
    numbers = [int(about.removeprefix(_ABOUT)) for about in abouts]
    pending: set[int] = set()
    for start in range(0, len(numbers), _CHUNK):
        chunk = Occurrence.objects.filter(pk__in=numbers[start : start + _CHUNK])
        pending.update(chunk.filter(state=Occurrence.State.PENDING).values_list("pk", flat=True))
    settle([f"{_ABOUT}{number}" for number in numbers if number not in pending], now=now)


def duty_title(document: str, duty: str) -> Text:
    """Return a duty in words: what the text asks, without names of rows; its id where no text holds it."""
    found = _duties(load_library().digest).get(duty)
    if found is None or (document and found[0] != document):
        return _OWN_RULE if not duty else Text(duty, duty)
    return found[1].text


@lru_cache(maxsize=2)
def _duties(digest: str) -> Mapping[str, tuple[str, Duty]]:
    del digest
    library = load_library()
    return {
        duty.id: (document.id, duty)
        for document in library.documents.values()
        for _, duty in document.duties()
    }
