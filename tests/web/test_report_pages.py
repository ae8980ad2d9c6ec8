"""The desk of reports: from the draft to the board of the unit above, and what two people or wrong input meet there."""

from __future__ import annotations

import html
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from made_up_authority import build_house
from signing_cases import signed as signed_by

from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.decisions import NO_DECISION
from khien.org.models import User
from khien.org.roles import LEADER, OFFICER, OVERSEER
from khien.org.services import grant_role, register_unit
from khien.org.structure import move_unit
from khien.org.users import make_user
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row
from khien.reports.models import Report

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DESK = "/don-vi/benh-vien/bao-cao/"


@pytest.fixture(scope="module", autouse=True)
def people(cast: Any) -> dict[str, User]:
    """A hospital below a department, bound by the plan that asks for quarterly reports, and its people."""
    now = now_utc()
    today = vietnam_date(now)
    names = {"name_en": "x", "place": "Mẫu"}
    above = register_unit("so-tren", name_vi="Sở Y tế Mẫu", kind="department", now=now, **names)
    hospital = register_unit(
        "benh-vien", name_vi="Bệnh viện Mẫu", kind="hospital", now=now, **names
    )
    move_unit(hospital, above, on=today, decision=NO_DECISION, by="an", now=now)
    for unit in (above, hospital):
        bind_document(
            unit, "bac-ninh", library=load_library(), bound_from=date(2026, 5, 7), now=now
        )
    made = {}
    for name, role, unit in (
        ("can-bo", OFFICER, hospital), ("can-bo-2", OFFICER, hospital),
        ("giam-doc", LEADER, hospital), ("so-y-te", OVERSEER, above),
    ):  # fmt: skip
        made[name] = make_user(name, full_name=name, email="", unit=unit, by="an", now=now)
        grant_role(made[name], role, unit, from_on=today, by="an", now=now)
    values = {
        "body_name": "Sở Y tế Mẫu",
        "stands_for": ["so_yt", "superior"],
        "used_from": "2025-01-01",
    }
    draft = read_row(
        register_by_code("authority"), values, VisibleReferences([hospital], home=hospital)
    )
    assert draft.problems == ()
    add_row(draft, unit=hospital, act=Act("test", now))
    return made


@pytest.fixture(autouse=True)
def own_ledger(cast: Any, settings: Any, tmp_path: Path) -> None:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    settings.KHIEN_DATA = shutil.copytree(settings.KHIEN_DATA, tmp_path / "data")


@pytest.fixture
def officer(cast: Any, people: dict[str, User]) -> Client:
    return cast.client(people["can-bo"])


@pytest.fixture
def report(officer: Client) -> Report:
    """A quarterly report that was just begun."""
    answer = officer.post(f"{DESK}lap/quarterly_result/", {})
    assert answer.status_code == 302, text(answer)[:400]
    return Report.objects.latest("pk")


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def place(report: Report) -> str:
    return f"{DESK}{report.number}/"


def boxes(page: str) -> list[str]:
    return re.findall(r'<textarea id="(chu-[a-z_0-9]+)"', page)


def written(client: Client, report: Report, words: str = "Đã hoàn thành.", ban: int = 1) -> Any:
    page = text(client.get(place(report)))
    given = dict.fromkeys(boxes(page), words)
    return client.post(f"{place(report)}viet/", given | {"ban": ban})


def step(client: Client, report: Report, act: str, **given: Any) -> Any:
    report.refresh_from_db()
    return client.post(f"{place(report)}buoc/{act}/", {"ban": report.latest, **given})


def signed(client: Client, report: Report, **given: Any) -> Any:
    sent = SimpleUploadedFile("bao-cao.pdf", PDF, content_type="application/pdf")
    return step(
        client, report, "ky", **({"so": "12/BC-BV", "nguoi-ky": "Trần Lan", "tep": sent} | given)
    )


