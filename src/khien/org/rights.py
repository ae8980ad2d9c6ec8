"""Reading of users: who is at home where, who holds what, who may decide, what is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from khien.kernel.clock import now_utc, vietnam_date
from khien.org.errors import UnknownUser
from khien.org.models import AccountRequest, RoleHeld, Unit, User
from khien.org.roles import ADMINISTRATOR, APPROVE, MANAGE, OFFICE_KIND, ROLES, SUBTREE
from khien.org.selectors import visible_to


def user_by_name(username: str) -> User:
    """Return a user by name.

    Raises: UnknownUser: nobody has it
    """
    user = User.objects.select_related("unit").filter(username=username).first()
    if user is None:
        raise UnknownUser(username=username[:60])
    return user


def users_at(units: Iterable[Unit], *, with_guests: bool = True) -> QuerySet[User]:
    """Return the users at home in units, and those from elsewhere who hold or held a role there."""
    here = Q(unit__in=units)
    if with_guests:
        here |= Q(pk__in=RoleHeld.objects.filter(unit__in=units).values("user_id"))
    return User.objects.filter(here).select_related("unit").order_by("username")


def roles_ever_of(user: User) -> QuerySet[RoleHeld]:
    """Return every role a user holds or held, newest first."""
    return RoleHeld.objects.filter(user=user).select_related("unit").order_by("-granted_at", "-pk")


def standing_roles(users: Iterable[User], *, on: date) -> dict[int, list[RoleHeld]]:
    """Return the roles users hold on a day, by the user's key."""
    held = RoleHeld.objects.filter(user__in=users, revoked_at=None, from_on__lte=on)
    held = held.filter(Q(until_on=None) | Q(until_on__gte=on)).select_related("unit")
    found: dict[int, list[RoleHeld]] = {}
    for role in held.order_by("unit__code", "role"):
        found.setdefault(role.user_id, []).append(role)
    return found


def able_to(may: str, unit: Unit) -> list[User]:
    """Return the active users who may do something at a unit today, by whatever role."""
    near, above = _above(unit)
    roles = {code: role.reach[may] for code, role in ROLES.items() if may in role.reach}
    wide = [code for code, reach in roles.items() if reach == SUBTREE]
    today = vietnam_date(now_utc())
    held = RoleHeld.objects.filter(revoked_at=None, from_on__lte=today, user__is_active=True)
    held = held.filter(Q(until_on=None) | Q(until_on__gte=today))
    held = held.filter(Q(unit__in=near, role__in=list(roles)) | Q(unit__in=above, role__in=wide))
    return list({role.user_id: role.user for role in held.select_related("user")}.values())


def deciders(request: AccountRequest) -> list[User]:
    """Return who may decide on a request; empty where the unit has nobody for it."""
    return [
        user for user in able_to(APPROVE, request.unit) if not is_own(request, user, among=None)
    ]


def is_own(request: AccountRequest, user: User, *, among: list[User] | None) -> bool:
    """Say whether a request is somebody's own: about the own account, or asked for by them.

    Args: among: who else may decide; the only leader of a unit may decide on what that leader asked for
          somebody else, unless the leader administers the unit as well
    """
    if user.pk == request.user_id or user.username == request.username:
        return True
    if user.pk != request.asked_by_id:
        return False
    others = able_to(APPROVE, request.unit) if among is None else among
    is_alone = not any(
        other.pk != user.pk and other.username != request.username for other in others
    )
    return not is_alone or visible_to(user, MANAGE).filter(pk=request.unit_id).exists()


def requests_at(units: Iterable[Unit]) -> QuerySet[AccountRequest]:
    """Return the requests made at units, newest first."""
    found = AccountRequest.objects.filter(unit__in=units)
    return found.select_related("unit", "asked_by", "decided_by", "user").order_by("-pk")


def has_other_administrator(user: User, unit: Unit) -> bool:
    """Say whether somebody else administers a unit, there or above."""
    return any(other.pk != user.pk for other in able_to(MANAGE, unit))


def holds_beyond(user: User, administrator: User) -> bool:
    """Say whether a user holds a role, now or later, at a unit that an administrator does not manage."""
    today = vietnam_date(now_utc())
    held = RoleHeld.objects.filter(user=user, revoked_at=None)
    held = held.filter(Q(until_on=None) | Q(until_on__gte=today))
    return held.exclude(unit__in=visible_to(administrator, MANAGE)).exists()


def administered_by(user: User) -> list[RoleHeld]:
    """Return the administrator's roles that a user holds."""
    held = RoleHeld.objects.filter(user=user, role=ADMINISTRATOR, revoked_at=None)
    return list(held.select_related("unit"))


def _above(unit: Unit) -> tuple[list[int], list[int]]:
    """Return the unit and those above it: first those whose own reach takes it in, then all."""
    rows = {pk: (parent, kind) for pk, parent, kind in _tree_rows()}
    near, all_above = [], []
    step: int | None = unit.pk
    is_near = True
    while step is not None and step not in all_above:
        all_above.append(step)
        if is_near:
            near.append(step)
        parent, kind = rows[step]
        is_near = is_near and kind == OFFICE_KIND
        step = parent
    return near, all_above


def _tree_rows() -> list[tuple[int, int | None, str]]:
    return list(Unit.objects.order_by().values_list("pk", "parent_id", "kind"))
