"""Accounts and rights as people ask for and give them; every act here first asks whether its doer may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from khien.kernel.canonical import Json
from khien.kernel.clock import said_day, said_moment, vietnam_date
from khien.kernel.vietnamese import nfc
from khien.ledger import services as ledger
from khien.org import events, users
from khien.org.errors import (
    ActivationRefused,
    AlreadyDecided,
    LastAdministrator,
    NotAllowed,
    OutOfReach,
    OwnRequest,
    OwnRights,
    RequestRefused,
    RoleRefused,
    UnitHasEnded,
    UsernameTaken,
)
from khien.org.models import AccountRequest, RoleHeld, Unit, User
from khien.org.rights import (
    able_to,
    administered_by,
    has_other_administrator,
    holds_beyond,
    is_own,
)
from khien.org.roles import ADMINISTRATOR, APPROVE, MANAGE, ROLES, WRITE
from khien.org.selectors import may_do
from khien.org.services import grant_role, make_sign_in_link, revoke_role

ACTIVATION_GOOD_FOR = timedelta(days=3)
ASKERS = (WRITE, APPROVE, MANAGE)


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role that a request asks for, with its last day if it has one."""

    role: str
    until: date | None = None

    def body(self) -> dict[str, Json]:
        """Return it as it is kept."""
        return {"role": self.role, "until": self.until.isoformat() if self.until else None}

    @staticmethod
    def read(body: Mapping[str, str | None]) -> WantedRole:
        """Return it from what is kept."""
        until = body.get("until")
        return WantedRole(str(body["role"]), date.fromisoformat(until) if until else None)


@transaction.atomic
def request_account(  # noqa: PLR0913  # one keyword for each field of the form
    unit: Unit,
    *,
    username: str,
    full_name: str,
    email: str,
    roles: Sequence[WantedRole],
    reason: str,
    by: User,
    now: datetime,
) -> AccountRequest:
    """Ask for an account of somebody at a unit; somebody with the right to approve decides.

    Raises: NotAllowed: the asker may neither write, approve nor manage there; UserRefused;
            UsernameTaken; RequestRefused; UnitHasEnded
    """
    username, full_name = users.checked_name(username, full_name)
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    request = AccountRequest(
        unit=unit,
        what=AccountRequest.What.ACCOUNT,
        username=username,
        full_name=full_name,
        email=email.strip(),
        asked_by=by,
    )
    return _asked(request, roles, reason, now=now)


@transaction.atomic
def request_roles(
    unit: Unit,
    user: User,
    *,
    roles: Sequence[WantedRole],
    reason: str,
    by: User,
    now: datetime,
) -> AccountRequest:
    """Ask that a user hold exactly these roles at a unit.

    Raises: NotAllowed; RequestRefused; UsernameTaken: such a request is open already; UnitHasEnded
    """
    request = AccountRequest(
        unit=unit,
        what=AccountRequest.What.ROLES,
        username=user.username,
        full_name=user.full_name,
        user=user,
        asked_by=by,
    )
    return _asked(request, roles, reason, now=now)


@transaction.atomic
def approve_request(
    request: AccountRequest, *, by: User, now: datetime, answer: str = ""
) -> AccountRequest:
    """Approve a request: the account is made, or the roles are changed, in the same moment.

    Raises: NotAllowed; OwnRequest; AlreadyDecided; UsernameTaken; UnitHasEnded; RoleRefused: a last day
            went by meanwhile; LastAdministrator
    """
    request = _to_decide(request, by)
    wanted = [WantedRole.read(role) for role in request.roles]
    if any(role.until and role.until < vietnam_date(now) for role in wanted):
        raise RoleRefused(role=request.username)
    if request.user is None:
        request.user = users.make_user(
            request.username,
            full_name=request.full_name,
            email=request.email,
            unit=request.unit,
            by=by.username,
            now=now,
        )
    _hold_exactly(request, wanted, by=by.username, now=now)
    return _decided(request, AccountRequest.State.APPROVED, by=by, now=now, answer=answer)


