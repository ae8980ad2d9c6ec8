"""Pages on which texts are shared: taken away in five forms, looked at before anything is stored, taken in."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from khien.adoption.models import ImportedText
from khien.adoption.sharing import recognising
from khien.adoption.sharing.forms import FORM_WORDS, exported, read_shared, verify_package
from khien.adoption.sharing.keys import own_seal, trust_here
from khien.adoption.sharing.package import Seal
from khien.adoption.sharing.services import sign_text
from khien.adoption.structure import structure_of
from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.ledger.note import SigningKey
from khien.norms.library import load_library
from khien.org.errors import NotAllowed
from khien.org.models import User
from khien.org.roles import LEADER
from khien.org.services import grant_role
from khien.web.pages import sharing

pytestmark = pytest.mark.django_db
LIST = "/van-ban/nhap/"
SHARED = "/van-ban/hue/"
OTHERS = Seal(SigningKey("khien/0123456789abcdef/gui-1", b"k" * 32), "Người lạ", datetime(2026, 11, 20, tzinfo=UTC))  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(cast: Any, tmp_path: Path) -> Iterator[None]:
    """Each test keeps files in a copy: the database forgets afterwards, files would not."""
    del cast
    data = tmp_path / "data"
    shutil.copytree(settings.KHIEN_DATA, data)
    with override_settings(KHIEN_DATA=data):
        yield


@pytest.fixture
def client(cast: Any) -> Client:
    return cast.client()


@pytest.fixture
def leader(cast: Any) -> User:
    """Binh, who leads the ward for this test."""
    now = now_utc()
    day = vietnam_date(now)
    grant_role(cast.binh, LEADER, cast.ward, from_on=day, by="an", now=now)
    return cast.binh


def file_of(form: str, seal: Seal | None = None) -> bytes:
    return exported(load_library(), "hue", form, seal=seal).data


def signed_here() -> bytes:
    return file_of("package", own_seal(by="an", now=now_utc()))


def dropped(cast: Any, client: Client, content: bytes, name: str, **fields: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(LIST, {"don_vi": cast.ward.code, "tep": file, **fields})


def looked_at(cast: Any, client: Client, content: bytes, name: str) -> tuple[str, Any]:
    """Drop a file; return the address it waits at, and the page there."""
    before = LedgerEntry.objects.count()
    address = dropped(cast, client, content, name).headers["Location"]
    page = client.get(address)
    assert LedgerEntry.objects.count() == before
    return address, page


def words_of(answer: Any) -> str:
    return str(answer.content.decode())


def repacked(content: bytes, change: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return target.getvalue()


# -- taking away ----------------------------------------------------------------------------------


def test_the_page_of_a_document_offers_every_form_with_what_it_is_for(client: Client) -> None:
    page = words_of(client.get(SHARED))
    assert "Tải về, chia sẻ" in page
    assert [form for form, words in FORM_WORDS.items() if words.vi not in page] == []
    assert "Chỉ lãnh đạo được ký." in page
    assert "Ký và tải về" not in page


@pytest.mark.parametrize("slug", sharing.UNSIGNED)
def test_who_reads_the_library_takes_an_unsigned_form(cast: Any, slug: str) -> None:
    answer = cast.client(cast.dung).get(f"{SHARED}tai-ve/{slug}/")
    assert answer.content == file_of(sharing.UNSIGNED[slug])
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_form_or_text_that_does_not_exist_is_not_there(client: Client) -> None:
    assert client.get(f"{SHARED}tai-ve/pdf/").status_code == 404
    assert client.get("/van-ban/khong-co/tai-ve/oscal/").status_code == 404


def test_a_leader_signs_and_it_stands_in_the_ledger_with_the_digest(
    cast: Any, leader: User
) -> None:
    client = cast.client(leader)
    assert "Ký và tải về" in words_of(client.get(SHARED))
    answer = client.post(f"{SHARED}tai-ve/goi-ky/")
    assert verify_package(answer.content, trust_here).is_trusted
    entry = LedgerEntry.objects.filter(kind="adoption.text_exported").latest("index")
    assert (entry.subject, entry.body["by"], entry.body["units"]) == (
        "hue",
        leader.username,
        [cast.ward.code],
    )
    assert entry.body["sha256"] == sha256(answer.content).hexdigest()
    assert "Ký và xuất văn bản hue" in words_of(client.get(f"/so-cai/{entry.index}/"))


def test_who_does_not_approve_signs_nothing(cast: Any, client: Client) -> None:
    before = LedgerEntry.objects.count()
    assert client.post(f"{SHARED}tai-ve/goi-ky/").status_code == 404
    assert client.get(f"{SHARED}tai-ve/goi-ky/").status_code == 405
    assert LedgerEntry.objects.count() == before


def test_a_text_too_long_for_a_page_names_the_command(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognising, "CLAUSES_MAX", 3)
    answer = client.get(f"{SHARED}tai-ve/so-tinh/")
    assert answer.status_code == 413
    assert "khien norms export hue --as xlsx -o hue.xlsx" in words_of(answer)
    monkeypatch.setattr(sharing, "CLAUSES_MAX", 3)
    assert "khien norms export hue --as folder -o hue" in words_of(client.get(SHARED))


# -- a file that came -----------------------------------------------------------------------------


def test_a_signed_package_shows_whose_key_and_is_taken_in_on_a_word(
    cast: Any, client: Client
) -> None:
    content = signed_here()
    address, page = looked_at(cast, client, content, "huế.khien-text")
    shown = words_of(page)
    assert page.status_code == 200
    assert "Nguyên vẹn: chữ ký đúng" in shown
    assert "khóa của chính nơi này" in shown
    assert "Đưa vào, đặt hiệu lực và phạm vi" in shown
    assert not ImportedText.objects.filter(code="hue-2").exists()
    answer = client.post(address, {"don_vi": cast.ward.code, "ma": "hue-2"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{LIST}hue-2/"
    assert "Hiệu lực và phạm vi" in words_of(answer)
    text = ImportedText.objects.get(code="hue-2")
    assert (text.unit, text.file_name) == (cast.ward, "huế.khien-text")
    assert text.shared["origin"].startswith("huế.khien-text, khien/")
    assert yaml.safe_load(text.shared["files"]["norms/hue-2/document.yaml"])["id"] == "hue-2"
    assert client.get(f"{LIST}hue-2/tep/").content == content
    assert client.get(f"{LIST}hue-2/hieu-luc/").status_code == 200


@pytest.mark.parametrize("form", ["folder", "oscal", "xlsx"])
def test_an_unsigned_form_is_recognised_and_says_that_nobody_vouches(
    cast: Any, client: Client, form: str
) -> None:
    name = "a.xlsx" if form == "xlsx" else "a.zip"
    address, page = looked_at(cast, client, file_of(form), name)
    assert FORM_WORDS[form].vi in words_of(page)
    assert "Không có chữ ký" in words_of(page)
    assert client.post(address, {"don_vi": cast.ward.code, "ma": f"hue-{form}"}).status_code == 302
    assert ImportedText.objects.get(code=f"hue-{form}").shared["form"] == form


def test_a_code_that_is_taken_is_told_and_the_file_still_waits(cast: Any, client: Client) -> None:
    address, page = looked_at(cast, client, file_of("folder"), "hue.zip")
    assert "Ở đây đã có văn bản mã hue" in words_of(page)
    answer = client.post(address, {"don_vi": cast.ward.code, "ma": "hue"})
    assert answer.status_code == 409
    again = client.post(address, {"don_vi": cast.ward.code, "ma": "Huế 2!"})
    assert again.status_code == 422
    assert 'value="Huế 2!"' in words_of(again)
    assert client.get(address).status_code == 200


def test_an_altered_package_is_told_and_not_taken(cast: Any, client: Client) -> None:
    content = repacked(signed_here(), {"norms/hue/document.yaml": b"id: hue\n"})
    address, page = looked_at(cast, client, content, "hue.khien-text")
    assert page.status_code == 422
    assert "norms/hue/document.yaml không khớp bảng kê" in words_of(page)
    assert "Lấy lại gói từ nơi đã ký" in words_of(page)
    assert client.post(address, {"don_vi": cast.ward.code, "ma": "hue-2"}).status_code == 422
    assert not ImportedText.objects.filter(code="hue-2").exists()


def test_a_broken_signature_is_told(cast: Any, client: Client) -> None:
    ours = signed_here()
    with zipfile.ZipFile(io.BytesIO(ours)) as package:
        manifest = package.read("MANIFEST.khien").replace(b'"packed_by":"an"', b'"packed_by":"ba"')
    page = looked_at(cast, client, repacked(ours, {"MANIFEST.khien": manifest}), "a.khien-text")[1]
    assert "chữ ký không đúng với bảng kê" in words_of(page)


def test_a_foreign_key_is_named_with_what_to_do_and_taken_once_it_is_known(
    cast: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, page = looked_at(cast, client, file_of("package", OTHERS), "hue.khien-text")
    shown = words_of(page)
    assert page.status_code == 403
    assert "Nguyên vẹn: chữ ký đúng" in shown
    assert "khien/0123456789abcdef/gui-1" in shown
    assert "chưa ai đăng ký" in shown
    assert "Kiểm tra lại" in shown
    assert client.post(address, {"don_vi": cast.ward.code, "ma": "hue-2"}).status_code == 403
    monkeypatch.setattr("khien.web.views.sharing.trust_here", lambda key, at: None)
    assert client.get(address).status_code == 200


def test_of_a_skeleton_only_the_words_are_brought_in_and_reviewed_from_the_beginning(
    cast: Any, client: Client
) -> None:
    address, page = looked_at(cast, client, file_of("ciso"), "hue.yaml")
    assert "Chưa đủ để áp dụng" in words_of(page)
    assert "Nhập chính văn bản" in words_of(page)
    answer = client.post(address, {"don_vi": cast.ward.code, "ma": "hue-2"})
    assert answer.headers["Location"] == "/van-ban/nhap/hue-2/"
    text = ImportedText.objects.get(code="hue-2")
    assert text.state == ImportedText.State.REVIEWING
    assert not text.shared
    assert not text.reviews.exists()
    assert set(load_library().documents["hue"].clauses) <= set(structure_of(text).by_path)


def test_a_skeleton_that_cannot_be_brought_in_still_waits(cast: Any, client: Client) -> None:
    address, _ = looked_at(cast, client, file_of("ciso"), "hue.yaml")
    refused = client.post(address, {"don_vi": cast.ward.code, "ma": "nhap"})
    assert refused.status_code >= 400
    assert 'value="nhap"' in words_of(refused)
    assert client.get(address).status_code == 200


def test_every_mistake_of_a_text_is_listed_with_its_place(cast: Any, client: Client) -> None:
    change = {"norms/hue/document.yaml": b"id: hue\nkind: <b>x</b>\n"}
    page = looked_at(cast, client, repacked(file_of("folder"), change), "hue.zip")[1]
    assert page.status_code == 422
    assert "document.yaml" in words_of(page)
    assert "problem-list" in words_of(page)
    assert "<b>x</b>" not in words_of(page)


def test_what_was_typed_beside_the_file_is_not_lost(cast: Any, client: Client) -> None:
    writer = words_of(client.get(LIST)).partition('name="nguoi-viet" value="')[2].partition('"')[0]
    typed = {"noi_dung": "Điều 1. Đã dán", "ma": "xa-toi", "nguoi-viet": writer}
    answer = dropped(cast, client, file_of("folder"), "hue.zip", **typed)
    assert 'value="xa-toi"' in words_of(client.get(answer.headers["Location"]))
    assert "Điều 1. Đã dán" in words_of(client.get(LIST))


def test_a_file_waits_only_for_its_sender_and_until_it_is_put_away(
    cast: Any, client: Client
) -> None:
    address = looked_at(cast, client, file_of("folder"), "hue.zip")[0]
    stranger = cast.client(cast.dung)
    assert stranger.post(address, {"don_vi": cast.strange.code, "ma": "hue-2"}).status_code == 302
    assert not ImportedText.objects.filter(code="hue-2").exists()
    assert client.post(address, {"bo": "1"}).status_code == 302
    assert "Tệp đã xem không còn chờ" in words_of(client.get(address, follow=True))


def test_a_unit_one_may_not_write_at_gets_nothing(cast: Any, client: Client) -> None:
    address = looked_at(cast, client, file_of("folder"), "hue.zip")[0]
    answer = client.post(address, {"don_vi": cast.strange.code, "ma": "hue-2"})
    assert answer.status_code == 422
    assert not ImportedText.objects.filter(code="hue-2").exists()


def test_a_file_too_much_for_a_page_names_the_command(
    cast: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognising, "_PAGE_BYTES", {"yaml": 100, "json": 100, "workbook": 100})
    answer = dropped(cast, client, file_of("folder"), "hue.zip")
    assert answer.status_code == 413
    assert f"khien norms take TỆP --unit {cast.ward.code}" in words_of(answer)


@pytest.mark.parametrize(
    ("content", "name", "is_one"),
    [
        (b"PK\x03\x04 damaged", "a.khien-text", True),
        (b"PK\x03\x04 damaged", "a.docx", False),
        (b'\xef\xbb\xbf {"catalog": {}}', "a", True),
        (b"urn: urn:x:risk:library:a\nobjects:\n", "a.txt", True),
        ("Điều 1. Phạm vi\n{ngoặc}".encode(), "a.txt", False),
        (b"%PDF-1.7", "a.pdf", False),
    ],
)
def test_a_shared_file_is_told_from_a_regulation(content: bytes, name: str, is_one: bool) -> None:
    assert recognising.is_shared(content, name) is is_one


def test_the_leader_of_another_unit_does_not_sign_a_units_own_text(
    cast: Any, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = load_library()
    own = replace(library.documents["hue"], is_own=True)
    other = replace(library, documents={**library.documents, "hue": own})
    monkeypatch.setattr("khien.adoption.sharing.selectors.load_library", lambda: other)
    page = words_of(cast.client(leader).get(SHARED))
    assert "Ký và tải về" not in page
    assert cast.client(leader).post(f"{SHARED}tai-ve/goi-ky/").status_code == 404
    with pytest.raises(NotAllowed):
        sign_text(cast.ward, "hue", user=leader, now=now_utc())


def test_what_left_signed_comes_back_whole(cast: Any, leader: User) -> None:
    answer = cast.client(leader).post(f"{SHARED}tai-ve/goi-ky/")
    got = read_shared(answer.content, load_library(), trust=trust_here)
    assert got.document.clauses.keys() == load_library().documents["hue"].clauses.keys()


def test_a_word_file_is_a_regulation_whatever_else_is_packed_in_it() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("customXml/item.json", "{}")
        package.writestr("word/document.xml", "<w/>")
    assert not recognising.is_shared(target.getvalue(), "a.docx")
