"""What passes today and will fail soon: found by asking the same statements about days to come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from khien.checks.models import Finding, Turning
from khien.checks.selectors import turning_soon
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.selectors import rulebooks_of
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row, retire_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)


@pytest.fixture
def unit() -> Unit:
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=NOW)
    return unit


def soon(unit: Unit, until: date) -> list[tuple[str, str, date]]:
    library = load_library()
    rulebooks = rulebooks_of([unit], library=library, on=NOW.date())
    found = turning_soon([unit], until, library=library, rulebooks=rulebooks)
    return [(turning.control.id, turning.subject, turning.turns_on) for turning in found]


def test_only_turnings_up_to_the_day_are_given_soonest_first(unit: Unit) -> None:
    for day in (date(2027, 1, 2), date(2026, 12, 1), date(2026, 12, 15)):
        Turning.objects.create(
            unit=unit,
            control="WIF-03",
            subject_kind="wifi",
            subject=str(day.day),
            turns_on=day,
            reason="overdue",
        )
    assert soon(unit, date(2026, 12, 15)) == [
        ("WIF-03", "1", date(2026, 12, 1)),
        ("WIF-03", "15", date(2026, 12, 15)),
    ]


def test_nothing_turns_where_nothing_was_foreseen(unit: Unit) -> None:
    assert soon(unit, date(2030, 1, 1)) == []


def row(unit: Unit, code: str, **given: str) -> None:
    """Enter one row of a register; required texts that do not matter are filled."""
    register = register_by_code(code)
    required = {
        name: "x" for name, f in register.fields.items() if f.is_required and f.type == "text"
    }
    references = VisibleReferences([unit], home=unit, hosts=())
    add_row(read_row(register, required | given, references), unit=unit, act=Act("an", NOW))


def network(unit: Unit, name: str, changed_on: str) -> None:
    raw = {"is_joined_to_lan": "có", "is_guest": "không", "has_password": "có"}
    row(unit, "wifi", ssid=name, **raw, **{"password_changed_on": changed_on})


def test_a_password_that_must_be_changed_in_three_months_turns_on_its_day(unit: Unit) -> None:
    network(unit, "UBND", "01/11/2026")
    network(unit, "Khách", "25/08/2026")
    assess([unit], library=load_library(), now=NOW)
    assert [(c, day) for c, _, day in soon(unit, date(2027, 3, 1))] == [
        ("WIF-03", date(2026, 11, 26)),
        ("WIF-03", date(2027, 2, 2)),
    ]
    for day, verdict in ((1, "pass"), (2, "fail")):
        assess([unit], library=load_library(), now=datetime(2027, 2, day, 1, tzinfo=UTC))
        rows = Finding.objects.filter(control="WIF-03", to_at=None).order_by("subject")
        assert rows[0].verdict == verdict


def test_a_turning_goes_once_somebody_has_acted(unit: Unit) -> None:
    network(unit, "UBND", "25/08/2026")
    assess([unit], library=load_library(), now=NOW)
    assert len(soon(unit, date(2027, 3, 1))) == 1
    found = Row.objects.get(register="wifi")
    retire_row(found, act=Act("an", NOW))
    assess([unit], library=load_library(), now=NOW + timedelta(hours=1))
    assert soon(unit, date(2027, 3, 1)) == []


def test_the_sentence_is_that_of_the_day_it_turns(unit: Unit) -> None:
    network(unit, "UBND", "01/11/2026")
    assess([unit], library=load_library(), now=NOW)
    library = load_library()
    rulebooks = rulebooks_of([unit], library=library, on=NOW.date())
    (turning,) = turning_soon([unit], date(2027, 3, 1), library=library, rulebooks=rulebooks)
    assert "UBND" in turning.sentence.vi
    assert turning.anchors == ("do-son/D10.k3",)
    assert turning.unit == unit
