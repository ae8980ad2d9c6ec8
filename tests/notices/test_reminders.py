"""Duties tell who answers for them, then the leader, then who oversees the unit; each level once, and done is quiet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from mail_server import NOW

from khien.duties.models import Charge, Occurrence, Refresh
from khien.kernel.clock import vietnam_date
from khien.notices.digest import queue_digests
from khien.notices.models import Notice
from khien.notices.reminders import duty_title, tell_duties
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import LEADER, OFFICER, OVERSEER
from khien.registers.models import Row

pytestmark = pytest.mark.django_db
DUTY, CLAUSE = "bn-iii-3-p4-quarterly-report", "III.3.p4"
TODAY = vietnam_date(NOW)


def role(user: User, name: str, unit: Unit, **more: Any) -> None:
    RoleHeld.objects.create(user=user, role=name, unit=unit, from_on=date(2020, 1, 1), granted_by="x", granted_at=NOW, **more)  # fmt: skip


@pytest.fixture
def department(ward: Unit) -> Unit:
    made = Unit.objects.create(code="so", name_vi="Sở", name_en="D", kind="department", place="M")
    Unit.objects.filter(pk=ward.pk).update(parent=made)
    ward.refresh_from_db()
    return made


@pytest.fixture
def people(ward: Unit, department: Unit) -> dict[str, User]:
    found = {}
    for name, held, unit in (("officer", OFFICER, ward), ("leader", LEADER, ward), ("overseer", OVERSEER, department)):  # fmt: skip
        found[name] = User.objects.create_user(name, unit=unit, email=f"{name}@x.vn")
        role(found[name], held, unit)
    return found


def occurrence(unit: Unit, days: int, **more: Any) -> Occurrence:
    """One whose last day is so many days from today."""
    run = Refresh.objects.create(as_of=NOW, library_sha256="x", unit_count=1)
    due = TODAY + timedelta(days=days)
    given: dict[str, Any] = {
        "unit": unit, "document": "bac-ninh", "clause": CLAUSE, "duty": DUTY, "control": "REP-02", "kind": "calendar",
        "period": f"p{days}", "opens_on": due - timedelta(days=60), "due_on": due, "act_on": due, "role": "officer",
        "made_by": run,
    }  # fmt: skip
    return Occurrence.objects.create(**(given | more))


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.filter(is_settled=False).values_list("user__username", "kind"))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (31, []),
        (30, [("officer", "reminder")]),
        (3, [("officer", "reminder")]),
        (0, [("officer", "reminder")]),
        (-1, [("officer", "overdue")]),
        (-3, [("leader", "escalation")]),
        (-15, [("overseer", "escalation")]),
    ],
)
def test_who_is_told_when(ward: Unit, people: Any, days: int, expected: list[Any]) -> None:
    occurrence(ward, days)
    tell_duties(now=NOW)
    assert told() == expected


def test_a_level_is_told_once_and_the_next_one_again(ward: Unit, people: Any) -> None:
    one = occurrence(ward, 30)
    assert [tell_duties(now=NOW + timedelta(hours=h)) for h in (0, 1, 5)] == [1, 0, 0]
    assert tell_duties(now=NOW + timedelta(days=20)) == 1
    assert Notice.objects.filter(about=f"duty:{one.pk}").count() == 2


def test_the_person_in_charge_is_told_instead_of_the_role(ward: Unit, people: Any, an: User) -> None:  # fmt: skip
    occurrence(ward, 3, person=an)
    tell_duties(now=NOW)
    assert told() == [("an", "reminder")]


def test_of_a_person_who_left_the_role_is_told(ward: Unit, people: Any, an: User) -> None:
    occurrence(ward, 3, person=an)
    User.objects.filter(pk=an.pk).update(is_active=False)
    tell_duties(now=NOW)
    assert told() == [("officer", "reminder")]


def test_without_an_officer_the_leader_and_without_a_leader_who_stands_above(ward: Unit, people: Any) -> None:  # fmt: skip
    RoleHeld.objects.filter(role=OFFICER).update(revoked_at=NOW)
    occurrence(ward, 3)
    tell_duties(now=NOW)
    assert told() == [("leader", "reminder")]
    RoleHeld.objects.filter(role=LEADER).update(revoked_at=NOW)
    occurrence(ward, -3)
    tell_duties(now=NOW)
    assert ("overseer", "escalation") in told()


def test_what_is_done_is_put_away_and_not_mailed(ward: Unit, people: Any) -> None:
    one = occurrence(ward, 0)
    tell_duties(now=NOW)
    Occurrence.objects.filter(pk=one.pk).update(state="done")
    tell_duties(now=NOW + timedelta(minutes=15))
    assert Notice.objects.get().is_settled
    assert queue_digests(now=NOW + timedelta(hours=1)) == 0


def test_the_name_of_a_row_stands_in_the_page_and_in_no_mail(ward: Unit, people: Any) -> None:
    row = Row.objects.create(
        unit=ward, register="weakness", number=1, values={}, name="Máy chủ bị lộ cổng 3389", name_key="x", search_key="x",
        created_at=NOW, changed_at=NOW, changed_by="x",
    )  # fmt: skip
    occurrence(ward, 3, subject=row)
    tell_duties(now=NOW)
    notice = Notice.objects.get()
    assert "3389" in notice.title_vi
    assert "3389" not in notice.mail_vi + notice.mail_en
    assert notice.anchor == f"bac-ninh/{CLAUSE}"


def test_a_handover_is_told_to_who_receives_it(ward: Unit, people: Any, an: User) -> None:
    Charge.objects.create(unit=ward, duty=DUTY, person=an, from_on=TODAY, by="leader", at=NOW, ledger_index=1)  # fmt: skip
    tell_duties(now=NOW)
    tell_duties(now=NOW + timedelta(hours=1))
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (an, "handover")
    assert notice.title_vi == duty_title("", DUTY).vi


def test_reminders_of_many_units_take_few_queries(
    ward: Unit, people: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        unit = Unit.objects.create(code=f"x{n}", name_vi="X", name_en="X", kind="ward", place="M", parent=ward)  # fmt: skip
        occurrence(unit, -3 - n % 20, period="p")
    with django_assert_max_num_queries(26):
        assert tell_duties(now=NOW) > 30
