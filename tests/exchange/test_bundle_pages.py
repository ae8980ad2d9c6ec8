"""The pages of bundles: who may do what, what is shown loudly, what a file from outside may do in a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from submission_cases import RECEIVER, FixedSender, document
from submission_house import Department

from khien.access.token_services import make_token
from khien.exchange.models import Partner, PartnerKey, ReceivedBundle, SentBundle
from khien.exchange.own_keys import own_fingerprint, own_instance, rotate_own_key
from khien.exchange.partners import ABOVE, register_key
from khien.exchange.submission_notes import note_signed, read_card
from khien.exchange.submission_store import received_path, sent_path
from khien.kernel.clock import now_utc
from khien.org.models import User

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(content: bytes, name: str = "goi.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def took(department: Department, content: bytes, by: User | None = None) -> Any:
    client = browser(by or department.overseer)
    return client.post("/don-vi/so/goi/nhan/", {"tep": upload(content)}, follow=True)


def paired(department: Department) -> FixedSender:
    sender = department.sender()
    department.paired(sender, now=now_utc() - timedelta(days=1))
    return sender


def bundle(sender: FixedSender, *pieces: Any, **more: Any) -> bytes:
    made_at = now_utc() - timedelta(minutes=1)
    return sender.bundle(list(pieces) or None, made_at=made_at, **more)[1]


def test_an_overseer_takes_a_bundle_in_and_sees_what_was_verified(department: Department) -> None:
    page = took(department, bundle(paired(department))).content.decode()
    assert "Gói đã được kiểm tra và nhận" in page
    assert "Chữ ký đúng khóa đã đăng ký" in page
    assert "Báo cáo quý II.docx" in page
    board = browser(department.officer).get("/don-vi/so/goi/").content.decode()
    assert "đã kiểm tra đủ" in board


def test_what_is_refused_is_told_and_not_kept(department: Department) -> None:
    content = bundle(paired(department))
    page = took(department, content[:-3]).content.decode()
    assert "Gói mới có một phần" in page
    assert not ReceivedBundle.objects.exists()
    assert "Chưa chọn tệp" in browser(department.overseer).post(
        "/don-vi/so/goi/nhan/", follow=True
    ).content.decode()  # fmt: skip


def test_a_forked_ledger_is_shouted_on_the_board(department: Department) -> None:
    sender = paired(department)
    took(department, bundle(sender))
    forked = department.sender()
    forked.recorded(word="another past")
    page = took(department, bundle(forked, document(b"x"), sequence=2)).content.decode()
    assert "SỔ CÁI RẼ NHÁNH" in page
    board = browser(department.officer).get("/don-vi/so/goi/").content.decode()
    assert 'role="alert"' in board
    assert "SỔ CÁI RẼ NHÁNH" in board
    number = Partner.objects.get().pk
    admin = browser(department.administrator)
    admin.post(f"/don-vi/so/goi/khoa/{number}/chap-nhan/", {"ly_do": "khôi phục"})
    assert Partner.objects.get().alarm == ""


def test_an_item_is_handed_out_as_a_download_that_runs_nothing(department: Department) -> None:
    sender = paired(department)
    piece = document(b"<script>alert(1)</script>", "x.html")
    piece = replace(piece, item=replace(piece.item, media_type="text/html"))
    took(department, bundle(sender, piece))
    got = ReceivedBundle.objects.get()
    place = got.items.get(name="x.html").place
    response = browser(department.officer).get(f"/don-vi/so/goi/nhan/{got.pk}/muc/{place}/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    receipt = browser(department.officer).get(f"/don-vi/so/goi/nhan/{got.pk}/phieu/")
    assert receipt.content.decode() == got.receipt
    received_path(got).unlink()
    gone = browser(department.officer).get(f"/don-vi/so/goi/nhan/{got.pk}/muc/{place}/")
    assert gone.status_code == 500
    assert "KHIEN-EXC-016" in gone.content.decode()


def test_each_page_asks_for_its_own_right(department: Department) -> None:
    took(department, bundle(paired(department)))
    got = ReceivedBundle.objects.get()
    page = f"/don-vi/so/goi/nhan/{got.pk}/"
    officer, admin, stranger = map(
        browser, (department.officer, department.administrator, department.stranger)
    )
    assert officer.get(page).status_code == 200
    assert admin.get(page).status_code == 403
    assert stranger.get(page).status_code == 404
    assert officer.post("/don-vi/so/goi/nhan/").status_code == 403
    assert officer.get("/don-vi/so/goi/khoa/").status_code == 403
    assert admin.get("/don-vi/so/goi/khoa/").status_code == 200
    # A bundle of one unit is not there under another one.
    assert stranger.get(f"/don-vi/xa-khac/goi/nhan/{got.pk}/").status_code == 404
    assert officer.get(f"/don-vi/benh-vien/goi/nhan/{got.pk}/").status_code == 404


def test_an_administrator_registers_a_card_with_the_number_that_was_read(
    department: Department,
) -> None:
    admin, sender = browser(department.administrator), department.sender()
    card = sender.card()
    number = read_card(card).fingerprint
    form = {"don_vi": "phuong", "the": card, "nguoi_doc": "Bình"}
    wrong = admin.post("/don-vi/so/goi/khoa/", form | {"so_doi_chieu": "1" * 40})
    assert wrong.status_code == 422
    assert "không khớp thẻ khóa" in wrong.content.decode()
    assert number not in wrong.content.decode()
    done = admin.post("/don-vi/so/goi/khoa/", form | {"so_doi_chieu": number})
    assert done.status_code == 302
    key = PartnerKey.objects.get()
    assert (key.partner.unit, key.read_by) == (department.ward, "Bình")
    admin.post(f"/don-vi/so/goi/khoa/{key.pk}/thu-hoi/", {"ly_do": "mất máy", "bi_lo": "on"})
    key.refresh_from_db()
    assert key.is_compromised


def test_the_page_of_keys_shows_the_number_of_our_card_and_never_another_ones(
    department: Department,
) -> None:
    admin = browser(department.administrator)
    assert "chưa có khóa" in admin.get("/don-vi/so/goi/khoa/").content.decode()
    assert admin.get("/don-vi/so/goi/khoa/the/").status_code == 404
    admin.post("/don-vi/so/goi/khoa/thay/")
    page = admin.get("/don-vi/so/goi/khoa/").content.decode()
    assert own_fingerprint(by="t", now=now_utc()) in page
    assert admin.get("/don-vi/so/goi/khoa/the/").content.startswith(b"khien-card/1")


def test_an_officer_makes_a_bundle_carries_it_and_takes_the_receipt(department: Department) -> None:
    rotate_own_key(by="t", now=now_utc())
    card = FixedSender(unit="bo", instance=RECEIVER).card()
    register_key(
        department.department,
        ABOVE,
        card,
        number=read_card(card).fingerprint,
        read_by="Bình",
        by="quan-tri",
        now=now_utc(),
    )
    officer = browser(department.officer)
    number = Partner.objects.get().pk
    nothing = officer.post("/don-vi/so/goi/lap/", {"noi_nhan": number}, follow=True)
    assert "chọn ít nhất một nội dung" in nothing.content.decode()
    officer.post("/don-vi/so/goi/lap/", {"noi_nhan": number, "so": ["document", "x"]})
    assert not SentBundle.objects.exists()
    assert officer.post("/don-vi/so/goi/lap/", {"noi_nhan": "9" * 30}).status_code == 404
    sent = _made(department, number)
    page = officer.get(f"/don-vi/so/goi/gui/{sent.pk}/").content.decode()
    assert "chờ mang tệp đi" in page
    file = officer.get(f"/don-vi/so/goi/gui/{sent.pk}/tep/")
    assert b"".join(file.streaming_content) == sent_path(sent).read_bytes()
    bad = officer.post("/don-vi/so/goi/phieu/", {"tep": upload(b"x", "p.txt")}, follow=True)
    assert "Không nhận phiếu này" in bad.content.decode()


def _made(department: Department, number: int) -> SentBundle:
    from khien.exchange.submitting import Contents, make_bundle

    partner = Partner.objects.get(pk=number)
    return make_bundle(partner, Contents([document(b"x")]), by="an", now=now_utc())


def test_the_board_takes_as_many_queries_for_many_units_as_for_one(department: Department) -> None:
    client, counts = browser(department.officer), []
    for unit in ("phuong", "benh-vien"):
        sender = department.sender(unit)
        department.paired(sender, now=now_utc() - timedelta(days=1))
        took(department, bundle(sender))
        client.get("/don-vi/so/goi/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/don-vi/so/goi/").status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1


def test_a_forked_ledger_and_a_refused_bundle_stand_on_the_desk(department: Department) -> None:
    sender = paired(department)
    took(department, bundle(sender))
    forked = department.sender()
    forked.recorded(word="another past")
    took(department, bundle(forked, document(b"x"), sequence=2))
    today = browser(department.officer).get("/don-vi/so/hom-nay/").content.decode()
    assert "vì sao sổ cái không nối tiếp" in today
    assert 'href="/don-vi/so/goi/"' in today


def test_programs_read_the_same_boards(department: Department) -> None:
    took(department, bundle(paired(department)))
    token = make_token(
        department.officer, name="x", scopes=["read"], days=3, by="t", now=now_utc()
    )[1]
    headers = {"Authorization": f"Bearer {token}"}
    got = Client().get("/api/v1/units/so/bundles/received", headers=headers).json()
    [one] = got["items"]
    assert (one["unit"], one["continuity"]) == ("phuong", "first")
    assert one["facts"][0]["sentence"]["vi"] == "Chữ ký đúng khóa đã đăng ký."
    assert Client().get("/api/v1/units/so/bundles/sent", headers=headers).json()["items"] == []
    assert Client().get("/api/v1/units/xa-khac/bundles/sent", headers=headers).status_code == 404


def test_an_answer_is_handed_out_once_there_is_one_and_shown_where_it_came(
    department: Department,
) -> None:
    took(department, bundle(paired(department)))
    got = ReceivedBundle.objects.get()
    officer = browser(department.officer)
    assert officer.get(f"/don-vi/so/goi/nhan/{got.pk}/tra-loi/").status_code == 404
    rotate_own_key(by="t", now=now_utc())
    card = FixedSender(unit="bo", instance=RECEIVER).card()
    number = read_card(card).fingerprint
    register_key(department.department, ABOVE, card, number=number, read_by="B", by="q", now=now_utc())  # fmt: skip
    sent = _made(department, Partner.objects.get(direction=ABOVE).pk)
    decision = {"definition": "x", "title": "Báo cáo quý", "version": 1, "state": "returned", "on": "2026-07-02", "remarks": "Sửa <mục> II."}  # fmt: skip
    said = {"bundle": sent.bundle, "sender": own_instance(now_utc()), "instance": RECEIVER, "at": "2026-07-02T03:00:00Z", "decisions": [decision]}  # fmt: skip
    text = note_signed("khien-answer", said, FixedSender(unit="so", instance=RECEIVER).key)
    page = officer.post("/don-vi/so/goi/phieu/", {"tep": upload(text.encode(), "t.txt")}, follow=True)  # fmt: skip
    shown = page.content.decode()
    assert "Nơi nhận trả lời" in shown
    assert "Sửa &lt;mục&gt; II." in shown