def test_the_desk_says_what_is_due_and_by_which_day(officer: Client) -> None:
    page = text(officer.get(DESK))
    assert "Báo cáo quý kết quả thực hiện kế hoạch" in page
    assert "chậm nhất hết ngày" in page or "văn bản không nêu ngày" in page
    assert f"{DESK}lap/quarterly_result/" in page


def test_a_draft_says_what_is_missing_and_leads_there(officer: Client, report: Report) -> None:
    page = text(officer.get(place(report)))
    assert "Còn thiếu" in page
    assert 'href="#chu-' in page
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page  # the paper beside it
    assert "đang xác minh" in page


def test_a_report_goes_from_the_draft_to_the_board_above(
    cast: Any, people: dict[str, User], officer: Client, report: Report
) -> None:
    leader, above = cast.client(people["giam-doc"]), cast.client(people["so-y-te"])
    assert written(officer, report).status_code == 302
    assert step(officer, report, "duyet").status_code == 403  # nobody reviews their own
    assert step(leader, report, "duyet").status_code == 302
    assert signed(officer, report).status_code == 302
    report.refresh_from_db()
    assert report.document is not None
    assert "Ký tay; bản quét do người nộp" in text(officer.get(place(report)))
    assert step(officer, report, "gui", **{"cach-gui": "doc_system"}).status_code == 302
    assert Row.objects.filter(register="dispatch", unit=report.unit).count() == 1
    board = text(above.get("/don-vi/so-tren/bao-cao/nhan/"))
    assert "Bệnh viện Mẫu" in board
    shown = text(above.get(f"/don-vi/so-tren/bao-cao/nhan/benh-vien/{report.number}/"))
    assert "Tiếp nhận" in shown
    address = f"/don-vi/so-tren/bao-cao/nhan/benh-vien/{report.number}/nhan/"
    report.refresh_from_db()
    assert above.post(address, {"ban": report.latest}).status_code == 302
    report.refresh_from_db()
    assert report.state == "received"
    summed = text(above.get("/don-vi/so-tren/bao-cao/nhan/quarterly_result/"))
    assert "Đã tiếp nhận" in summed


def test_a_digital_signature_is_read_and_filed_as_one(
    cast: Any, people: dict[str, User], officer: Client, report: Report
) -> None:
    written(officer, report)
    step(cast.client(people["giam-doc"]), report, "duyet")
    house = build_house()
    ours = officer.get(f"{place(report)}tep/pdf/").content
    back = SimpleUploadedFile(
        "da-ky.pdf", signed_by(house.an, house, ours), content_type="application/pdf"
    )
    assert signed(officer, report, tep=back).status_code == 302
    report.refresh_from_db()
    assert report.document is not None
    assert report.document.values["is_digitally_signed"] is True
    page = text(officer.get(place(report)))
    assert "Tệp đúng là bản PDF Khiên đã xuất, chỉ thêm chữ ký." in page
    assert "Ký tay; bản quét" not in page


def test_the_unit_above_gives_a_report_back_only_with_remarks(
    cast: Any, people: dict[str, User], officer: Client, report: Report
) -> None:
    above = cast.client(people["so-y-te"])
    written(officer, report)
    step(cast.client(people["giam-doc"]), report, "duyet")
    signed(officer, report)
    step(officer, report, "gui")
    address = f"/don-vi/so-tren/bao-cao/nhan/benh-vien/{report.number}/tra-lai/"
    report.refresh_from_db()
    silent = above.post(address, {"ban": report.latest})
    assert silent.status_code == 422
    assert "Ghi ý kiến" in text(silent)
    assert (
        above.post(address, {"ban": report.latest, "y-kien": "Thiếu số liệu máy."}).status_code
        == 302
    )
    page = text(officer.get(place(report)))
    assert "bị trả lại" in text(officer.get(DESK)) or "trả lại lúc" in page
    assert "Thiếu số liệu máy." in page


