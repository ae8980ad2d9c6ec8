"""Texts side by side: what each asks, who is stricter, the strictest of all, and the ended law they cite."""

from __future__ import annotations

import json
from datetime import date

import pytest

from khien.norms.comparison import (
    Comparison,
    ControlBeside,
    as_json,
    ended_law,
    side_by_side,
    standard_of_level,
    strictest_of_all,
    tightenings,
)
from khien.norms.errors import UnknownDocument
from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook

TODAY = date(2026, 11, 27)
NAMES = tuple(load_library().documents)
MIRROR = {"first": "second", "second": "first"}


def beside(found: Comparison, control: str) -> ControlBeside:
    return next(one for one in found.controls if one.control.id == control)


def test_the_stricter_of_two_values_is_named_with_both_clauses() -> None:
    found = side_by_side(load_library(), "do-son", "tcvn-14423-c3")
    logs = beside(found, "LOG-04").parameters[0]
    assert logs.stricter == "first"
    assert logs.first is not None
    assert logs.second is not None
    assert (logs.first.value, logs.second.value) == (6, 3)
    assert [place.anchor for place in logs.second.places] == ["tcvn-14423-c3/M5.8.2.1"]
    assert {place.mark for place in logs.second.places} == {"B"}
    scan = next(
        p for p in beside(found, "VUL-05").parameters if p.parameter.name == "vuln_scan_months"
    )
    assert scan.stricter == "second"


def test_what_only_one_text_asks_is_told_apart() -> None:
    found = side_by_side(load_library(), "do-son", "hue")
    assert beside(found, "BUD-02").asked_by == "second"
    assert beside(found, "WIF-03").asked_by == "first"
    assert sum(len(found.asked_by(who)) for who in ("both", "first", "second")) == len(
        found.controls
    )


def test_what_is_to_be_checked_is_compared_and_marked() -> None:
    found = side_by_side(load_library(), "do-son", "tt-31-2017")
    assert {place.mark for place in beside(found, "MON-02").second} == {"C"}


@pytest.mark.parametrize("name", NAMES)
def test_a_text_beside_itself_is_the_same(name: str) -> None:
    found = side_by_side(load_library(), name, name)
    assert found.asked_by("first") == found.asked_by("second") == ()
    assert {p.stricter for one in found.controls for p in one.parameters} <= {"same"}


@pytest.mark.parametrize(("a", "b"), [("do-son", "binh-dinh"), ("binh-phuoc", "tcvn-14423-c5")])
def test_changing_places_changes_nothing_else(a: str, b: str) -> None:
    there, back = side_by_side(load_library(), a, b), side_by_side(load_library(), b, a)
    for one, other in zip(there.controls, back.controls, strict=True):
        assert (one.control.id, one.first, one.second) == (
            other.control.id,
            other.second,
            other.first,
        )
        said = [MIRROR.get(p.stricter, p.stricter) for p in one.parameters]
        assert said == [p.stricter for p in other.parameters]


def test_an_unknown_text_is_refused() -> None:
    with pytest.raises(UnknownDocument):
        side_by_side(load_library(), "do-son", "nowhere")
    with pytest.raises(UnknownDocument):
        ended_law(load_library(), "nowhere")


def test_the_strictest_of_all_texts_is_what_binding_all_of_them_gives() -> None:
    library = load_library()
    rules = build_rulebook(library, library.documents, on=TODAY).rules
    rows = strictest_of_all(library, on=TODAY)
    assert len(rows) > 120
    for one in rows:
        if one.strictest is None or not one.strictest.agrees:
            continue
        # Values that another side gives are in the rulebook too; what the unit must do is never stricter than that.
        kept = rules[one.control.id].parameters[one.parameter.name]
        if one.parameter.sense in ("max", "min") and kept.value is not None:
            assert one.strictest.value == kept.value, (one.control.id, one.parameter.name)


def test_what_is_to_be_checked_never_is_the_strictest() -> None:
    rows = strictest_of_all(load_library(), on=TODAY)
    assert {place.mark for one in rows if one.strictest for place in one.strictest.places} == {
        "A",
        "B",
    }
    (kept,) = [one for one in rows if one.parameter.name == "monitoring_retain_days"]
    assert kept.strictest is None
    assert [(given.value, given.places[0].anchor) for given in kept.unsure] == [
        (30, "tt-31-2017/D5.k3.h")
    ]


def test_the_strictest_of_the_regulations_alone_leaves_the_law_out() -> None:
    rows = strictest_of_all(load_library(), on=TODAY, tiers=["regulation"])
    (logs,) = [one for one in rows if one.parameter.name == "log_retain_months"]
    assert logs.strictest is not None
    assert logs.strictest.value == 6
    everything = strictest_of_all(load_library(), on=TODAY)
    (logs,) = [one for one in everything if one.parameter.name == "log_retain_months"]
    assert logs.strictest is not None
    assert logs.strictest.value == 12
    assert [given.value for given in logs.others] == [6, 3, 1]


def test_before_the_law_came_into_force_it_is_not_the_strictest() -> None:
    (share,) = [
        one
        for one in strictest_of_all(load_library(), on=date(2026, 6, 30))
        if one.parameter.name == "budget_share_min_pct"
    ]
    assert share.strictest is not None
    assert share.strictest.value == 10


def test_ended_law_is_told_with_its_successor_and_mark() -> None:
    found = ended_law(load_library(), "do-son")
    said = {one.citation.key: (one.citation.successor, one.citation.mark) for one in found}
    assert said["TT 03/2017/TT-BTTTT"] == ("TT 12/2022/TT-BTTTT", "A")
    assert said["Luật 86/2015/QH13"] == ("Luật 116/2025/QH15", "A")
    assert {one.document.id for one in found} == {"do-son"}
    assert len(ended_law(load_library())) > len(found)


def test_a_level_adds_and_tightens_but_never_loosens() -> None:
    library = load_library()
    standard = standard_of_level(library, 3)
    assert standard is not None
    found = tightenings(library, build_rulebook(library, ["do-son"], on=TODAY), standard)
    said = {
        one.parameter.name: (one.now.value if one.now else None, one.then.value)
        for one in found
        if one.parameter
    }
    assert said["vuln_scan_months"] == (12, 6)
    assert said["pw_history_min"] == (None, 10)
    assert "log_retain_months" not in said
    assert "account_review_months" not in said


def test_a_rulebook_that_holds_the_standard_has_nothing_to_add() -> None:
    library = load_library()
    standard = standard_of_level(library, 4)
    assert standard is not None
    rulebook = build_rulebook(library, [standard.id], on=TODAY)
    assert tightenings(library, rulebook, standard) == ()


def test_there_is_no_standard_of_a_sixth_level() -> None:
    assert standard_of_level(load_library(), 6) is None


def test_every_result_can_be_written_as_json() -> None:
    library = load_library()
    standard = standard_of_level(library, 2)
    assert standard is not None
    rulebook = build_rulebook(library, ["hue"], on=TODAY)
    results = [
        side_by_side(library, "do-son", "qd-05-2017"),
        *strictest_of_all(library, on=TODAY),
        *ended_law(library),
        *tightenings(library, rulebook, standard),
    ]
    for one in results:
        assert json.loads(json.dumps(as_json(one))) == as_json(one)
