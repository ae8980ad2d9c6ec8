"""From a row in a register to a verdict: nothing known, a row, a confirmation, a row that is too old."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from khien.checks.models import Finding
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import register_by_code
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row, confirm_complete
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
ACT = Act("an", NOW)
WIFI = {"ssid": "UBND", "is_joined_to_lan": "có", "is_guest": "không", "has_password": "có"}


@pytest.fixture
def unit() -> Unit:
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=NOW)
    return unit


def add_network(unit: Unit, changed_on: str) -> None:
    register = register_by_code("wifi")
    required = {
        code: "x"
        for code, field in register.fields.items()
        if field.is_required and field.type == "text"
    }
    raw = required | WIFI | {"password_changed_on": changed_on}
    references = VisibleReferences([unit], home=unit, hosts=())
    add_row(read_row(register, raw, references), unit=unit, act=ACT)


def wifi_findings(unit: Unit, now: datetime) -> list[tuple[str, str, str, str]]:
    assess([unit], library=load_library(), now=now)
    rows = Finding.objects.filter(unit=unit, control="WIF-03", to_at=None)
    return list(rows.values_list("subject_kind", "verdict", "reason", "known"))


def test_an_empty_register_is_unknown_until_somebody_says_there_is_nothing(unit: Unit) -> None:
    assert wifi_findings(unit, NOW) == [("unit", "unknown", "register_empty", "recorded")]
    confirm_complete(unit, register_by_code("wifi"), confirmed_on=NOW.date(), act=ACT, note="")
    later = NOW + timedelta(hours=1)
    assert wifi_findings(unit, later) == [
        ("unit", "not_applicable", "nothing_registered", "recorded")
    ]


def test_a_row_is_judged_by_the_units_own_months(unit: Unit) -> None:
    add_network(unit, "01/11/2026")
    assert wifi_findings(unit, NOW) == [("wifi", "pass", "in_time", "recorded")]
    assert wifi_findings(unit, NOW + timedelta(days=90)) == [
        ("wifi", "fail", "overdue", "recorded")
    ]
