"""The service: what a report rests on, what it puts on record, and when it refuses."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from report_cases import docx_text, pdf_pages
from report_world import MONDAY, TUESDAY, WEDNESDAY, add_findings, read_and_assess

from khien.checks.models import Assessment
from khien.kernel.canonical import sha256_hex
from khien.ledger import selectors as ledger
from khien.ledger.models import LedgerEntry
from khien.ledger.services import publish
from khien.norms.errors import NotBound
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.reports.errors import DayNotReached, NotAssessed, UnknownFormat
from khien.reports.models import ReportRecord
from khien.reports.services import ProducedReport, compliance_report

pytestmark = pytest.mark.django_db


def report(
    unit: Unit, *, file_format: str = "docx", now=TUESDAY, on: date | None = None
) -> ProducedReport:
    return compliance_report(
        unit, library=load_library(), now=now, actor="an", file_format=file_format, on=on
    )


def test_a_report_names_the_failing_machine_the_clause_and_the_fix(unit: Unit) -> None:
    text = docx_text(report(unit).content)
    control = load_library().controls["PWD-01"]
    assert f"{control.title.vi} (PWD-01;" in text
    assert "(Đồ Sơn)" in text
    assert control.fix.vi in text
    assert "(đo được, từ 08:00 ngày 16/11/2026)" in text


@pytest.mark.parametrize("file_format", ["docx", "pdf"])
def test_a_report_is_put_on_record_with_the_digests_of_file_and_snapshot(
    unit: Unit, file_format: str
) -> None:
    made = report(unit, file_format=file_format)
    body = LedgerEntry.objects.get(pk=made.ledger_index).body
    kept = ReportRecord.objects.get()
    assert body["file_sha256"] == sha256_hex(made.content) == kept.file_sha256
    assert body["snapshot_sha256"] == sha256_hex(kept.snapshot.encode()) == kept.snapshot_sha256
    assert made.file_name == f"bao-cao-tuan-thu-tram-mau-2026-11-17.{file_format}"
    publish(TUESDAY)
    assert "lập báo cáo" in ledger.proven_entry(made.ledger_index).sentence.vi.lower()


def test_the_checkpoint_shown_covers_the_assessment(unit: Unit) -> None:
    report(unit)
    snapshot = json.loads(ReportRecord.objects.get().snapshot)
    assert snapshot["checkpoint"]["size"] > snapshot["assessment"]["ledger_index"]
    assert snapshot["checkpoint"]["key"] == ledger.verifier_key_text()
    standing = ledger.checkpoint()
    assert standing is not None
    assert snapshot["checkpoint"]["signatures"][0] in standing.note


def test_the_evidence_names_the_bundle_by_its_digest_and_ledger_entry(unit: Unit) -> None:
    report(unit)
    snapshot = json.loads(ReportRecord.objects.get().snapshot)
    [intake] = snapshot["intakes"]
    assert LedgerEntry.objects.get(pk=intake["ledger_index"]).body["sha256"] == intake["sha256"]
    assert {table["machines_read"] for table in snapshot["read_tables"]} <= {0, 1}


def test_the_same_moment_gives_the_same_file(unit: Unit) -> None:
    assert report(unit, file_format="pdf").content == report(unit, file_format="pdf").content


def test_a_past_day_is_reported_as_it_stood(unit: Unit) -> None:
    read_and_assess(unit, TUESDAY, minimum=12)
    before = docx_text(report(unit, now=WEDNESDAY, on=date(2026, 11, 16)).content)
    after = docx_text(report(unit, now=WEDNESDAY).content)
    assert "(PWD-01; mức độ" in before
    assert "(PWD-01; mức độ" not in after
    assert "Báo cáo phản ánh tình trạng đến hết ngày 16 tháng 11 năm 2026" in before


def test_totals_of_articles_and_of_verdicts_agree(unit: Unit) -> None:
    report(unit)
    snapshot = json.loads(ReportRecord.objects.get().snapshot)
    duties = sum(line["duties"] for line in snapshot["overall"])
    assert duties == sum(sum(result["counts"].values()) for result in snapshot["results"])
    articles = [line["counts"] for line in snapshot["results"][0]["lines"] if line["counts"]]
    assert duties == sum(sum(counts.values()) for counts in articles)
    unknown = next(line for line in snapshot["overall"] if line["verdict"] == "unknown")
    assert unknown["controls"] == len(snapshot["unknown"])


def test_five_thousand_hostile_machines_are_summed_up(unit: Unit) -> None:
    assessment = read_and_assess(unit, TUESDAY, minimum=6)
    add_findings(unit, assessment, 5000)
    text = docx_text(report(unit).content)
    assert re.search(r'#panic\("0"\) may\{U\+000[01]\}-0', text)
    assert "kết quả khác, xem trên Khiên" in text
    pages = pdf_pages(report(unit, file_format="pdf").content)
    assert len(pages) < 60


def test_reports_are_refused_in_the_right_words(unit: Unit) -> None:
    stranger = register_unit(
        "moi", name_vi="Mới", name_en="New", kind="ward", place="X", now=MONDAY
    )
    with pytest.raises(NotAssessed, match="moi"):
        report(stranger)
    with pytest.raises(DayNotReached, match="18/11/2026"):
        report(unit, on=date(2026, 11, 18))
    with pytest.raises(NotAssessed, match="15/11/2026"):
        report(unit, on=date(2026, 11, 15))
    with pytest.raises(UnknownFormat, match="odt"):
        report(unit, file_format="odt")
    assert not ReportRecord.objects.exists()


def test_a_unit_whose_bindings_ended_is_told_so(unit: Unit) -> None:
    unit.bindings.update(bound_to=MONDAY.date())
    with pytest.raises(NotBound):
        report(unit, now=TUESDAY + timedelta(hours=1))


def test_a_report_on_an_older_library_says_so(unit: Unit) -> None:
    assert "đã thay đổi sau lần đánh giá" not in docx_text(report(unit).content)
    Assessment.objects.update(library_sha256="0" * 64)
    assert "đã thay đổi sau lần đánh giá" in docx_text(report(unit).content)
