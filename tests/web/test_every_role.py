"""Every address answers every role as declared: allowed, known but not allowed (403), or nothing there (404)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.template.base import Template
from django.test import Client
from every_address import every_address
from permissions import ASKS, NONE, OPEN, READERS_FORMS, SIGNED_IN, Anywhere, Ask, AtTheTop

from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.org.decisions import NO_DECISION
from khien.org.models import User
from khien.org.roles import (
    ADMINISTRATOR,
    INSPECTOR,
    KNOW,
    LEADER,
    OFFICER,
    OVERSEER,
    RESPONDER,
    ROLES,
    STAFF,
)
from khien.org.selectors import visible_to
from khien.org.services import grant_role, register_unit
from khien.org.structure import move_unit
from khien.org.users import make_user

pytestmark = pytest.mark.django_db

# One person for each role at the ward; the overseer stands at the unit above; the last must see nothing.
PEOPLE = {
    "leader": LEADER,
    "officer": OFFICER,
    "staff": STAFF,
    "overseer": OVERSEER,
    "responder": RESPONDER,
    "inspector": INSPECTOR,
    "inspector whose days are over": INSPECTOR,
    "administrator": ADMINISTRATOR,
    "stranger": OFFICER,
}
NOBODYS = ("inspector whose days are over", "stranger")
READ_ONLY = ("inspector", "inspector whose days are over", "staff")
ALLOWED = {200, 302, 303, 400, 404, 409, 410, 415, 422}
CLIENTS: dict[int, Client] = {}


@pytest.fixture(scope="module")
def people(cast: Any) -> Iterator[dict[str, User]]:
    """The cast of roles, signed up at the ward, below a department."""
    now = now_utc()
    today = vietnam_date(now)
    names = {"name_vi": "Sở Mẫu", "name_en": "Department", "kind": "department", "place": "Mẫu"}
    department = register_unit("so-mau", now=now, **names)
    move_unit(cast.ward, department, on=today, decision=NO_DECISION, by="an", now=now)
    made = {}
    for number, (who, role) in enumerate(PEOPLE.items()):
        home = {"overseer": department, "stranger": cast.strange}.get(who, cast.ward)
        user = make_user(f"vai-{number}", full_name=who, email="", unit=home, by="an", now=now)
        end = today + timedelta(30) if ROLES[role].must_end else None
        start = today
        if who == "inspector whose days are over":
            start, end = today - timedelta(30), today - timedelta(1)
        grant_role(user, role, home, from_on=start, until_on=end, by="an", now=now)
        if who == "stranger":
            for other in (ADMINISTRATOR, LEADER, OVERSEER, RESPONDER):
                grant_role(user, other, home, from_on=start, by="an", now=now)
        made[who] = user
    return made


@pytest.fixture(autouse=True)
def new_browsers() -> None:
    """Sessions go with the test that made them."""
    CLIENTS.clear()


@pytest.fixture(scope="module")
def addresses(cast: Any) -> dict[str, str]:
    return every_address(cast, is_strict=False)


def may(user: User, cast: Any, asked: object) -> bool:
    """Say whether the role of a person meets what an address asks."""
    if asked in (OPEN, SIGNED_IN):
        return True
    if isinstance(asked, Anywhere):
        return visible_to(user, asked.may).exists()
    if isinstance(asked, AtTheTop):
        return visible_to(user, asked.may).filter(parent=None).exists()
    any_of = (asked,) if isinstance(asked, str) else asked
    return any(visible_to(user, one).filter(pk=cast.ward.pk).exists() for one in any_of)  # type: ignore[attr-defined]


def refusals(user: User, cast: Any, asked: object) -> set[int]:
    """What a person is answered who may not: of a unit one does not know there is nothing."""
    if isinstance(asked, Anywhere | AtTheTop):
        return {403, 404}
    return {403} if visible_to(user, KNOW).filter(pk=cast.ward.pk).exists() else {404}


def answered(cast: Any, user: User, method: str, address: str) -> int:
    # One browser for each person: signing in anew for each address would take longer than the pages.
    if user.pk not in CLIENTS:
        CLIENTS[user.pk] = cast.client(user)
    client = CLIENTS[user.pk]
    return int(getattr(client, method)(address).status_code)


def wrong_answer(cast: Any, user: User, ask: Ask, method: str, address: str) -> str:
    """Return what is wrong about an answer; nothing where it is as declared."""
    asked = ask.get if method == "get" else ask.post
    if asked == OPEN:
        return ""
    allowed = asked != NONE and may(user, cast, asked)
    if allowed and method == "post":
        return ""  # what forms do is told by the tests of their pages
    status = answered(cast, user, method, address)
    wanted = {404, 405} if asked == NONE else ALLOWED if allowed else refusals(user, cast, asked)
    return "" if status in wanted else f"{status}, not {sorted(wanted)}"


def test_every_address_is_declared(cast: Any) -> None:
    addresses = every_address(cast)
    missing = sorted(set(addresses) - set(ASKS))
    assert not missing, (
        f"these addresses are not in ASKS: {missing}; say in tests/web/permissions.py what each of them "
        "asks of a person for reading and for sending a form"
    )
    gone = sorted(set(ASKS) - set(addresses))
    assert not gone, f"these are declared in tests/web/permissions.py but do not exist: {gone}"


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_address_answers_as_declared(
    cast: Any,
    people: dict[str, User],
    addresses: dict[str, str],
    who: str,
    method: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if who != "officer":
        # Who may what is decided before a page is written; writing all of them again is only slow.
        monkeypatch.setattr(Template, "render", lambda self, context: "")
    before = LedgerEntry.objects.count()
    wrong = {
        name: found
        for name, address in addresses.items()
        if name in ASKS and (found := wrong_answer(cast, people[who], ASKS[name], method, address))
    }
    assert wrong == {}
    assert LedgerEntry.objects.count() == before, (
        "reading, or a form that was refused, left a record"
    )


@pytest.mark.parametrize("who", READ_ONLY)
def test_who_only_reads_changes_nothing_by_any_form(
    cast: Any, people: dict[str, User], addresses: dict[str, str], who: str
) -> None:
    changed = {}
    for name, address in addresses.items():
        if name in READERS_FORMS or (name in ASKS and ASKS[name].post in (OPEN, SIGNED_IN)):
            continue
        before = LedgerEntry.objects.count()
        status = answered(cast, people[who], "post", address)
        if LedgerEntry.objects.count() != before or status < 400:
            changed[name] = status
    assert changed == {}


@pytest.mark.parametrize("who", NOBODYS)
def test_a_stranger_and_who_stayed_too_long_know_no_unit_of_the_ward(
    cast: Any, people: dict[str, User], who: str
) -> None:
    assert not visible_to(people[who], KNOW).filter(pk=cast.ward.pk).exists()


def test_every_role_is_in_the_cast() -> None:
    assert set(PEOPLE.values()) == set(ROLES)
