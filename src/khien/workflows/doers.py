"""Who does a step: name, hour, what the roles let do at the unit, which person of the register it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from khien.facts.selectors import hosts_of
from khien.org.capabilities import capabilities_at
from khien.org.models import Unit, User
from khien.org.selectors import visible_to
from khien.registers.beside import person_of
from khien.registers.references import VisibleReferences
from khien.registers.services import Act


@dataclass(frozen=True, slots=True)
class Doer:
    """A person acting at a unit; `person` is the id of the own row in the persons register, if known."""

    by: str
    now: datetime
    may: frozenset[str]
    person: int | None
    references: VisibleReferences

    @property
    def act(self) -> Act:
        """Return who and when, as registers want it."""
        return Act(by=self.by, now=self.now)


def doer_of(user: User, unit: Unit, *, now: datetime) -> Doer:
    """Return a signed-in user as one who acts at a unit."""
    may = frozenset(capabilities_at(user, unit))
    units = {known.pk: known for known in visible_to(user)} | {unit.pk: unit}
    hosts = {host.host_uid: host.name for host in hosts_of([unit])}
    references = VisibleReferences(units.values(), home=unit, hosts=hosts)
    person = person_of(user)
    own = person.pk if person is not None else None
    return Doer(user.get_username(), now, may, own, references)
