"""Drafting a report: what is counted, what is not known, to whom it goes, and what stays frozen."""

from __future__ import annotations

import json
from datetime import date

import pytest
from written_world import TEXTS, World

from khien.kernel.canonical import canonical_bytes, sha256_hex
from khien.ledger.selectors import entry_at
from khien.org.decisions import Decision
from khien.org.services import register_unit
from khien.org.structure import merge_units, rename_unit
from khien.registers.services import Act, retire_row
from khien.reports import definition_reading
from khien.reports.comparing import changed_rows, figures_now
from khien.reports.errors import (
    ReportIsThere,
    ReportNeedsRow,
    ReportNotForUnit,
    ReportNotYours,
    UnknownPeriod,
)
from khien.reports.gaps import gaps_of
from khien.reports.models import Report, ReportVersion
from khien.reports.rendering import document_of, report_file
from khien.reports.written_selectors import content_of, figure_rows, version_at
from khien.reports.written_services import refresh_figures

pytestmark = pytest.mark.django_db


def frozen(report: Report) -> dict:
    return content_of(version_at(report))


def figure(report: Report, code: str) -> dict:
    return frozen(report)["figures"][code]


def test_a_figure_counts_what_happened_in_the_period_and_names_each_row(world: World) -> None:
    inside = world.incident()
    world.incident(title="Cũ", detected_at="2026-09-30T16:59:00Z")
    last = world.incident(title="Đêm cuối", detected_at="2026-09-30T17:00:00Z", severity="low")
    report = world.draft()
    assert figure(report, "incidents")["value"] == 2
    assert figure(report, "serious")["rows"] == [[inside.pk, 1]]
    counted = figure_rows(version_at(report), "incidents")
    assert counted is not None
    assert [(c.row.pk, c.is_unsure) for c in counted.rows] == [(inside.pk, False), (last.pk, False)]


def test_silence_is_not_zero(world: World) -> None:
    assert figure(world.draft(), "incidents")["value"] is None


def test_a_register_confirmed_as_complete_makes_zero_a_figure(world: World) -> None:
    world.confirm("incident")
    report = world.draft()
    assert figure(report, "incidents")["value"] == 0
    assert figure(report, "incidents")["said"] == "0 sự cố"


def test_a_statement_of_an_earlier_period_does_not_make_zero(world: World) -> None:
    world.later(days=-100).confirm("incident")
    assert figure(world.draft(), "incidents")["value"] is None


def test_a_row_that_lacks_what_decides_is_neither_counted_nor_left_out(world: World) -> None:
    world.incident()
    unsure = world.incident(title="Chưa rõ", severity=None)
    report = world.draft()
    serious = figure(report, "serious")
    assert (serious["value"], serious["unsure"]) == (1, [[unsure.pk, 1]])
    assert serious["said"] == "01 sự cố (01 đang xác minh)"


def test_a_missing_field_of_a_row_says_so_in_the_table(world: World) -> None:
    world.incident()
    parts = [p for s in frozen(world.draft())["sections"] for p in s["parts"]]
    table = next(p for p in parts if p.get("register") == "incident")
    assert table["rows"] == [
        ["1", "Máy nhiễm mã độc", "09:00 20/11/2026", "cao", "đang xác minh", ""]
    ]


def test_recipients_are_those_of_the_day(world: World) -> None:
    world.authority(body_name="Sở Y tế cũ", ended_on="2026-12-10")
    world.authority(body_name="Sở Y tế mới", used_from="2026-12-10")
    assert [to["name"] for to in frozen(world.draft())["to"]] == ["Sở Y tế mới (qua Văn phòng Sở)"]


def test_a_body_that_nobody_recorded_is_a_gap_with_its_register(world: World) -> None:
    report = world.draft()
    assert frozen(report)["to"][0]["name"] == ""
    gaps = {gap.kind: gap for gap in gaps_of(version_at(report))}
    assert gaps["recipient"].register == "authority"
    assert gaps["recipient"].is_blocking
    assert "Sở Y tế" in gaps["recipient"].sentence.vi


def test_the_register_of_the_unit_above_also_names_bodies(world: World) -> None:
    world.authority(world.department)
    assert frozen(world.draft())["to"][0]["unit"] == "so-mau"


def test_only_clauses_that_bind_the_unit_are_cited(world: World) -> None:
    assert [b["clauses"] for b in frozen(world.draft())["basis"]] == [["bac-ninh/III.3.p4"]]


def test_a_unit_that_no_text_asks_makes_no_report(world: World) -> None:
    free = register_unit(
        "tu-do", name_vi="Trạm tự do", name_en="Free", kind="hospital", place="Mẫu", now=world.now
    )
    doer = world.doer("officer", free)
    with pytest.raises((ReportNotForUnit, ReportNotYours)):
        world.draft(unit=free)
    assert not Report.objects.filter(unit=free).exists()
    assert doer.may == frozenset()


def test_the_summary_is_made_by_the_department_only(world: World) -> None:
    with pytest.raises(ReportNotForUnit):
        world.draft("summary", by="own")
    with pytest.raises(ReportNotYours):
        world.draft("summary", world.department, by="chief")
    assert world.draft("summary", world.department, by="desk").number == 1


def test_the_same_report_is_not_begun_twice(world: World) -> None:
    report = world.draft()
    with pytest.raises(ReportIsThere) as refused:
        world.draft()
    assert f"số {report.number}" in str(refused.value)


