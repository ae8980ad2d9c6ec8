"""Users and the roles they hold, and requests for accounts; the services ask once more who may."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.responses import Status

from khien.api.door import KNOW, Call
from khien.api.errors import NothingHere
from khien.api.operations import Words, operation
from khien.api.paging import Cursor, Limit, page_by_key
from khien.kernel.clock import now_utc, vietnam_date
from khien.org.accounts import (
    WantedRole,
    approve_request,
    disable,
    enable,
    grant,
    refuse_request,
    request_account,
    revoke,
)
from khien.org.history import states_of
from khien.org.models import AccountRequest, RoleHeld, Unit, UnitState, User
from khien.org.rights import requests_at, standing_roles, users_at
from khien.org.roles import APPROVE, MANAGE, WRITE

router = Router(tags=["people"])
USER = "/units/{code}/users/{username}"
REQUEST = "/units/{code}/account-requests"


class RoleOut(Schema):
    """A role that a user holds at a unit."""

    role: str
    unit: str
    from_on: date
    until_on: date | None
    reason: str
    granted_by: str


class UserOut(Schema):
    """A user, with the roles held today at units the caller manages."""

    username: str
    full_name: str
    email: str
    home: str | None
    is_active: bool
    ends_on: date | None
    roles: list[RoleOut]


class UserPage(Schema):
    """Users, and the cursor of the next page."""

    items: list[UserOut]
    next: str | None


class RoleIn(Schema):
    """A role to hold at the unit, with its last day if it has one."""

    role: str
    until: date | None = None
    reason: str = ""


class ReasonIn(Schema):
    """Why."""

    reason: str = ""


class RequestIn(Schema):
    """A request for an account at the unit."""

    username: str
    full_name: str
    email: str = ""
    roles: list[RoleIn]
    reason: str


class RequestOut(Schema):
    """A request for an account or for other roles."""

    id: int
    what: str
    state: str
    username: str
    full_name: str
    roles: list[Any]
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str


class RequestPage(Schema):
    """Requests, newest first, and the cursor of the next page."""

    items: list[RequestOut]
    next: str | None


class StateOut(Schema):
    """How a unit stood between two days, and the decision that made it so."""

    from_on: date
    until_on: date | None
    name: Words
    kind: str
    place: str
    parent: str | None
    what: str
    decision: str


@operation(
    router,
    "GET /units/{code}/history",
    KNOW,
    "Đơn vị đã đổi tên, chuyển, sáp nhập thế nào",
    gives=list[StateOut],
)
def list_unit_states(request: Call, code: str) -> list[StateOut]:
    """How a unit was renamed, moved and merged."""
    seen = set(request.auth.units().values_list("pk", flat=True))
    return [_state_out(state, seen) for state in states_of(request.auth.unit(code))[:200]]


def _state_out(state: UnitState, seen: set[int]) -> StateOut:
    return StateOut(
        from_on=state.from_on,
        until_on=state.until_on,
        name=Words(vi=state.name_vi, en=state.name_en),
        kind=state.kind,
        place=state.place,
        parent=state.parent.code if state.parent and state.parent_id in seen else None,
        what=state.what,
        decision=state.decision,
    )


@operation(router, "GET /units/{code}/users", MANAGE, "Người dùng của đơn vị", gives=UserPage)
def list_users(request: Call, code: str, cursor: Cursor, limit: Limit) -> UserPage:
    """The users of a unit, and those who hold a role there."""
    users = users_at([request.auth.unit(code)])
    found, following = page_by_key(users, cursor=cursor, limit=limit)
    return UserPage(items=_users_out(request, found), next=following)


@operation(router, f"GET {USER}", MANAGE, "Một người dùng và vai trò", gives=UserOut)
def show_user(request: Call, code: str, username: str) -> UserOut:
    """One user with the roles held."""
    return _users_out(request, [_user(request.auth.unit(code), username)])[0]


@operation(router, f"POST {USER}/roles", MANAGE, "Giao vai trò tại đơn vị", gives={201: RoleOut})
def grant_one_role(request: Call, code: str, username: str, body: RoleIn) -> Status[RoleOut]:
    """Give a user a role at the unit."""
    unit = request.auth.unit(code)
    held = grant(
        _user(unit, username),
        WantedRole(body.role, body.until),
        unit,
        by=request.auth.user,
        now=now_utc(),
        reason=body.reason,
    )
    return Status(201, _role_out(held))


@operation(router, f"POST {USER}/roles/{{role}}/revoke", MANAGE, "Thu hồi vai trò", gives=UserOut)
def revoke_one_role(request: Call, code: str, username: str, role: str) -> UserOut:
    """Take a role at the unit from a user."""
    unit = request.auth.unit(code)
    user = _user(unit, username)
    held = standing_roles([user], on=vietnam_date(now_utc())).get(user.pk, [])
    chosen = next((one for one in held if (one.unit_id, one.role) == (unit.pk, role)), None)
    if chosen is None:
        raise NothingHere()
    revoke(chosen, by=request.auth.user, now=now_utc())
    return _users_out(request, [user])[0]


@operation(router, f"POST {USER}/disable", MANAGE, "Khóa tài khoản", gives=UserOut)
def disable_one_user(request: Call, code: str, username: str, body: ReasonIn) -> UserOut:
    """Disable the account of a user of the unit; its tokens die at once."""
    user = _user(request.auth.unit(code), username, is_at_home=True)
    changed = disable(user, by=request.auth.user, now=now_utc(), reason=body.reason)
    return _users_out(request, [changed])[0]


@operation(router, f"POST {USER}/enable", MANAGE, "Mở lại tài khoản", gives=UserOut)
def enable_one_user(request: Call, code: str, username: str) -> UserOut:
    """Enable the account of a user of the unit."""
    user = _user(request.auth.unit(code), username, is_at_home=True)
    return _users_out(request, [enable(user, by=request.auth.user, now=now_utc())])[0]


@operation(router, f"GET {REQUEST}", APPROVE, "Các đề nghị về tài khoản", gives=RequestPage)
def list_account_requests(request: Call, code: str, cursor: Cursor, limit: Limit) -> RequestPage:
    """Requests for accounts and roles at a unit."""
    made = requests_at([request.auth.unit(code)])
    found, following = page_by_key(made, cursor=cursor, limit=limit, newest_first=True)
    return RequestPage(items=[_request_out(one) for one in found], next=following)


@operation(router, f"POST {REQUEST}", WRITE, "Đề nghị cấp tài khoản", gives={201: RequestOut})
def ask_for_account(request: Call, code: str, body: RequestIn) -> Status[RequestOut]:
    """Ask for an account; somebody else decides."""
    made = request_account(
        request.auth.unit(code),
        username=body.username,
        full_name=body.full_name,
        email=body.email,
        roles=[WantedRole(one.role, one.until) for one in body.roles],
        reason=body.reason,
        by=request.auth.user,
        now=now_utc(),
    )
    return Status(201, _request_out(made))


@operation(router, f"POST {REQUEST}/{{number}}/approve", APPROVE, "Duyệt đề nghị", gives=RequestOut)
def approve_account_request(request: Call, code: str, number: int, body: ReasonIn) -> RequestOut:
    """Approve a request; never one's own."""
    asked = _request(request.auth.unit(code), number)
    user = request.auth.user
    return _request_out(approve_request(asked, by=user, now=now_utc(), answer=body.reason))


