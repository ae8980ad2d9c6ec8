"""Pages of registers: lists, rows, and forms that lose nothing."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from register_rows import RAW, SO, add, form, new_row, raw, row_of

from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.selectors import entries_of_kind
from khien.org.models import RoleHeld, User
from khien.org.roles import INSPECTOR
from khien.registers.models import Attachment, Confirmation, Dismissal, Row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(cast: Any, settings: Any, tmp_path: Path) -> None:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    settings.KHIEN_DATA = shutil.copytree(settings.KHIEN_DATA, tmp_path / "data")


def text(answer: Any) -> str:
    return str(answer.content.decode())


# Lists


def test_all_registers_stand_in_groups_with_what_asks_for_them(cast: Any) -> None:
    page = text(cast.client().get(SO))
    assert page.count('class="why"') == 67
    assert "khoản 3 Điều 16 · Đồ Sơn" in page
    assert "Máy và thiết bị" in page


def test_a_register_is_found_without_tone_marks(cast: Any) -> None:
    page = text(cast.client().get(f"{SO}?tim=thiet+bi+dau+cuoi"))
    assert page.count('class="why"') == 1


def test_an_empty_register_teaches_what_belongs_there(cast: Any) -> None:
    page = text(cast.client().get(f"{SO}licence/"))
    assert "Sổ chưa có dòng nào" in page
    assert "xác nhận sổ đầy đủ" in page


def test_rows_are_found_without_tone_marks_narrowed_and_ordered(cast: Any) -> None:
    for name, kind in (("Máy Ánh", "laptop"), ("Máy Bé", "desktop"), ("Máy Ước", "laptop")):
        new_row(cast, endpoint_name=name, kind=kind)
    client = cast.client()

    def names(query: str) -> list[str]:
        return re.findall(r"<a href=\"[^\"]+\">(Máy \w+)</a>", text(client.get(f"{SO}endpoint/{query}")))  # fmt: skip

    assert names("?tim=may+anh") == ["Máy Ánh"]
    assert names("?loc-kind=laptop") == ["Máy Ánh", "Máy Ước"]
    assert names("?xep=-name")[:3] == ["Máy Ước", "Máy Bé", "Máy Ánh"]
    assert "Máy Bé" in names("?thieu=ip")


def test_a_filter_that_cannot_be_read_is_said_and_passed_over(cast: Any) -> None:
    page = text(cast.client().get(f"{SO}endpoint/?tu-retired_on=31/02/2026"))
    assert "Bỏ qua một điều kiện lọc" in page
    assert "không có ngày «31/02/2026»" in page


def test_htmx_gets_the_table_alone(cast: Any) -> None:
    page = text(cast.client().get(f"{SO}endpoint/", headers={"HX-Request": "true"}))
    assert "<html" not in page
    assert "<table" in page or "Sổ chưa có dòng nào" in page


def test_lists_and_rows_ask_the_database_a_fixed_number_of_questions(cast: Any) -> None:
    client = cast.client()
    row = new_row(cast, holder="Người ngoài")

    def counts() -> list[int]:
        found = []
        for address in (SO, f"{SO}endpoint/", f"{SO}endpoint/{row.number}/", f"{SO}endpoint/them/", f"{SO}endpoint/{row.number}/sua/", f"{SO}endpoint/in/"):  # fmt: skip
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    before = counts()
    for n in range(20):
        new_row(cast, endpoint_name=f"Máy {n}", holder=f"Người {n}")
    assert counts() == before
    assert max(before) <= 25, before


def test_a_file_goes_out_with_what_the_list_shows_and_formulas_are_neutralised(cast: Any) -> None:
    new_row(cast, endpoint_name="=cmd|' /C calc'!A0", kind="kiosk")
    client = cast.client()
    csv = b"".join(client.get(f"{SO}endpoint/xuat.csv?loc-kind=kiosk").streaming_content).decode()
    assert "\"'=cmd|' /C calc'!A0\"" in csv or "'=cmd|' /C calc'!A0" in csv
    assert csv.count("\r\n") == 2
    book = client.get(f"{SO}endpoint/xuat.xlsx?loc-kind=kiosk")
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert client.get(f"{SO}endpoint/xuat.pdf").status_code == 404
    assert client.get(f"{SO}endpoint/mau.xlsx").status_code == 200


def test_a_register_is_printed_as_an_official_form(cast: Any) -> None:
    new_row(cast)
    page = text(cast.client().get(f"{SO}endpoint/in/"))
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỔ THIẾT BỊ ĐẦU CUỐI", "NGƯỜI LẬP SỔ"):
        assert words in page


def test_a_register_is_confirmed_and_the_statement_is_on_record(cast: Any) -> None:
    client = cast.client()
    answer = client.post(f"{SO}wifi/xac-nhan/", {"ngay": "1/3/2026", "ghi-chu": "đã kiểm kê"}, follow=True)  # fmt: skip
    assert "Đầy đủ đến 01/03/2026" in text(answer)
    assert Confirmation.objects.get(register="wifi").note == "đã kiểm kê"
    answer = client.post(f"{SO}wifi/xac-nhan/", {"ngay": "31/2/2026"}, follow=True)
    assert "không có ngày «31/2/2026»" in text(answer)
    answer = client.post(f"{SO}wifi/xac-nhan/", {"ngay": "1/3/2199"})
    assert answer.status_code == 422


# Forms


def test_the_form_says_what_must_be_filled_in_and_which_clause_asks(cast: Any) -> None:
    page = text(cast.client().get(f"{SO}endpoint/them/"))
    assert "bắt buộc" in page
    assert "văn bản yêu cầu" in page
    assert '/van-ban/do-son/#D16.k3"' in page


def test_a_row_is_added_and_shown_with_its_history(cast: Any) -> None:
    answer = add(cast, endpoint_name="Máy một cửa", connected_on="5/3/2026")
    page = text(answer)
    assert "Máy một cửa" in page
    assert "05/03/2026" in page
    assert "Thêm mới" in page
    assert "bản ghi sổ cái" in page


def test_errors_stand_at_their_fields_and_what_was_typed_stays(cast: Any) -> None:
    before = Row.objects.count()
    answer = cast.client().post(
        f"{SO}endpoint/them/", raw(endpoint_name="Máy chữ", mac="zz", connected_on="31/2/2026", kind="")
    )  # fmt: skip
    page = text(answer)
    assert (answer.status_code, Row.objects.count()) == (422, before)
    for words in ('href="#o-mac"', 'href="#o-connected_on"', 'href="#o-kind"', 'value="Máy chữ"', 'value="zz"', 'value="31/2/2026"'):  # fmt: skip
        assert words in page, words
    assert page.count('aria-invalid="true"') == 3
    assert re.search(r'id="o-mac"[^>]*aria-describedby="loi-mac giup-mac"', page)


def test_dates_in_an_impossible_order_are_refused_at_the_later_one(cast: Any) -> None:
    answer = cast.client().post(
        f"{SO}endpoint/them/", raw(connected_on="05/03/2026", retired_on="01/03/2026")
    )
    assert answer.status_code == 422
    assert 'href="#o-retired_on"' in text(answer)


def test_a_used_mac_is_refused_with_the_other_row_named(cast: Any) -> None:
    first = new_row(cast, endpoint_name="Máy cũ", mac="02:1a:4b:aa:00:01")
    answer = cast.client().post(f"{SO}endpoint/them/", raw(mac="02-1A-4B-AA-00-01"))
    assert answer.status_code == 409
    assert f"dòng {first.number} (Máy cũ)" in text(answer)


def test_a_used_ip_is_warned_of_with_the_other_row_named_and_saved_when_meant(cast: Any) -> None:
    first = new_row(cast, endpoint_name="Máy trước", ip="10.9.8.7")
    client, sent = cast.client(), raw(endpoint_name="Máy sau", ip="10.9.8.7")
    answer = client.post(f"{SO}endpoint/them/", sent)
    assert answer.status_code == 409
    assert f"dòng {first.number}, Máy trước" in text(answer)
    assert not Row.objects.filter(name="Máy sau").exists()
    client.post(f"{SO}endpoint/them/", sent | {"van-luu": "1"})
    page = text(client.get(f"{SO}endpoint/{row_of('Máy sau').number}/"))
    assert f"dòng {first.number}, Máy trước" in page, "the row itself goes on telling it"


def test_the_address_of_a_row_taken_out_is_free_again(cast: Any) -> None:
    first = new_row(cast, ip="10.9.8.6")
    client = cast.client()
    client.post(f"{SO}endpoint/{first.number}/dua-ra/")
    assert client.post(f"{SO}endpoint/them/", raw(ip="10.9.8.6")).status_code == 302


def test_a_form_sent_twice_adds_one_row(cast: Any) -> None:
    client, sent = cast.client(), raw(endpoint_name="Máy bấm hai lần")
    answers = [client.post(f"{SO}endpoint/them/", sent) for _ in range(2)]
    assert [a.headers["Location"] for a in answers] == [answers[0].headers["Location"]] * 2
    assert Row.objects.filter(name="Máy bấm hai lần").count() == 1


def test_back_and_sent_again_with_other_words_loses_neither(cast: Any) -> None:
    client, sent = cast.client(), raw(endpoint_name="Máy lần đầu")
    client.post(f"{SO}endpoint/them/", sent)
    answer = client.post(f"{SO}endpoint/them/", sent | {"endpoint_name": "Máy lần sau"})
    page = text(answer)
    row = row_of("Máy lần đầu")
    assert "Biểu mẫu này đã được ghi thành dòng" in page
    assert 'value="Máy lần sau"' in page
    assert row.version == 1


def test_a_token_of_another_register_is_no_row_here(cast: Any) -> None:
    client, sent = cast.client(), raw(endpoint_name="Máy mã một")
    client.post(f"{SO}endpoint/them/", sent)
    answer = client.post(f"{SO}wifi/them/", {"ssid": "KHACH", "lan-gui": sent["lan-gui"]})
    assert answer.status_code in (302, 422)


def test_the_back_button_after_a_change_meets_the_newer_version(cast: Any) -> None:
    row, client = new_row(cast, endpoint_name="Máy quay lại"), cast.client()
    sent = form(cast, row)
    client.post(f"{SO}endpoint/{row.number}/sua/", sent | {"division": "Phòng A"})
    answer = client.post(f"{SO}endpoint/{row.number}/sua/", sent | {"division": "Phòng B"})
    assert answer.status_code == 409
    assert "Phòng A" in text(answer)
    assert "Phòng B" in text(answer)


def test_two_persons_changes_are_shown_and_chosen_and_nothing_is_lost(cast: Any) -> None:
    row, client = new_row(cast, endpoint_name="Máy chung", place="Tầng 1"), cast.client()
    sent = form(cast, row)
    client.post(f"{SO}endpoint/{row.number}/sua/", sent | {"place": "Tầng 2", "model": "Kiểu X"})
    mine = sent | {"place": "Tầng 3", "division": "Phòng Y tế"}
    page = text(client.post(f"{SO}endpoint/{row.number}/sua/", mine))
    for words in ("Tầng 1", "Tầng 2", "Tầng 3", "Kiểu X", "Phòng Y tế"):
        assert words in page
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    chosen = {name: hidden[name] for name in ("ban", "place", "division")}
    client.post(f"{SO}endpoint/{row.number}/sua/", chosen | {"chon-place": "ho"})
    row.refresh_from_db()
    assert {c: row.values[c] for c in ("place", "model", "division")} == {
        "place": "Tầng 2", "model": "Kiểu X", "division": "Phòng Y tế",
    }  # fmt: skip


def test_mine_may_be_chosen_over_theirs(cast: Any) -> None:
    row, client = new_row(cast, place="Tầng 1"), cast.client()
    sent = form(cast, row)
    client.post(f"{SO}endpoint/{row.number}/sua/", sent | {"place": "Tầng 2"})
    client.post(f"{SO}endpoint/{row.number}/sua/", {"ban": "2", "place": "Tầng 3", "chon-place": "toi"})  # fmt: skip
    row.refresh_from_db()
    assert row.values["place"] == "Tầng 3"


def test_a_reference_to_a_row_taken_out_since_does_not_stop_a_change(cast: Any) -> None:
    client = cast.client()
    client.post(f"{SO}person/them/", {"full_name": "Lê Thu", "kind": "official", "lan-gui": "n1"})
    person = row_of("Lê Thu")
    row = new_row(cast, holder=f"#{person.number}")
    client.post(f"{SO}person/{person.number}/dua-ra/")
    answer = client.post(f"{SO}endpoint/{row.number}/sua/", form(cast, row) | {"place": "Tầng 5"})
    row.refresh_from_db()
    assert answer.status_code == 302
    assert (row.values["holder"], row.values["place"]) == (person.pk, "Tầng 5")


# An expired session


def test_text_of_a_form_survives_the_end_of_the_session(cast: Any) -> None:
    client = cast.client()
    page = text(client.get(f"{SO}endpoint/them/"))
    sent = raw(endpoint_name="Máy viết dở", note="nửa trang chữ") | hidden_of(page)
    client.session.flush()
    client.cookies.pop("khien_session", None)
    answer = client.post(f"{SO}endpoint/them/", sent)
    assert answer.headers["Location"].startswith("/can-dang-nhap/")
    again = cast.client()
    assert "mở lại" in text(again.get(SO))
    page = text(again.get(f"{SO}endpoint/them/"))
    assert 'value="Máy viết dở"' in page
    assert "Phiên làm việc đã kết thúc" in page
    again.post(f"{SO}endpoint/them/", sent)
    assert Row.objects.filter(name="Máy viết dở").count() == 1
    assert "mở lại" not in text(again.get(SO)), "what was given back is no longer kept"


def test_text_of_a_change_survives_too_and_still_meets_the_version_it_saw(cast: Any) -> None:
    row = new_row(cast, place="Tầng 1")
    sent = form(cast, row) | {"place": "Tầng 7"}
    Client().post(f"{SO}endpoint/{row.number}/sua/", sent)
    page = text(cast.client().get(f"{SO}endpoint/{row.number}/sua/"))
    assert 'value="Tầng 7"' in page
    assert f'name="ban" value="{row.version}"' in page


def test_nobody_else_is_given_the_text_and_a_forged_name_keeps_nothing(cast: Any) -> None:
    sent = raw(endpoint_name="Máy của An") | hidden_of(text(cast.client().get(f"{SO}endpoint/them/")))  # fmt: skip
    Client().post(f"{SO}endpoint/them/", sent)
    Client().post(f"{SO}wifi/them/", {"ssid": "X", "nguoi-viet": "1:gia:mao"})
    assert "Máy của An" not in text(cast.client(cast.binh).get("/don-vi/tram/so/endpoint/them/"))
    client = cast.client()
    assert 'value="X"' not in text(client.get(f"{SO}wifi/them/"))
    assert 'value="Máy của An"' in text(client.get(f"{SO}endpoint/them/"))


def test_a_form_from_before_signing_in_again_keeps_its_words(cast: Any) -> None:
    sent = raw(endpoint_name="Máy thẻ cũ") | hidden_of(text(cast.client().get(f"{SO}endpoint/them/")))  # fmt: skip
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.an)
    answer = strict.post(f"{SO}endpoint/them/", sent)
    assert answer.status_code == 403
    assert f'href="{SO}endpoint/them/"' in text(answer)
    assert 'value="Máy thẻ cũ"' in text(strict.get(f"{SO}endpoint/them/"))


def hidden_of(page: str) -> dict[str, str]:
    return {
        name: value
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
        if name in ("nguoi-viet", "lan-gui", "ban")
    }


# Rows


def test_a_row_taken_out_can_be_put_back_at_once(cast: Any) -> None:
    row, client = new_row(cast, endpoint_name="Máy hoàn tác"), cast.client()
    page = text(client.post(f"{SO}endpoint/{row.number}/dua-ra/", follow=True))
    assert f"/so/endpoint/{row.number}/khoi-phuc/" in page
    assert "Hoàn tác" in page
    client.post(f"{SO}endpoint/{row.number}/khoi-phuc/")
    row.refresh_from_db()
    assert not row.is_retired


def test_a_row_tells_what_it_lacks_who_names_it_and_every_step(cast: Any) -> None:
    client = cast.client()
    client.post(f"{SO}person/them/", {"full_name": "Trần Bình", "kind": "official", "lan-gui": "n2"})  # fmt: skip
    person = row_of("Trần Bình")
    row = new_row(cast, endpoint_name="Máy của Bình", holder=f"#{person.number}")
    client.post(f"{SO}endpoint/{row.number}/sua/", form(cast, row) | {"place": "Tầng 4"})
    page = text(client.get(f"{SO}endpoint/{row.number}/"))
    assert "chưa ghi" in page
    assert f'/so/person/{person.number}/"' in page
    assert "<ins>Tầng 4</ins>" in page
    assert "Máy của Bình" in text(client.get(f"{SO}person/{person.number}/"))


def test_files_are_filed_sent_taken_off_and_put_back(cast: Any) -> None:
    row, client = new_row(cast), cast.client()
    place = f"{SO}endpoint/{row.number}/"
    sent = SimpleUploadedFile("Biên bản.pdf", b"%PDF-1.4 x", content_type="text/html")
    page = text(client.post(f"{place}tep/", {"tep": sent}, follow=True))
    file = Attachment.objects.get(row=row)
    assert "Biên bản.pdf" in page
    assert file.sha256[:16] in page
    answer = client.get(f"{place}tep/{file.pk}/")
    assert (answer.content, answer.headers["Content-Type"]) == (b"%PDF-1.4 x", "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    client.post(f"{place}tep/{file.pk}/go/")
    assert Attachment.objects.get(pk=file.pk).is_retired
    client.post(f"{place}tep/{file.pk}/dua-lai/")
    assert not Attachment.objects.get(pk=file.pk).is_retired
    assert entries_of_kind("registers.file_added").exists()


def test_a_file_of_another_row_is_not_found_here(cast: Any) -> None:
    one, other, client = new_row(cast), new_row(cast), cast.client()
    client.post(f"{SO}endpoint/{one.number}/tep/", {"tep": SimpleUploadedFile("a.txt", b"chu")})
    file = Attachment.objects.get(row=one)
    assert client.get(f"{SO}endpoint/{other.number}/tep/{file.pk}/").status_code == 404


def test_a_refused_file_is_said_and_the_others_are_kept(cast: Any) -> None:
    row, client = new_row(cast), cast.client()
    files = [SimpleUploadedFile("a.exe", b"MZ\x90\x00"), SimpleUploadedFile("b.txt", b"chu")]
    page = text(client.post(f"{SO}endpoint/{row.number}/tep/", {"tep": files}, follow=True))
    assert "Chưa lưu tệp «a.exe»" in page
    assert Attachment.objects.get(row=row).name == "b.txt"


# Many rows at once


def test_many_rows_are_changed_together(cast: Any) -> None:
    rows, client = [new_row(cast) for _ in range(3)], cast.client()
    stamps = [f"{row.number}.{row.version}" for row in rows]
    page = text(client.post(f"{SO}endpoint/sua-nhieu/", {"dong": stamps}))
    assert "Sửa 3 dòng cùng lúc" in page
    client.post(f"{SO}endpoint/sua-nhieu/", {"dong": stamps, "luu": "1", "doi": "division", "division": "Phòng mới", "place": "không đổi"})  # fmt: skip
    found = Row.objects.filter(pk__in=[row.pk for row in rows])
    assert {row.values.get("division") for row in found} == {"Phòng mới"}
    assert {row.values.get("place") for row in found} == {None}


def test_all_are_changed_or_none(cast: Any) -> None:
    rows, client = [new_row(cast, connected_on="05/03/2026"), new_row(cast)], cast.client()
    stamps = [f"{row.number}.{row.version}" for row in rows]
    sent = {"dong": stamps, "luu": "1", "doi": "retired_on", "retired_on": "01/01/2026"}
    answer = client.post(f"{SO}endpoint/sua-nhieu/", sent)
    assert answer.status_code == 422
    assert f"Dòng {rows[0].number}:" in text(answer)
    assert 'value="01/01/2026"' in text(answer)
    assert {r.values.get("retired_on") for r in Row.objects.filter(pk__in=[r.pk for r in rows])} == {None}  # fmt: skip


def test_rows_changed_meanwhile_are_not_overwritten(cast: Any) -> None:
    row, client = new_row(cast), cast.client()
    client.post(f"{SO}endpoint/{row.number}/sua/", form(cast, row) | {"place": "Tầng 2"})
    sent = {"dong": f"{row.number}.1", "luu": "1", "doi": "place", "place": "Tầng 9"}
    answer = client.post(f"{SO}endpoint/sua-nhieu/", sent)
    row.refresh_from_db()
    assert (answer.status_code, row.values["place"]) == (422, "Tầng 2")


def test_all_rows_a_list_shows_may_be_chosen(cast: Any) -> None:
    for _ in range(3):
        new_row(cast, division="Phòng riêng")
    sent = {"tat-ca-dong": "1", "danh-sach": "?loc-division=Phòng riêng"}
    assert "Sửa 3 dòng" in text(cast.client().post(f"{SO}endpoint/sua-nhieu/", sent))


# What machines saw


def test_a_machine_that_is_not_registered_is_proposed_and_never_added_by_itself(cast: Any) -> None:
    client = cast.client()
    page = text(client.get(f"{SO}endpoint/may-thay/"))
    identity = re.search(r'name="muc" value="([0-9a-f]{64})"', page)
    assert identity is not None
    before = Row.objects.count()
    form_page = text(client.get(f"{SO}endpoint/them/?may-thay={identity[1]}"))
    assert cast.host.host_uid in form_page or 'id="o-endpoint_name" name="endpoint_name" value=""' not in form_page  # fmt: skip
    assert Row.objects.count() == before
    answer = client.post(f"{SO}endpoint/may-thay/", {"muc": identity[1], "ghi": "1"})
    assert answer.status_code == 422, "required fields the machine does not tell are asked for"
    client.post(f"{SO}endpoint/may-thay/", {"muc": identity[1], "ghi": "1"} | RAW)
    assert Row.objects.count() == before + 1
    assert 'name="muc"' not in text(client.get(f"{SO}endpoint/may-thay/"))


def test_what_was_left_out_is_not_proposed_again(cast: Any) -> None:
    client = cast.client()
    page = text(client.get(f"{SO}account/may-thay/"))
    found = re.findall(r'name="muc" value="([0-9a-f]{64})"', page)
    assert found
    client.post(f"{SO}account/may-thay/", {"muc": found[0], "bo-qua": "1", "ly-do": "hệ thống"})
    assert Dismissal.objects.get().reason == "hệ thống"
    assert found[0] not in text(client.get(f"{SO}account/may-thay/"))


# Who may


def test_an_inspector_reads_and_changes_nothing(cast: Any) -> None:
    row = new_row(cast, endpoint_name="Máy kiểm tra")
    client = cast.client(inspector(cast))
    page = text(client.get(f"{SO}endpoint/"))
    assert "Máy kiểm tra" in page
    assert "/so/endpoint/them/" not in page
    for address in ("them/", f"{row.number}/sua/", f"{row.number}/dua-ra/", "xac-nhan/", "nhap/", "sua-nhieu/", "may-thay/"):  # fmt: skip
        assert client.post(f"{SO}endpoint/{address}", raw()).status_code == 403, address
    row.refresh_from_db()
    assert (row.version, row.is_retired) == (1, False)


def inspector(cast: Any) -> Any:
    user, _ = User.objects.get_or_create(username="doan-kiem-tra", unit=cast.ward)
    today = vietnam_date(now_utc())
    RoleHeld.objects.get_or_create(
        user=user, unit=cast.ward, role=INSPECTOR, from_on=today, until_on=today + timedelta(days=5), granted_by="thu", granted_at=now_utc()
    )  # fmt: skip
    return user


def test_the_list_of_registers_says_the_day_of_the_last_change_alone(cast: Any) -> None:
    new_row(cast, endpoint_name="Máy của danh sách")
    page = cast.client().get(SO).content.decode()
    assert re.search(r">sửa \d\d/\d\d/\d{4}</span>", page)
    assert not re.search(r"sửa \d\d:\d\d", page)