def test_a_wrong_period_is_refused_with_an_example(world: World) -> None:
    with pytest.raises(UnknownPeriod) as refused:
        world.draft(period="2026-Q5")
    assert "2026-Q4" in refused.value.in_language("vi")


def test_a_report_about_a_row_needs_one_that_fits(world: World) -> None:
    closed = world.incident(closed_at="2026-11-21T02:00:00Z")
    for subject in (None, closed, world.incident(world.clinic), world.authority()):
        with pytest.raises(ReportNeedsRow):
            world.draft("notice", subject=subject)
    report = world.draft("notice", subject=world.incident())
    assert frozen(report)["sections"][0]["parts"][1]["words"].endswith("mức độ cao.")


def test_what_is_not_known_in_a_sentence_is_said(world: World) -> None:
    report = world.draft("notice", subject=world.incident(severity=None))
    lines = frozen(report)["sections"][0]["parts"][0]["lines"]
    assert ["Mức độ", "đang xác minh"] in lines
    assert ["Nguyên nhân ban đầu", "đang xác minh"] in lines


def test_the_record_holds_the_digests_of_what_was_frozen(world: World) -> None:
    version = version_at(world.draft())
    entry = entry_at(version.ledger_index)
    assert entry is not None
    content = json.loads(version.snapshot.content)
    assert entry.body["snapshot_sha256"] == sha256_hex(canonical_bytes(content))
    assert entry.body["sha256"] == version.sha256


def test_a_version_gives_the_same_bytes_when_everything_else_has_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.authority()
    row = world.incident()
    report = world.draft()
    world.write(report, **TEXTS)
    first = {f: report_file(version_at(report), f)[2] for f in ("docx", "pdf")}
    text = str(document_of(version_at(report)))
    world.change(row, title="Tên khác", severity="low")
    retire_row(world.incident(title="Thêm"), act=Act("test", world.now))
    rename_unit(report.unit, name_vi="Bệnh viện Tên mới", name_en="New", on=date(2026, 12, 10),
                decision=Decision(), by="test", now=world.now)  # fmt: skip

    def gone(*_: object) -> None:
        raise AssertionError("rendering asked the library")

    for name in ("load_definitions", "definition_by_code", "load_library"):
        monkeypatch.setattr(definition_reading, name, gone)
    again = Report.objects.get(pk=report.pk)
    assert {f: report_file(version_at(again), f)[2] for f in ("docx", "pdf")} == first
    assert str(document_of(version_at(again))) == text
    assert "Bệnh viện Mẫu" in text


def test_what_changed_since_is_shown_and_the_report_is_not_altered(world: World) -> None:
    row = world.incident()
    report = world.draft()
    world.change(row, severity="low")
    world.incident(title="Mới")
    version = version_at(report)
    changed = changed_rows(version)
    assert [(c.row.pk, c.counted_version, [f.field for f in c.fields]) for c in changed] == [
        (row.pk, 1, ["severity"])
    ]
    now = {c.code: (c.before, c.after) for c in figures_now(version, world.now)}
    assert now["incidents"] == ("01 sự cố", "02 sự cố")
    assert figure(report, "incidents")["value"] == 1


def test_fresh_figures_are_a_new_version_and_the_texts_stay(world: World) -> None:
    report = world.draft()
    world.write(report, **TEXTS)
    world.incident()
    version = refresh_figures(report, seen=2, doer=world.doer())
    assert (version.number, version.texts) == (3, TEXTS)
    assert content_of(version)["figures"]["incidents"]["value"] == 1
    assert content_of(version_at(report, 2))["figures"]["incidents"]["value"] is None
    assert ReportVersion.objects.filter(report=report).count() == 3


def test_a_unit_merged_in_the_middle_of_the_period_counts_until_that_day(world: World) -> None:
    world.incident(world.clinic, title="Trước sáp nhập", detected_at="2026-10-10T02:00:00Z")
    world.incident(world.clinic, title="Sau sáp nhập", detected_at="2026-11-05T02:00:00Z")
    world.incident()
    merge_units(
        [world.clinic],
        [world.hospital],
        on=date(2026, 11, 1),
        decision=Decision(),
        by="test",
        now=world.now,
    )
    report = world.draft()
    assert figure(report, "incidents")["value"] == 2
    assert "Trung tâm Y tế Mẫu đến trước ngày 01/11/2026" in frozen(report)["notes"][0]


def test_a_merged_unit_that_reported_itself_is_not_counted_again(world: World) -> None:
    world.incident(world.clinic, detected_at="2026-10-10T02:00:00Z")
    world.authority(world.department)
    before = world.later(days=-45)
    before.sent(world.clinic, "other", "head")
    merge_units(
        [world.clinic],
        [world.hospital],
        on=date(2026, 11, 1),
        decision=Decision(),
        by="test",
        now=world.now,
    )
    assert figure(world.draft(), "incidents")["value"] is None


def test_building_again_from_the_same_registers_gives_the_same_content(world: World) -> None:
    world.authority()
    world.incident()
    report = world.draft()
    first = version_at(report).snapshot
    second = refresh_figures(report, seen=1, doer=world.doer()).snapshot
    assert (second.content, second.sha256) == (first.content, first.sha256)
