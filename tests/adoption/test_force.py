"""From decisions on clauses to a rulebook in force: form, scope, approval, the day itself, withdrawal, end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from force_cast import (
    BEFORE,
    CHANGE,
    DAY,
    DECIDED,
    PASSWORD,
    TEXT,
    Province,
    below,
    decide,
    import_text,
    make_unit,
    put_into_force,
    wanted,
)

from khien.adoption.force.drafting import draft_of
from khien.adoption.force.errors import (
    ActsOnItself,
    AlreadyInForce,
    CircleOfTexts,
    DaysInWrongOrder,
    NeedsNote,
    NobodyBound,
    NotAtThisStep,
    NotReviewed,
    NotYourOwn,
    TextHasMistakes,
    UnitOutOfReach,
    UnknownAmended,
)
from khien.adoption.force.head import titled
from khien.adoption.force.keeping import own_library_in_step
from khien.adoption.force.scope import UNITS, Scope, units_in
from khien.adoption.force.services import (
    approve_text,
    end_text,
    return_text,
    set_force,
    submit_text,
    withdraw,
)
from khien.adoption.models import ClauseReview, ImportedText, Publication
from khien.adoption.review.services import write_own_control
from khien.desk.tasks.from_texts import on_their_way
from khien.desk.tasks.task import Asked
from khien.ledger.models import LedgerEntry
from khien.norms.library import load_library
from khien.norms.models import Binding
from khien.norms.own_controls import OwnControlWords
from khien.norms.own_library import own_folder
from khien.norms.selectors import rulebook_of
from khien.org.errors import NotAllowed
from khien.org.models import Unit
from khien.org.roles import LEADER, OFFICER
from khien.registers.services import Act

pytestmark = pytest.mark.django_db
OWN_WORDS = OwnControlWords(
    "", "Chăm cây", "Cây khô thì nóng.", "Tưới cây.", "Nộp ảnh.", "attest", "low"
)


def length_of(unit: Unit, day: date) -> object:
    rules = rulebook_of(unit, library=load_library(), on=day).rules
    return rules["PWD-01"].parameters["min_length"].value


def test_every_unit_of_the_text_is_a_clause_and_reads_back_whole(text: ImportedText) -> None:
    draft = draft_of(text)
    document = draft.document
    assert document.number == "77/QĐ-UBND"
    assert document.in_force_from == DAY
    assert list(document.clauses) == ["D1", "D1.k1", "D1.k2", "D2", "D2.k1", "D3", "D3.p1"]
    duties = {duty.id: duty for _, duty in document.duties()}
    assert list(duties) == ["tinh-mau-d1-k1-1", "tinh-mau-d1-k2-1", "tinh-mau-d2-k1-1"]
    assert duties["tinh-mau-d1-k1-1"].parameters == {"min_length": 14}
    assert document.clauses["D1.k1"].text.vi == "Mật khẩu dài ít nhất 14 ký tự."
    assert [one.key for one in document.citations] == ["Luật 116/2025/QH15"]


def test_from_approval_on_the_library_holds_it_and_its_day_binds(
    place: Province, text: ImportedText
) -> None:
    publication = put_into_force(place, text, wanted(place.top))
    assert load_library().documents["tinh-mau"].is_own
    assert length_of(place.commune, date(2026, 12, 31)) == 8
    assert length_of(place.commune, DAY) == 14
    assert set(Binding.objects.filter(document="tinh-mau").values_list("unit__code", flat=True)) == {
        "tinh", "xa", "bv"
    }  # fmt: skip
    entry = LedgerEntry.objects.get(kind="adoption.text_approved")
    assert publication.sha256 in bytes(entry.line).decode()


def test_a_clause_nobody_decided_keeps_the_text_back(place: Province, text: ImportedText) -> None:
    ClauseReview.objects.filter(text=text, path="D1.k2").delete()
    with pytest.raises(NotReviewed) as refused:
        submit_text(text, seen=text.version, user=place.officer, now=BEFORE)
    assert "khoản 2 Điều 1" in str(refused.value)


def test_words_that_changed_since_are_not_decided(place: Province, text: ImportedText) -> None:
    ClauseReview.objects.filter(text=text, path="D1.k2").update(words_sha256="0" * 64)
    with pytest.raises(NotReviewed):
        submit_text(text, seen=text.version, user=place.officer, now=BEFORE)


def test_every_mistake_is_told_with_its_clause(text: ImportedText) -> None:
    wrong = DECIDED | {
        "D1.k1": (PASSWORD | {"parameters": {"gone": 1}},),
        "D2.k1": ({"control": "ZZZ-99"},),
    }
    decide(text, wrong)
    with pytest.raises(TextHasMistakes) as refused:
        draft_of(text)
    told = [problem.vi for problem in refused.value.problems]
    assert [one.split(":")[0] for one in told] == ["khoản 1 Điều 1", "khoản 1 Điều 2"]


def test_an_event_that_no_register_starts_is_told(text: ImportedText) -> None:
    schedule = {"kind": "event", "register": "nothing", "starts": ["x_on"], "within": 2}
    decide(text, {"D1.k1": (PASSWORD | {"schedule": schedule},)})
    with pytest.raises(TextHasMistakes) as refused:
        draft_of(text)
    assert "khoản 1 Điều 1" in str(refused.value)


def test_nothing_is_in_force_before_a_leader_says_yes(place: Province, text: ImportedText) -> None:
    submit_text(text, seen=text.version, user=place.officer, now=BEFORE)
    assert "tinh-mau" not in load_library().documents
    assert not Binding.objects.filter(document="tinh-mau").exists()


def test_the_officer_does_not_approve_and_the_leader_does_not_submit(
    place: Province, text: ImportedText
) -> None:
    with pytest.raises(NotAllowed):
        submit_text(text, seen=1, user=place.leader, now=BEFORE)
    submit_text(text, seen=1, user=place.officer, now=BEFORE)
    with pytest.raises(NotAllowed):
        approve_text(text, seen=2, user=place.officer, now=BEFORE)


def test_who_submitted_does_not_approve_where_another_leader_could(
    place: Province, text: ImportedText
) -> None:
    from force_cast import hold

    both = hold("chi", place.top, OFFICER, LEADER)
    submit_text(text, seen=1, user=both, now=BEFORE)
    with pytest.raises(NotYourOwn, match="binh"):
        approve_text(text, seen=2, user=both, now=BEFORE)
    approve_text(text, seen=2, user=place.leader, now=BEFORE)


def test_a_returned_text_says_why_and_is_open_again(place: Province, text: ImportedText) -> None:
    submit_text(text, seen=1, user=place.officer, now=BEFORE)
    with pytest.raises(NeedsNote):
        return_text(text, "  ", seen=2, user=place.leader, now=BEFORE)
    returned = return_text(text, "Sửa Điều 2", seen=2, user=place.leader, now=BEFORE)
    assert (returned.state, returned.decided_note) == (ImportedText.State.REVIEWING, "Sửa Điều 2")
    with pytest.raises(NotAtThisStep):
        approve_text(text, seen=3, user=place.leader, now=BEFORE)


def test_only_units_below_are_bound(place: Province, text: ImportedText) -> None:
    stranger = make_unit("khac", "ward")
    far = Scope(UNITS, units=("xa", stranger.code))
    with pytest.raises(UnitOutOfReach, match="khac"):
        units_in(far, place.top)
    kinds = below(place.top, kinds=("ward",))
    assert [unit.code for unit in units_in(kinds, place.top)] == ["xa"]
    somewhere = below(place.top, place="an binh")
    assert [unit.code for unit in units_in(somewhere, place.top)] == ["xa"]
    with pytest.raises(NobodyBound):
        units_in(below(place.top, kinds=("office",)), place.top)
    del text


def test_a_person_binds_only_units_that_this_person_sees(place: Province) -> None:
    from force_cast import hold

    officer = hold("dung", place.commune, OFFICER)
    with pytest.raises(UnitOutOfReach):
        units_in(below(place.top), place.top, user=officer)


@pytest.mark.parametrize("day", ["2026-11-02", "2020-01-01"])
def test_no_text_is_in_force_before_it_was_issued(
    place: Province, text: ImportedText, day: str
) -> None:
    wish = wanted(place.top, date.fromisoformat(day))
    with pytest.raises(DaysInWrongOrder, match="ban hành"):
        set_force(text, wish, seen=1, user=place.officer, now=BEFORE)


@pytest.mark.parametrize(
    "name", ["tinh-mau", "77/QĐ-UBND", "Quyết định 77/QĐ-UBND ngày 03/11/2026"]
)
def test_a_text_does_not_replace_itself(place: Province, text: ImportedText, name: str) -> None:
    wish = wanted(place.top, replaces=[name])
    with pytest.raises(ActsOnItself):
        set_force(text, wish, seen=1, user=place.officer, now=BEFORE)


def test_a_text_does_not_amend_itself(place: Province, text: ImportedText) -> None:
    wish = wanted(place.top, amends=[{"document": "tinh-mau", "clauses": ["D1"], "how": "removed"}])
    with pytest.raises(ActsOnItself):
        set_force(text, wish, seen=1, user=place.officer, now=BEFORE)


def test_a_circle_is_told_with_its_chain(place: Province, text: ImportedText) -> None:
    put_into_force(place, text, wanted(place.top, replaces=["88/QĐ-UBND"]))
    other = import_text(
        place.top, "thu-hai", TEXT.replace("77/QĐ", "88/QĐ").replace("01/01", "01/02")
    )
    decide(other)
    amends = [{"document": "tinh-mau", "clauses": ["D1.k1"], "how": "replaced"}]
    wish = wanted(place.top, date(2027, 2, 1), amends=amends)
    with pytest.raises(CircleOfTexts, match="thu-hai → tinh-mau → thu-hai"):
        set_force(other, wish, seen=1, user=place.officer, now=BEFORE)


@pytest.mark.parametrize(
    ("document", "path"), [("nobody", "D1"), ("do-son", "D999"), ("do-son", "<script>")]
)
def test_an_amendment_names_what_is_there(
    place: Province, text: ImportedText, document: str, path: str
) -> None:
    wish = wanted(place.top, amends=[{"document": document, "clauses": [path], "how": "removed"}])
    with pytest.raises(UnknownAmended):
        set_force(text, wish, seen=1, user=place.officer, now=BEFORE)


def test_what_is_replaced_ends_on_that_day_for_the_units_in_scope(
    place: Province, text: ImportedText
) -> None:
    wish = wanted(place.commune, replaces=["do-son"])
    put_into_force(place, text, wish)
    eve, commune = date(2026, 12, 31), place.commune
    library = load_library()
    assert rulebook_of(commune, library=library, on=eve).documents == ("do-son",)
    assert rulebook_of(commune, library=library, on=DAY).documents == ("tinh-mau",)
    assert rulebook_of(place.hospital, library=library, on=DAY).documents == ("do-son",)


def test_an_amended_clause_gives_way_on_that_day(place: Province, text: ImportedText) -> None:
    amends = [{"document": "do-son", "clauses": ["D19.k1"], "how": "replaced"}]
    put_into_force(place, text, wanted(place.top, amends=amends))
    rule = rulebook_of(place.commune, library=load_library(), on=DAY).rules["PWD-01"]
    assert {clause.document for clause, _ in rule.sources} == {"tinh-mau"}


def test_withdrawn_before_its_day_everything_is_as_it_was(
    place: Province, text: ImportedText
) -> None:
    put_into_force(place, text, wanted(place.top, replaces=["do-son"]))
    withdraw("tinh-mau", "Ban hành lại", user=place.leader, now=BEFORE)
    assert "tinh-mau" not in load_library().documents
    assert length_of(place.commune, DAY) == 8
    text.refresh_from_db()
    assert text.state == ImportedText.State.REVIEWING
    again = put_into_force(place, text)
    assert again.withdrawn_at is None
    assert length_of(place.commune, DAY) == 14


def test_once_in_force_it_is_ended_not_withdrawn(place: Province, text: ImportedText) -> None:
    put_into_force(place, text, wanted(place.top))
    from force_cast import at

    with pytest.raises(AlreadyInForce):
        withdraw("tinh-mau", "x", user=place.leader, now=at(DAY))
    end_text("tinh-mau", "Hết hạn", on=date(2027, 6, 1), user=place.leader, now=at(DAY))
    assert length_of(place.commune, date(2027, 5, 31)) == 14
    assert length_of(place.commune, date(2027, 6, 1)) == 8
    with pytest.raises(DaysInWrongOrder):
        end_text("tinh-mau", "x", on=DAY, user=place.leader, now=at(DAY))


def test_what_fails_in_the_middle_stores_nothing(
    place: Province, text: ImportedText, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = set_force(text, wanted(place.top, replaces=["do-son"]), seen=1, user=place.officer, now=BEFORE)  # fmt: skip
    submit_text(text, seen=2, user=place.officer, now=BEFORE)

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("khien.adoption.force.services.ledger.record", broken)
    with pytest.raises(OSError, match="disk"):
        approve_text(text, seen=3, user=place.leader, now=BEFORE)
    assert not Publication.objects.exists()
    assert not Binding.objects.filter(document="tinh-mau").exists()
    assert not Binding.objects.exclude(bound_to=None).exists()


def test_a_folder_that_differs_from_the_database_is_written_anew(
    place: Province, text: ImportedText, own_data: Path
) -> None:
    import shutil

    put_into_force(place, text, wanted(place.top))
    assert own_library_in_step() is False
    shutil.rmtree(own_data / "library")
    assert "tinh-mau" not in load_library().documents
    assert own_library_in_step() is True
    assert "tinh-mau" in load_library().documents
    folder = own_folder()
    assert folder is not None
    (folder / "norms/tinh-mau/document.yaml").write_text("id: x\n", encoding="utf-8")
    assert own_library_in_step() is True
    assert own_library_in_step() is False


def test_hostile_words_stay_words(place: Province) -> None:
    source = TEXT.replace(
        "Mật khẩu dài ít nhất 14 ký tự.",
        "=HYPERLINK(1) <script>alert(1)</script> {vi: x} *a &b: 'c'",
    )
    text = import_text(place.top, "la", source)
    decide(text)
    draft = draft_of(text)
    assert draft.document.clauses["D1.k1"].text.vi.startswith("=HYPERLINK(1) <script>")


def test_what_waits_stands_on_the_desk_of_its_unit(place: Province, text: ImportedText) -> None:
    def titles() -> list[str]:
        asked = Asked(None, [place.top], now=BEFORE, today=date(2026, 12, 20))
        return [task.title.vi for task in on_their_way(asked)]

    assert titles() == []
    submit_text(text, seen=1, user=place.officer, now=BEFORE)
    assert titles() == ["Phê duyệt văn bản tinh-mau"]
    return_text(text, "Sửa", seen=2, user=place.leader, now=BEFORE)
    assert titles() == ["Sửa văn bản tinh-mau theo ý kiến trả lại"]
    text.refresh_from_db()
    put_into_force(place, text)
    assert titles() == ["Văn bản tinh-mau bắt đầu áp dụng"]


def test_a_text_issued_on_a_day_to_come_is_not_submitted(place: Province) -> None:
    late = import_text(place.top, "som", TEXT.replace("03 tháng 11", "03 tháng 12"))
    decide(late)
    with pytest.raises(TextHasMistakes, match="chưa tới"):
        submit_text(late, seen=1, user=place.officer, now=BEFORE)


def test_a_text_in_force_with_a_control_of_its_own_can_be_put_together_again(
    place: Province, text: ImportedText
) -> None:
    own = write_own_control(text, OWN_WORDS, act=Act("an", BEFORE))
    decide(text, DECIDED | {"D1.k2": (CHANGE | {"control": own.code, "parameters": {}},)})
    publication = put_into_force(place, text, wanted(place.top))
    assert own.code in load_library().controls
    text.refresh_from_db()
    assert draft_of(text).sha256 == publication.sha256


@pytest.mark.parametrize(
    ("kind", "read", "title"),
    [
        ("quy chế", "Ban hành Quy chế bảo đảm an ninh mạng", "Quy chế bảo đảm an ninh mạng"),
        ("quy chế", "Về việc ban hành quy chế tiếp dân", "Quy chế tiếp dân"),
        ("kế hoạch", "Triển khai công tác năm 2027", "Kế hoạch triển khai công tác năm 2027"),
        ("quyết định", "Ban hành danh mục mật", "Quyết định ban hành danh mục mật"),
    ],
)
def test_a_decision_that_issues_a_regulation_gives_it_its_title(
    kind: str, read: str, title: str
) -> None:
    assert titled(kind, read) == title
