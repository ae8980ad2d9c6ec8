"""Today: what must be done, by when, which clause says so; for each role its own."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest

from khien.checks.models import Standing, Turning
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.org.models import Unit, User
from khien.org.services import grant_role
from khien.registers.declarations import load_registers
from khien.registers.due import rows_due
from khien.registers.models import Confirmation, Row

pytestmark = pytest.mark.django_db


def today() -> date:
    """Return the day it is now, which may change while the tests run."""
    return vietnam_date(now_utc())


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def holder(role: str, unit: Unit, name: str, **more: Any) -> User:
    user = User.objects.create_user(name, unit=unit)
    grant_role(user, role, unit, from_on=date(2020, 1, 1), by="an", now=now_utc(), **more)
    return user


def row(unit: Unit, register: str, number: int, **values: Any) -> Row:
    return Row.objects.create(
        unit=unit, register=register, number=number, values=values, name=f"{register} {number}",
        name_key=register, search_key=register, created_at=now_utc(), changed_at=now_utc(),
        changed_by="x",
    )  # fmt: skip


def test_severe_failures_stand_today_with_their_clause_and_what_to_do(cast: Any) -> None:
    page = text(cast.client().get("/don-vi/phuong/hom-nay/"))
    failing = Standing.objects.filter(unit=cast.ward, verdict="fail").values_list(
        "control", flat=True
    )
    controls = [load_library().controls[control] for control in failing]
    severe = next(control for control in controls if control.severity == "high")
    for part in (severe.title.vi, severe.fix.vi, f"/don-vi/phuong/bien-phap/{severe.id}/"):
        assert part in page
    assert "đang không đạt" in page


def test_rows_with_a_day_are_said_until_they_are_done(cast: Any) -> None:
    soon = (today() + timedelta(days=3)).isoformat()
    late = (today() - timedelta(days=400)).isoformat()
    row(cast.ward, "request", 1, due_on=soon)
    row(cast.ward, "request", 2, due_on=soon, answered_on=soon)
    row(cast.ward, "request", 3, due_on=late)
    row(cast.ward, "document", 4, valid_until=late)
    row(cast.strange, "request", 5, due_on=soon)
    found = rows_due([cast.ward], today() + timedelta(days=30), today=today())
    assert [(due.row.number, due.field.code) for due in found] == [(3, "due_on"), (1, "due_on")]
    page = text(cast.client().get("/don-vi/phuong/hom-nay/"))
    assert "Quá hạn" in page
    assert "còn 3 ngày" in page
    assert "quá hạn 400 ngày" in page


def test_a_task_that_no_binding_text_asks_for_says_so_instead_of_a_foreign_clause(
    cast: Any,
) -> None:
    bound = {"do-son", "binh-dinh"}
    foreign = next(
        register
        for register in load_registers().values()
        if not bound & {clause.partition("/")[0] for clause in register.clauses}
    )
    Confirmation.objects.create(
        unit=cast.ward, register=foreign.code, confirmed_on=today() - timedelta(days=360),
        confirmed_at=now_utc(), by="an", row_count=0, ledger_index=0,
    )  # fmt: skip
    page = text(cast.client().get("/don-vi/phuong/hom-nay/"))
    assert "theo sổ của đơn vị" in page
    for document in set(load_library().documents) - bound:
        assert f"/{document}/#" not in page


def test_confirmations_and_passes_that_run_out_are_said(cast: Any) -> None:
    Confirmation.objects.create(
        unit=cast.ward, register="wifi", confirmed_on=today() - timedelta(days=360),
        confirmed_at=now_utc(), by="an", row_count=0, ledger_index=0,
    )  # fmt: skip
    rule = next(iter(Standing.objects.filter(unit=cast.ward).values_list("control", flat=True)))
    control = load_library().controls[rule]
    reason = next(iter(control.check.reasons)) if control.check else "not_yet"
    Turning.objects.create(
        unit=cast.ward, control=rule, subject_kind="unit", subject="", reason=reason,
        turns_on=today() + timedelta(days=20), detail={},
    )  # fmt: skip
    page = text(cast.client().get("/don-vi/phuong/hom-nay/"))
    assert "Xác nhận lại" in page
    assert "còn 6 ngày" in page


def test_an_overseer_sees_the_units_below_in_sum(cast: Any) -> None:
    user = holder("overseer", cast.ward, "theo-doi")
    client = cast.client(user)
    assert client.get("/").headers["Location"] == "/hom-nay/"
    page = text(client.get("/hom-nay/"))
    assert "đơn vị không đạt" in page
    assert "/tuan-thu/bien-phap/" in page


def test_staff_see_their_own_tasks_and_no_refusal(cast: Any) -> None:
    client = cast.client(holder("staff", cast.ward, "can-bo"))
    page = text(client.get("/", follow=True))
    assert "Khi một quy trình cần bạn xác nhận hoặc trả lời" in page
    menu = page[
        page.index('<nav class="nav"') : page.index("</nav>", page.index('<nav class="nav"'))
    ]
    assert "/van-ban/" in menu
    assert "/don-vi/phuong/quy-tac/" not in menu
    for address in menu.split('href="')[1:]:
        assert client.get(address.partition('"')[0], follow=True).status_code == 200


@pytest.mark.parametrize(
    "role", ["leader", "officer", "overseer", "responder", "inspector", "administrator"]
)
def test_no_entry_of_the_menu_leads_to_a_refusal(cast: Any, role: str) -> None:
    more = {"until_on": today() + timedelta(days=3)} if role == "inspector" else {}
    client = cast.client(holder(role, cast.ward, f"vai-{role}", **more))
    page = text(client.get("/", follow=True))
    menu = page[
        page.index('<nav class="nav"') : page.index("</nav>", page.index('<nav class="nav"'))
    ]
    addresses = [part.partition('"')[0] for part in menu.split('href="')[1:]]
    assert addresses
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, (role, address)
    if role == "administrator":
        assert "/don-vi/phuong/quy-tac/" not in addresses


def test_a_unit_where_nothing_waits_says_what_was_looked_at(cast: Any) -> None:
    page = text(cast.client(cast.binh).get("/don-vi/tram/hom-nay/"))
    assert "Không có việc nào đang chờ" in page
    assert "bước quy trình" in page


def test_single_keys_can_be_turned_off(cast: Any) -> None:
    client = cast.client()
    assert 'data-keys="on"' in text(client.get("/van-ban/"))
    client.post("/phim/", {"phim": "tat", "tro_lai": "/van-ban/"})
    assert 'data-keys="on"' not in text(client.get("/van-ban/"))
