"""The day a text takes effect: rulebook, checks, duties and signing in follow; the past keeps its own law."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from force_cast import (
    BEFORE,
    DAY,
    DECIDED,
    Province,
    at,
    decide,
    make_unit,
    put_into_force,
    wanted,
)

from khien.access.policy import policy_for
from khien.adoption.force.following import follow_texts, units_with_new_law
from khien.adoption.models import ImportedText, OwnControl
from khien.checks.models import Finding
from khien.checks.services import assess
from khien.duties.comparing import CLAUSE_AMENDED
from khien.duties.coverage import duty_coverage
from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.refreshing import refresh
from khien.norms.library import load_library
from khien.norms.models import Binding
from khien.norms.own_controls import THEME
from khien.norms.selectors import rulebook_of
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db
NETWORK = {
    "ssid": "UBND", "is_joined_to_lan": "có", "is_guest": "không", "has_password": "có",
    "password_changed_on": "2026-11-20",
}  # fmt: skip


def put(unit: Unit, register: str, now: datetime = BEFORE, **values: str) -> None:
    declared = register_by_code(register)
    needed = {
        code: "x" for code, field in declared.fields.items() if field.is_required and field.type == "text"
    }  # fmt: skip
    references = VisibleReferences([unit], home=unit, hosts=())
    draft = read_row(declared, needed | values, references)
    assert not draft.problems, [str(problem.text) for problem in draft.problems]
    add_row(draft, unit=unit, act=Act("an", now))


def verdict_of(unit: Unit, now: datetime) -> str:
    assess([unit], library=load_library(), now=now)
    return Finding.objects.get(unit=unit, control="WIF-03", to_at=None).verdict


def test_the_day_before_is_judged_by_the_old_value_and_the_day_itself_by_the_new(
    place: Province, text: ImportedText
) -> None:
    put(place.commune, "wifi", **NETWORK)
    put_into_force(place, text, wanted(place.top))
    assert verdict_of(place.commune, datetime(2026, 12, 31, 16, 59, tzinfo=UTC)) == "pass"
    assert verdict_of(place.commune, datetime(2026, 12, 31, 17, 1, tzinfo=UTC)) == "fail"
    past = Finding.objects.get(unit=place.commune, control="WIF-03", verdict="pass")
    assert past.to_at is not None
    eve = rulebook_of(place.commune, library=load_library(), on=date(2026, 12, 31))
    assert eve.rules["WIF-03"].parameters["wifi_rotate_months"].value == 3


def test_duties_of_the_text_are_made_and_count_from_its_day(
    place: Province, text: ImportedText
) -> None:
    put_into_force(place, text, wanted(place.top))
    refresh([place.commune], now=at("2026-12-20"))
    mine = Occurrence.objects.filter(unit=place.commune, duty="tinh-mau-d2-k1-1")
    first = mine.order_by("due_on").first()
    assert first is not None
    assert (first.opens_on, first.due_on) == (DAY, date(2027, 3, 31))
    assert not mine.filter(due_on__lt=DAY).exists()


def test_no_duty_of_an_own_text_is_out_of_view(place: Province, text: ImportedText) -> None:
    unusual = {
        "D1.k1": ({"control": "NET-01", "frequency": "monthly", "modality": "must"},),
        "D1.k2": ({"control": "INC-01", "frequency": "event", "modality": "must",
                   "schedule": {"kind": "event", "register": "incident", "starts": ["detected_at"],
                                "within": 24, "measure": "hour"}},),
        "D2.k1": ({"control": "WIF-01", "frequency": "yearly", "modality": "must",
                   "schedule": {"kind": "rolling", "every": 12}},),
    }  # fmt: skip
    decide(text, unusual)
    put_into_force(place, text, wanted(place.top))
    coverage = duty_coverage(load_library(), load_proofs())
    coverage.require_whole()
    assert sum(coverage.by_document["tinh-mau"].values()) == 3


def test_a_statement_of_the_control_closes_a_yearly_duty(
    place: Province, text: ImportedText
) -> None:
    yearly = {"D2.k1": ({"control": "WIF-01", "frequency": "yearly", "modality": "must"},)}
    decide(text, yearly)
    put_into_force(place, text, wanted(place.top))
    refresh([place.commune], now=at("2027-02-01"))
    one = Occurrence.objects.get(unit=place.commune, duty="tinh-mau-d2-k1-1", due_on="2027-12-31")
    assert one.state == "pending"
    state_met(place.commune, "WIF-01", "2027-02-02")
    refresh([place.commune], now=at("2027-02-03"))
    one.refresh_from_db()
    assert (one.state, one.proof) == ("done", "statement")


def state_met(unit: Unit, control: str, on: str) -> None:
    now = at(on)
    Row.objects.create(
        unit=unit,
        register="statement",
        number=1,
        values={"kind": "state", "control": control, "said": "met", "stated_on": on},
        created_at=now,
        changed_at=now,
        changed_by="an",
    )


def test_a_duty_of_an_amended_clause_ends_on_that_day(place: Province, text: ImportedText) -> None:
    refresh([place.commune], now=BEFORE)
    mine = Occurrence.objects.filter(unit=place.commune, document="do-son", due_on__gt=DAY)
    amended = mine.exclude(kind="rolling").order_by("due_on").values_list("clause", flat=True)[0]
    old = mine.filter(clause=amended)
    amends = [{"document": "do-son", "clauses": [amended], "how": "removed"}]
    put_into_force(place, text, wanted(place.commune, amends=amends))
    refresh([place.commune, place.hospital], now=at("2026-12-20"))
    assert {(one.state, one.reason) for one in old} == {("replaced", CLAUSE_AMENDED)}
    kept = Occurrence.objects.filter(unit=place.hospital, clause=amended, due_on__gte=DAY)
    assert set(kept.values_list("state", flat=True)) == {"pending"}


def test_signing_in_follows_on_the_day(place: Province, text: ImportedText) -> None:
    amends = [{"document": "do-son", "clauses": ["D19"], "how": "replaced"}]
    put_into_force(place, text, wanted(place.commune, amends=amends))
    assert policy_for(place.commune, on=date(2026, 12, 31)).length.value == 8
    assert policy_for(place.commune, on=DAY).length.value == 14
    changed = policy_for(place.commune, on=DAY).length.sources
    assert {source.document for source in changed} == {"tinh-mau"}


def test_a_control_of_the_units_own_is_judged_like_any_other(
    place: Province, text: ImportedText
) -> None:
    OwnControl.objects.create(
        text=text, code="OWN-01", title="Trực lãnh đạo khi có bão", why="Vì mất điện.", fix="Phân công.",
        supply="Lịch trực.", evidence="attest", severity="medium", made_at=BEFORE, made_by="an",
    )  # fmt: skip
    decide(text, DECIDED | {"D1.k1": ({"control": "OWN-01", "modality": "must"},)})
    put_into_force(place, text, wanted(place.top))
    assert load_library().controls["OWN-01"].theme == THEME
    assess([place.commune], library=load_library(), now=at(DAY))
    found = Finding.objects.get(unit=place.commune, control="OWN-01", to_at=None)
    assert (found.verdict, found.reason) == ("unknown", "register_empty")
    state_met(place.commune, "OWN-01", DAY.isoformat())
    assess([place.commune], library=load_library(), now=at("2027-01-02"))
    found = Finding.objects.get(unit=place.commune, control="OWN-01", to_at=None)
    assert (found.verdict, found.reason) == ("pass", "stated")


def test_the_job_of_the_day_judges_anew_once(place: Province, text: ImportedText) -> None:
    put(place.commune, "wifi", **NETWORK)
    put_into_force(place, text, wanted(place.top))
    assess([place.commune], library=load_library(), now=at("2026-12-31"))
    assert units_with_new_law(at("2026-12-31", 3)) == []
    assert follow_texts(at(DAY)) == 1
    found = Finding.objects.get(unit=place.commune, control="WIF-03", to_at=None)
    assert found.verdict == "fail"
    assert follow_texts(at(DAY, 3)) == 0


def test_a_unit_founded_later_below_is_bound_from_that_day(
    place: Province, text: ImportedText
) -> None:
    put_into_force(place, text, wanted(place.top))
    later = make_unit("xa-moi", "ward", place.top)
    stranger = make_unit("xa-la", "ward")
    follow_texts(at("2027-02-01"))
    bound = Binding.objects.filter(document="tinh-mau")
    assert bound.get(unit=later).bound_from == date(2027, 2, 1)
    assert not bound.filter(unit=stranger).exists()
    assert bound.get(unit=place.commune).bound_from == DAY
