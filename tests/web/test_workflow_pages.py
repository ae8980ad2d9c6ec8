"""The pages of processes: who sees what, a whole run by plain forms, what is refused keeps its text."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.org.models import User
from khien.org.roles import LEADER, STAFF
from khien.org.services import grant_role
from khien.registers.declarations import register_by_code
from khien.registers.filing import link_person
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row
from khien.workflows.models import CaseItem, WorkflowCase

pytestmark = pytest.mark.django_db
BASE = "/don-vi/phuong/quy-trinh/"


@pytest.fixture(autouse=True)
def own_ledger(cast: Any, settings: Any, tmp_path: Path) -> None:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    settings.KHIEN_DATA = shutil.copytree(settings.KHIEN_DATA, tmp_path / "data")


def row(cast: Any, register: str, **values: Any) -> Row:
    references = VisibleReferences([cast.ward], home=cast.ward)
    draft = read_row(register_by_code(register), values, references)
    assert draft.problems == ()
    return add_row(draft, unit=cast.ward, act=Act("test", now_utc()))


@pytest.fixture
def people(cast: Any) -> dict[str, Any]:
    """A leader and a member of staff of the ward, tied to their rows of the persons register."""
    now = now_utc()
    made: dict[str, Any] = {}
    for name, role in (("lan", LEADER), ("moi", STAFF)):
        user = User.objects.create_user(name, unit=cast.ward)
        grant_role(user, role, cast.ward, from_on=vietnam_date(now), by="test", now=now)
        person = row(cast, "person", full_name=f"Người {name}", kind="official")
        link_person(user, person, act=Act("test", now))
        made[name], made[f"{name}_row"] = user, person
    return made


def started(client: Client, workflow: str, **sent: str) -> WorkflowCase:
    answer = client.post(f"{BASE}bat-dau/{workflow}/", {"lan-gui": workflow, **sent})
    assert answer.status_code == 302, answer.content.decode()
    return WorkflowCase.objects.latest("pk")


def done(client: Client, case: WorkflowCase, step: str, **sent: str) -> Any:
    return client.post(f"{BASE}{case.number}/buoc/{step}/", sent)


def today() -> str:
    return said_day(vietnam_date(now_utc()))


def test_an_empty_list_teaches_what_processes_are_for(cast: Any) -> None:
    page = cast.client().get(BASE).content.decode()
    assert "Chưa có quy trình nào đang mở" in page
    assert "Rà soát tài khoản định kỳ" in page
    assert "Điều 19" in page


def test_a_stranger_finds_no_case_and_staff_no_list(cast: Any, people: dict[str, Any]) -> None:
    case = started(cast.client(), "repair", **{"ve-viec": "PC-09"})
    assert cast.client(cast.dung).get(f"{BASE}{case.number}/").status_code == 404
    assert cast.client(people["moi"]).get(f"{BASE}{case.number}/").status_code == 403
    assert cast.client().get(f"{BASE}999/").status_code == 404
    assert cast.client().get(f"{BASE}bat-dau/khong-co/").status_code == 404
    assert cast.client().post(f"{BASE}{case.number}/buoc/khong-co/").status_code == 404


def test_a_repair_runs_from_start_to_its_file_by_plain_forms(cast: Any) -> None:
    client = cast.client()
    case = started(client, "repair", **{"ve-viec": "Máy in HP"})
    refused = done(client, case, "storage", device="Máy in HP", storage_measure="removed", storage_done_on="31/02/2026")  # fmt: skip
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "31/02/2026" in page  # what was typed is not lost
    assert 'href="#o-fault"' in page
    storage = {"device": "Máy in HP", "fault": "kẹt giấy", "storage_measure": "removed", "storage_done_on": today()}  # fmt: skip
    assert done(client, case, "storage", **storage).status_code == 302
    out = {"repairer": "Công ty A", "supervisor": "Người giám sát", "out_on": today()}
    assert done(client, case, "back", back_on=today(), checked="x").status_code == 409
    assert done(client, case, "out", **out).status_code == 302
    assert done(client, case, "back", back_on=today(), checked="tốt").status_code == 302
    closing = {"began_at": f"08:00 {today()}", "ended_at": f"09:00 {today()}", "place": "Kho", "people": "An", "left_name": "B", "right_name": "An", "conclusion": "Xong"}  # fmt: skip
    assert client.post(f"{BASE}{case.number}/bien-ban/").status_code == 404
    assert done(client, case, "minutes", **closing).status_code == 302
    made = client.post(f"{BASE}{case.number}/bien-ban/")
    assert made.headers["Content-Disposition"].endswith(
        f'bien-ban-repair-phuong-{case.number}.docx"'
    )
    assert made.content[:2] == b"PK"
    assert (
        done(client, case, "signed", number="1/BB", signed_on=today(), signer="An").status_code
        == 302
    )
    page = client.get(f"{BASE}{case.number}/").content.decode()
    assert "Hoàn thành lúc" in page
    assert "Làm bước này" not in page


def test_who_is_tied_to_a_person_undertakes_in_the_own_name(
    cast: Any, people: dict[str, Any]
) -> None:
    officer, staff = cast.client(), cast.client(people["moi"])
    number = str(people["moi_row"].number)
    case = started(officer, "joiner", **{"doi-tuong": number})
    done(officer, case, "brief", held_on=today(), channel="briefing", documents_taught="Quy chế 05")
    page = staff.get("/viec-cua-toi/").content.decode()
    assert "Cam kết về các hành vi bị nghiêm cấm" in page
    address = f"/viec-cua-toi/phuong/{case.number}/acknowledge/"
    given = {"text": "Tôi cam kết", "stated_on": today(), "valid_until": "01/01/2030"}
    assert cast.client(people["lan"]).post(address, given).status_code == 404
    assert staff.post(address, given | {"stated_on": "sai"}).status_code == 422
    assert staff.post(address, given).status_code == 302
    statement = Row.objects.get(register="statement")
    assert (
        statement.values["stated_by"] == statement.values["subject_person"] == people["moi_row"].pk
    )
    assert "Không có việc nào đang chờ" in staff.get("/viec-cua-toi/").content.decode()


def test_only_the_leader_gets_the_form_of_an_approval(cast: Any, people: dict[str, Any]) -> None:
    case = started(cast.client(), "disposal", **{"ve-viec": "Ổ cứng cũ"})
    done(cast.client(), case, "device", device="Ổ cứng cũ", kind="disposal")
    assert (
        "Bước này do lãnh đạo thực hiện"
        in cast.client().get(f"{BASE}{case.number}/").content.decode()
    )
    assert done(cast.client(), case, "approve", approved_on=today()).status_code == 403
    leader = cast.client(people["lan"])
    assert "Làm bước này" in leader.get(f"{BASE}{case.number}/").content.decode()
    assert done(leader, case, "approve", approved_on=today()).status_code == 302


def test_accounts_are_decided_one_by_one_or_all_that_wait(cast: Any) -> None:
    for n in range(130):
        row(cast, "account", username=f"u{n:03d}", place="system", is_shared=False, is_admin=False)
    client = cast.client()
    case = started(client, "account_review", **{"ve-viec": "Quý IV"})
    place = f"{BASE}{case.number}/danh-sach/decide/"
    first = CaseItem.objects.filter(case=case).first()
    assert first is not None
    sent = {"mot": f"{first.pk}:keep", f"ban-{first.pk}": "0"}
    assert client.post(place, sent).status_code == 302
    late = client.post(place, {"mot": f"{first.pk}:disable", f"ban-{first.pk}": "0"})
    assert late.status_code == 409
    assert "đã được" in late.content.decode()
    answer = client.post(
        place, {"pham-vi": "tat-ca", "quyet-dinh": "keep"}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert not CaseItem.objects.filter(case=case, decision="").exists()
    assert client.post(place, {"quyet-dinh": "keep"}).status_code == 422
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(place).content.decode()
    assert "trang=2" in page
    assert len(queries) < 40


def test_a_name_from_outside_stays_text(cast: Any) -> None:
    case = started(cast.client(), "repair", **{"ve-viec": "<script>alert(1)</script>"})
    page = cast.client().get(f"{BASE}{case.number}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_cancelled_case_is_shown_with_its_reason(cast: Any) -> None:
    client = cast.client()
    case = started(client, "repair", **{"ve-viec": "PC-77"})
    assert client.post(f"{BASE}{case.number}/huy/", {"ly-do": ""}).status_code == 422
    assert client.post(f"{BASE}{case.number}/huy/", {"ly-do": "mở nhầm"}).status_code == 302
    assert "mở nhầm" in client.get(f"{BASE}{case.number}/").content.decode()
    assert "PC-77" in client.get(BASE).content.decode()
