"""Users of a unit as pages show them: who is there, what they hold, what was recorded of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest

from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.ledger.models import LedgerEntry
from khien.ledger.selectors import entries_about, sentence_of
from khien.org.errors import NotAllowed
from khien.org.models import RoleHeld, Unit, User
from khien.org.rights import standing_roles, users_at
from khien.org.roles import APPROVE, KNOW, MANAGE, READ, WRITE
from khien.org.selectors import may_do, visible_to
from khien.web import door

SEERS = (READ, MANAGE, APPROVE)
ASKERS = (WRITE, APPROVE, MANAGE)
ENTRIES_MAX = 40


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user in a list, with the roles held today; `code`: the unit under which the page stands."""

    user: User
    roles: tuple[RoleHeld, ...]
    code: str

    @property
    def is_new(self) -> bool:
        """Say whether the user never signed in."""
        return self.user.last_login is None


def unit_for_any(request: HttpRequest, code: str, mays: Iterable[str]) -> Unit:
    """Return a unit at which the person may do one of several things.

    Raises: Http404: none of their business; NotAllowed: known, but none of these
    """
    unit = door.unit_or_404(request, code, KNOW)
    if not any(may_do(person(request), may, unit) for may in mays):
        raise NotAllowed(unit=unit.name_vi)
    return unit


def person(request: HttpRequest) -> User:
    """Return who is signed in; every page here asks for that before."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def user_or_404(request: HttpRequest, unit: Unit, username: str) -> User:
    """Return a user at home in a unit or below it, or with a role there, as far as the person sees.

    Raises: Http404
    """
    del request
    found = users_at([unit]).filter(username=username).first()
    if found is None:
        raise Http404
    return found


def user_rows(
    reader: User, unit: Unit, *, with_below: bool, words: str, role: str, state: str, today: date
) -> list[UserRow]:
    """Return the users of a unit, or of all below it too, that fit the filters."""
    units = [unit]
    if with_below:
        seen = {one.pk: one for may in SEERS for one in visible_to(reader, may)}
        units = [one for one in seen.values() if _is_under(one, unit, seen)]
    found = list(users_at(units))
    held = standing_roles(found, on=today)
    here = {one.pk: one.code for one in units}
    rows = []
    for user in found:
        roles = tuple(role for role in held.get(user.pk, []) if role.unit_id in here)
        code = here.get(user.unit_id or 0) or (roles[0].unit.code if roles else unit.code)
        rows.append(UserRow(user, roles, code))
    return [row for row in rows if _fits(row, words=words, role=role, state=state)]


def said_entries(user: User) -> list[tuple[LedgerEntry, Text]]:
    """Return what is on record about a user, newest first."""
    return [(entry, sentence_of(entry)) for entry in entries_about(user.username)[:ENTRIES_MAX]]


def _is_under(one: Unit, top: Unit, known: dict[int, Unit]) -> bool:
    step: Unit | None = one
    for _ in range(len(known) + 1):
        if step is None:
            return False
        if step.pk == top.pk:
            return True
        step = known.get(step.parent_id or 0)
    return False


def _fits(row: UserRow, *, words: str, role: str, state: str) -> bool:
    user = row.user
    if words and search_key(words) not in search_key(
        f"{user.full_name} {user.username} {user.email}"
    ):
        return False
    if role and role not in {held.role for held in row.roles}:
        return False
    match state:
        case "khoa":
            return not user.is_active
        case "chua-vao":
            return user.is_active and row.is_new
        case "hoat-dong":
            return user.is_active
        case _:
            return True
