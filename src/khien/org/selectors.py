"""The only door through which units are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from khien.kernel.clock import now_utc, vietnam_date
from khien.org.errors import UnknownUnit
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import OF_THE_LIVING, OFFICE_KIND, OWN, READ, ROLES, SUBTREE


def unit_by_code(code: str) -> Unit:
    """Return a unit by its code.

    Raises: UnknownUnit: nobody registered it
    """
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        known = ", ".join(Unit.objects.values_list("code", flat=True)[:20]) or "–"
        raise UnknownUnit(unit=code, known=known)
    return unit


def visible_to(
    user: User | AnonymousUser, may: str = READ, *, on: date | None = None
) -> QuerySet[Unit]:
    """Return the units at which a user may do something; nothing for strangers or the inactive.

    Args: may: a capability of `khien.org.roles`; on: the day whose roles count, today by default
    """
    if not isinstance(user, User) or not user.is_active:
        return Unit.objects.none()
    day = on or vietnam_date(now_utc())
    reaching: dict[str, list[int]] = {OWN: [], SUBTREE: []}
    for held in roles_of(user, on=day):
        reach = ROLES[held.role].reach.get(may) if held.role in ROLES else None
        if reach is not None:
            reaching[reach].append(held.unit_id)
    if not any(reaching.values()):
        return Unit.objects.none()
    reached = Unit.objects.filter(
        Q(pk__in=_below(reaching[SUBTREE])) | Q(pk__in=_below(reaching[OWN], only=OFFICE_KIND))
    )
    return reached.filter(ended_on=None) if may in OF_THE_LIVING else reached


def roles_of(user: User, *, on: date) -> list[RoleHeld]:
    """Return the roles a user holds on a day; read once for each user object and day."""
    kept: dict[date, list[RoleHeld]] = user.__dict__.setdefault("_roles_on", {})
    if on not in kept:
        held = RoleHeld.objects.filter(user=user, revoked_at=None, from_on__lte=on)
        kept[on] = list(held.filter(Q(until_on=None) | Q(until_on__gte=on)).select_related("unit"))
    return kept[on]


def may_do(user: User | AnonymousUser, may: str, unit: Unit) -> bool:
    """Say whether a user may do something at a unit today."""
    return visible_to(user, may).filter(pk=unit.pk).exists()


def _below(roots: Sequence[int], *, only: str = "") -> RawSQL:
    """Return the ids of units and of all below them; `only`: of those below, ones of this kind."""
    if not roots:
        return RawSQL("SELECT id FROM org_unit WHERE 1 = 0", ())  # nothing
    places = ", ".join(["%s"] * len(roots))
    kind, values = (" WHERE u.kind = %s", (*roots, only)) if only else ("", tuple(roots))
    # UNION, not UNION ALL: a circle of units ends.
    return RawSQL(  # noqa: S611  # fixed text, bound values
        "WITH RECURSIVE below(id) AS ("  # noqa: S608  # no value stands in the text
        f"SELECT id FROM org_unit WHERE id IN ({places}) "
        f"UNION SELECT u.id FROM org_unit u JOIN below b ON u.parent_id = b.id{kind}"
        ") SELECT id FROM below",
        values,
    )


def users_of(units: Iterable[Unit]) -> QuerySet[User]:
    """Return the users of units."""
    return User.objects.filter(unit__in=units)


def all_units() -> QuerySet[Unit]:
    """Return every unit; for jobs and the command line, never for a page."""
    return Unit.objects.all()


def names_of_users(usernames: Iterable[str]) -> dict[str, str]:
    """Return the full names of users by their usernames, to say who did something; unnamed ones are absent."""
    named = User.objects.filter(username__in=set(usernames)).exclude(full_name="")
    return dict(named.values_list("username", "full_name"))
