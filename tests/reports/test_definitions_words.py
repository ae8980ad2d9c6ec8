"""What a definition can say beyond figures: rows referred to, divisions, labels, conditions of which one is enough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from written_world import World

from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.roles import CAPABILITIES
from khien.org.services import register_unit
from khien.registers.declarations import load_registers
from khien.registers.references import VisibleReferences
from khien.reports.blocks import OfficialDocument, Paragraph, text_of
from khien.reports.definition_reading import load_definitions, read_definitions
from khien.reports.definitions import Definition
from khien.reports.models import Report
from khien.reports.periods import period_of
from khien.reports.rendering import document_of
from khien.reports.reports_below import due_days
from khien.reports.standpoints import Stand
from khien.reports.written_selectors import version_at
from khien.reports.written_services import Order, draft_report
from khien.workflows.doers import Doer
from khien.workflows.reading import load_workflows

pytestmark = pytest.mark.django_db

SLIP: Mapping[str, Any] = {
    "report": "told",
    "place": 1,
    "title": {"vi": "Báo sự cố", "en": "Incident"},
    "why": {"vi": "Để biết.", "en": "To know."},
    "kind": "report",
    "subject": {"vi": "sự cố “{row.title}”", "en": "incident"},
    "clauses": ["bac-ninh/II.2.p3"],
    "period": "row",
    "about": {"register": "incident"},
    "to": [{"authority": "so_yt"}],
    "files_as": "incident_report",
    "sections": [{"parts": [{"sentence": "Hệ thống {row.system.system_name} gửi {addressee}."}]}],
}


def told(tmp_path: Path, **changes: Any) -> tuple[Definition, list[str]]:
    """Return the definition with changes, and what is wrong with it."""
    tmp_path.mkdir(exist_ok=True)
    data = {**SLIP, **changes}
    (tmp_path / "told.yaml").write_text(
        yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    found, problems = read_definitions(tmp_path, load_library(), load_registers(), load_workflows())
    return found["told"], [problem.en for problem in problems]


@pytest.fixture
def drafted(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Draft the definition with changes, about an incident on a system of level 3."""
    world.authority()
    system = world.row(
        "system", system_name="Bệnh án điện tử", catalogue="emr", stage="operating", level=3
    )
    incident = world.incident(system=system.pk)

    def draft(subject: Any = incident, unit: Any = None, **changes: Any) -> OfficialDocument:
        definition, problems = told(tmp_path / "definitions", **changes)
        assert problems == []
        monkeypatch.setitem(load_definitions(), "told", definition)
        unit = unit or world.hospital
        doer = Doer(
            "test", world.now, frozenset(CAPABILITIES), None, VisibleReferences([unit], home=unit)
        )
        report = draft_report(Order(definition, subject=subject), unit, doer)
        return document_of(version_at(Report.objects.get(pk=report.pk)))

    return draft


def words(document: OfficialDocument) -> list[str]:
    return [text_of(block) for block in document.blocks if isinstance(block, Paragraph)]


def part(*parts: Mapping[str, Any]) -> list[Any]:
    return [{"parts": list(parts)}]


def test_a_sentence_reaches_the_row_that_a_field_refers_to(drafted) -> None:
    assert "Hệ thống Bệnh án điện tử gửi Sở Y tế tỉnh Mẫu." in words(drafted())


def test_several_fields_stand_in_one_line_and_an_unknown_one_may_be_left_out(drafted) -> None:
    fields = [
        {"fields": ["system.system_name", "system.level"], "vi": "Hệ thống", "en": "System"},
        {"field": "system.operator", "vi": "Vận hành", "en": "Operator", "if_known": True},
        {"field": "cause", "vi": "Nguyên nhân", "en": "Cause"},
    ]
    said = words(drafted(sections=part({"fields": fields})))
    assert "- Hệ thống: Bệnh án điện tử, 3." in said
    assert not any("Vận hành" in line for line in said)
    assert "- Nguyên nhân: đang xác minh." in said


def test_a_moment_is_written_out_in_a_line(drafted) -> None:
    said = words(drafted(sections=part({"fields": ["detected_at"]})))
    assert "- Thời điểm phát hiện: 09 giờ 00 phút ngày 20/11/2026." in said


