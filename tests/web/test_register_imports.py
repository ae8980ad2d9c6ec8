"""Import through the pages: seen first, then confirmed, all of it or nothing."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from register_rows import SO, new_row

from khien.registers.models import Row
from khien.registers.sheets import FILE_SIZE_MAX
from khien.web.views import register_imports

pytestmark = pytest.mark.django_db

HEADER = ["Tên thiết bị", "Chủng loại", "Địa chỉ MAC", "Địa chỉ IP", "Thiết bị cá nhân"]
GOOD = [["Máy A", "máy tính bảng", "02:1a:4b:bb:00:01", "10.8.0.1", "không"], ["Máy B", "camera", "02:1a:4b:bb:00:02", "10.8.0.2", "có"]]  # fmt: skip


@pytest.fixture(autouse=True)
def own_ledger(cast: Any, settings: Any, tmp_path: Path) -> None:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    settings.KHIEN_DATA = shutil.copytree(settings.KHIEN_DATA, tmp_path / "data")


def workbook(rows: list[list[object]], header: list[str] = HEADER) -> bytes:
    book, target = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [header, *rows]:
        sheet.append(row)
    book.save(target)
    return target.getvalue()


def upload(cast: Any, content: bytes, name: str = "may.xlsx", user: Any = None) -> Any:
    client = cast.client(user)
    return client.post(f"{SO}endpoint/nhap/", {"tep": SimpleUploadedFile(name, content)})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def confirm_of(page: str) -> tuple[str, str]:
    """Return where a preview is confirmed, and the digest it shows."""
    place = re.search(r'action="([^"]+/nhap/[0-9a-f]{32}/)"', page)
    digest = re.search(r'name="ma" value="([0-9a-f]{64})"', page)
    assert place is not None
    assert digest is not None
    return place[1], digest[1]


def test_a_preview_imports_nothing_and_the_confirmation_imports_it_once(cast: Any) -> None:
    before = Row.objects.count()
    page = text(upload(cast, workbook(GOOD)))
    assert Row.objects.count() == before
    assert "Máy A" in page
    assert "Nhập: thêm 2, sửa 0 dòng" in page
    place, digest = confirm_of(page)
    answer = cast.client().post(place, {"ma": digest}, follow=True)
    assert "Đã nhập: thêm 2 dòng, sửa 0 dòng." in text(answer)
    assert Row.objects.count() == before + 2
    again = cast.client().post(place, {"ma": digest}, follow=True)
    assert "Đã nhập: thêm 2 dòng, sửa 0 dòng." in text(again)
    assert Row.objects.count() == before + 2
    wrong = cast.client().post(place, {"ma": "0" * 64})
    assert (wrong.status_code, Row.objects.count()) == (410, before + 2)


def test_rows_without_a_key_are_imported_once_though_confirmed_twice_at_once(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The file is still there at the second confirmation, as when both arrive together.
    monkeypatch.setattr(register_imports, "forget_upload", lambda token: None)
    before = Row.objects.count()
    content = workbook([["Không khóa", "camera", None, None, "không"]])
    place, digest = confirm_of(text(upload(cast, content)))
    for _ in range(2):
        answer = cast.client().post(place, {"ma": digest}, follow=True)
        assert "Đã nhập: thêm 1 dòng, sửa 0 dòng." in text(answer)
    assert Row.objects.count() == before + 1
    # The same file, sent anew and seen anew, is a new decision.
    place, other = confirm_of(text(upload(cast, content)))
    assert other != digest
    cast.client().post(place, {"ma": other})
    assert Row.objects.count() == before + 2


def test_each_bad_cell_is_named_and_nothing_can_be_confirmed(cast: Any) -> None:
    rows = [["Máy C", "máy bay", "zz", "10.8.0.300", "không"], ["", "camera", None, None, "có"]]
    answer = upload(cast, workbook(rows))
    page = text(answer)
    assert answer.status_code == 422
    for cell in ("B2", "C2", "D2", "A3"):
        assert re.search(rf'class="mono cell-name">{cell}<', page), cell
    assert "không có lựa chọn «máy bay»" in page
    assert 'name="ma"' not in page


def test_a_confirmation_of_a_bad_file_is_refused_too(cast: Any) -> None:
    page = text(upload(cast, workbook([["Máy D", "máy bay", None, None, "không"]])))
    found = list((Path(settings_data()) / "uploads").iterdir())
    assert found
    answer = cast.client().post(f"{SO}endpoint/nhap/{found[0].name}/", {"ma": "0" * 64})
    assert answer.status_code in (409, 422)
    assert "Chưa nhập dòng nào" in text(answer)
    assert "Máy D" not in page or not Row.objects.filter(name="Máy D").exists()


def settings_data() -> str:
    return str(settings.KHIEN_DATA)


def test_new_changed_and_unchanged_rows_are_counted_and_told(cast: Any) -> None:
    new_row(cast, endpoint_name="Máy đổi", mac="02:1a:4b:cc:00:01", kind="desktop")
    new_row(cast, endpoint_name="Máy yên", mac="02:1a:4b:cc:00:02", kind="desktop")
    rows = [
        ["Máy đổi", "máy tính để bàn", "02:1a:4b:cc:00:01", "10.8.1.1", "không"],
        ["Máy yên", "máy tính để bàn", "02:1a:4b:cc:00:02", None, "không"],
        ["Máy thêm", "máy tính để bàn", "02:1a:4b:cc:00:03", None, "không"],
    ]
    page = text(upload(cast, workbook(rows)))
    figures = re.findall(r'<span class="figure[^"]*">(\d+)</span>', page)
    assert figures == ["0", "1", "1", "1"]
    assert "<ins>10.8.1.1</ins>" in page


def test_an_address_that_another_row_has_is_told_before_it_is_imported(cast: Any) -> None:
    first = new_row(cast, endpoint_name="Máy có trước", ip="10.8.2.1")
    rows = [["Máy E", "camera", None, "10.8.2.1", "có"], ["Máy F", "camera", None, "10.8.2.2", "có"], ["Máy G", "camera", None, "10.8.2.2", "có"]]  # fmt: skip
    page = text(upload(cast, workbook(rows)))
    assert f"10.8.2.1 trùng với dòng {first.number} của sổ" in page
    assert "Hàng 4 của tệp: Địa chỉ IP 10.8.2.2 trùng với hàng 3 của tệp" in page
    assert 'name="ma"' in page, "two networks may both have it: the officer decides"


def test_a_register_that_changed_after_the_preview_stops_the_import(cast: Any) -> None:
    row = new_row(cast, endpoint_name="Máy hai người", mac="02:1a:4b:dd:00:01")
    rows = [["Máy hai người", "camera", "02:1a:4b:dd:00:01", "10.8.3.1", "không"]]
    place, digest = confirm_of(text(upload(cast, workbook(rows))))
    client = cast.client()
    client.post(f"{SO}endpoint/{row.number}/sua/", {"ban": "1", "place": "Tầng 2"})
    answer = client.post(place, {"ma": digest})
    row.refresh_from_db()
    assert answer.status_code == 409
    assert "đã thay đổi sau khi xem trước" in text(answer)
    assert "ip" not in row.values
    place, digest = confirm_of(text(answer))
    assert client.post(place, {"ma": digest}).status_code == 302, "the new preview can be confirmed"


def test_a_kept_file_is_its_senders_alone(cast: Any) -> None:
    place, digest = confirm_of(text(upload(cast, workbook(GOOD))))
    assert cast.client(cast.binh).post(place, {"ma": digest}).status_code == 404
    elsewhere = place.replace("/endpoint/", "/wifi/")
    assert cast.client().post(elsewhere, {"ma": digest}).status_code == 410


def test_a_file_may_be_put_away(cast: Any) -> None:
    place, _ = confirm_of(text(upload(cast, workbook(GOOD))))
    cast.client().post(place, {"bo": "1"})
    assert cast.client().get(place).status_code == 410


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("may.xlsm", b"PK\x03\x04", "có macro"),
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n", "không phải bảng tính"),
        ("trong.csv", b" ", "tệp trống"),
        ("chu.csv", "không có cột nào\n".encode(), "không trang nào có hàng tiêu đề"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    cast: Any, name: str, content: bytes, why: str
) -> None:
    answer = upload(cast, content, name)
    assert answer.status_code == 422
    assert why in text(answer)
    assert "Chưa nhập dòng nào" in text(answer)


def test_a_workbook_with_macros_under_another_name_is_refused(cast: Any) -> None:
    target = io.BytesIO(workbook(GOOD))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert "có macro" in text(upload(cast, target.getvalue()))


def test_fifty_megabytes_are_the_limit(cast: Any) -> None:
    answer = upload(cast, b"x" * (FILE_SIZE_MAX + 1), "to.csv")
    assert answer.status_code == 413
    assert "50 MB" in text(answer)


def test_formulas_count_with_their_results_and_that_is_said(cast: Any) -> None:
    rows = [["=A1", "camera", None, None, "có"], *GOOD]
    answer = upload(cast, workbook(rows))
    assert "Ô có công thức nhưng tệp chưa lưu kết quả" in text(answer)
    assert "Không lấy công thức" in text(answer)


def test_no_file_is_said(cast: Any) -> None:
    answer = cast.client().post(f"{SO}endpoint/nhap/")
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in text(answer)


def test_what_was_exported_can_be_imported_again_and_changes_nothing(cast: Any) -> None:
    new_row(cast, endpoint_name="Máy vòng", mac="02:1a:4b:ee:00:01", connected_on="05/03/2026")
    book = b"".join(cast.client().get(f"{SO}endpoint/xuat.xlsx").streaming_content)
    page = text(upload(cast, book))
    figures = re.findall(r'<span class="figure[^"]*">(\d+)</span>', page)
    assert figures[:3] == ["0", "0", "0"]
    assert "không có gì để nhập" in page
