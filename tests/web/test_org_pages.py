"""The unit tree and its users as people use them: preview before confirm, requests decided by another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.org.models import AccountRequest, RoleHeld, Unit, UnitState, User
from khien.org.roles import ADMINISTRATOR, LEADER, OFFICER, STAFF
from khien.org.services import grant_role, register_unit
from khien.org.users import make_user
from khien.registers.models import PersonOfUser, Row

pytestmark = pytest.mark.django_db

START = date(2020, 1, 1)
NOW = now_utc()
TODAY = vietnam_date(NOW)


@dataclass
class Office:
    """A province with a ward and a commune; who administers, leads, keeps the registers, works."""

    province: Unit
    ward: Unit
    commune: Unit
    quan: User
    lan: User
    an: User
    hoa: User


def unit(code: str, parent: Unit | None = None, kind: str = "ward") -> Unit:
    return register_unit(
        code, name_vi=f"Đơn vị {code}", name_en=f"Unit {code}", kind=kind, place="Mẫu", parent=parent,
        from_on=START, now=NOW,
    )  # fmt: skip


def user(name: str, home: Unit, role: str) -> User:
    made = make_user(name, full_name=f"Họ {name}", email="", unit=home, by="khien", now=NOW)
    grant_role(made, role, home, from_on=START, by="khien", now=NOW)
    return made


@pytest.fixture
def office() -> Office:
    province = unit("tinh", kind="province")
    ward, commune = unit("phuong", province), unit("xa", province)
    return Office(
        province,
        ward,
        commune,
        user("quan", province, ADMINISTRATOR),
        user("lan", ward, LEADER),
        user("vien", ward, OFFICER),
        user("hoa", ward, STAFF),
    )


def browser(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


RENAME = {
    "ten": "Phường Mới",
    "loai": "ward",
    "dia_danh": "Mới",
    "tu_ngay": "2025-07-01",
    "so": "12/NQ",
}


def test_a_change_is_shown_before_it_is_made_and_then_made_once(office: Office) -> None:
    client, address = browser(office.quan), "/don-vi/phuong/co-cau/doi-ten/"
    shown = client.post(address, RENAME)
    assert (shown.status_code, UnitState.objects.filter(unit=office.ward).count()) == (200, 1)
    text = page(shown)
    assert all(word in text for word in ("Phường Mới", "01/07/2025", "12/NQ", "Họ hoa", "Họ lan"))
    done = client.post(address, RENAME | {"xac_nhan": "1"}, follow=True)
    assert "Phường Mới" in page(done)
    assert Unit.objects.get(code="phuong").name_vi == "Phường Mới"
    again = client.post(address, RENAME | {"xac_nhan": "1"})
    assert (again.status_code, "KHIEN-ORG-011" in page(again)) == (400, True)
    assert UnitState.objects.filter(unit=office.ward).count() == 2


def test_a_refused_form_comes_back_as_it_was_sent(office: Office) -> None:
    client = browser(office.quan)
    sent = {"ke_thua": "xa", "tu_ngay": "2019-01-01", "so": "77/QĐ", "co_quan": "UBND tỉnh"}
    refused = client.post("/don-vi/phuong/co-cau/sap-nhap/", sent)
    assert refused.status_code == 400
    assert all(
        word in page(refused) for word in ("KHIEN-ORG-012", "77/QĐ", "UBND tỉnh", "2019-01-01")
    )
    assert '<option value="xa" selected>' in page(refused)


@pytest.mark.parametrize("given", ["hôm qua", "31/02/2025", "2025-13-01"])
def test_a_day_that_is_none_is_said_to_be_none(office: Office, given: str) -> None:
    refused = browser(office.quan).post(
        "/don-vi/phuong/co-cau/doi-ten/", RENAME | {"tu_ngay": given}
    )
    assert (refused.status_code, "KHIEN-WEB-021" in page(refused)) == (422, True)


def test_a_merger_and_a_founding_by_page(office: Office) -> None:
    client = browser(office.quan)
    client.post(
        "/don-vi/tinh/co-cau/lap-moi/",
        {"ma": "moi", "ten": "Phường Hợp Nhất", "loai": "ward", "dia_danh": "X", "tu_ngay": "2025-07-01", "xac_nhan": "1"},
    )  # fmt: skip
    client.post(
        "/don-vi/phuong/co-cau/sap-nhap/",
        {"ke_thua": "moi", "cung": ["xa"], "tu_ngay": "2025-07-01", "xac_nhan": "1"},
    )
    assert set(Unit.objects.exclude(ended_on=None).values_list("code", flat=True)) == {
        "phuong",
        "xa",
    }
    tree = page(client.get("/don-vi/tinh/co-cau/"))
    assert "Phường Hợp Nhất" in tree
    assert "Đơn vị xa" not in tree
    before = page(client.get("/don-vi/tinh/co-cau/?ngay=2025-06-30"))
    assert "Đơn vị xa" in before
    assert "Phường Hợp Nhất" not in before
    assert "Đơn vị xa" in page(client.get("/don-vi/moi/lich-su/"))


def test_an_administrator_below_cannot_take_the_unit_out_from_under_the_one_above(
    office: Office,
) -> None:
    below = user("quan-duoi", office.ward, ADMINISTRATOR)
    office_of_ward = unit("phong", office.ward, kind="office")
    for path, form in {
        "chuyen": {"cap_tren": "phong"},
        "ket-thuc": {},
        "sap-nhap": {"ke_thua": office_of_ward.code},
    }.items():
        refused = browser(below).post(f"/don-vi/phuong/co-cau/{path}/", form | {"xac_nhan": "1"})
        assert (refused.status_code, "KHIEN-ORG-019" in page(refused)) == (403, True), path
    assert Unit.objects.get(code="phuong").parent == office.province


@pytest.mark.parametrize("code", ["la", "khong-co", ""])
def test_a_unit_one_does_not_manage_cannot_be_chosen(office: Office, code: str) -> None:
    unit("la")
    refused = browser(office.quan).post(
        "/don-vi/phuong/co-cau/chuyen/", {"cap_tren": code, "xac_nhan": "1"}
    )
    assert (refused.status_code, "KHIEN-WEB-022" in page(refused)) == (422, True)


ACCOUNT = {
    "ho_ten": "Bùi Thị Mới", "ten_dang_nhap": "moi.den", "thu": "moi@example.org", "vai_tro": ["staff"],
    "ly_do": "Tiếp nhận",
}  # fmt: skip


def test_an_account_is_asked_for_by_one_approved_by_another_and_opened_by_its_owner(
    office: Office,
) -> None:
    officer, leader, administrator = (browser(u) for u in (office.an, office.lan, office.quan))
    assert officer.post("/don-vi/phuong/tai-khoan-de-nghi/moi/", ACCOUNT).status_code == 302
    request = AccountRequest.objects.get()
    decide = f"/don-vi/phuong/tai-khoan-de-nghi/{request.pk}/duyet/"
    assert officer.post(decide, {"quyet_dinh": "duyet"}).status_code == 403
    assert administrator.post(decide, {"quyet_dinh": "duyet"}).status_code == 403
    assert "Bùi Thị Mới" in page(leader.get("/don-vi/phuong/tai-khoan-de-nghi/"))
    assert leader.post(decide, {"quyet_dinh": "duyet"}).status_code == 302
    assert leader.post(decide, {"quyet_dinh": "duyet"}).status_code == 409
    shown = administrator.post("/don-vi/phuong/nguoi-dung/moi.den/kich-hoat/")
    link = re.search(r"http://testserver(/vao/[^<]+/)<", page(shown))
    assert link
    newcomer = Client()
    newcomer.post(link[1])
    assert newcomer.get("/don-vi/phuong/co-cau/").status_code in {200, 302}
    assert User.objects.get(username="moi.den").last_login
    again = administrator.post("/don-vi/phuong/nguoi-dung/moi.den/kich-hoat/")
    assert (again.status_code, "KHIEN-ORG-020" in page(again)) == (409, True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ten_dang_nhap": "Bùi"}, "KHIEN-ORG-013"),
        ({"ten_dang_nhap": "lan"}, "KHIEN-ORG-014"),
        ({"vai_tro": []}, "KHIEN-ORG-021"),
        ({"vai_tro": ["inspector"]}, "KHIEN-ORG-021"),
        ({"den_staff": "mai"}, "KHIEN-WEB-021"),
    ],
)
def test_a_request_that_is_refused_comes_back_with_what_was_typed(
    office: Office, change: dict[str, Any], code: str
) -> None:
    refused = browser(office.an).post("/don-vi/phuong/tai-khoan-de-nghi/moi/", ACCOUNT | change)
    assert refused.status_code >= 400
    assert code in page(refused)
    assert "Bùi Thị Mới" in page(refused)
    assert not AccountRequest.objects.exists()


def test_roles_are_asked_for_refused_with_a_reason_and_taken_back(office: Office) -> None:
    officer, leader = browser(office.an), browser(office.lan)
    address = "/don-vi/phuong/tai-khoan-de-nghi/moi/?nguoi=hoa"
    assert 'value="staff" checked' in page(officer.get(address))
    officer.post(address, {"vai_tro": ["staff", "responder"], "ly_do": "Đội ứng cứu"})
    request = AccountRequest.objects.get()
    decide = f"/don-vi/phuong/tai-khoan-de-nghi/{request.pk}/duyet/"
    assert leader.post(decide, {"quyet_dinh": "khong", "tra_loi": ""}).status_code == 400
    leader.post(decide, {"quyet_dinh": "khong", "tra_loi": "Chưa cần"})
    assert "Chưa cần" in page(officer.get("/don-vi/phuong/tai-khoan-de-nghi/"))
    officer.post(address, {"vai_tro": ["staff"], "ly_do": "Thôi"})
    second = AccountRequest.objects.first()
    assert second
    officer.post(f"/don-vi/phuong/tai-khoan-de-nghi/{second.pk}/rut/")
    assert AccountRequest.objects.get(pk=second.pk).state == "withdrawn"
    assert RoleHeld.objects.filter(user=office.hoa).count() == 1


def test_a_role_is_granted_and_revoked_and_both_stand_on_the_page(office: Office) -> None:
    client, base = browser(office.quan), "/don-vi/phuong/nguoi-dung/hoa/"
    until = TODAY + timedelta(30)
    form = {
        "vai_tro": "responder",
        "don_vi": "phuong",
        "den_ngay": until.isoformat(),
        "ly_do": "QĐ 5",
    }
    client.post(f"{base}vai-tro/", form)
    held = RoleHeld.objects.get(user=office.hoa, role="responder")
    assert (held.until_on, held.reason, held.granted_by) == (until, "QĐ 5", "quan")
    client.post(f"{base}vai-tro/{held.pk}/thu-hoi/")
    assert "quan thu hồi lúc" in page(client.get(base))
    own = client.post(
        "/don-vi/tinh/nguoi-dung/quan/vai-tro/", form | {"vai_tro": "leader", "don_vi": "tinh"}
    )
    assert (own.status_code, "KHIEN-ORG-018" in page(own)) == (403, True)


def test_a_role_of_somebody_else_is_not_revoked_through_another_user(office: Office) -> None:
    held = RoleHeld.objects.get(user=office.lan)
    client = browser(office.quan)
    assert (
        client.post(f"/don-vi/phuong/nguoi-dung/hoa/vai-tro/{held.pk}/thu-hoi/").status_code == 404
    )
    assert client.post("/don-vi/xa/nguoi-dung/hoa/khoa/").status_code == 404
    assert User.objects.get(username="hoa").is_active


def test_an_account_is_disabled_enabled_and_its_leaving_recorded(office: Office) -> None:
    client, base = browser(office.quan), "/don-vi/phuong/nguoi-dung/hoa/"
    client.post(f"{base}khoa/", {"ly_do": "Mất máy"})
    assert "Đã khóa" in page(client.get(base))
    client.post(f"{base}mo-khoa/")
    last = TODAY + timedelta(5)
    client.post(f"{base}nghi/", {"ngay_cuoi": last.isoformat(), "ly_do": "Nghỉ hưu"})
    assert RoleHeld.objects.get(user=office.hoa).until_on == last
    kinds = LedgerEntry.objects.filter(subject="hoa").values_list("kind", flat=True)
    assert {"org.user_disabled", "org.user_enabled", "org.user_leaves"} <= set(kinds)


def test_a_user_is_tied_to_a_person_of_the_own_unit_only(office: Office) -> None:
    def person(number: int, home: Unit) -> Row:
        return Row.objects.create(
            unit=home, register="person", number=number, values={"full_name": "Họ hoa"}, name="Họ hoa",
            name_key="ho hoa", search_key="ho hoa", created_at=NOW, changed_at=NOW, changed_by="an",
        )  # fmt: skip

    mine, theirs = person(1, office.ward), person(2, office.commune)
    client, base = browser(office.quan), "/don-vi/phuong/nguoi-dung/hoa/"
    assert '<option value="1" selected>' in page(client.get(base))
    assert client.post(f"{base}nhan-su/", {"nguoi": theirs.number}).status_code == 404
    client.post(f"{base}nhan-su/", {"nguoi": mine.number})
    assert PersonOfUser.objects.get(user=office.hoa).row == mine


def test_the_list_of_users_is_filtered_and_searched_without_marks(office: Office) -> None:
    client = browser(office.quan)
    below = page(client.get("/don-vi/tinh/nguoi-dung/?pham-vi=ca-cap-duoi"))
    assert all(name in below for name in ("Họ lan", "Họ hoa", "Họ vien", "Họ quan"))
    assert "Họ lan" not in page(client.get("/don-vi/tinh/nguoi-dung/"))
    leaders = page(client.get("/don-vi/phuong/nguoi-dung/?vai-tro=leader"))
    assert "Họ lan" in leaders
    assert "Họ hoa" not in leaders
    assert "Họ hoa" in page(client.get("/don-vi/phuong/nguoi-dung/?tim=ho+hoa"))
    assert "Không có người dùng phù hợp" in page(client.get("/don-vi/phuong/nguoi-dung/?tim=zzz"))


def test_the_tree_is_searched_by_name_code_and_person_without_marks(office: Office) -> None:
    client = browser(office.quan)
    found = page(client.get("/don-vi/tinh/co-cau/?tim=don+vi+phuong"))
    assert "Đơn vị phuong" in found
    assert "Đơn vị xa" not in found
    assert "Đơn vị phuong" in page(client.get("/don-vi/tinh/co-cau/?tim=ho+lan"))
    assert "Không có đơn vị phù hợp" in page(client.get("/don-vi/tinh/co-cau/?tim=zzz"))
    assert "Ngày đó chưa có đơn vị này" in page(client.get("/don-vi/tinh/co-cau/?ngay=2019-01-01"))


@pytest.mark.parametrize(
    ("address", "most"),
    [("/don-vi/tinh/co-cau/", 16), ("/don-vi/tinh/nguoi-dung/?pham-vi=ca-cap-duoi", 20)],
)
def test_three_hundred_units_take_no_more_statements_than_three(
    office: Office, address: str, most: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(300):
        unit(f"u-{number}", office.ward)
    for number in range(30):
        user(f"nguoi-{number}", office.commune, STAFF)
    client = browser(office.quan)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
