"""What a text will change is known before it does: controls, parameters, findings, duties, reports; stored is nothing."""

from __future__ import annotations

import pytest
from force_cast import (
    BEFORE,
    DAY,
    PASSWORD,
    Province,
    at,
    decide,
    hold,
    make_unit,
    put_into_force,
    wanted,
)
from test_force_day import NETWORK, put

from khien.adoption.force.drafting import draft_of
from khien.adoption.force.services import set_force
from khien.adoption.impact.measuring import impact_of
from khien.adoption.impact.model import Impact
from khien.adoption.models import ImportedText, OwnControl
from khien.checks.models import Assessment, Finding
from khien.checks.services import assess
from khien.duties.models import Occurrence
from khien.norms.library import load_library
from khien.norms.models import Binding

pytestmark = pytest.mark.django_db


def impact_with(place: Province, text: ImportedText, **fields: object) -> Impact:
    wish = wanted(place.top, **fields)
    text = set_force(text, wish, seen=text.version, user=place.officer, now=BEFORE)
    return impact_of(draft_of(text), now=BEFORE)


def test_parameters_that_tighten_name_old_and_new_clause(
    place: Province, text: ImportedText
) -> None:
    impact = impact_with(place, text)
    bound = next(g for g in impact.groups if g.before == ("do-son",))
    (change,) = [c for c in bound.changes if c.control == "WIF-03"]
    (months,) = change.parameters
    assert (months.old, months.new, months.direction) == (3, 1, "tightened")
    assert months.new_clauses == ("tinh-mau/D1.k2",)
    assert months.old_clauses[0].startswith("do-son/")
    assert impact.parameters("tightened") >= 2


def test_units_with_the_same_texts_share_one_answer(place: Province, text: ImportedText) -> None:
    third = make_unit("xa2", "ward", place.top)
    Binding.objects.create(unit=third, document="do-son", bound_from="2025-10-01")
    impact = impact_with(place, text)
    sizes = {(group.before, len(group.units)) for group in impact.groups}
    assert sizes == {((), 1), (("do-son",), 2), (("do-son",), 1)}
    assert impact.unit_count == 4
    free = next(g for g in impact.groups if not g.before)
    assert {c.kind for c in free.changes} == {"added"}


def test_findings_that_would_turn_are_found_by_asking(place: Province, text: ImportedText) -> None:
    put(place.commune, "wifi", **NETWORK)
    assess([place.commune], library=load_library(), now=BEFORE)
    later = at("2026-12-25")
    text = set_force(text, wanted(place.top), seen=1, user=place.officer, now=BEFORE)
    before = (Finding.objects.count(), Assessment.objects.count(), Occurrence.objects.count())
    impact = impact_of(draft_of(text), now=later)
    turns = {(t.control, t.before, t.after): t.count for t in impact.turns[place.commune.pk]}
    assert turns["WIF-03", "pass", "fail"] == 1
    assert impact.summary()["findings_failing"] == 1
    assert before == (
        Finding.objects.count(),
        Assessment.objects.count(),
        Occurrence.objects.count(),
    )


def test_what_is_foreseen_is_what_happens(place: Province, text: ImportedText) -> None:
    put(place.commune, "wifi", **NETWORK)
    text = set_force(text, wanted(place.commune), seen=1, user=place.officer, now=BEFORE)
    impact = impact_of(draft_of(text), now=at("2026-12-31", 4))
    put_into_force(place, text)
    assess([place.commune], library=load_library(), now=at("2026-12-31", 4))
    old = dict(Finding.objects.filter(to_at=None).values_list("control", "verdict"))
    assess([place.commune], library=load_library(), now=at("2026-12-31", 18))
    new = dict(Finding.objects.filter(to_at=None).values_list("control", "verdict"))
    foreseen = {t.control for t in impact.turns[place.commune.pk] if t.before and t.after}
    assert foreseen == {c for c in new if c in old and old[c] != new[c]}
    assert foreseen == {"WIF-03"}


def test_replacing_drops_controls_duties_and_reports(place: Province, text: ImportedText) -> None:
    impact = impact_with(place, text, replaces=["do-son"])
    bound = next(g for g in impact.groups if g.before == ("do-son",))
    assert bound.after == ("tinh-mau",)
    assert len(bound.of_kind("dropped")) > 50
    assert {d.document for d in bound.duties_gone} == {"do-son"}
    assert bound.reports_gone
    assert impact.summary()["duties_new"] == 1


def test_a_new_duty_says_its_days_of_the_first_year(place: Province, text: ImportedText) -> None:
    impact = impact_with(place, text)
    (duty,) = impact.groups[0].duties_new
    assert [day.isoformat() for day in duty.days] == [
        "2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31"
    ]  # fmt: skip


def test_an_amendment_shows_what_it_loosens(place: Province, text: ImportedText) -> None:
    decide(text, {"D1.k1": (PASSWORD | {"parameters": {"min_length": 6}},)})
    amends = [{"document": "do-son", "clauses": ["D19"], "how": "replaced"}]
    impact = impact_with(place, text, amends=amends)
    bound = next(g for g in impact.groups if g.before == ("do-son",))
    loosened = {(control, p.name): (p.old, p.new) for control, p in bound.directions("loosened")}
    assert loosened["PWD-01", "min_length"] == (8, 6)


def test_what_cannot_be_asked_before_the_day_is_said(place: Province, text: ImportedText) -> None:
    OwnControl.objects.create(
        text=text, code="OWN-01", title="Trực khi có bão", why="Vì.", fix="Làm.", supply="Lịch.",
        evidence="attest", severity="low", made_at=BEFORE, made_by="an",
    )  # fmt: skip
    decide(text, {"D1.k1": ({"control": "OWN-01", "modality": "must"},)})
    assert impact_with(place, text).unevaluated == ("OWN-01",)


def test_an_approved_text_still_shows_what_it_will_end(place: Province, text: ImportedText) -> None:
    publication = put_into_force(place, text, wanted(place.top, replaces=["do-son"]))
    text.refresh_from_db()
    ended = {old: list(units) for old, units in publication.scope["ended"].items()}
    impact = impact_of(draft_of(text), now=BEFORE, ended=ended)
    assert {g.before for g in impact.groups} == {(), ("do-son",)}
    assert impact.on == DAY


def test_the_number_of_queries_does_not_grow_with_units(
    place: Province, text: ImportedText, django_assert_max_num_queries
) -> None:
    for number in range(20):
        unit = make_unit(f"xa-{number}", "ward", place.top)
        Binding.objects.create(unit=unit, document="do-son", bound_from="2025-10-01")
    hold("em", place.top)
    draft = draft_of(text)
    impact_of(draft, now=BEFORE)
    with django_assert_max_num_queries(120):
        impact = impact_of(draft, now=BEFORE)
    assert impact.unit_count == 23
