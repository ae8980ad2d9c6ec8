"""A paper is evidence once its file is there: a pass that needs a paper without a file is not proven."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from khien.checks.models import Finding
from khien.checks.sentences import sentence_of
from khien.checks.services import assess
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Attachment, Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)


@pytest.fixture
def unit() -> Unit:
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=NOW)
    return unit


def paper(unit: Unit, kind: str, *, title: str = "Quy trình", **more: str) -> Row:
    raw = {
        "kind": kind,
        "title": title,
        "issued_on": "10/01/2026",
        "is_approved": "có",
        "signer": "Nguyễn Văn A",
        **more,
    }
    references = VisibleReferences([unit], home=unit, hosts=())
    row = read_row(register_by_code("document"), raw, references)
    return add_row(row, unit=unit, act=Act("an", NOW))


def attach(row: Row, *, is_retired: bool = False) -> None:
    Attachment.objects.create(
        row=row,
        sha256="a" * 64,
        size_bytes=1,
        media_type="application/pdf",
        name="a.pdf",
        added_at=NOW,
        added_by="an",
        ledger_index=0,
        is_retired=is_retired,
    )


def backup_procedure(unit: Unit) -> tuple[str, str]:
    assess([unit], library=load_library(), now=NOW)
    finding = Finding.objects.get(unit=unit, control="BAK-01", to_at=None)
    return finding.verdict, finding.reason


def test_a_paper_without_its_file_is_entered_but_no_evidence(unit: Unit) -> None:
    paper(unit, "backup_procedure")
    assert backup_procedure(unit) == ("unknown", "file_missing")


def test_a_paper_with_its_file_is_evidence(unit: Unit) -> None:
    attach(paper(unit, "backup_procedure"))
    assert backup_procedure(unit) == ("pass", "in_force")


def test_a_file_taken_away_is_no_longer_evidence(unit: Unit) -> None:
    attach(paper(unit, "backup_procedure"), is_retired=True)
    assert backup_procedure(unit) == ("unknown", "file_missing")


def test_another_paper_without_a_file_harms_nobody(unit: Unit) -> None:
    attach(paper(unit, "backup_procedure"))
    paper(unit, "disposal_procedure")
    assert backup_procedure(unit) == ("pass", "in_force")


def test_a_missing_paper_is_not_told_as_a_missing_file(unit: Unit) -> None:
    paper(unit, "disposal_procedure")
    assert backup_procedure(unit) == ("unknown", "not_recorded")


def said(unit: Unit) -> tuple[list[int], str]:
    """The papers that the finding about the backup procedure names, and its sentence."""
    backup_procedure(unit)
    finding = Finding.objects.get(unit=unit, control="BAK-01", to_at=None)
    library = load_library()
    control = library.controls["BAK-01"]
    text = sentence_of(control, finding.reason, finding.detail, rule=None, library=library)
    assert str(finding.detail["paper_rows"][0]) in text.en
    return finding.detail["paper_rows"], text.vi


def test_the_paper_that_lacks_its_file_is_named_among_others(unit: Unit) -> None:
    paper(unit, "disposal_procedure", title="Quy trình hủy")
    row = paper(unit, "backup_procedure", title="Quy trình sao lưu")
    paper(unit, "yearly_plan", title="Kế hoạch năm")
    rows, sentence = said(unit)
    assert rows == [row.number]
    assert "«Quy trình sao lưu»" in sentence
    assert "Quy trình hủy" not in sentence


def test_of_two_papers_each_of_which_would_do_both_are_named(unit: Unit) -> None:
    two = [paper(unit, "backup_procedure", title=f"Bản {n}", number=f"{n}/QT") for n in (1, 2)]
    rows, sentence = said(unit)
    assert rows == [row.number for row in two]
    assert all(f"«Bản {n}»" in sentence for n in (1, 2))


def test_a_paper_without_a_file_hides_no_failure(unit: Unit) -> None:
    paper(unit, "backup_procedure", valid_until="01/11/2026")
    assert backup_procedure(unit) == ("fail", "expired")


def test_a_filed_failure_beside_a_paper_without_a_file_is_told(unit: Unit) -> None:
    attach(paper(unit, "backup_procedure", valid_until="01/11/2026"))
    paper(unit, "disposal_procedure")
    assert backup_procedure(unit) == ("fail", "expired")
