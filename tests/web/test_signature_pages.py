"""Signatures beside filed PDFs, their page, what a row may take from them, and whose certificates are trusted."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from made_up_authority import House, build_house, issued, paper
from register_rows import SO
from signing_cases import signed

from khien.kernel.clock import now_utc, vietnam_date
from khien.ledger.models import LedgerEntry
from khien.org.models import User
from khien.org.roles import ADMINISTRATOR, STAFF
from khien.org.services import grant_role
from khien.org.users import make_user
from khien.registers.models import Attachment, Row
from khien.signatures.models import KeptReading
from khien.signatures.selectors import trusted_certificates

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def house() -> House:
    return build_house()


@pytest.fixture(autouse=True)
def own_ledger(cast: Any, settings: Any, tmp_path: Path) -> None:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    settings.KHIEN_DATA = shutil.copytree(settings.KHIEN_DATA, tmp_path / "data")


@pytest.fixture
def row(cast: Any) -> Row:
    """A paper in the register of documents."""
    given = {
        "kind": "internal_rules", "title": "Quy chế", "issued_on": "05/01/2026", "is_approved": "có",
        "lan-gui": secrets.token_hex(16), "van-luu": "1",
    }  # fmt: skip
    cast.client().post(f"{SO}document/them/", given)
    return Row.objects.filter(register="document").latest("pk")


def filed(
    cast: Any, row: Row, content: bytes, committed: Any, name: str = "van-ban.pdf"
) -> Attachment:
    """File bytes beside a row as a browser does, and let what follows the commit run."""
    with committed(execute=True):
        cast.client().post(
            f"{SO}document/{row.number}/tep/", {"tep": SimpleUploadedFile(name, content)}
        )
    return Attachment.objects.filter(row=row).latest("pk")


def page(cast: Any, address: str, user: User | None = None) -> str:
    return str(cast.client(user).get(address).content.decode())


def own_page(row: Row, file: Attachment) -> str:
    return f"{SO}document/{row.number}/tep/{file.pk}/chu-ky/"


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def test_a_filed_pdf_shows_who_signed_and_how_far_it_was_checked(
    cast: Any, row: Row, house: House, committed: Any
) -> None:
    file = filed(cast, row, signed(house.an, house), committed)
    shown = page(cast, f"{SO}document/{row.number}/")
    assert "Nguyễn Văn An" in shown
    assert "Chưa kiểm đủ" in shown
    details = page(cast, own_page(row, file))
    assert "chưa kiểm được chứng thư vì chưa nạp chứng thư gốc" in details
    assert "do máy người ký ghi" in details
    assert KeptReading.objects.get().sha256 == file.sha256


def test_a_changed_file_is_said_to_be_no_evidence(
    cast: Any, row: Row, house: House, committed: Any
) -> None:
    content = bytearray(signed(house.an, house))
    content[content.index(b"stream\n", 2000) + 40] ^= 1
    file = filed(cast, row, bytes(content), committed)
    assert "Không dùng làm bằng chứng được" in page(cast, f"{SO}document/{row.number}/")
    assert "KHÔNG nguyên vẹn" in page(cast, own_page(row, file))


def test_a_pdf_without_signatures_and_a_text_say_nothing_more(
    cast: Any, row: Row, committed: Any
) -> None:
    filed(cast, row, paper(), committed)
    shown = page(cast, f"{SO}document/{row.number}/")
    assert "Tệp không có chữ ký số." in shown
    text = filed(cast, row, b"chu thuong", committed, "a.txt")
    assert KeptReading.objects.count() == 1, "a text is not looked at"
    assert "Chỉ đọc chữ ký số của tệp PDF" in page(cast, own_page(row, text))


def test_a_broken_pdf_is_filed_and_said_to_be_unread(cast: Any, row: Row, committed: Any) -> None:
    file = filed(cast, row, b"%PDF-1.7\n/ByteRange broken", committed)
    assert "Chưa đọc được chữ ký: cấu trúc PDF hỏng" in page(cast, own_page(row, file))


def test_hostile_names_in_certificates_are_words_not_markup(
    cast: Any, row: Row, house: House, committed: Any
) -> None:
    owner = issued("<script>alert(1)</script>", by=house.authority)
    file = filed(cast, row, signed(owner, house), committed)
    for address in (f"{SO}document/{row.number}/", own_page(row, file)):
        assert "<script>alert" not in page(cast, address)
        assert "&lt;script&gt;alert" in page(cast, address)


def test_it_is_read_again_when_others_are_trusted(
    cast: Any, row: Row, house: House, committed: Any
) -> None:
    file = filed(cast, row, signed(house.an, house), committed)
    load(cast, house.root.pem + house.authority.pem)
    assert "kho chứng thư tin cậy đã thay đổi" in page(cast, own_page(row, file))
    answer = cast.client().post(f"{own_page(row, file)}doc-lai/", follow=True)
    shown = answer.content.decode()
    assert "chứng thư gốc «Chứng thực gốc Mẫu» bảo đảm" in shown
    assert "đã thay đổi" not in shown
    assert KeptReading.objects.count() == 2


def test_signer_and_day_are_proposed_and_nothing_is_written(
    cast: Any, row: Row, house: House, committed: Any
) -> None:
    file = filed(cast, row, signed(house.an, house), committed)
    entries = LedgerEntry.objects.count()
    form = page(cast, f"{SO}document/{row.number}/sua/?theo-chu-ky={file.pk}")
    assert 'value="Nguyễn Văn An"' in form
    assert "chưa có gì thay đổi" in form
    assert 'value="05/01/2026"' in form, "a day that stands is not replaced"
    row.refresh_from_db()
    assert row.values.get("signer") is None
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("asked", ["", "0", "999999", "abc", "-1", "9" * 30])
def test_a_proposal_from_nothing_changes_nothing(cast: Any, row: Row, asked: str) -> None:
    answer = cast.client().get(f"{SO}document/{row.number}/sua/?theo-chu-ky={asked}")
    assert answer.status_code == 200
    assert "theo chữ ký số" not in answer.content.decode()


def test_a_broken_signature_proposes_nothing(
    cast: Any, row: Row, house: House, committed: Any
) -> None:
    content = signed(house.an, house) + b"\n5 0 obj<</Type/Page>>endobj\n"
    file = filed(cast, row, content, committed)
    assert "Nguyễn Văn An" not in page(
        cast, f"{SO}document/{row.number}/sua/?theo-chu-ky={file.pk}"
    )
    assert "theo-chu-ky" not in page(cast, own_page(row, file))


def test_a_stranger_sees_no_signature(cast: Any, row: Row, house: House, committed: Any) -> None:
    file = filed(cast, row, signed(house.an, house), committed)
    for address in (own_page(row, file), f"{own_page(row, file)}doc-lai/"):
        assert cast.client(cast.dung).get(address).status_code in (404, 405)
        assert cast.client(cast.dung).post(address).status_code in (404, 405)
    assert KeptReading.objects.count() == 1


# ---- whose certificates are trusted


def administrator(cast: Any, unit: Any, name: str) -> User:
    del cast
    return person(unit, name, ADMINISTRATOR)


def person(unit: Any, name: str, role: str) -> User:
    now = now_utc()
    made = User.objects.filter(username=name).first()
    if made is None:
        made = make_user(name, full_name=name, email="", unit=unit, by="an", now=now)
        grant_role(made, role, unit, from_on=vietnam_date(now), by="an", now=now)
    return made


def load(cast: Any, content: bytes, name: str = "goc.pem") -> Any:
    client = cast.client(administrator(cast, cast.ward, "quan-tri-dinh"))
    return client.post("/chung-thu/", {"tep": SimpleUploadedFile(name, content)}, follow=True)


def test_an_administrator_at_the_top_loads_and_takes_back(cast: Any, house: House) -> None:
    shown = load(cast, house.root.pem).content.decode()
    assert "Chứng thực gốc Mẫu" in shown
    (one,) = trusted_certificates()
    assert one.sha256 in shown
    client = cast.client(administrator(cast, cast.ward, "quan-tri-dinh"))
    shown = client.post(f"/chung-thu/{one.sha256}/thoi-tin/", follow=True).content.decode()
    assert "Chưa nạp chứng thư nào" in shown
    assert not trusted_certificates().exists()


def test_everybody_reads_in_the_ledger_whom_the_instance_trusts(cast: Any, house: House) -> None:
    load(cast, house.root.pem)
    assert "Nạp chứng thư của tổ chức chứng thực «Chứng thực gốc Mẫu»" in page(
        cast, "/so-cai/", cast.dung
    )


def test_a_file_that_is_none_is_refused_with_a_sentence(cast: Any, house: House) -> None:
    for content, why in ((b"x", "không phải tệp chứng thư"), (house.an.pem, "tổ chức chứng thực")):
        answer = load(cast, content)
        assert answer.status_code == 422
        assert why in answer.content.decode()
    client = cast.client(administrator(cast, cast.ward, "quan-tri-dinh"))
    assert client.post("/chung-thu/").status_code == 422
    assert not trusted_certificates().exists()


def test_an_administrator_below_sees_who_is_trusted_and_changes_nothing(
    cast: Any, house: House
) -> None:
    load(cast, house.root.pem)
    below = cast.client(administrator(cast, cast.station, "quan-tri-tram"))
    shown = below.get("/chung-thu/").content.decode()
    assert "Chứng thực gốc Mẫu" in shown
    assert '<form method="post" enctype' not in shown
    sent = {"tep": SimpleUploadedFile("goc.pem", house.authority.pem)}
    assert below.post("/chung-thu/", sent).status_code == 404
    (one,) = trusted_certificates()
    assert below.post(f"/chung-thu/{one.sha256}/thoi-tin/").status_code == 404
    staff = person(cast.ward, "nhan-vien", STAFF)
    assert cast.client(staff).get("/chung-thu/").status_code == 404
    assert trusted_certificates().count() == 1