@transaction.atomic
def refuse_request(
    request: AccountRequest, *, by: User, now: datetime, answer: str
) -> AccountRequest:
    """Refuse a request; why is told to who asked.

    Raises: NotAllowed; OwnRequest; AlreadyDecided; RequestRefused: no reason given
    """
    if not answer.strip():
        raise RequestRefused()
    request = _to_decide(request, by)
    return _decided(request, AccountRequest.State.REFUSED, by=by, now=now, answer=answer)


@transaction.atomic
def withdraw_request(request: AccountRequest, *, by: User, now: datetime) -> AccountRequest:
    """Take back one's own request.

    Raises: NotAllowed: somebody else's; AlreadyDecided
    """
    request = _open(request)
    if request.asked_by_id != by.pk:
        raise NotAllowed(unit=request.unit.name_vi)
    return _decided(request, AccountRequest.State.WITHDRAWN, by=by, now=now, answer="")


@transaction.atomic
def grant(
    user: User,
    wanted: WantedRole,
    unit: Unit,
    *,
    by: User,
    now: datetime,
    reason: str = "",
    from_on: date | None = None,
) -> RoleHeld:
    """Give a role directly, as an administrator: to others, at home and at a unit within one's reach.

    Raises: OwnRights; OutOfReach; RoleRefused: also dated in the past; UnitHasEnded
    """
    _must_administer(user, by)
    if not may_do(by, MANAGE, unit):
        raise OutOfReach(who=unit.code)
    _must_live(unit)
    today = vietnam_date(now)
    start = from_on or today
    if start < today or (wanted.until and wanted.until < today):
        raise RoleRefused(role=wanted.role)
    return grant_role(
        user,
        wanted.role,
        unit,
        from_on=start,
        until_on=wanted.until,
        reason=reason[:300],
        by=by.username,
        now=now,
    )


@transaction.atomic
def revoke(held: RoleHeld, *, by: User, now: datetime) -> None:
    """Take a role at a unit within one's reach from somebody else, whoever granted it.

    Raises: OwnRights; OutOfReach; LastAdministrator
    """
    if held.user_id == by.pk:
        raise OwnRights()
    if not may_do(by, MANAGE, held.unit):
        raise OutOfReach(who=held.unit.code)
    if held.role == ADMINISTRATOR:
        _must_leave_one(held.user, [held])
    revoke_role(held, by=by.username, now=now)


@transaction.atomic
def disable(user: User, *, by: User, now: datetime, reason: str = "") -> User:
    """Disable an account within one's reach.

    Raises: OwnRights; OutOfReach; LastAdministrator
    """
    _must_administer(user, by)
    _must_leave_one(user, administered_by(user))
    return users.disable_user(user, by=by.username, now=now, reason=reason)


@transaction.atomic
def enable(user: User, *, by: User, now: datetime) -> User:
    """Enable an account within one's reach.

    Raises: OwnRights; OutOfReach
    """
    _must_administer(user, by)
    return users.enable_user(user, by=by.username, now=now)


@transaction.atomic
def let_go(user: User, *, last_day: date, by: User, now: datetime, reason: str = "") -> User:
    """Record that somebody within one's reach leaves after a day.

    Raises: OwnRights; OutOfReach; LastAdministrator
    """
    _must_administer(user, by)
    _must_leave_one(user, administered_by(user))
    return users.let_go(user, last_day=last_day, by=by.username, now=now, reason=reason)


@transaction.atomic
def activation_secret(user: User, *, by: User, now: datetime) -> str:
    """Make the secret of the link by which a new user signs in for the first time.

    Never for somebody who signed in before, nor for one who may more than its maker manages: the link
    would be a way to act as somebody else.

    Raises: OwnRights; OutOfReach; ActivationRefused
    """
    _must_administer(user, by)
    has_come = user.last_login is not None or user.has_usable_password()
    if has_come or not user.is_active or holds_beyond(user, by):
        raise ActivationRefused(username=user.username)
    secret = make_sign_in_link(user, now=now, good_for=ACTIVATION_GOOD_FOR)
    ledger.record(events.LINK_MADE, subject=user.username, body={"by": by.username}, at=now)
    return secret


def must_hold_nothing_beyond(user: User, *, by: User) -> None:
    """Refuse what would let an administrator act as somebody who may more than the administrator manages.

    Raises: OutOfReach
    """
    if holds_beyond(user, by):
        raise OutOfReach(who=user.username)


