"""Review of an imported text: decisions, sweeps, undo, two people at once; each on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from texts import COMMUNE, NOW, imported

from khien.adoption.errors import TextSettled
from khien.adoption.models import ClauseReview, ImportedText
from khien.adoption.review import selectors, services, suggesting
from khien.adoption.review.drafts import NOTHING, nothing_of
from khien.adoption.review.errors import (
    ChapterClaimed,
    ClauseDecidedMeanwhile,
    DecisionRefused,
    NothingToUndo,
    SuggestionsChanged,
    UnknownClause,
)
from khien.adoption.review.selectors import (
    chapter_at,
    decided_duties,
    decisions_of,
    is_reviewed,
    next_undecided,
    progress_of,
    sweep_of,
)
from khien.ledger.models import LedgerEntry
from khien.norms.library import load_library
from khien.norms.own_controls import OwnControlWords
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.services import Act

pytestmark = pytest.mark.django_db
AN, BINH = Act("an", NOW), Act("binh", NOW)
LENGTH: dict[str, Any] = {
    "control": "PWD-01",
    "modality": "must",
    "actor": "Cán bộ",
    "text": "Mật khẩu dài ít nhất 12 ký tự.",
    "parameters": {"min_length": "12"},
    "frequency": "continuous",
}
OWN = OwnControlWords("", "Chăm sóc cây cảnh", "Trụ sở sạch.", "Phân công.", "Lời khai.", "attest", "low")  # fmt: skip


@pytest.fixture
def unit() -> Unit:
    return register_unit("xa", name_vi="Xã", name_en="Commune", kind="ward", place="M", now=NOW)


@pytest.fixture
def text(unit: Unit) -> ImportedText:
    return imported(unit)


@pytest.fixture
def all_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every suggestion with a control is sure, however the engine thinks of it."""
    made = suggesting.suggestions_of

    def sure(text: ImportedText) -> Any:
        return {path: replace(one, sure=bool(one.controls)) for path, one in made(text).items()}

    monkeypatch.setattr(selectors, "suggestions_of", sure)


def said(kind: str) -> list[str]:
    entries = LedgerEntry.objects.filter(kind=f"adoption.{kind}").order_by("index")
    return [bytes(one.line).decode() for one in entries]


def test_a_confirmed_clause_is_decided_and_on_record(text: ImportedText) -> None:
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN)
    decision = decisions_of(text)["D4.k2"]
    assert decision.duties[0]["parameters"] == {"min_length": 12}
    assert (decision.how, decision.by) == ("one", "an")
    assert decided_duties(text) == {"D4.k2": decision.duties}
    assert '"path":"D4.k2"' in said("clause_confirmed")[0]
    assert '"controls":"PWD-01"' in said("clause_confirmed")[0]


def test_a_clause_may_carry_several_duties(text: ImportedText) -> None:
    second = LENGTH | {"control": "PWD-02", "parameters": {"pw_change_months": 2}}
    services.confirm_clause(text, "D4.k2", [LENGTH, second], expected_version=0, act=AN)
    assert [d["control"] for d in decisions_of(text)["D4.k2"].duties] == ["PWD-01", "PWD-02"]


def test_the_same_clause_decided_by_two_people_is_told(text: ImportedText) -> None:
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN)
    with pytest.raises(ClauseDecidedMeanwhile) as told:
        services.confirm_nothing(text, "D4.k2", "heading", expected_version=0, act=BINH)
    assert "an vừa quyết định" in str(told.value)
    assert decisions_of(text)["D4.k2"].by == "an"


def test_a_decision_reopened_and_made_anew_is_not_taken_for_the_one_seen(
    text: ImportedText,
) -> None:
    seen = services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN).version
    services.reopen_clause(text, "D4.k2", expected_version=seen, act=BINH)
    services.confirm_nothing(text, "D4.k2", "criteria", expected_version=0, act=BINH)
    with pytest.raises(ClauseDecidedMeanwhile):
        services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=seen, act=AN)