def test_a_part_may_hang_on_a_field_of_the_row(drafted) -> None:
    parts = [
        {"sentence": "Đã đóng.", "only_if": {"row.closed_at": "some"}},
        {"sentence": "Chưa đóng.", "only_if": {"row.closed_at": "none"}},
    ]
    said = words(drafted(sections=part(*parts)))
    assert "Chưa đóng." in said
    assert "Đã đóng." not in said


def test_a_label_stands_before_what_a_person_writes(drafted) -> None:
    text = {"text": "more", "vi": "Kể thêm.", "en": "Tell.", "label": "Diễn biến"}
    asked = words(drafted(sections=part({**text, "required": True})))
    assert "- Diễn biến:" in asked


def test_a_label_without_anything_written_is_left_out_where_nothing_must_be(drafted) -> None:
    text = {"text": "more", "vi": "Kể thêm.", "en": "Tell.", "label": "Diễn biến"}
    assert not any("Diễn biến" in line for line in words(drafted(sections=part(text))))


def test_the_first_field_that_is_filled_says_who_receives(drafted) -> None:
    document = drafted(to=[{"row": ["row.cause", "row.title"]}])
    assert document.addressees == ("Máy nhiễm mã độc.",)


def test_one_of_several_conditions_is_enough(world: World, drafted) -> None:
    where = {"any": [{"severity": "urgent"}, {"is_beyond_capacity": True}]}
    about = {"register": "incident", "where": where}
    low = world.incident(severity="low", is_beyond_capacity=True)
    assert drafted(subject=low, about=about).subject == ("Sự cố “Máy nhiễm mã độc”",)


def test_a_condition_inside_any_must_name_a_field_that_is_there(tmp_path: Path) -> None:
    about = {"register": "incident", "where": {"any": [{"weather": "rain"}]}}
    assert any("has no field «weather»" in said for said in told(tmp_path, about=about)[1])


def test_a_division_speaks_for_a_ward_and_not_for_a_hospital(world: World, drafted) -> None:
    division = {"vi": "Phòng Văn hóa", "en": "Culture", "head": "Trưởng phòng", "of": ["ward"]}
    hospital = drafted(division=division)
    assert hospital.issuer == ("BỆNH VIỆN MẪU",)
    ward = register_unit("phuong", name_vi="UBND phường Mẫu", name_en="Ward", kind="ward", place="Mẫu",
                         parent=world.department, now=world.now)  # fmt: skip
    bind_document(
        ward, "bac-ninh", library=load_library(), bound_from=date(2026, 1, 1), now=world.now
    )
    paper = drafted(subject=world.incident(ward), unit=ward, division=division)
    assert paper.parent == "UBND PHƯỜNG MẪU"
    assert paper.issuer == ("PHÒNG VĂN HÓA",)
    assert paper.signer == ("TRƯỞNG PHÒNG",)


def test_a_stamp_says_that_it_is_urgent(drafted) -> None:
    assert drafted(urgency="HỎA TỐC").urgency == "HỎA TỐC"


def test_a_notice_is_addressed_to_nobody_and_names_who_receives_at_its_end(drafted) -> None:
    notice = drafted(kind="notice")
    assert notice.addressee_lines() == ()
    assert "- Sở Y tế tỉnh Mẫu;" in notice.recipients


def test_who_signs_in_person_is_called_as_the_definition_says(drafted) -> None:
    assert drafted(signer="person", signer_title="Người báo").signer == ("NGƯỜI BÁO",)


def test_the_day_of_a_law_outside_the_library_is_its_own(world: World) -> None:
    definition = load_definitions()["annual_law_2026"]
    period = period_of(definition.rhythm, "2026")
    assert period is not None
    assert (period.begins, period.ends) == (date(2025, 12, 15), date(2026, 12, 14))
    stand = Stand(definition, world.hospital, period, world.now)
    assert due_days([world.hospital.pk], definition, stand) == {
        world.hospital.pk: date(2026, 12, 19)
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": {"vi": "{row.title.level}", "en": "x"}}, "refers to no row"),
        ({"subject": {"vi": "{row.system.weather}", "en": "x"}}, "has no field «weather»"),
        ({"urgency": "GẤP"}, "must be one of"),
        ({"due": {"month": 2, "day": 30}}, "day 1-28"),
        ({"division": {"vi": "a", "en": "b", "head": "c", "of": ["castle"]}}, "known are"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, changes: Mapping[str, Any], said: str) -> None:
    assert any(said in one for one in told(tmp_path, **changes)[1])
