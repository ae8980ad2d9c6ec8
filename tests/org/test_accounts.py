"""Accounts: asked for, approved by somebody else, given within reach; nobody raises the own rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from khien.kernel.errors import KhienError
from khien.ledger.models import LedgerEntry
from khien.org import accounts, rights, structure, users
from khien.org.accounts import WantedRole
from khien.org.decisions import NO_DECISION
from khien.org.errors import (
    ActivationRefused,
    AlreadyDecided,
    LastAdministrator,
    LinkRefused,
    NotAllowed,
    OutOfReach,
    OwnRequest,
    OwnRights,
    RequestRefused,
    RoleRefused,
    UnitHasEnded,
    UsernameTaken,
    UserRefused,
)
from khien.org.models import AccountRequest, RoleHeld, SignInLink, Unit, User
from khien.org.roles import (
    ADMINISTRATOR,
    APPROVE,
    INSPECTOR,
    LEADER,
    OFFICER,
    OVERSEER,
    READ,
    STAFF,
    WRITE,
)
from khien.org.selectors import may_do, visible_to
from khien.org.services import grant_role, make_sign_in_link, register_unit, use_sign_in_link
from khien.org.signals import user_disabled

pytestmark = pytest.mark.django_db

# Today, because the door asks for the roles of today.
NOW = datetime.now(UTC)
TODAY = (NOW + timedelta(hours=7)).date()
START = date(2020, 1, 1)


@dataclass
class Cast:
    """A ward below a province: leader, second leader, officer, administrator; a stranger elsewhere."""

    province: Unit
    ward: Unit
    strange: Unit
    lan: User
    long: User
    an: User
    quan: User
    dung: User
    so: User


def unit(code: str, parent: Unit | None = None) -> Unit:
    return register_unit(
        code, name_vi=code, name_en=code, kind="ward", place="X", parent=parent, from_on=START, now=NOW
    )  # fmt: skip


def user(name: str, home: Unit, *roles: str) -> User:
    made = users.make_user(name, full_name=name, email="", unit=home, by="khien", now=NOW)
    for role in roles:
        grant_role(made, role, home, from_on=START, by="khien", now=NOW)
    return made


@pytest.fixture
def cast() -> Cast:
    province = unit("tinh")
    ward, strange = unit("phuong", province), unit("la")
    return Cast(
        province,
        ward,
        strange,
        lan=user("lan", ward, LEADER),
        long=user("long", ward, LEADER),
        an=user("an.nguyen", ward, OFFICER),
        quan=user("quan", ward, ADMINISTRATOR),
        dung=user("dung", strange, OFFICER, ADMINISTRATOR, LEADER),
        so=user("so.qt", province, ADMINISTRATOR),
    )


def asked(cast: Cast, by: User, name: str = "moi", **more: Any) -> AccountRequest:
    words: dict[str, Any] = {
        "username": name,
        "full_name": "Người Mới",
        "email": "moi@example.org",
        "roles": [WantedRole(STAFF)],
        "reason": "Nhận việc",
    }
    return accounts.request_account(cast.ward, by=by, now=NOW, **(words | more))


def fresh(one: User) -> User:
    return User.objects.get(pk=one.pk)


def test_a_request_becomes_an_account_when_the_leader_approves(cast: Cast) -> None:
    request = accounts.approve_request(asked(cast, cast.an), by=cast.lan, now=NOW)
    made = User.objects.get(username="moi")
    assert (request.state, request.user, made.unit) == ("approved", made, cast.ward)
    assert not made.has_usable_password()
    assert may_do(made, "know", cast.ward)
    kinds = list(LedgerEntry.objects.filter(subject="moi").values_list("kind", flat=True))
    assert set(kinds) == {
        "org.account_asked",
        "org.user_registered",
        "org.role_granted",
        "org.account_decided",
    }


def test_a_refusal_makes_no_account_and_needs_a_reason(cast: Cast) -> None:
    request = asked(cast, cast.an)
    with pytest.raises(RequestRefused):
        accounts.refuse_request(request, by=cast.lan, now=NOW, answer=" ")
    accounts.refuse_request(request, by=cast.lan, now=NOW, answer="Chưa có quyết định")
    assert not User.objects.filter(username="moi").exists()
    with pytest.raises(AlreadyDecided):
        accounts.approve_request(request, by=cast.lan, now=NOW)


def test_who_asks_does_not_decide(cast: Cast) -> None:
    request = asked(cast, cast.lan)
    with pytest.raises(OwnRequest):
        accounts.approve_request(request, by=cast.lan, now=NOW)
    assert rights.deciders(request) == [cast.long]
    accounts.approve_request(request, by=cast.long, now=NOW)


def test_the_only_leader_may_decide_on_what_that_leader_asked_for_somebody_else(cast: Cast) -> None:
    users.disable_user(cast.long, by="khien", now=NOW)
    accounts.approve_request(asked(cast, cast.lan), by=cast.lan, now=NOW)
    own = accounts.request_roles(
        cast.ward, cast.lan, roles=[WantedRole(OFFICER)], reason="x", by=cast.lan, now=NOW
    )
    with pytest.raises(OwnRequest):
        accounts.approve_request(own, by=cast.lan, now=NOW)


def test_an_administrator_who_leads_never_decides_on_the_own_request(cast: Cast) -> None:
    for leader in (cast.lan, cast.long):
        users.disable_user(leader, by="khien", now=NOW)
    grant_role(cast.quan, LEADER, cast.ward, from_on=START, by="khien", now=NOW)
    with pytest.raises(OwnRequest):
        accounts.approve_request(asked(cast, fresh(cast.quan)), by=fresh(cast.quan), now=NOW)


@pytest.mark.parametrize("who", ["an", "quan", "dung", "so"])
def test_without_the_right_to_approve_nobody_decides(cast: Cast, who: str) -> None:
    request = asked(cast, cast.lan)
    for act in (accounts.approve_request, accounts.refuse_request):
        with pytest.raises(NotAllowed):
            act(request, by=getattr(cast, who), now=NOW, answer="x")
    assert AccountRequest.objects.get().state == "open"


def test_only_who_asked_takes_a_request_back(cast: Cast) -> None:
    request = asked(cast, cast.an)
    with pytest.raises(NotAllowed):
        accounts.withdraw_request(request, by=cast.lan, now=NOW)
    assert accounts.withdraw_request(request, by=cast.an, now=NOW).state == "withdrawn"


def test_staff_strangers_and_inspectors_ask_for_nothing(cast: Cast) -> None:
    inspector = user("thanh-tra", cast.ward)
    grant_role(inspector, INSPECTOR, cast.ward, from_on=START, until_on=TODAY, by="khien", now=NOW)
    for who in (user("nhan-vien", cast.ward, STAFF), inspector, cast.dung):
        with pytest.raises(NotAllowed):
            asked(cast, who)
    assert not AccountRequest.objects.exists()


BAD: dict[str, tuple[type[KhienError], dict[str, Any]]] = {
    "marks": (UserRefused, {"username": "Nguyễn"}),
    "short": (UserRefused, {"username": "a"}),
    "path": (UserRefused, {"username": "../an"}),
    "nameless": (UserRefused, {"full_name": "  "}),
    "taken": (UsernameTaken, {"username": "an.nguyen"}),
    "no roles": (RequestRefused, {"roles": []}),
    "no such role": (RequestRefused, {"roles": [WantedRole("god")]}),
    "twice": (RequestRefused, {"roles": [WantedRole(STAFF), WantedRole(STAFF)]}),
    "endless inspector": (RequestRefused, {"roles": [WantedRole(INSPECTOR)]}),
    "past": (RequestRefused, {"roles": [WantedRole(STAFF, TODAY - timedelta(1))]}),
    "no reason": (RequestRefused, {"reason": " "}),
}


@pytest.mark.parametrize("what", BAD)
def test_a_request_that_makes_no_sense_is_refused_and_kept_nowhere(cast: Cast, what: str) -> None:
    error, more = BAD[what]
    before = LedgerEntry.objects.count()
    with pytest.raises(error):
        asked(cast, cast.an, **more)
    assert not AccountRequest.objects.exists()
    assert LedgerEntry.objects.count() == before


def test_a_name_is_asked_for_once_at_a_time(cast: Cast) -> None:
    asked(cast, cast.an)
    with pytest.raises(UsernameTaken):
        asked(cast, cast.lan)


def test_roles_are_changed_by_request_to_exactly_what_was_asked(cast: Cast) -> None:
    binh = user("binh", cast.ward, STAFF, OFFICER)
    request = accounts.request_roles(
        cast.ward,
        binh,
        roles=[WantedRole(STAFF), WantedRole(OVERSEER, TODAY)],
        reason="Đổi việc",
        by=cast.an,
        now=NOW,
    )
    accounts.approve_request(request, by=cast.lan, now=NOW)
    standing = RoleHeld.objects.filter(user=binh, revoked_at=None)
    assert {(h.role, h.until_on) for h in standing} == {(STAFF, None), (OVERSEER, TODAY)}


def test_an_administrator_grants_within_reach_and_it_is_recorded(cast: Cast) -> None:
    binh = user("binh", cast.ward)
    accounts.grant(binh, WantedRole(OFFICER), cast.ward, by=cast.quan, now=NOW, reason="QĐ 12")
    assert may_do(fresh(binh), WRITE, cast.ward)
    entry = LedgerEntry.objects.filter(kind="org.role_granted", subject="binh").get()
    assert entry.body["by"] == "quan"


Escalation = Callable[[Cast], object]
ESCALATIONS: dict[str, tuple[type[KhienError], Escalation]] = {
    "leader for oneself": (
        OwnRights, lambda c: accounts.grant(c.quan, WantedRole(LEADER), c.ward, by=c.quan, now=NOW)),
    "officer for oneself": (
        OwnRights, lambda c: accounts.grant(c.quan, WantedRole(OFFICER), c.ward, by=c.quan, now=NOW)),
    "a unit above": (
        OutOfReach, lambda c: accounts.grant(c.an, WantedRole(OFFICER), c.province, by=c.quan, now=NOW)),
    "a strange unit": (
        OutOfReach, lambda c: accounts.grant(c.an, WantedRole(OFFICER), c.strange, by=c.quan, now=NOW)),
    "a user from above": (
        OutOfReach, lambda c: accounts.grant(c.so, WantedRole(OFFICER), c.ward, by=c.quan, now=NOW)),
    "disabling a user from above": (OutOfReach, lambda c: accounts.disable(c.so, by=c.quan, now=NOW)),
    "disabling a stranger": (OutOfReach, lambda c: accounts.disable(c.dung, by=c.quan, now=NOW)),
    "disabling oneself": (OwnRights, lambda c: accounts.disable(c.quan, by=c.quan, now=NOW)),
    "a link for oneself": (OwnRights, lambda c: accounts.activation_secret(c.quan, by=c.quan, now=NOW)),
    "a link of a stranger": (OutOfReach, lambda c: accounts.activation_secret(c.dung, by=c.quan, now=NOW)),
    "an officer granting": (
        OutOfReach, lambda c: accounts.grant(c.quan, WantedRole(STAFF), c.ward, by=c.an, now=NOW)),
    "a leader granting": (
        OutOfReach, lambda c: accounts.grant(c.an, WantedRole(LEADER), c.ward, by=c.lan, now=NOW)),
    "a stranger granting": (
        OutOfReach, lambda c: accounts.grant(c.an, WantedRole(STAFF), c.ward, by=c.dung, now=NOW)),
    "an endless inspector": (
        RoleRefused, lambda c: accounts.grant(c.an, WantedRole(INSPECTOR), c.ward, by=c.quan, now=NOW)),
    "a grant of yesterday": (
        RoleRefused, lambda c: accounts.grant(
            c.an, WantedRole(STAFF), c.ward, by=c.quan, now=NOW, from_on=TODAY - timedelta(1))),
}  # fmt: skip


@pytest.mark.parametrize("what", ESCALATIONS)
def test_no_way_to_more_rights_than_one_may_give(cast: Cast, what: str) -> None:
    error, act = ESCALATIONS[what]
    before = LedgerEntry.objects.count()
    roles = list(RoleHeld.objects.order_by("pk").values())
    with pytest.raises(error):
        act(cast)
    assert list(RoleHeld.objects.order_by("pk").values()) == roles
    assert LedgerEntry.objects.count() == before


def test_own_roles_are_not_revoked_by_oneself_nor_those_of_a_unit_beyond(cast: Cast) -> None:
    own = RoleHeld.objects.get(user=cast.quan)
    above = RoleHeld.objects.get(user=cast.so)
    with pytest.raises(OwnRights):
        accounts.revoke(own, by=cast.quan, now=NOW)
    with pytest.raises(OutOfReach):
        accounts.revoke(above, by=cast.quan, now=NOW)
    accounts.revoke(own, by=cast.so, now=NOW)
    assert not may_do(fresh(cast.quan), "manage", cast.ward)


def test_the_last_administrator_stays(cast: Cast) -> None:
    second = user("quan-hai", cast.province, ADMINISTRATOR)
    accounts.disable(cast.so, by=second, now=NOW)
    third = user("quan-ba", cast.province)
    with pytest.raises(LastAdministrator):
        accounts.approve_request(
            accounts.request_roles(
                cast.province,
                second,
                roles=[WantedRole(STAFF)],
                reason="x",
                by=second,
                now=NOW,
            ),
            by=user("lanh-dao", cast.province, LEADER),
            now=NOW,
        )
    assert third.is_active


def test_an_activation_link_opens_once_and_only_for_who_never_came(cast: Cast) -> None:
    accounts.approve_request(asked(cast, cast.an), by=cast.lan, now=NOW)
    made = User.objects.get(username="moi")
    secret = accounts.activation_secret(made, by=cast.quan, now=NOW)
    later = NOW + timedelta(days=2)
    assert use_sign_in_link(secret, now=later) == made
    User.objects.filter(pk=made.pk).update(last_login=NOW)
    with pytest.raises(ActivationRefused):
        accounts.activation_secret(fresh(made), by=cast.quan, now=NOW)


def test_a_link_is_no_way_into_rights_beyond_its_maker(cast: Cast) -> None:
    binh = user("binh", cast.ward)
    grant_role(binh, ADMINISTRATOR, cast.province, from_on=START, by="khien", now=NOW)
    with pytest.raises(ActivationRefused):
        accounts.activation_secret(binh, by=cast.quan, now=NOW)
    with pytest.raises(OutOfReach):
        accounts.must_hold_nothing_beyond(binh, by=cast.quan)
    accounts.must_hold_nothing_beyond(binh, by=cast.so)


def test_a_disabled_user_sees_nothing_and_whoever_keeps_sessions_is_told(cast: Cast) -> None:
    told: list[User] = []

    def listen(sender: object, user: User, **more: object) -> None:
        told.append(user)

    secret = make_sign_in_link(cast.an, now=NOW)
    user_disabled.connect(listen)
    try:
        accounts.disable(cast.an, by=cast.quan, now=NOW, reason="Nghỉ việc")
    finally:
        user_disabled.disconnect(listen)
    assert told == [cast.an]
    assert list(visible_to(fresh(cast.an), READ)) == []
    assert not SignInLink.objects.filter(user=cast.an, used_at=None).exists()
    with pytest.raises(LinkRefused):
        use_sign_in_link(secret, now=NOW)
    accounts.enable(fresh(cast.an), by=cast.quan, now=NOW)
    assert may_do(fresh(cast.an), WRITE, cast.ward)


def test_a_leaver_works_to_the_last_day_and_is_closed_after_it(cast: Cast) -> None:
    last = TODAY + timedelta(days=10)
    accounts.let_go(cast.an, last_day=last, by=cast.quan, now=NOW)
    leaver = fresh(cast.an)
    assert cast.ward in visible_to(leaver, WRITE, on=last)
    assert cast.ward not in visible_to(leaver, WRITE, on=last + timedelta(1))
    assert users.disable_leavers(now=NOW) == []
    after = NOW + timedelta(days=11)
    secret = make_sign_in_link(leaver, now=after)
    with pytest.raises(LinkRefused):
        use_sign_in_link(secret, now=after)
    assert users.disable_leavers(now=after) == [leaver]
    assert users.disable_leavers(now=after) == []
    assert not fresh(leaver).is_active


def test_who_left_already_loses_everything_at_once(cast: Cast) -> None:
    accounts.let_go(cast.an, last_day=TODAY - timedelta(1), by=cast.quan, now=NOW)
    assert not fresh(cast.an).is_active
    assert not RoleHeld.objects.filter(user=cast.an, revoked_at=None).exists()


def test_an_inspector_s_role_stops_by_itself_and_can_be_given_again(cast: Cast) -> None:
    inspector = user("thanh-tra", cast.ward)
    yesterday = TODAY - timedelta(days=1)
    grant_role(inspector, INSPECTOR, cast.ward, from_on=START, until_on=yesterday, by="x", now=NOW)
    assert list(visible_to(fresh(inspector), READ)) == []
    assert list(visible_to(fresh(inspector), READ, on=yesterday)) == [cast.ward]
    accounts.grant(fresh(inspector), WantedRole(INSPECTOR, TODAY), cast.ward, by=cast.quan, now=NOW)
    assert list(visible_to(fresh(inspector), READ)) == [cast.ward]


def test_a_unit_that_ended_takes_no_accounts(cast: Cast) -> None:
    request = asked(cast, cast.an)
    structure.end_unit(cast.ward, on=TODAY, decision=NO_DECISION, by="x", now=NOW)
    with pytest.raises((UnitHasEnded, NotAllowed)):
        accounts.approve_request(request, by=fresh(cast.lan), now=NOW)
    with pytest.raises(UnitHasEnded):
        asked(cast, fresh(cast.quan), "khac")
    assert not may_do(fresh(cast.lan), APPROVE, cast.ward)
