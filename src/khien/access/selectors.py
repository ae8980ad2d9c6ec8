"""Reading the state of sign-ins: only of users whose unit the asking administrator manages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from khien.access.factors import factors_of, recovery_codes_left
from khien.access.models import PasswordState, SecondFactor, SignedIn, WrongTries
from khien.access.policy import SignInPolicy, policy_for
from khien.access.sessions import open_sessions
from khien.org.models import Unit, User
from khien.org.roles import MANAGE
from khien.org.selectors import visible_to


@dataclass(frozen=True, slots=True)
class SignInState:
    """How one user signs in, for an administrator."""

    user: User
    rules: SignInPolicy
    has_password: bool
    must_change: bool
    password_set_at: datetime | None
    locked_until: datetime | None
    wrong_tries: int
    factors: tuple[SecondFactor, ...]
    codes_left: int
    sessions: tuple[SignedIn, ...]


def may_manage_sign_ins(administrator: User) -> bool:
    """Say whether somebody manages sign-ins anywhere."""
    return visible_to(administrator, MANAGE).exists()


def users_in_reach(administrator: User) -> QuerySet[User]:
    """Return the users whose home unit an administrator manages; none for anybody else."""
    units = visible_to(administrator, MANAGE)
    return User.objects.filter(unit__in=units).select_related("unit").order_by("username")


def sign_in_states(administrator: User, *, now: datetime) -> list[SignInState]:
    """Return the state of every user in reach."""
    return [_state(user, now=now) for user in users_in_reach(administrator)]


def sign_in_state(administrator: User, user_id: int, *, now: datetime) -> SignInState | None:
    """Return the state of one user; None for one who is out of reach or not there."""
    if user_id > 2**63 - 1:
        return None
    user = users_in_reach(administrator).filter(pk=user_id).first()
    return None if user is None else _state(user, now=now)


def password_states(users: Iterable[User]) -> dict[int, PasswordState]:
    """Return the password states of users, by user."""
    return {state.user_id: state for state in PasswordState.objects.filter(user__in=users)}


def _state(user: User, *, now: datetime) -> SignInState:
    tries = WrongTries.objects.filter(user=user).first()
    kept = PasswordState.objects.filter(user=user).first()
    is_locked = tries is not None and tries.locked_until is not None and tries.locked_until > now
    return SignInState(
        user=user,
        rules=policy_for(user),
        has_password=user.has_usable_password(),
        must_change=kept is not None and kept.must_change,
        password_set_at=kept.set_at if kept else None,
        locked_until=tries.locked_until if tries and is_locked else None,
        wrong_tries=tries.count if tries else 0,
        factors=tuple(factors_of(user)),
        codes_left=recovery_codes_left(user),
        sessions=tuple(open_sessions(user, now=now)),
    )


def unit_to_check(administrator: User) -> Unit | None:
    """Return the unit whose rulebook judges Khiên for an administrator; None for anybody else."""
    units = visible_to(administrator, MANAGE)
    own = units.filter(pk=administrator.unit_id).first() if administrator.unit_id else None
    return own or units.order_by("pk").first()
