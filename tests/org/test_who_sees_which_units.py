"""A person sees the own unit and all below it; everyone else sees nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from khien.ledger.models import LedgerEntry
from khien.org.errors import UnitRefused, UnknownUnit
from khien.org.models import Unit, User
from khien.org.selectors import unit_by_code, visible_to
from khien.org.services import ensure_officer, register_unit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)


def unit(code: str, parent: Unit | None = None, **more: str) -> Unit:
    words = {"name_vi": code, "name_en": code, "kind": "ward", "place": "X"} | more
    return register_unit(code, now=NOW, parent=parent, **words)


@pytest.fixture
def tree() -> dict[str, Unit]:
    """A department with two hospitals, one with an office; and a stranger."""
    department = unit("so")
    first, second = unit("bv-1", department), unit("bv-2", department)
    office = unit("phong", first)
    return {u.code: u for u in (department, first, second, office, unit("la"))}


@pytest.mark.parametrize(
    ("of", "seen"),
    [
        ("so", {"so", "bv-1", "bv-2", "phong"}),
        ("bv-1", {"bv-1", "phong"}),
        ("phong", {"phong"}),
        ("la", {"la"}),
    ],
)
def test_one_sees_the_own_unit_and_all_below(
    tree: dict[str, Unit], of: str, seen: set[str]
) -> None:
    officer = ensure_officer(tree[of], now=NOW)
    assert {unit.code for unit in visible_to(officer)} == seen


def test_strangers_the_unplaced_and_those_who_left_see_nothing(tree: dict[str, Unit]) -> None:
    unplaced = User.objects.create_user("khong-don-vi")
    gone = User.objects.create_user("da-nghi", unit=tree["so"], is_active=False)
    for user in (AnonymousUser(), unplaced, gone):
        assert list(visible_to(user)) == []


def test_a_circle_of_units_ends(tree: dict[str, Unit]) -> None:
    Unit.objects.filter(code="so").update(parent=tree["phong"])
    officer = ensure_officer(tree["bv-1"], now=NOW)
    assert {unit.code for unit in visible_to(officer)} == {"so", "bv-1", "bv-2", "phong"}


def test_an_unknown_code_is_not_found_and_the_known_ones_are_named(tree: dict[str, Unit]) -> None:
    with pytest.raises(UnknownUnit) as caught:
        unit_by_code("khong-co")
    assert caught.value.http_status == 404
    assert all(code in caught.value.text().vi for code in ("khong-co", *tree))


def test_without_units_the_way_to_add_one_is_told() -> None:
    with pytest.raises(UnknownUnit, match="khien unit add"):
        unit_by_code("x")


@pytest.mark.parametrize("code", ["", "có dấu", "a b", "../a", "a/b", "<b>", "x" * 41, "a\n"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(code: str) -> None:
    with pytest.raises(UnitRefused):
        unit(code)
    assert not Unit.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_unit_without_a_name_is_refused() -> None:
    with pytest.raises(UnitRefused):
        unit("a", name_vi="  ")


def test_names_are_kept_in_one_unicode_form_and_the_unit_is_registered_once() -> None:
    made = unit("a", name_vi="Đo\u031bn vi\u0323")
    assert made.name_vi == "Đơn vị"
    assert unit("a", name_vi="Tên khác").name_vi == "Đơn vị"
    assert LedgerEntry.objects.filter(kind="org.unit_registered").count() == 1
