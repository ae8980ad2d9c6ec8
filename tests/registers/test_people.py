"""Persons of the register and users: which is which, who is likely meant, who left and still has an account."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from khien.org.models import Unit, User
from khien.registers.models import Row
from khien.registers.people import (
    left_and_still_active,
    likely_person,
    link_person,
    person_of,
    users_of_persons,
)
from khien.registers.services import Act

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
ACT = Act("an", NOW)


@pytest.fixture
def ward() -> Unit:
    return Unit.objects.create(code="a", name_vi="A", name_en="A", kind="ward", place="X")


def person(ward: Unit, number: int, name: str, **values: str) -> Row:
    return Row.objects.create(
        unit=ward, register="person", number=number, values={"full_name": name, **values}, name=name,
        name_key=name, search_key=name, created_at=NOW, changed_at=NOW, changed_by="an",
    )  # fmt: skip


def user(ward: Unit, name: str, **more: str) -> User:
    return User.objects.create_user(name, unit=ward, **more)


def test_a_person_may_have_two_accounts_and_an_account_is_one_person(ward: Unit) -> None:
    hoa, lan = person(ward, 1, "Hòa"), person(ward, 2, "Lan")
    first, second = user(ward, "hoa"), user(ward, "hoa.quan-tri")
    for account in (first, second):
        link_person(account, hoa, act=ACT)
    assert users_of_persons([hoa, lan]) == {hoa.pk: [first, second]}
    link_person(second, lan, act=ACT)
    assert person_of(second) == lan
    assert users_of_persons([hoa]) == {hoa.pk: [first]}


def test_the_likely_person_has_the_same_address_or_else_the_same_name(ward: Unit) -> None:
    by_mail = person(ward, 1, "Trần Hòa", email="hoa@example.org")
    person(ward, 2, "Hòa")
    assert likely_person(user(ward, "u1", email="hoa@example.org", full_name="Hòa")) == by_mail
    person(ward, 3, "Lan")
    person(ward, 4, "Lan")
    assert likely_person(user(ward, "u2", full_name="Lan")) is None
    assert likely_person(user(ward, "u3")) is None


def test_who_left_with_an_account_still_open_is_found(ward: Unit) -> None:
    gone = person(ward, 1, "Hòa", left_on="2026-05-01")
    stays, later = person(ward, 2, "Lan"), person(ward, 3, "Long", left_on="2026-07-01")
    open_one, closed = user(ward, "hoa"), user(ward, "hoa.cu", is_active=False)  # type: ignore[arg-type]
    for account, row in ((open_one, gone), (closed, gone)):
        link_person(account, row, act=ACT)
    link_person(user(ward, "lan"), stays, act=ACT)
    link_person(user(ward, "long"), later, act=ACT)
    assert left_and_still_active([ward], on=date(2026, 6, 1)) == [(gone, open_one)]
