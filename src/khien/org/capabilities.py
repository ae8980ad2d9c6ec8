"""Everything a user may do at one unit, at once: what a menu asks, where a page asks for one capability."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from khien.kernel.clock import now_utc, vietnam_date
from khien.org.models import Unit, User
from khien.org.roles import OF_THE_LIVING, OFFICE_KIND, ROLES, SUBTREE
from khien.org.selectors import roles_of


def capabilities_at(user: User | AnonymousUser, unit: Unit) -> frozenset[str]:
    """Return everything a user may do at a unit today; as `may_do` would answer."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    held = roles_of(user, on=vietnam_date(now_utc()))
    line = _line_of(unit) if any(role.unit_id != unit.pk for role in held) else {unit.pk: True}
    found: set[str] = set()
    for role in held:
        if role.unit_id not in line or role.role not in ROLES:
            continue
        reach = ROLES[role.role].reach
        found.update(m for m, far in reach.items() if far == SUBTREE or line[role.unit_id])
    return frozenset(found.difference(OF_THE_LIVING) if unit.ended_on else found)


def _line_of(unit: Unit) -> dict[int, bool]:
    """Return the ids of a unit and of all above it; True while only offices lie between."""
    line: dict[int, bool] = {}
    step: Unit | None = unit
    offices_only = True
    while step is not None and step.pk not in line:
        line[step.pk] = offices_only
        offices_only = offices_only and step.kind == OFFICE_KIND
        step = step.parent
    return line
