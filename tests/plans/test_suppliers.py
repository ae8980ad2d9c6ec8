"""Clocks of suppliers run from notice to repair by the hours of the rulebook; months count by unit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from plan_cast import add, bound_unit

from khien.kernel.clock import VIETNAM
from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook
from khien.notices.models import Notice
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import OFFICER
from khien.plans.reminders import tell_suppliers
from khien.plans.suppliers import (
    Clock,
    Limits,
    clock_state,
    limits_of,
    months_of_suppliers,
    supplier_clocks,
)

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
START = datetime(2025, 12, 1, tzinfo=VIETNAM)


def limits(*documents: str) -> Limits:
    return limits_of(build_rulebook(load_library(), documents, on=date(2026, 11, 20)))


def said(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def supplier_of(unit: Unit, name: str = "VNPT") -> Any:
    return add(
        unit,
        "supplier",
        supplier_name=name,
        services="network",
        is_bound="có",
        started_on="01/01/2020",
    )


def incident(unit: Unit, supplier: Any, at: datetime, *, fixed: datetime | None = None, **more: Any) -> Any:  # fmt: skip
    raw = {"fixed_at": said(fixed)} if fixed else {}
    return add(
        unit, "supplier_incident", supplier=f"#{supplier.number}", service="Đường truyền", description="Đứt",
        notified_at=said(at), **raw, **more,
    )  # fmt: skip


def clocks(unit: Unit, *documents: str) -> list[Clock]:
    return supplier_clocks([unit], {unit.pk: limits(*documents)}, since=START, now=NOW)


def test_the_limits_come_from_the_rulebook_with_their_clauses() -> None:
    bound = limits("binh-phuoc")
    assert (bound.hours.value, bound.hours.anchors) == (4, ("binh-phuoc/D21.k3.b",))
    assert (bound.count.value, bound.count.anchors) == (3, ("binh-phuoc/D21.k3.c",))
    assert (limits("hue").hours.value, limits_of(None).count.anchors) == (None, ())


@pytest.mark.parametrize(
    ("fixed", "now", "state"),
    [
        (None, 0, "running"),
        (None, 4 * 3600, "running"),
        (None, 4 * 3600 + 1, "broken_open"),
        (4 * 3600, 9 * 3600, "kept"),
        (4 * 3600 + 60, 9 * 3600, "broken"),
    ],
)
def test_a_clock_is_broken_only_beyond_its_limit(fixed: int | None, now: int, state: str) -> None:
    told = datetime(2026, 11, 20, tzinfo=UTC)
    end = told + timedelta(seconds=fixed) if fixed is not None else None
    due = told + timedelta(hours=4)
    assert clock_state(due, end, now=told + timedelta(seconds=now)) == state
    assert clock_state(None, end, now=told) == "no_limit"


@pytest.mark.django_db
def test_open_clocks_come_first_the_most_pressing_on_top() -> None:
    unit = bound_unit("phuong-a")
    vnpt = supplier_of(unit)
    incident(unit, vnpt, NOW - timedelta(hours=1))
    late = incident(unit, vnpt, NOW - timedelta(hours=6))
    incident(unit, vnpt, NOW - timedelta(days=2), fixed=NOW - timedelta(days=1))
    old = incident(unit, vnpt, NOW - timedelta(days=900))
    found = clocks(unit, "binh-phuoc")
    assert [clock.row.pk for clock in found[:2]] == [old.pk, late.pk]
    assert [clock.state for clock in found] == ["broken_open", "broken_open", "running", "broken"]
    assert found[2].left(NOW) == timedelta(hours=3)
    assert found[1].left(NOW) == timedelta(hours=-2)


@pytest.mark.django_db
def test_more_than_three_incidents_in_a_month_of_viet_nam_are_too_many() -> None:
    unit = bound_unit("phuong-a")
    vnpt = supplier_of(unit)
    # The last moment of October in UTC is November in Viet Nam.
    moments = [datetime(2026, 10, 31, 17, 30, tzinfo=UTC), *(NOW - timedelta(days=n) for n in (3, 2, 1))]  # fmt: skip
    for moment in moments:
        incident(unit, vnpt, moment, fixed=moment + timedelta(hours=1))
    incident(unit, vnpt, NOW - timedelta(hours=9), fixed=NOW - timedelta(hours=8), is_supplier_fault="không")  # fmt: skip
    incident(unit, vnpt, datetime(2026, 10, 5, tzinfo=UTC), fixed=datetime(2026, 10, 5, 1, tzinfo=UTC))  # fmt: skip
    months = months_of_suppliers(clocks(unit, "binh-phuoc"), {unit.pk: limits("binh-phuoc")})
    assert [(m.month, m.count, m.excused_count, m.left, m.is_broken) for m in months] == [
        (11, 4, 1, 0, True),
        (10, 1, 0, 2, False),
    ]


@pytest.mark.django_db
def test_two_suppliers_are_counted_apart() -> None:
    unit = bound_unit("phuong-a")
    for name in ("VNPT", "FPT"):
        incident(unit, supplier_of(unit, name), NOW - timedelta(hours=1))
    months = months_of_suppliers(clocks(unit, "binh-phuoc"), {unit.pk: limits("binh-phuoc")})
    assert sorted((m.supplier, m.count) for m in months) == [("FPT", 1), ("VNPT", 1)]


@pytest.mark.django_db
def test_clocks_of_many_units_take_three_queries(django_assert_num_queries: Any) -> None:
    units = [bound_unit(f"xa-{n}") for n in range(4)]
    for unit in units:
        incident(unit, supplier_of(unit), NOW - timedelta(hours=1))
    with django_assert_num_queries(3):
        assert len(supplier_clocks(units, {}, since=START, now=NOW)) == 4


@pytest.mark.django_db
def test_who_is_in_charge_is_told_once_of_a_clock_that_ran_over_and_no_more_when_repaired() -> None:
    unit, quiet = bound_unit("phuong-a", "binh-phuoc"), bound_unit("phuong-b", "hue")
    officer = User.objects.create_user("an", unit=unit)
    for one in (unit, quiet):
        RoleHeld.objects.create(user=officer, role=OFFICER, unit=one, from_on=date(2020, 1, 1), granted_by="x", granted_at=NOW)  # fmt: skip
    late = incident(unit, supplier_of(unit), NOW - timedelta(hours=6))
    incident(unit, supplier_of(unit, "FPT"), NOW - timedelta(hours=1))
    incident(quiet, supplier_of(quiet), NOW - timedelta(hours=90))
    assert [tell_suppliers(now=NOW), tell_suppliers(now=NOW)] == [1, 0]
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.about) == (officer, "supplier", f"supplier:{late.pk}")
    assert "Đường truyền" not in notice.mail_vi
    late.values["fixed_at"] = "2026-11-20T02:00:00Z"
    late.save(update_fields=["values"])
    tell_suppliers(now=NOW)
    notice.refresh_from_db()
    assert notice.is_settled