def test_two_people_in_two_chapters_never_meet(text: ImportedText) -> None:
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN)
    services.confirm_nothing(text, "D1.p1", "scope", expected_version=0, act=BINH)
    services.confirm_clause(text, "D4.k1", [LENGTH], expected_version=0, act=AN)
    assert {one.by for one in decisions_of(text).values()} == {"an", "binh"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"control": "XYZ-99"}, "không có biện pháp"),
        ({"parameters": {"min_length": "mười hai"}}, "phải là số nguyên"),
        ({"parameters": {"min_length": "-3"}}, "phải là số nguyên"),
        ({"parameters": {"no_such": "1"}}, "không có tham số"),
        ({"modality": "perhaps"}, "phải là một trong"),
        ({"frequency": "often"}, "phải là một trong"),
        ({"text": "  "}, "chưa có lời văn"),
        ({"actor": "x" * 400}, "dài quá"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_written(
    text: ImportedText, wrong: dict[str, Any], words: str
) -> None:
    with pytest.raises(DecisionRefused) as refused:
        services.confirm_clause(text, "D4.k2", [LENGTH | wrong], expected_version=0, act=AN)
    assert words in str(refused.value)
    assert not ClauseReview.objects.exists()
    assert said("clause_confirmed") == []


def test_no_reason_and_no_duty_are_refused(text: ImportedText) -> None:
    with pytest.raises(DecisionRefused):
        services.confirm_nothing(text, "D1.p1", "because", expected_version=0, act=AN)
    with pytest.raises(DecisionRefused):
        services.confirm_clause(text, "D1.p1", [], expected_version=0, act=AN)
    with pytest.raises(UnknownClause):
        services.confirm_nothing(text, "D99.k1", "scope", expected_version=0, act=AN)


@pytest.mark.usefixtures("all_sure")
def test_a_sweep_confirms_what_was_shown_with_one_record(text: ImportedText) -> None:
    services.confirm_nothing(text, "D4.k1", "criteria", expected_version=0, act=BINH)
    shown = sweep_of(text, chapter_at(text, "C.II"))
    assert "D4.k1" not in [one.node.path for one in shown.clauses], "what is decided stays"
    written = services.sweep(text, chapter_at(text, "C.II"), seen=shown.seen, act=AN)
    assert len(written) == len(shown.clauses) > 3
    assert {one.how for one in written} == {"sweep"}
    assert len({one.version for one in written}) == 1
    records = said("clauses_swept")
    assert len(records) == 1
    assert all(f'"{one.path}":' in records[0] for one in written)
    assert decisions_of(text)["D4.k1"].by == "binh"


@pytest.mark.usefixtures("all_sure")
def test_a_sweep_of_another_list_than_the_one_shown_confirms_nothing(text: ImportedText) -> None:
    chapter = chapter_at(text, "C.II")
    shown = sweep_of(text, chapter)
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=BINH)
    with pytest.raises(SuggestionsChanged):
        services.sweep(text, chapter, seen=shown.seen, act=AN)
    assert ClauseReview.objects.count() == 1


@pytest.mark.usefixtures("all_sure")
def test_a_whole_sweep_is_undone_but_not_what_was_decided_anew(text: ImportedText) -> None:
    chapter = chapter_at(text, "C.II")
    written = services.sweep(text, chapter, seen=sweep_of(text, chapter).seen, act=AN)
    version = written[0].version
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=version, act=BINH)
    assert services.undo_sweep(text, version, act=AN) == len(written) - 1
    assert set(decisions_of(text)) == {"D4.k2"}
    with pytest.raises(NothingToUndo):
        services.undo_sweep(text, version, act=AN)


@pytest.mark.usefixtures("all_sure")
def test_a_clause_that_only_explains_is_swept_as_no_duty(text: ImportedText) -> None:
    chapter = chapter_at(text, "C.I")
    services.sweep(text, chapter, seen=sweep_of(text, chapter).seen, act=AN)
    assert decisions_of(text)["D1.p1"].none == "scope"
    assert decisions_of(text)["D2.k1"].none == "definition"


def test_a_step_that_is_all_its_point_says_is_no_second_duty(unit: Unit) -> None:
    source = COMMUNE.replace(
        "2. Văn phòng xã chăm sóc", "2. Khi có sự cố:\na) Bước 1: Ngắt máy chủ khỏi mạng, báo cáo.\n3. Văn phòng xã chăm sóc"
    )  # fmt: skip
    steps = imported(unit, "buoc", source)
    suggestion = suggesting.suggestions_of(steps)["D11.k2.a.b1"]
    above = selectors.titles_above(steps, suggestion.node)
    assert nothing_of(suggestion, above) == "same_as_point"


def test_every_reason_for_no_duty_has_words_in_the_library() -> None:
    labels = load_library().labels
    assert [code for code in NOTHING if code not in labels] == []


def test_an_undone_decision_waits_again(text: ImportedText) -> None:
    version = services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN).version
    assert next_undecided(text, "D4.k1") == "D4.k3"
    services.reopen_clause(text, "D4.k2", expected_version=version, act=AN)
    assert next_undecided(text, "D4.k1") == "D4.k2"
    assert len(said("clauses_reopened")) == 1
    with pytest.raises(NothingToUndo):
        services.reopen_clause(text, "D4.k2", expected_version=version, act=AN)


def test_a_clause_whose_words_changed_counts_as_undecided(text: ImportedText) -> None:
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN)
    ClauseReview.objects.update(words_sha256="0" * 64)
    assert decisions_of(text) == {}
    assert decisions_of(text, stale=True)["D4.k2"].is_stale
    chapter = next(one for one in progress_of(text).chapters if one.chapter.path == "C.II")
    assert (chapter.decided, chapter.stale) == (0, 1)


