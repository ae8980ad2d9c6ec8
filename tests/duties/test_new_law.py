"""The yearly report of the decree of 2026: five weeks away, from data with its confidence shown."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from duties_cast import Cast, at, bound_unit

from khien.duties.law import bound_by_kind
from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.refreshing import refresh
from khien.duties.selectors import occurrences
from khien.duties.shown import shown_of
from khien.norms.library import LIBRARY, load_library, read_library
from khien.norms.services import bind_document
from khien.org.models import Unit

REPORT = "nd331-d35-annual-report"


def test_the_nineteenth_of_december_is_its_last_day_and_friday_the_day_to_act(cast: Cast) -> None:
    (found,) = [one for one in cast.on("2026-11-27", REPORT) if one.period == "2026"]
    assert (found.due_on, found.act_on) == (date(2026, 12, 19), date(2026, 12, 18))
    said = [note.vi for note in shown_of(found, rules=load_proofs()).notes]
    assert "Số liệu từ 15/12/2025 đến 14/12/2026." in said
    assert any("cần đối chiếu" in note for note in said)


def test_it_cites_its_article_and_closes_by_the_report_sent_to_the_owner(cast: Cast) -> None:
    cast.send("annual_level_report", "2026-12-16", to="superior")
    (found,) = [one for one in cast.on("2026-12-17", REPORT) if one.period == "2026"]
    assert found.state == "done"
    assert shown_of(found, rules=load_proofs()).cited.vi == "Điều 35 (NĐ 331/2026)"


def test_it_binds_units_of_its_kinds_also_without_a_text_of_their_own(db: None) -> None:
    hospital = Unit.objects.create(code="bv2", name_vi="B", name_en="B", kind="hospital", place="M")
    office = Unit.objects.create(code="vp", name_vi="V", name_en="V", kind="office", place="M")
    refresh([hospital, office], now=at("2026-11-27"))
    assert {one.unit.code for one in occurrences([hospital, office], now=at("2026-11-27"))} == {
        "bv2"
    }


def test_nothing_is_owed_for_the_years_before_the_decree(cast: Cast) -> None:
    cast.on("2026-11-27")
    assert not Occurrence.objects.filter(duty=REPORT, due_on__lt=date(2026, 8, 19)).exists()


def test_the_owner_s_own_report_is_not_laid_on_units(db: None) -> None:
    cast = Cast(bound_unit("x", "bac-ninh", since=date(2026, 5, 7)))
    assert cast.on("2026-11-27", "nd331-d35-owner-report") == []


def test_a_unit_bound_to_the_decree_too_has_the_report_once_and_from_its_first_day(
    cast: Cast,
) -> None:
    library = load_library()
    bind_document(
        cast.unit,
        "nd-331-2026",
        library=library,
        bound_from=date(2026, 11, 1),
        now=at("2026-11-01"),
    )
    found = [one for one in cast.on("2026-11-27", REPORT) if one.period == "2026"]
    assert [one.due_on for one in found] == [date(2026, 12, 19)]
    others = Occurrence.objects.filter(document="nd-331-2026").exclude(duty=REPORT)
    assert "nd331-d39-finish-appraisal" in set(others.values_list("duty", flat=True))


def test_without_being_bound_only_the_named_duties_of_the_decree_are_a_unit_s(cast: Cast) -> None:
    cast.on("2026-11-27")
    of_decree = Occurrence.objects.filter(document="nd-331-2026")
    assert set(of_decree.values_list("duty", flat=True)) == {REPORT}


def test_an_own_text_binds_nobody_by_kind(cast: Cast) -> None:
    library = load_library()
    own = replace(library.documents["nd-331-2026"], is_own=True)
    changed = replace(library, documents={**library.documents, own.id: own})
    assert [one.document for one in bound_by_kind(library, [cast.unit])] == [own.id]
    assert list(bound_by_kind(changed, [cast.unit])) == []


def test_what_is_to_be_checked_gives_no_day_to_anyone(cast: Cast) -> None:
    library = load_library()
    for text in ("tt-20-2017", "tt-31-2017", "qd-05-2017"):
        bind_document(
            cast.unit, text, library=library, bound_from=date(2026, 1, 1), now=at("2026-11-01")
        )
    cast.on("2026-11-27")
    assert not Occurrence.objects.filter(
        document__in=("tt-20-2017", "tt-31-2017", "qd-05-2017")
    ).exists()


def test_a_duty_by_kind_that_the_text_does_not_have_is_told(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path, dirs_exist_ok=True)
    head = tmp_path / "norms" / "nd-331-2026" / "document.yaml"
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace("- nd331-d36-contents", "- nd331-d99"), encoding="utf-8")
    _, problems = read_library(tmp_path)
    assert ["the text has no duty nd331-d99" in problem.en for problem in problems] == [True]
