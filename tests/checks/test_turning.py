"""What passes today and will fail soon: found by asking the same statements about days to come."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from khien.checks.models import Turning
from khien.checks.selectors import turning_soon
from khien.norms.library import load_library
from khien.norms.selectors import rulebooks_of
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit

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
