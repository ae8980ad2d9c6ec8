"""Bringing a unit's own text in: what is kept, what is refused, what corrections do, and what stays on record."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from commune_texts import code_of, commune, commune_docx
from django.test import override_settings

from khien.adoption.errors import TextChangedMeanwhile, TextSettled, UnknownText
from khien.adoption.importing import errors
from khien.adoption.importing.correcting import (
    accept_anomaly,
    edit_structure,
    redo_edit,
    undo_edit,
)
from khien.adoption.importing.head import Head, head_problems
from khien.adoption.importing.selectors import head_of, imported_text, problems_of, texts_of
from khien.adoption.importing.services import (
    correct_head,
    drop_text,
    import_pasted,
    import_text,
)
from khien.adoption.models import ClauseReview, ImportedText
from khien.adoption.structure import edited_structure, structure_of
from khien.kernel.errors import KhienError
from khien.ledger.models import LedgerEntry
from khien.norms.library import load_library
from khien.norms.text.edit_errors import NumberTaken
from khien.norms.text.errors import (
    BinaryContent,
    DocumentEmpty,
    DocumentKindUnknown,
    DocumentTooLarge,
    DocxBomb,
    DocxBroken,
    OldWordDocument,
)
from khien.norms.text.parser import reconstruct
from khien.norms.text.workpiece import anchor_of
from khien.org.models import Unit
from khien.registers.errors import AttachmentRefused
from khien.registers.files import content_of
from khien.registers.services import Act

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ACT = Act("an", NOW)
BINH = Act("binh", NOW)


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Any:
    """A data folder of its own for the files that are kept."""
    with override_settings(KHIEN_DATA=tmp_path):
        yield tmp_path


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="xa", name_vi="Xã Bình Mẫu", name_en="Binh Mau", kind="ward")


@pytest.fixture
def text(unit: Unit) -> ImportedText:
    return import_pasted(unit, commune(), act=ACT)


def place(text: ImportedText, path: str) -> str:
    return anchor_of(structure_of(text).by_path[path])


def edit(text: ImportedText, kind: str, path: str, act: Act = ACT, **arguments: Any) -> int:
    fresh = ImportedText.objects.get(pk=text.pk)
    made = edit_structure(
        fresh,
        kind,
        {"node": place(fresh, path), **arguments},
        expected_version=fresh.version,
        act=act,
    )
    return made.number


def fresh(text: ImportedText) -> ImportedText:
    return ImportedText.objects.get(pk=text.pk)


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("index").values_list("kind", flat=True))


# -- bringing in ----------------------------------------------------------------------------------


def test_a_text_is_kept_as_it_came_with_a_code_from_issuer_and_number(text: ImportedText) -> None:
    assert text.code == "xa-binh-mau-17-2026"
    assert text.source == commune()
    assert reconstruct(structure_of(text)) == commune()
    assert content_of(text.file_sha256, text.file_name).decode() == commune()
    assert text.state == ImportedText.State.REVIEWING
    assert kinds() == ["adoption.text_imported"]


def test_a_word_file_gives_the_same_clauses_and_is_kept_whole(
    unit: Unit, text: ImportedText
) -> None:
    content = commune_docx()
    word = import_text(unit, content, "quy-che.docx", act=ACT, again=True)
    assert content_of(word.file_sha256, word.file_name) == content
    assert word.code == "xa-binh-mau-17-2026-2"
    paths = [node.path for node in structure_of(text).nodes]
    assert [node.path for node in structure_of(word).nodes] == paths


def test_the_head_is_found_with_its_bases_and_their_fate(text: ImportedText) -> None:
    head = head_of(text)
    assert (head.number, head.issued_on, head.in_force_from) == (
        "17/2026/QĐ-UBND", date(2026, 9, 14), date(2026, 10, 1),
    )  # fmt: skip
    assert head.replaces == ("11/QĐ-UBND",)
    fates = {c.text: fate for basis in head.recitals for c, fate in basis.cited}
    ended = fates["Luật An toàn thông tin mạng ngày 19 tháng 11 năm 2015"]
    assert ended is not None
    assert ended.successor == "Luật 116/2025/QH15"
    assert fates["Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025"] is None
    codes = [problem.code for problem in problems_of(text, today=TODAY)]
    assert codes == ["replaced-unknown", "recital-ended"]


def test_the_same_words_twice_are_refused_with_where_they_are(
    unit: Unit, text: ImportedText
) -> None:
    with pytest.raises(errors.AlreadyImported) as refused:
        import_pasted(unit, commune(), act=ACT)
    assert refused.value.values["text"] == text.code
    changed = commune().replace("tối thiểu 10 ký tự", "tối thiểu 12 ký tự")
    with pytest.raises(errors.AlreadyImported):
        import_pasted(unit, changed, act=ACT)
    again = import_pasted(unit, changed, act=ACT, again=True)
    assert again.code != text.code


def test_another_unit_may_bring_in_the_same_text(text: ImportedText) -> None:
    other = Unit.objects.create(code="phuong", name_vi="Phường", name_en="Ward", kind="ward")
    theirs = import_pasted(other, commune(), act=ACT)
    assert theirs.code == f"{text.code}-2"


def test_a_dropped_text_may_be_brought_in_again(unit: Unit, text: ImportedText) -> None:
    drop_text(text, act=ACT)
    assert import_pasted(unit, commune(), act=ACT).pk != text.pk
    assert fresh(text).state == ImportedText.State.DROPPED


def test_a_text_the_library_holds_is_refused(unit: Unit) -> None:
    held = load_library().documents["binh-phuoc"]
    words = (
        code_of(10)
        .replace("99/2026/QĐ-UBND", str(held.number))
        .replace("TỈNH MẪU", "TỈNH BÌNH PHƯỚC")
    )
    with pytest.raises(errors.AlreadyInLibrary) as refused:
        import_pasted(unit, words, act=ACT)
    assert refused.value.values["document"] == "binh-phuoc"


@pytest.mark.parametrize("code", ["Xã Mẫu", "a" * 61, "a--b", "-a", "nhap", "../x", "x.y"])
def test_a_code_that_fits_no_address_is_refused(unit: Unit, code: str) -> None:
    with pytest.raises(errors.CodeRefused):
        import_pasted(unit, commune(), act=ACT, code=code)


@pytest.mark.parametrize("code", ["do-son", "binh-dinh"])
def test_a_code_of_the_library_is_taken(unit: Unit, code: str) -> None:
    with pytest.raises(errors.CodeTaken) as refused:
        import_pasted(unit, commune(), act=ACT, code=code)
    assert refused.value.values["free"] == f"{code}-2"


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * 300_000_000)
    return target.getvalue()


HOSTILE = {
    "empty": (b"", DocumentEmpty),
    "blank": ("\n \n\ufeff\n".encode(), DocumentEmpty),
    "letter": ("Kính gửi các bạn, chúc mừng năm mới.\n".encode(), errors.NotARegulation),
    "program": (b"\x7fELF" + b"\0" * 60, DocumentKindUnknown),
    "html": (b"<!DOCTYPE html><html><p>1. a</p></html>", DocumentKindUnknown),
    "old word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), OldWordDocument,
    ),
    "broken word": (b"PK\x03\x04" + b"x" * 50, DocxBroken),
    "bomb": (bomb(), DocxBomb),
    "binary": (b"Dieu 1. \x01\x02\x03", BinaryContent),
    "too large": (b"a" * (20 * 2**20 + 1), DocumentTooLarge),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_of_it_stays(
    unit: Unit, data: Path, name: str
) -> None:
    content, error = HOSTILE[name]
    with pytest.raises(error) as refused:
        import_text(unit, content, f"{name}.docx", act=ACT)
    assert isinstance(refused.value, KhienError)
    assert refused.value.text().vi != refused.value.text().en
    assert not ImportedText.objects.exists()
    assert kinds() == []
    assert not (data / "files").exists()


def test_a_word_file_with_macros_is_refused_before_it_is_kept(unit: Unit, data: Path) -> None:
    target = io.BytesIO(commune_docx())
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(AttachmentRefused):
        import_text(unit, target.getvalue(), "quy-che.docm", act=ACT)
    assert not ImportedText.objects.exists()
    assert not (data / "files").exists()


def test_nothing_pasted_is_told(unit: Unit) -> None:
    with pytest.raises(errors.NothingPasted):
        import_pasted(unit, " \n ", act=ACT)


def test_html_and_formulas_in_clauses_are_words(text: ImportedText) -> None:
    words = structure_of(text).by_path["D11.k4"].text
    assert '=HYPERLINK("http://mau.invalid";"xem")' in words
    assert "<script>alert('x')</script>" in words


def test_a_text_of_ten_thousand_clauses_is_taken_in(unit: Unit) -> None:
    text = import_pasted(unit, code_of(10_000), act=ACT)
    document = structure_of(text)
    assert sum(node.kind == "khoan" for node in document.nodes) == 10_000
    assert not document.anomalies


def test_a_text_beyond_all_measure_is_refused_with_the_limit(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khien.adoption.importing.services.NODES_MAX", 50)
    with pytest.raises(errors.TooManyClauses):
        import_pasted(unit, code_of(100), act=ACT)


def test_letters_no_database_keeps_are_replaced_and_the_rest_stays(unit: Unit) -> None:
    words = commune().replace("Máy trạm hỏng", "Máy\ud800 trạm hỏng")
    content = words.encode("utf-8", "surrogatepass").replace(b"\xed\xa0\x80", b"")
    text = import_text(unit, content, "x.txt", act=ACT)
    assert "\ud800" not in text.source


def test_an_old_encoding_is_read_and_the_file_kept_as_it_was(unit: Unit) -> None:
    content = commune().encode("utf-16")
    text = import_text(unit, content, "quy-che.txt", act=ACT)
    assert text.read_notes[0]["code"] == "decoded-as"
    assert hashlib.sha256(content).hexdigest() == text.file_sha256


def test_a_stranger_finds_no_text(text: ImportedText) -> None:
    other = Unit.objects.create(code="khac", name_vi="Khác", name_en="Other", kind="ward")
    assert list(texts_of([other])) == []
    with pytest.raises(UnknownText):
        imported_text(text.code, [other])
    assert imported_text(text.code, [text.unit]).pk == text.pk


# -- corrections ----------------------------------------------------------------------------------


def test_every_trap_of_the_commune_is_cured_by_hand(text: ImportedText) -> None:
    clause = structure_of(text).by_path["D6.k2"].text
    edit(text, "split", "D6.k2", at=clause.index("3. Mật khẩu"))
    edit(text, "renumber", "D8.k4", number="5")
    edit(text, "renumber", "D8.k3#2", number="4")
    edit(text, "renumber", "D9.k5", number="4")
    edit(text, "renumber", "D9.k6", number="5")
    edit(text, "renumber", "D6.k1.đ", number="d")
    now = fresh(text)
    document = structure_of(now)
    assert document.by_path["D6.k3"].text.startswith("Mật khẩu mặc định")
    left = {one.code for one in document.anomalies}
    assert not left & {"clause-jump", "clause-repeated", "point-out-of-order"}
    assert reconstruct(document) == commune()
    assert now.structure == 6
    assert kinds().count("adoption.structure_corrected") == 6


def test_an_undone_correction_stays_to_be_seen_and_can_be_done_again(text: ImportedText) -> None:
    number = edit(text, "renumber", "D9.k5", number="4")
    now = fresh(text)
    undo_edit(now, number, expected_version=now.version, act=BINH)
    now = fresh(text)
    row = now.edits.get()
    assert (row.undone_by, row.made_by) == ("binh", "an")
    assert "D9.k5" in structure_of(now).by_path
    with pytest.raises(errors.NothingToUndo):
        undo_edit(now, number, expected_version=now.version, act=ACT)
    redo_edit(now, number, expected_version=now.version, act=ACT)
    now = fresh(text)
    assert "D9.k4" in structure_of(now).by_path
    with pytest.raises(errors.NothingToRedo):
        redo_edit(now, number, expected_version=now.version, act=ACT)
    assert kinds()[-2:] == ["adoption.correction_undone", "adoption.correction_redone"]


def test_a_correction_others_build_on_is_not_undone_under_them(text: ImportedText) -> None:
    clause = structure_of(text).by_path["D6.k2"].text
    first = edit(text, "split", "D6.k2", at=clause.index("3. Mật khẩu"))
    edit(text, "renumber", "D6.k3", number="7")
    now = fresh(text)
    with pytest.raises(errors.LaterEditsDepend) as refused:
        undo_edit(now, first, expected_version=now.version, act=ACT)
    assert refused.value.values["later"] == 2
    assert fresh(text).version == now.version


def test_reviews_follow_their_clause_and_a_swap_does_not_mix_them(text: ImportedText) -> None:
    for path in ("D9.k5", "D9.k6", "D9.k3"):
        review(text, path)
    edit(text, "renumber", "D9.k6", number="4")
    edit(text, "renumber", "D9.k5", number="6")
    assert said(text) == {"D9.k3": "D9.k3", "D9.k4": "D9.k6", "D9.k6": "D9.k5"}
    now = fresh(text)
    undo_edit(now, 2, expected_version=now.version, act=ACT)
    now = fresh(text)
    undo_edit(now, 1, expected_version=now.version, act=ACT)
    assert said(text) == {"D9.k3": "D9.k3", "D9.k5": "D9.k5", "D9.k6": "D9.k6"}


def test_the_review_of_a_clause_that_goes_into_another_ends(text: ImportedText) -> None:
    review(text, "D9.k5")
    review(text, "D9.k6")
    edit(text, "join", "D9.k6")
    assert said(text) == {"D9.k5": "D9.k5"}


def review(text: ImportedText, path: str) -> None:
    ClauseReview.objects.create(
        text=text, path=path, outcome="nothing", none=path, words_sha256="0" * 64, how="one",
        decided_at=NOW, decided_by="an",
    )  # fmt: skip


def said(text: ImportedText) -> dict[str, str]:
    return dict(ClauseReview.objects.filter(text=text).values_list("path", "none"))


def test_an_anomaly_is_accepted_once_it_was_seen(text: ImportedText) -> None:
    one = next(a for a in structure_of(text).anomalies if a.code == "clause-jump")
    accept_anomaly(text, one.line, one.code, expected_version=1, act=ACT)
    assert (one.line, one.code) in edited_structure(fresh(text)).accepted
    with pytest.raises(errors.UnknownAnomaly):
        accept_anomaly(fresh(text), 1, one.code, expected_version=2, act=ACT)


def test_what_somebody_changed_meanwhile_is_not_overwritten(text: ImportedText) -> None:
    edit(text, "renumber", "D9.k5", act=BINH, number="4")
    with pytest.raises(TextChangedMeanwhile) as refused:
        edit_structure(text, "join", {"node": place(text, "D9.k6")}, expected_version=1, act=ACT)
    assert refused.value.values["by"] == "binh"
    with pytest.raises(TextChangedMeanwhile):
        correct_head(text, {"title": "Khác"}, expected_version=1, act=ACT)


def test_a_refused_correction_leaves_everything_as_it_was(text: ImportedText) -> None:
    with pytest.raises(NumberTaken):
        edit(text, "renumber", "D9.k5", number="3")
    now = fresh(text)
    assert (now.version, now.structure, now.edits.count()) == (1, 0, 0)
    assert kinds() == ["adoption.text_imported"]


@pytest.mark.parametrize("state", ["submitted", "approved", "withdrawn", "dropped"])
def test_a_settled_text_is_not_changed(text: ImportedText, state: str) -> None:
    ImportedText.objects.filter(pk=text.pk).update(state=state)
    with pytest.raises(TextSettled):
        edit(text, "join", "D9.k6")
    with pytest.raises(TextSettled):
        correct_head(text, {"title": "Khác"}, expected_version=1, act=ACT)
    with pytest.raises(TextSettled):
        drop_text(text, act=ACT)


# -- the head -------------------------------------------------------------------------------------


def test_a_corrected_field_stands_over_the_text_and_goes_when_it_says_the_same(
    text: ImportedText,
) -> None:
    correct_head(
        text,
        {
            "issued_on": "15/09/2026",
            "replaces": "11/QĐ-UBND; 12/QĐ-UBND",
            "title": "  Quy chế  mới ",
        },
        expected_version=1,
        act=ACT,
    )
    head = head_of(fresh(text))
    assert head.issued_on == date(2026, 9, 15)
    assert head.replaces == ("11/QĐ-UBND", "12/QĐ-UBND")
    assert head.title == "Quy chế mới"
    assert head.corrected == {"issued_on", "replaces", "title"}
    correct_head(text, {"issued_on": "14/09/2026"}, expected_version=2, act=ACT)
    assert "issued_on" not in fresh(text).head
    assert kinds()[-1] == "adoption.head_corrected"


def test_a_field_that_stays_as_it_is_makes_no_record(text: ImportedText) -> None:
    correct_head(text, {"issued_on": "14/09/2026"}, expected_version=1, act=ACT)
    assert fresh(text).version == 1
    assert kinds() == ["adoption.text_imported"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issued_on", "31/02/2026"), ("issued_on", "hôm qua"), ("in_force_from", "01/01/1826"),
        ("title", "x" * 501), ("replaces", ";".join(f"{n}/QĐ" for n in range(60))),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_meant_is_refused(
    text: ImportedText, field: str, value: str
) -> None:
    with pytest.raises(errors.HeadRefused):
        correct_head(text, {field: value}, expected_version=1, act=ACT)


def test_a_day_counted_from_the_signature_follows_a_corrected_day_of_issue(unit: Unit) -> None:
    words = (
        commune()
        .replace("kể từ ngày 01 tháng 10 năm 2026", "sau 10 ngày kể từ ngày ký")
        .replace("ngày 14 tháng 9 năm 2026\n", "ngày    tháng    năm 2026\n", 1)
    )
    text = import_pasted(unit, words, act=ACT)
    assert head_of(text).in_force_from is None
    correct_head(text, {"issued_on": "01/10/2026"}, expected_version=1, act=ACT)
    assert head_of(fresh(text)).in_force_from == date(2026, 10, 11)


def head(**changed: Any) -> Head:
    values: dict[str, Any] = {
        "number": "1/QĐ-UBND", "symbol": "QĐ-UBND", "kind": "quy chế", "issuer": "UBND XÃ", "place": "Mẫu",
        "title": "Quy chế", "signer": "", "position": "", "issued_on": date(2026, 9, 1),
        "in_force_from": date(2026, 10, 1), "replaces": (),
    }  # fmt: skip
    return Head(**(values | changed))


@pytest.mark.parametrize(
    ("changed", "code", "stops"),
    [
        ({"in_force_from": date(2026, 8, 1)}, "in-force-before-issued", True),
        ({"issued_on": date(2027, 1, 1), "in_force_from": date(2027, 2, 1)}, "issued-in-the-future", True),
        ({"replaces": ("1/QĐ-UBND",)}, "replaces-itself", True),
        ({"replaces": ("own-code",)}, "replaces-itself", True),
        ({"replaces": ("9/QĐ-UBND",)}, "replaced-unknown", False),
        ({"in_force_from": None}, "missing-in-force-from", True),
        ({"number": ""}, "missing-number", False),
        ({"issued_on": date(1926, 9, 1)}, "day-too-old", True),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_head_is_told(changed: dict[str, Any], code: str, stops: bool) -> None:
    found = head_problems(head(**changed), today=TODAY, code="own-code")
    assert [(one.code, one.stops) for one in found] == [(code, stops)]
    assert found[0].sentence.vi != found[0].sentence.en


def test_a_replaced_text_that_is_held_here_is_no_problem() -> None:
    replacing = head(replaces=("29/2020/QĐ-UBND",))
    assert head_problems(replacing, today=TODAY, known_numbers={"29/2020/QĐ-UBND"}) == []
