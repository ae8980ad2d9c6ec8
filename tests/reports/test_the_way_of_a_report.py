"""The way of a report: written by two, reviewed, signed, sent, received, returned; who may do what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from written_world import PDF, TEXTS, World

from khien.ledger.events import say
from khien.ledger.models import LedgerEntry
from khien.registers.errors import AttachmentRefused
from khien.registers.models import Attachment, Row
from khien.reports.comparing import changed_rows, difference
from khien.reports.definition_reading import definition_by_code, load_definitions
from khien.reports.errors import (
    ReportLacks,
    ReportNotThere,
    ReportNotYours,
    ReportRefused,
    ReportWrittenMeanwhile,
    UnknownReport,
)
from khien.reports.models import Report, ReportStep, ReportVersion
from khien.reports.rendering import document_of
from khien.reports.step_services import return_report, review_report
from khien.reports.written_selectors import steps_of, version_at
from khien.reports.written_services import cancel_report, refresh_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(world: World) -> World:
    world.authority()
    return world


def state(report: Report) -> str:
    return Report.objects.get(pk=report.pk).state


def written(world: World) -> Report:
    report = world.draft()
    world.write(report, **TEXTS)
    return report


def test_two_people_who_write_in_different_places_lose_nothing(world: World) -> None:
    report = world.draft()
    world.write(report, "officer", seen=1, results="Của An.")
    version = world.write(report, "second", seen=1, proposals="Của Bình.")
    assert version.texts == {"results": "Của An.", "proposals": "Của Bình."}


def test_the_second_of_two_who_write_in_one_place_sees_the_difference(world: World) -> None:
    report = world.draft()
    world.write(report, "officer", seen=1, results="Của An.", proposals="Có.")
    with pytest.raises(ReportWrittenMeanwhile) as refused:
        world.write(report, "second", seen=1, results="Của Bình.")
    conflict = refused.value.conflicts[0]
    assert (conflict.base, conflict.theirs, conflict.mine) == ("", "Của An.", "Của Bình.")
    assert version_at(report).texts["results"] == "Của An."


def test_writing_the_same_again_makes_no_version(world: World) -> None:
    report = world.draft()
    world.write(report, **TEXTS)
    assert world.write(report, **TEXTS).number == 2
    assert ReportVersion.objects.filter(report=report).count() == 2


def test_the_difference_of_two_versions_can_be_read(world: World) -> None:
    report = world.draft()
    first = world.write(report, results="Đã tập huấn 10 người.")
    second = world.write(report, results="Đã tập huấn 12 người.")
    found = difference(first, second)
    assert found.texts[0].pieces == (
        ("same", "Đã tập huấn "), ("gone", "10"), ("new", "12"), ("same", " người."))  # fmt: skip
    assert not difference(first, first)


@pytest.mark.parametrize("given", [{"unknown": "x"}, {"results": "x" * 20_001}])
def test_a_text_that_cannot_stand_is_refused(world: World, given: dict[str, str]) -> None:
    report = world.draft()
    with pytest.raises(ReportRefused):
        world.write(report, **given)
    assert version_at(report).number == 1


def test_a_text_is_kept_in_one_form_without_unseen_characters(world: World) -> None:
    version = world.write(world.draft(), results="Ba\u0300i\u200b tập\r\n\r\n\r\n\r\nxong\u202e ")
    assert version.texts["results"] == "Bài tập\n\nxong"


def test_staff_neither_draft_nor_write(world: World) -> None:
    with pytest.raises(ReportNotYours):
        world.draft(by="staff")
    report = world.draft()
    for name in ("staff", "leader", "overseer"):
        with pytest.raises(ReportNotYours):
            world.write(report, name, **TEXTS)


def test_a_report_without_its_texts_is_not_reviewed(world: World) -> None:
    report = world.draft()
    with pytest.raises(ReportLacks) as refused:
        world.review(report)
    assert len(refused.value.problems) == 2
    assert state(report) == "draft"


def test_who_wrote_a_version_does_not_review_it(world: World) -> None:
    report = written(world)
    with pytest.raises(ReportNotYours):
        world.review(report, "officer")
    assert world.review(report, "second").what == "reviewed"


def test_two_who_review_at_once_the_second_is_told(world: World) -> None:
    report = written(world)
    world.review(report, "leader")
    with pytest.raises(ReportNotThere):
        world.review(report, "second")
    world.write(report, results="Sửa.")
    with pytest.raises(ReportWrittenMeanwhile):
        review_report(report, seen=2, doer=world.doer("leader"))


def test_writing_after_the_review_asks_for_a_new_one(world: World) -> None:
    report = written(world)
    world.review(report)
    world.write(report, results="Sửa lại.")
    assert state(report) == "draft"


def test_a_return_says_why(world: World) -> None:
    report = written(world)
    with pytest.raises(ReportRefused):
        return_report(report, "  ", seen=2, doer=world.doer("leader"))
    step = return_report(report, "Thiếu số liệu tập huấn.", seen=2, doer=world.doer("leader"))
    assert (state(report), step.note) == ("returned", "Thiếu số liệu tập huấn.")
    world.write(report, results="Đã bổ sung.")
    assert state(report) == "draft"


def test_nothing_is_signed_without_a_leaders_yes(world: World) -> None:
    report = written(world)
    world.review(report, "second")
    with pytest.raises(ReportRefused) as refused:
        world.sign(report)
    assert "Lãnh đạo chưa duyệt" in refused.value.in_language("vi")
    world.sign(report, "leader")
    assert state(report) == "signed"


@pytest.mark.parametrize(
    "wrong",
    [{"number": " "}, {"signer": ""}, {"file": b""}, {"signed_on": date(2026, 12, 11)}],
)
def test_a_signing_that_cannot_stand_is_refused(world: World, wrong: dict[str, Any]) -> None:
    report = written(world)
    world.review(report)
    with pytest.raises(ReportRefused):
        world.sign(report, **wrong)
    assert (state(report), Row.objects.filter(register="document").count()) == ("reviewed", 0)


def test_signing_files_the_paper_with_number_signer_and_file(world: World) -> None:
    report = written(world)
    world.review(report)
    step = world.sign(report, number="12/BC-BV", signer="Trần Lan", capacity="head")
    row = Row.objects.get(register="document")
    said = {
        c: row.values[c]
        for c in ("kind", "number", "issued_on", "signer", "signed_capacity", "issuer")
    }
    assert said == {"kind": "quarterly_report", "number": "12/BC-BV", "issued_on": "2026-12-10", "signer": "Trần Lan",
                    "signed_capacity": "head", "issuer": "Bệnh viện Mẫu"}  # fmt: skip
    assert "is_digitally_signed" not in row.values
    assert Attachment.objects.get(row=row).sha256 == step.given["file_sha256"]
    document = document_of(version_at(report))
    assert (document.number, document.signer_name) == ("Số: 12/BC-BV", "Trần Lan")


def test_what_was_read_of_the_signatures_is_kept_as_it_was_read(world: World) -> None:
    report = written(world)
    world.review(report)
    reading = {
        "problem": "",
        "is_lenient": False,
        "signatures": [{"signer": "Trần Lan", "integrity": "intact"}],
    }
    step = world.sign(report, reading=reading, is_intact=True)
    assert step.given["reading"] == reading
    assert Row.objects.get(register="document").values["is_digitally_signed"] is True


def test_nothing_is_written_after_the_signature(world: World) -> None:
    report = written(world)
    world.review(report)
    world.sign(report)
    with pytest.raises(ReportNotThere):
        world.write(report, results="Muộn.")
    with pytest.raises(ReportNotThere):
        refresh_figures(report, seen=2, doer=world.doer())
    with pytest.raises(ReportNotThere):
        cancel_report(report, "Nhầm.", seen=2, doer=world.doer())


def test_a_row_that_changes_after_the_signature_is_shown_and_alters_nothing(world: World) -> None:
    row = world.incident()
    report = written(world)
    world.review(report)
    world.sign(report)
    before = version_at(report).sha256
    world.change(row, severity="low")
    assert [changed.row.pk for changed in changed_rows(version_at(report))] == [row.pk]
    assert version_at(report).sha256 == before


def test_sending_writes_the_dispatch_register(world: World) -> None:
    report = world.sent()
    sent = Row.objects.get(register="dispatch")
    assert sent.values == {"document": report.document_id, "authority": Row.objects.get(register="authority").pk,
                           "sent_on": "2026-12-10", "channel": "doc_system"}  # fmt: skip
    assert (report.sent_to, report.sent_on) == (world.department, date(2026, 12, 10))


def test_a_report_is_not_sent_before_it_was_signed(world: World) -> None:
    report = written(world)
    world.review(report)
    world.sign(report)
    with pytest.raises(ReportRefused):
        world.send(report, sent_on=date(2026, 12, 9))


def test_the_unit_above_accepts_and_the_dispatch_says_so(world: World) -> None:
    report = world.sent()
    world.receive(report)
    assert Row.objects.get(register="dispatch").values["received_on"] == "2026-12-10"
    assert state(report) == "received"


@pytest.mark.parametrize("name", ["officer", "leader", "own", "other", "staff"])
def test_nobody_but_who_watches_over_the_units_below_accepts(world: World, name: str) -> None:
    report = world.sent()
    with pytest.raises(ReportNotYours):
        world.receive(report, name)
    assert state(report) == "sent"


def test_a_report_returned_from_above_is_written_signed_and_sent_again(world: World) -> None:
    report = world.sent()
    return_report(report, "Nêu rõ nguyên nhân.", seen=2, doer=world.doer("overseer"))
    world.write(report, results="Nguyên nhân: mật khẩu yếu.")
    world.review(report)
    again = world.later(days=1)
    again.sign(report, number="13/BC-BV")
    again.send(report)
    again.receive(report)
    whats = [step.what for step in steps_of(report)]
    assert whats == [
        "reviewed",
        "signed",
        "sent",
        "returned",
        "reviewed",
        "signed",
        "sent",
        "received",
    ]
    assert Row.objects.filter(register="dispatch").count() == 2


def test_a_report_about_an_incident_sets_what_its_row_asks(world: World) -> None:
    row = world.incident()
    world.authority(body_name="Công an tỉnh Mẫu", stands_for=["cong_an_tinh"])
    report = world.draft("notice", subject=row)
    world.review(report)
    world.sign(report)
    world.send(report)
    row.refresh_from_db()
    assert row.values["minutes"] == Report.objects.get(pk=report.pk).document_id
    assert row.values["reported_at"] == "2026-12-10T02:00:00Z"


def test_minutes_need_no_number_and_stand_in_the_register_of_minutes(world: World) -> None:
    report = world.draft("closing", subject=world.incident())
    world.write(report, result="Đã khôi phục.", left_name="Nguyễn An", right_name="Trần Lan")
    document = document_of(version_at(report))
    assert document.parties == (("THƯ KÝ", "Nguyễn An"), ("CHỦ TỌA", "Trần Lan"))
    with pytest.raises(ReportRefused) as refused:
        world.sign(report, number="")
    assert [p.field for p in refused.value.problems] == ["began_at"]
    world.sign(report, number="", began_at=world.now)
    assert (
        Row.objects.get(register="minutes").values["document"]
        == Row.objects.get(register="document").pk
    )


def test_a_cancelled_report_keeps_its_number_and_another_may_be_begun(world: World) -> None:
    report = written(world)
    cancel_report(report, "Lập nhầm.", seen=2, doer=world.doer())
    assert world.draft().number == report.number + 1


def test_every_step_stands_in_the_ledger_in_both_languages(world: World) -> None:
    report = world.sent()
    world.receive(report)
    entries = LedgerEntry.objects.filter(kind__startswith="reports.").order_by("index")
    kinds = [entry.kind.partition(".")[2] for entry in entries]
    assert kinds == ["drafted", "written", "reviewed", "signed", "sent", "received"]
    for entry in entries:
        sentence = say(entry.kind, entry.subject, entry.body)
        assert report.title not in (sentence.vi, sentence.en)
        assert "Báo cáo quý" in sentence.vi
        assert "Quarterly report" in sentence.en


def test_the_remarks_are_not_told_to_who_reads_the_ledger_alone(world: World) -> None:
    report = written(world)
    return_report(report, "Bí mật nội bộ.", seen=2, doer=world.doer("leader"))
    lines = b"".join(bytes(entry.line) for entry in LedgerEntry.objects.all())
    assert "Bí mật nội bộ".encode() not in lines
    assert ReportStep.objects.get().note == "Bí mật nội bộ."


def test_a_file_that_is_no_paper_is_refused_and_nothing_is_signed(world: World) -> None:
    report = written(world)
    world.review(report)
    with pytest.raises(AttachmentRefused) as refused:
        world.sign(report, file=b"MZ\x90\x00" + PDF)
    assert "bao-cao.pdf" in str(refused.value)
    assert state(report) == "reviewed"
    assert not Row.objects.filter(register="document").exists()


def test_a_report_goes_its_way_though_the_library_no_longer_defines_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = written(world)
    world.review(report)
    monkeypatch.delitem(load_definitions(), "quarter")
    world.sign(report)
    world.send(report)
    world.receive(report)
    assert state(report) == "received"
    with pytest.raises(UnknownReport):
        definition_by_code("quarter")
