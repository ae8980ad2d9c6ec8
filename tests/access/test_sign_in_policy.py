"""The rules of signing in come from the texts that bind, with their clauses; the strictest wins."""

from __future__ import annotations

from datetime import date

import pytest
from access_cast import NOW, People

from khien.access.policy import CLASSES, policy_for, policy_of
from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook
from khien.org.roles import STAFF
from khien.org.services import grant_role

DAY = date(2026, 11, 27)


def test_values_are_those_of_the_rulebook_with_their_clauses() -> None:
    rules = policy_of(["do-son", "binh-dinh"], on=DAY)
    book = build_rulebook(load_library(), ["do-son", "binh-dinh"], on=DAY).rules
    assert rules.length.value == book["PWD-01"].parameters["min_length"].value
    assert rules.idle_minutes.value == book["SES-02"].parameters["idle_minutes"].value
    assert rules.lockout_tries.value == book["SES-01"].parameters["lockout_max"].value
    months = book["PWD-02"].parameters["pw_change_months"].value
    assert isinstance(months, int)
    assert months * 30 == rules.expiry_days.value
    assert "Đồ Sơn" in rules.expiry_days.said_source
    assert {source.document for source in rules.idle_minutes.sources} == {"binh-dinh"}


def test_without_a_text_the_house_rules_hold() -> None:
    rules = policy_of([], on=DAY)
    assert (rules.length.value, rules.classes.value) == (8, CLASSES)
    assert (rules.lockout_tries.value, rules.idle_minutes.value) == (5, 10)
    assert rules.expiry_days.value is None
    assert rules.length.sources == ()
    assert rules.length.said_source == "thiết lập sẵn của Khiên"


@pytest.mark.parametrize("document", ["do-son", "binh-dinh", "binh-phuoc", "bac-ninh"])
def test_no_text_loosens_a_rule(document: str) -> None:
    rules = policy_of([document], on=DAY)
    assert rules.length.value >= 8
    assert 3 <= rules.lockout_tries.value <= 5
    assert rules.idle_minutes.value <= 10
    assert set(rules.classes.value) == set(CLASSES)


@pytest.mark.django_db
def test_a_role_at_another_unit_brings_its_rules(people: People) -> None:
    assert policy_for(people.khoi).expiry_days.value is None
    grant_role(people.khoi, STAFF, people.ward, from_on=date(2026, 1, 1), by="hien", now=NOW)
    assert policy_for(people.khoi).expiry_days.value == 90


@pytest.mark.django_db
def test_administrators_must_have_a_second_factor_and_others_may(people: People) -> None:
    assert policy_for(people.hien).second_factor.value
    assert not policy_for(people.lan).second_factor.value