@operation(
    router, f"POST {REQUEST}/{{number}}/refuse", APPROVE, "Từ chối đề nghị", gives=RequestOut
)
def refuse_account_request(request: Call, code: str, number: int, body: ReasonIn) -> RequestOut:
    """Refuse a request, and say why."""
    asked = _request(request.auth.unit(code), number)
    user = request.auth.user
    return _request_out(refuse_request(asked, by=user, now=now_utc(), answer=body.reason))


def _user(unit: Unit, username: str, *, is_at_home: bool = False) -> User:
    """Return a user of a unit; one who only holds a role there counts unless the home is asked for."""
    found = users_at([unit], with_guests=not is_at_home).filter(username=username).first()
    if found is None:
        raise NothingHere()
    return found


def _request(unit: Unit, number: int) -> AccountRequest:
    found = requests_at([unit]).filter(pk=number).first() if 0 < number < 2**63 else None
    if found is None:
        raise NothingHere()
    return found


def _users_out(request: Call, users: list[User]) -> list[UserOut]:
    codes = {unit.pk: unit.code for unit in request.auth.units()}
    held = standing_roles(users, on=vietnam_date(now_utc()))
    return [
        UserOut(
            username=user.username,
            full_name=user.full_name,
            email=user.email,
            home=codes.get(user.unit_id) if user.unit_id else None,
            is_active=user.is_active,
            ends_on=user.ends_on,
            roles=[_role_out(one) for one in held.get(user.pk, []) if one.unit_id in codes],
        )
        for user in users
    ]


def _role_out(held: RoleHeld) -> RoleOut:
    return RoleOut(
        role=held.role,
        unit=held.unit.code,
        from_on=held.from_on,
        until_on=held.until_on,
        reason=held.reason,
        granted_by=held.granted_by,
    )


def _request_out(asked: AccountRequest) -> RequestOut:
    return RequestOut(
        id=asked.pk,
        what=asked.what,
        state=asked.state,
        username=asked.username,
        full_name=asked.full_name,
        roles=list(asked.roles),
        reason=asked.reason,
        asked_by=asked.asked_by.username,
        asked_at=asked.asked_at,
        decided_by=asked.decided_by.username if asked.decided_by else None,
        decided_at=asked.decided_at,
        answer=asked.answer,
    )