def test_two_people_writing_at_once_lose_nothing(
    cast: Any, people: dict[str, User], officer: Client, report: Report
) -> None:
    other = cast.client(people["can-bo-2"])
    assert written(officer, report, "Bản của người thứ nhất.").status_code == 302
    second = written(other, report, "Bản của người thứ hai.", ban=1)
    assert second.status_code == 409
    page = text(second)
    assert "Bản của người thứ hai." in page
    assert "Bản của người thứ nhất." in page


def test_what_is_missing_keeps_a_report_from_being_signed(
    cast: Any, people: dict[str, User], officer: Client, report: Report
) -> None:
    answer = signed(cast.client(people["giam-doc"]), report)
    assert answer.status_code == 422
    assert "Chưa viết" in text(answer)
    report.refresh_from_db()
    assert report.state == "draft"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ngay": "31/02/2026"}, "không phải là ngày"),
        ({"ngay": "2999-01-01"}, "chưa tới"),
        ({"so": ""}, "văn thư"),
        ({"nguoi-ky": ""}, "họ tên"),
        ({"tep": ""}, "Chọn tệp PDF"),
    ],
)
def test_a_wrong_signing_is_said_and_records_nothing(
    cast: Any, people: dict[str, User], officer: Client, report: Report, given: Any, said: str
) -> None:
    written(officer, report)
    answer = signed(cast.client(people["giam-doc"]), report, **given)
    assert answer.status_code in (400, 422)
    assert said in text(answer)
    report.refresh_from_db()
    assert report.state == "draft"


def test_a_figure_leads_to_its_rows_and_a_version_to_what_changed(
    officer: Client, report: Report
) -> None:
    page = text(officer.get(place(report)))
    figures = re.findall(rf'href="{place(report)}so-lieu/([a-z_]+)/"', page)
    assert figures
    for figure in figures:
        assert officer.get(f"{place(report)}so-lieu/{figure}/").status_code == 200
    assert officer.get(f"{place(report)}so-lieu/khong-co/").status_code == 404
    written(officer, report, "Chữ mới.")
    changed = text(officer.get(f"{place(report)}ban/2/"))
    assert "<ins>" in changed
    assert officer.get(f"{place(report)}ban/9/").status_code == 404


def test_files_of_a_version_are_the_same_each_time(officer: Client, report: Report) -> None:
    for file_format in ("docx", "pdf"):
        first, second = (officer.get(f"{place(report)}tep/{file_format}/") for _ in range(2))
        assert first.status_code == 200
        assert first.content == second.content
        assert "attachment" in first.headers["Content-Disposition"]
    assert officer.get(f"{place(report)}tep/exe/").status_code == 404
    assert officer.get(f"{place(report)}tep/pdf/?ban=99").status_code == 404


def test_late_units_are_reminded_and_it_is_shown(cast: Any, people: dict[str, User]) -> None:
    above = cast.client(people["so-y-te"])
    address = "/don-vi/so-tren/bao-cao/nhan/quarterly_result/"
    assert "Bệnh viện Mẫu" in text(above.get(address))
    assert above.post(f"{address}nhac/", {"don-vi": "benh-vien"}).status_code == 302
    assert above.post(f"{address}nhac/", {}, follow=True).status_code == 200


def test_a_second_report_on_the_same_period_leads_to_the_first(
    officer: Client, report: Report
) -> None:
    again = officer.post(f"{DESK}lap/quarterly_result/", {}, follow=True)
    assert "đã" in text(again).lower()
    same = Report.objects.filter(period=report.period, definition=report.definition)
    assert same.exclude(state="cancelled").count() == 1


def test_the_desk_asks_the_database_few_questions(
    officer: Client, report: Report, django_assert_max_num_queries: Any
) -> None:
    officer.get(DESK)
    with django_assert_max_num_queries(40):
        officer.get(DESK)
    with django_assert_max_num_queries(40):
        officer.get(place(report))