def _asked(
    request: AccountRequest, roles: Sequence[WantedRole], reason: str, *, now: datetime
) -> AccountRequest:
    _must_live(request.unit)
    if not any(may_do(request.asked_by, may, request.unit) for may in ASKERS):
        raise NotAllowed(unit=request.unit.name_vi)
    _must_make_sense(roles, reason, today=vietnam_date(now))
    request.roles = [role.body() for role in roles]
    request.reason = nfc(" ".join(reason.split()))[:300]
    request.asked_at = now
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken(username=request.username) from error
    body: dict[str, Json] = {
        "number": request.pk,
        "unit": request.unit.code,
        "what": str(request.what),
        "roles": ", ".join(role.role for role in roles),
        "by": request.asked_by.username,
    }
    ledger.record(events.ACCOUNT_ASKED, subject=request.username, body=body, at=now)
    return request


def _must_make_sense(roles: Sequence[WantedRole], reason: str, *, today: date) -> None:
    codes = [wanted.role for wanted in roles]
    for wanted in roles:
        known = ROLES.get(wanted.role)
        is_past = wanted.until is not None and wanted.until < today
        if known is None or is_past or (known.must_end and wanted.until is None):
            raise RequestRefused()
    if not codes or len(set(codes)) != len(codes) or not reason.strip():
        raise RequestRefused()


def _open(request: AccountRequest) -> AccountRequest:
    current = AccountRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if current.state != AccountRequest.State.OPEN:
        at = said_moment(current.decided_at) if current.decided_at else "–"
        raise AlreadyDecided(number=current.pk, at=at)
    return current


def _to_decide(request: AccountRequest, by: User) -> AccountRequest:
    current = _open(request)
    if not may_do(by, APPROVE, current.unit):
        raise NotAllowed(unit=current.unit.name_vi)
    if is_own(current, by, among=able_to(APPROVE, current.unit)):
        raise OwnRequest()
    _must_live(current.unit)
    return current


def _decided(
    request: AccountRequest, state: str, *, by: User, now: datetime, answer: str
) -> AccountRequest:
    request.state, request.decided_by, request.decided_at = state, by, now
    request.answer = nfc(" ".join(answer.split()))[:300]
    request.save(update_fields=["state", "decided_by", "decided_at", "answer", "user"])
    body: dict[str, Json] = {
        "number": request.pk,
        "unit": request.unit.code,
        "state": str(state),
        "by": by.username,
        "asked_by": request.asked_by.username,
    }
    ledger.record(events.ACCOUNT_DECIDED, subject=request.username, body=body, at=now)
    return request


def _hold_exactly(
    request: AccountRequest, wanted: Sequence[WantedRole], *, by: str, now: datetime
) -> None:
    """Let the user hold the wanted roles at the request's unit and no others."""
    user, unit, today = request.user, request.unit, vietnam_date(now)
    if user is None:
        raise AssertionError("an approved request has its user")
    until = {role.role: role.until for role in wanted}
    for held in RoleHeld.objects.filter(user=user, unit=unit, revoked_at=None):
        if held.role in until and held.until_on == until[held.role]:
            continue
        if held.role == ADMINISTRATOR and held.role not in until:
            _must_leave_one(user, [held])
        revoke_role(held, by=by, now=now)
    for role in wanted:
        grant_role(
            user,
            role.role,
            unit,
            from_on=today,
            until_on=role.until,
            reason=request.reason,
            by=by,
            now=now,
        )


def _must_administer(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise OwnRights()
    if user.unit is None or not may_do(by, MANAGE, user.unit):
        raise OutOfReach(who=user.username)


def _must_leave_one(user: User, held: Sequence[RoleHeld]) -> None:
    for role in held:
        if not has_other_administrator(user, role.unit):
            raise LastAdministrator(unit=role.unit.name_vi)


def _must_live(unit: Unit) -> None:
    ended = Unit.objects.values_list("ended_on", flat=True).get(pk=unit.pk)
    if ended is not None:
        raise UnitHasEnded(unit=unit.name_vi, day=said_day(ended))
