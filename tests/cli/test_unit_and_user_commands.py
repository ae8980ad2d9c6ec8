"""khien unit and khien user: changes of the tree, a file of units, accounts and roles, as JSON and in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from khien.ledger.models import LedgerEntry
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import OFFICER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def units(tmp_path: Path, settings: Any, khien: Callable[..., Any]) -> None:
    settings.KHIEN_DATA = tmp_path / "data"
    for code, more in {
        "tinh": ("--kind", "province"),
        "phuong": ("--parent", "tinh", "--kind", "ward"),
        "xa": ("--parent", "tinh", "--kind", "ward"),
    }.items():
        done = khien(
            "unit", "add", code, f"Đơn vị {code}", "--place", "Mẫu", "--from", "01/01/2020", *more
        )
        assert done.status == 0, done.err


def test_a_unit_is_renamed_moved_merged_and_its_history_told(khien: Callable[..., Any]) -> None:
    decision = ("--from", "01/07/2025", "--decision", "1685/NQ", "--authority", "UBTVQH")
    assert khien("unit", "rename", "xa", "Phường Mới", *decision).status == 0
    assert khien("unit", "move", "phuong", "--parent", "xa", *decision).status == 0
    assert khien("unit", "merge", "phuong", "--into", "xa", *decision).status == 0
    told = khien("unit", "history", "phuong", "--json").json
    assert [state["what"] for state in told["states"]] == ["merged", "moved", "registered"]
    assert told["successors"] == ["xa"]
    assert "1685/NQ, UBTVQH" in khien("unit", "history", "xa").out
    assert not LedgerEntry.objects.filter(published_at__isnull=True).exists()


def test_a_change_that_cannot_be_is_refused_in_both_languages(khien: Callable[..., Any]) -> None:
    refused = khien("unit", "move", "tinh", "--parent", "xa")
    assert (refused.status, "KHIEN-ORG-008" in refused.err) == (2, True)
    assert "Không đặt" in refused.err
    assert "cannot be put under" in refused.err
    assert khien("unit", "end", "tinh").status == 2
    assert not Unit.objects.exclude(ended_on=None).exists()


def table(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in (("Tên đơn vị", "Loại đơn vị", "Cấp trên", "Từ ngày"), *rows):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(folder / "don-vi.xlsx")
    return folder / "don-vi.xlsx"


def test_units_of_a_workbook_are_shown_first_and_imported_when_told(
    khien: Callable[..., Any], tmp_path: Path
) -> None:
    rows = [(f"Trạm Y tế {n}", "trạm y tế", "xa", date(2021, 1, 1)) for n in range(300)]
    file = table(tmp_path, *rows)
    shown = khien("unit", "import", file, "--json")
    assert (shown.json["is_imported"], len(shown.json["new"])) == (False, 300)
    assert Unit.objects.count() == 3
    assert khien("unit", "import", file, "--yes").status == 0
    assert Unit.objects.filter(parent__code="xa").count() == 300
    assert khien("unit", "import", file, "--yes", "--json").json["new"] == []


def test_a_workbook_with_one_bad_cell_imports_nothing(
    khien: Callable[..., Any], tmp_path: Path
) -> None:
    file = table(tmp_path, ("Trạm 1", "trạm y tế", "xa", None), ("Trạm 2", "?", "xa", None))
    refused = khien("unit", "import", file, "--yes")
    assert (refused.status, "KHIEN-ORG-022" in refused.err) == (2, True)
    assert "dòng 3" in refused.out
    assert Unit.objects.count() == 3


def test_a_user_is_made_given_roles_and_disabled(khien: Callable[..., Any]) -> None:
    made = khien("user", "add", "an.nguyen", "Nguyễn An", "--unit", "xa", "--role", "officer")
    assert made.status == 0
    assert "/vao/" in made.out
    assert khien("user", "grant", "an.nguyen", "leader", "--unit", "tinh").status == 0
    [told] = khien("user", "list", "--unit", "xa", "--json").json
    assert {(r["role"], r["unit"]) for r in told["roles"]} == {
        ("officer", "xa"),
        ("leader", "tinh"),
    }
    assert khien("user", "revoke", "an.nguyen", "leader", "--unit", "tinh").status == 0
    assert khien("user", "revoke", "an.nguyen", "leader", "--unit", "tinh").status == 1
    assert khien("user", "disable", "an.nguyen", "--reason", "Nghỉ").status == 0
    assert not User.objects.get(username="an.nguyen").is_active
    assert khien("user", "enable", "an.nguyen").status == 0
    ever = khien("user", "roles", "an.nguyen", "--json").json
    assert {row["revoked_by"] for row in ever} == {None, "khien user"}


def test_who_left_is_disabled_by_the_daily_command(khien: Callable[..., Any]) -> None:
    khien("user", "add", "an.nguyen", "Nguyễn An", "--unit", "xa", "--role", "officer")
    User.objects.update(ends_on=date(2026, 1, 1))
    assert khien("user", "leavers").out == "an.nguyen\n"
    assert khien("user", "leavers").out == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("user", "add", "Nguyễn", "An", "--unit", "xa"), "KHIEN-ORG-013"),
        (("user", "add", "tra", "Đoàn", "--unit", "xa", "--role", "inspector"), "KHIEN-ORG-004"),
        (("user", "roles", "khong-co"), "KHIEN-ORG-015"),
        (("user", "add", "an.nguyen", "An", "--unit", "khong-co"), "KHIEN-ORG-001"),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_made(
    khien: Callable[..., Any], words: tuple[str, ...], code: str
) -> None:
    refused = khien(*words)
    assert (refused.status, code in refused.err) == (2, True)
    assert not User.objects.exists()
    assert not RoleHeld.objects.filter(role=OFFICER).exists()