@pytest.mark.parametrize("state", ["submitted", "approved", "withdrawn", "dropped"])
def test_a_settled_text_is_not_decided_any_more(text: ImportedText, state: str) -> None:
    ImportedText.objects.update(state=state)
    with pytest.raises(TextSettled):
        services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN)
    with pytest.raises(TextSettled):
        services.claim_chapter(text, chapter_at(text, "C.I"), act=AN)


def test_a_chapter_taken_by_one_is_told_to_the_other(text: ImportedText) -> None:
    chapter = chapter_at(text, "C.I")
    services.claim_chapter(text, chapter, act=AN)
    services.claim_chapter(text, chapter, act=AN)
    with pytest.raises(ChapterClaimed):
        services.claim_chapter(text, chapter, act=BINH)
    services.claim_chapter(text, chapter, act=BINH, takes_over=True)
    claimed = {one.chapter.path: one.claimed_by for one in progress_of(text).chapters}
    assert claimed["C.I"] == "binh"
    services.release_chapter(text, chapter, act=BINH)
    assert len(said("chapter_claimed")) == 2
    assert len(said("chapter_released")) == 1


def test_a_text_is_reviewed_when_nothing_waits(text: ImportedText) -> None:
    assert not is_reviewed(text)
    while path := next_undecided(text):
        services.confirm_nothing(text, path, "criteria", expected_version=0, act=AN)
    assert is_reviewed(text)
    progress = progress_of(text)
    assert (progress.percent, progress.undecided, progress.sure) == (100, 0, 0)


def test_a_control_of_the_units_own_may_be_fed_at_once(text: ImportedText) -> None:
    first = services.write_own_control(text, OWN, act=AN)
    second = services.write_own_control(text, OWN, act=AN)
    assert (first.code, second.code) == ("OWN-01", "OWN-02")
    own = LENGTH | {"control": "OWN-01", "parameters": {}}
    services.confirm_clause(text, "D11.k2", [own], expected_version=0, act=AN)
    assert decisions_of(text)["D11.k2"].duties[0]["evidence"] == "attest"
    assert progress_of(text).own == 1


def test_the_words_of_an_own_control_are_corrected_and_its_code_stays(text: ImportedText) -> None:
    made = services.write_own_control(text, OWN, act=AN)
    better = replace(OWN, title="Chăm sóc khuôn viên", evidence="document")
    services.change_own_control(text, made.code, better, act=BINH)
    (control,) = selectors.own_controls_of(text).values()
    assert (control.id, control.title.vi) == ("OWN-01", "Chăm sóc khuôn viên")
    assert len(said("own_control_changed")) == 1
    with pytest.raises(DecisionRefused):
        services.change_own_control(text, "OWN-77", better, act=AN)


def test_controls_that_most_texts_ask_for_are_named_while_missing(text: ImportedText) -> None:
    before = [control.id for control in selectors.missing_controls(progress_of(text).fed)]
    assert "PWD-01" in before
    services.confirm_clause(text, "D4.k2", [LENGTH], expected_version=0, act=AN)
    assert "PWD-01" not in [
        control.id for control in selectors.missing_controls(progress_of(text).fed)
    ]


def test_an_own_control_without_words_is_refused(text: ImportedText) -> None:
    with pytest.raises(DecisionRefused):
        services.write_own_control(text, replace(OWN, title=" "), act=AN)


def test_what_was_confirmed_in_one_text_is_suggested_in_the_next(unit: Unit) -> None:
    odd = "Văn phòng xã chăm sóc cây cảnh và vệ sinh khuôn viên trụ sở vào thứ sáu."
    first, second = imported(unit, "mot"), imported(unit, "hai", COMMUNE + "3. Khác.\n")
    assert not suggesting.suggestions_of(second)["D11.k2"].controls
    fed = LENGTH | {"control": "PHY-01", "parameters": {}, "text": odd}
    services.confirm_clause(first, "D11.k2", [fed], expected_version=0, act=AN)
    ImportedText.objects.filter(pk=first.pk).update(state="approved")
    assert suggesting.suggestions_of(second)["D11.k2"].controls[0].control == "PHY-01"


def test_hostile_words_are_kept_as_words(text: ImportedText) -> None:
    hostile = "=HYPERLINK(1) <b>x</b>\x00\u202e"
    duty = LENGTH | {"text": hostile, "actor": hostile}
    services.confirm_clause(text, "D4.k2", [duty], expected_version=0, act=AN)
    kept = decisions_of(text)["D4.k2"].duties[0]
    assert kept["actor"] == "=HYPERLINK(1) <b>x</b>"
