"""Plans as pages: from gaps to a draft, a file, a signed plan whose tasks are duties; nothing typed is lost."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.plans.models import PlanDraft
from khien.registers.declarations import register_by_code
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db
BASE = "/don-vi/phuong/ke-hoach/"


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.KHIEN_DATA = tmp_path


def begun(cast: Any, count: int = 2) -> PlanDraft:
    page = text(cast.client().get(f"{BASE}lap/"))
    sources = re.findall(r'name="viec" value="([^"]+)"', page)[:count]
    assert len(sources) == count
    cast.client().post(f"{BASE}lap/", {"ten": "Kế hoạch năm", "viec": sources})
    return PlanDraft.objects.get()


def form(draft: PlanDraft, **more: str) -> dict[str, str]:
    values = {"ban": str(draft.version), "ten": draft.title, "muc-dich": "", "to-chuc": ""}
    for task in draft.tasks.all():
        values |= {f"viec-{task.pk}": task.task, f"phong-{task.pk}": "Phòng CNTT", f"han-{task.pk}": "31/12/2099", f"tien-{task.pk}": "5.000.000"}  # fmt: skip
    return values | more


def paper(cast: Any) -> Row:
    raw = {"kind": "yearly_plan", "title": "Kế hoạch", "number": "9/KH", "issued_on": said_day(vietnam_date(now_utc())), "is_approved": "có"}  # fmt: skip
    draft = read_row(register_by_code("document"), raw, VisibleReferences([cast.ward], home=cast.ward))  # fmt: skip
    row = add_row(draft, unit=cast.ward, act=Act("an", now_utc()))
    add_attachment(row, b"x", name="x.txt", act=Act("an", now_utc()))
    return row


def test_a_plan_goes_from_gaps_to_duties(cast: Any) -> None:
    draft, client = begun(cast), cast.client()
    address = f"{BASE}{draft.number}/"
    assert "Kế hoạch năm" in text(client.get(BASE))
    assert client.post(address, form(draft)).status_code == 302
    assert client.get(f"{address}tep.docx").content[:2] == b"PK"
    assert client.get(f"{address}tep.pdf").content[:4] == b"%PDF"
    assert client.get(f"{address}tep.exe").status_code == 400
    signed = paper(cast)
    draft.refresh_from_db()
    said = text(client.post(f"{address}ky/", {"ban": str(draft.version), "van-ban": str(signed.pk)}, follow=True))  # fmt: skip
    assert "Đã đưa 2 nhiệm vụ vào sổ" in said
    assert Row.objects.filter(unit=cast.ward, register="plan_task").count() == 2
    page = text(client.get(BASE))
    assert "chưa làm: 2" in page.replace("<b>", "").replace("</b>", "")
    assert client.post(address, form(draft)).status_code == 409


def test_what_was_typed_into_a_refused_plan_stays(cast: Any) -> None:
    draft = begun(cast, 1)
    task = draft.tasks.get()
    answer = cast.client().post(f"{BASE}1/", form(draft, **{f"han-{task.pk}": "32/13/2026", f"phong-{task.pk}": "<i>Phòng"}))  # fmt: skip
    assert answer.status_code == 422
    page = text(answer)
    assert "nhiệm vụ 1" in page
    assert 'value="32/13/2026"' in page
    assert "<i>Phòng" not in answer.content.decode()
    wrong_sum = cast.client().post(f"{BASE}1/", form(draft, **{f"tien-{task.pk}": "năm triệu"}))
    assert wrong_sum.status_code == 422
    assert 'value="năm triệu"' in text(wrong_sum)


def test_a_task_is_added_and_taken_out(cast: Any) -> None:
    draft = begun(cast, 1)
    client, address = cast.client(), f"{BASE}1/"
    client.post(f"{address}them/", {"ban": "1", "loai": "rieng", "viec": "Mua két sắt"})
    draft.refresh_from_db()
    assert [task.task for task in draft.tasks.all()][-1] == "Mua két sắt"
    client.post(address, form(draft, **{f"bo-{draft.tasks.last().pk}": "1"}))
    assert draft.tasks.count() == 1


def test_an_old_form_does_not_undo_what_another_wrote(cast: Any) -> None:
    draft = begun(cast, 1)
    old = form(draft, ten="Tên cũ")
    cast.client().post(f"{BASE}1/", form(draft, ten="Tên mới"))
    answer = cast.client().post(f"{BASE}1/", old)
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.title == "Tên mới"


def test_a_plan_without_a_title_is_refused_and_keeps_what_was_ticked(cast: Any) -> None:
    page = text(cast.client().get(f"{BASE}lap/"))
    source = re.findall(r'name="viec" value="([^"]+)"', page)[0]
    answer = cast.client().post(f"{BASE}lap/", {"ten": " ", "viec": [source]})
    assert answer.status_code == 422
    assert f'value="{source}" checked' in text(answer)


def test_a_draft_is_given_up_and_stays_to_be_seen(cast: Any) -> None:
    draft = begun(cast, 1)
    cast.client().post(f"{BASE}1/bo/")
    draft.refresh_from_db()
    assert draft.state == PlanDraft.State.DROPPED
    assert draft.title in text(cast.client().get(f"{BASE}1/"))


def test_another_units_plan_is_not_there(cast: Any) -> None:
    begun(cast, 1)
    assert cast.client(cast.dung).get(f"{BASE}1/").status_code == 404
    assert cast.client().get(f"/don-vi/{cast.station.code}/ke-hoach/1/").status_code == 404


@pytest.mark.parametrize("part", ["", "lap/", "1/"])
def test_the_pages_ask_few_questions(
    cast: Any, django_assert_max_num_queries: Any, part: str
) -> None:
    begun(cast, 8)
    client = cast.client()
    client.get(BASE + part)
    with django_assert_max_num_queries(22):
        assert client.get(BASE + part).status_code == 200
