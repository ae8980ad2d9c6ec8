"""What a change of the tree would do to people: shown before anybody confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from khien.kernel.clock import now_utc, vietnam_date
from khien.org.history import ancestors, holders_on, subtree
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import READ, ROLES, SUBTREE


@dataclass(frozen=True, slots=True)
class Effects:
    """Whom a change touches: units with all below, users at home there, roles held there, who sees it."""

    units: tuple[Unit, ...]
    users: tuple[User, ...]
    roles: tuple[RoleHeld, ...]
    losing: tuple[RoleHeld, ...] = ()
    gaining: tuple[RoleHeld, ...] = ()


def effects_of(units: Iterable[Unit]) -> Effects:
    """Return whom a change of units touches that moves nothing, such as a new name or an end."""
    touched = [one for unit in units for one in subtree(unit)]
    return Effects(tuple(touched), _users_at(touched), _roles_at(touched))


def effects_of_moving(units: Iterable[Unit], parent: Unit | None) -> Effects:
    """Return whom it touches to put units under another: also who sees them no longer, or from now on."""
    units = list(units)
    plain = effects_of(units)
    before = {one.pk: one for unit in units for one in ancestors(unit)}
    after = {one.pk: one for one in ([parent, *ancestors(parent)] if parent else [])}
    left = [one for pk, one in before.items() if pk not in after]
    new = [one for pk, one in after.items() if pk not in before]
    return Effects(plain.units, plain.users, plain.roles, _seeing(left), _seeing(new))


def _users_at(units: Iterable[Unit]) -> tuple[User, ...]:
    found = User.objects.filter(unit__in=units, is_active=True).select_related("unit")
    return tuple(found.order_by("username"))


def _roles_at(units: list[Unit]) -> tuple[RoleHeld, ...]:
    held = holders_on(units, vietnam_date(now_utc()))
    return tuple(role for unit in units for role in held.get(unit.pk, []))


def _seeing(units: list[Unit]) -> tuple[RoleHeld, ...]:
    """Return the roles at units that let somebody read all below."""
    return tuple(
        role
        for role in _roles_at(units)
        if role.role in ROLES and ROLES[role.role].reach.get(READ) == SUBTREE
    )
