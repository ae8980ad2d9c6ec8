"""A statement is shown as stated, with its day; a machine that contradicts it is shown as measured."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from khien.checks.catalogue import RunningCheck, load_checks
from khien.checks.models import Finding
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.read_control import places_of
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
STATED = [check for check in load_checks().values() if check.spec.decided == "stated"]


@pytest.mark.parametrize("check", STATED, ids=[check.control.id for check in STATED])
def test_a_passing_statement_says_who_and_when(check: RunningCheck) -> None:
    for reason in check.spec.reasons.values():
        if reason.verdict == "pass":
            places = places_of(reason.text)
            assert places & {"stated_on", "general_on"}
            assert places & {"full_name", "head", "endpoint_name"}


@pytest.mark.parametrize(
    ("control", "reason"), [("SEC-01", "machine_online"), ("END-09", "serial_differs")]
)
def test_what_a_machine_contradicts_is_measured(control: str, reason: str) -> None:
    found = load_checks()[control].spec.reasons[reason]
    assert (found.verdict, found.decided) == ("fail", "measured")


def row(unit: Unit, code: str, **raw: str) -> Row:
    references = VisibleReferences([unit], home=unit, hosts=())
    read = read_row(register_by_code(code), raw, references)
    return add_row(read, unit=unit, act=Act("an", NOW))


@pytest.mark.django_db
def test_a_statement_passes_as_stated_until_its_last_day() -> None:
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=NOW)
    row(unit, "person", full_name="Lê Văn B", kind="official", started_on="01/01/2026")
    row(
        unit,
        "statement",
        kind="acknowledgement",
        control="CON-01",
        said="met",
        subject_person="Lê Văn B",
        stated_by="Lê Văn B",
        stated_on="10/01/2026",
        valid_until="16/11/2026",
    )
    for day, verdict in ((16, "pass"), (17, "unknown")):
        assess([unit], library=load_library(), now=datetime(2026, 11, day, 1, tzinfo=UTC))
        finding = Finding.objects.get(control="CON-01", subject_kind="person", to_at=None)
        assert (finding.verdict, finding.known) == (verdict, "stated")
