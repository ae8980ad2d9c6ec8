"""Where a person stands among registers: the unit, the register, what they may do, what they may refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from khien.facts.selectors import hosts_of
from khien.kernel.clock import now_utc
from khien.org.models import Unit, User
from khien.org.roles import READ, WRITE
from khien.org.selectors import may_do, visible_to
from khien.registers.declarations import Register, register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.selectors import row_at
from khien.registers.services import Act
from khien.web import door
from khien.web.pages.register_form import Candidates, candidates_of


@dataclass
class Place:
    """A register of a unit as one person sees it; units and machines are looked up only when asked for."""

    request: HttpRequest
    unit: Unit
    register: Register

    @cached_property
    def may_write(self) -> bool:
        """Say whether the person may change the register."""
        return may_do(self.request.user, WRITE, self.unit)

    @cached_property
    def units(self) -> list[Unit]:
        """Return the units whose rows may be referred to."""
        return list(visible_to(self.request.user, READ))

    @cached_property
    def hosts(self) -> Mapping[str, str]:
        """Return the names of the unit's machines by their id; none where the register names no machines."""
        if not any(one.type == "host" for one in self.register.fields.values()):
            return {}
        return dict(hosts_of([self.unit]).values_list("host_uid", "name"))

    @cached_property
    def references(self) -> VisibleReferences:
        """Return what finds references among what the person may see."""
        return VisibleReferences(self.units, home=self.unit, hosts=self.hosts)

    def candidates(self) -> dict[str, Candidates]:
        """Return what references may be filled with."""
        return candidates_of(self.register, self.units, home=self.unit, hosts=self.hosts)

    def row(self, number: int) -> Row:
        """Return a row of this register by its number.

        Raises: UnknownRow
        """
        return row_at([self.unit], self.register, unit=self.unit.code, number=number)

    def act(self) -> Act:
        """Return who acts, now."""
        user = self.request.user
        return Act(user.get_username() if isinstance(user, User) else "", now_utc())

    def context(self, **more: object) -> dict[str, object]:
        """Return what every page of a register shows, and more."""
        shown: dict[str, object] = {"unit": self.unit, "register": self.register, "place_in": self}
        return shown | more


def place_or_404(request: HttpRequest, code: str, register: str, may: str = READ) -> Place:
    """Return where the person stands.

    Raises: Http404, NotAllowed: the door's answers; UnknownRegister: there is no such register
    """
    unit = door.unit_or_404(request, code, may)
    return Place(request, unit, register_by_code(register))
