"""Files: what goes out comes back unchanged, formulas die both ways, a preview finds each bad cell and writes nothing."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from registers_cast import AN, BINH, Cast

from khien.kernel.language import Language
from khien.ledger.models import LedgerEntry
from khien.registers.columns import neutralised, plain
from khien.registers.declarations import Register
from khien.registers.errors import (
    FileRefused,
    FileTooLarge,
    ImportHasProblems,
    ImportOutdated,
    NoHeader,
)
from khien.registers.exports import export_csv, export_xlsx
from khien.registers.imports import ImportPreview, preview_import
from khien.registers.models import CommittedImport, Row, RowVersion
from khien.registers.selectors import rows_of
from khien.registers.services import change_row, commit_import, retire_row
from khien.registers.sheets import read_sheets

MAC = "00:1a:2b:3c:4d:5e"
WHOLE = {
    "label": "=cmd|' /C calc'!A0", "mac": MAC, "ip": "10.0.0.5", "kind": "ink", "uses": "maps; letters",
    "is_shared": "có", "pages": "1.500", "price": "2 triệu", "ink_left": "95", "bought_on": "05/03/2026",
    "checked_at": "00:00 06/03/2026", "sold_on": "07/03/2026", "phone": "+1 202 555 0100", "email": "a@mau.gov.vn",
    "page": "http://10.0.0.5", "note": "một\n@hai;\"ba\"", "holder": "'Nguyễn An",
}  # fmt: skip


def preview(
    cast: Cast, content: bytes, *, file: str = "x.csv", register: str = "printer"
) -> ImportPreview:
    return preview_import(
        content, file, register=cast.registers[register], unit=cast.ward, references=cast.references
    )


def csv_of(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def xlsx_of(*rows: list[object], change: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def exported(register: Register, cast: Cast, language: Language = "vi") -> bytes:
    target = io.BytesIO()
    export_xlsx(register, rows_of([cast.ward], register), target, language=language)
    return target.getvalue()


def commit(found: ImportPreview) -> tuple[int, int]:
    return commit_import(found, expected_digest=found.digest, act=BINH)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_exported_register_comes_back_unchanged(cast: Cast, printer: Register, form: str, language: Language) -> None:  # fmt: skip
    cast.add("office", label="Phòng #1")
    cast.add(**WHOLE, room="Phòng #1", owner_unit="mau")
    cast.add(label="'=2")
    cast.add(label="#N/A")
    rows = rows_of([cast.ward], printer)
    content = exported(printer, cast, language) if form == "xlsx" else "".join(export_csv(printer, rows, language=language)).encode("utf-8-sig")  # fmt: skip
    found = preview(cast, content)
    assert [(bad.cell, bad.text.vi) for bad in found.bad] == []
    assert (found.unchanged_count, found.new, found.changed, found.formula_cells) == (3, [], [], ())
    assert commit(found) == (0, 0)


def test_nothing_exported_can_run(cast: Cast, printer: Register) -> None:
    for text in ("=1+1", "+1+1", "-1+1", "@SUM(1)", "|calc", "%x", "＝1+1"):
        cast.add(label=text, note=f"{text}\nx")
    lines = "".join(export_csv(printer, rows_of([cast.ward], printer))).splitlines()
    assert all(line.split(";")[3].startswith("'") for line in lines[1:] if line.startswith(tuple("1234567")))  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(exported(printer, cast))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert ">'=1+1<" in sheet or "'=1+1" in package_text(exported(printer, cast))


def package_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@given(st.text(max_size=30))
def test_a_neutralised_cell_starts_no_formula_and_reads_back(text: str) -> None:
    assert plain(neutralised(text)) == text
    assert not neutralised(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_workbook_offers_choices_and_hides_codes(cast: Cast, printer: Register) -> None:
    sheet = load_workbook(io.BytesIO(exported(printer, cast))).worksheets[0]
    assert sheet.row_dimensions[1].hidden
    assert [cell.value for cell in sheet[1]][:4] == [
        "row_number",
        "row_unit",
        "row_version",
        "label",
    ]
    assert sheet["D2"].value == "Tên máy in *"
    assert sheet["D3"].value == "Label *"
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {"khien!$A$1:$A$2", "khien!$B$1:$B$2"}  # fmt: skip


def test_a_preview_finds_each_bad_cell_and_changes_nothing(cast: Cast) -> None:
    cast.add(label="Cũ", mac=MAC)
    before = (Row.objects.count(), LedgerEntry.objects.count())
    content = xlsx_of(
        ["Báo cáo thiết bị"],
        ["Tên máy in", "DIA CHI MAC", "Pages", "Ngày mua", "Ngày thanh lý", "Màu"],
        ["A", "xyz", 5, "31/02/2026", None, "đỏ"],
        [None, "00:1a:2b:3c:4d:01", "1,500", date(2026, 1, 1), None, None],
        ["C", "00:1a:2b:3c:4d:02", 5.5, "05/03/2026", "04/03/2026", None],
        ["D", "00:1a:2b:3c:4d:02", None, None, None, None],
        ["E", "00:1a:2b:3c:4d:02", None, None, None, None],
        ["F", "00:1a:2b:3c:4d:03", "#DIV/0!", None, None, None],
        ["Tốt", "00:1a:2b:3c:4d:04", None, None, None, None],
        [None, None, None, None, None, None],
    )
    found = preview(cast, content, file="x.xlsx")
    cells = {bad.cell: bad.text.vi for bad in found.bad}
    assert set(cells) == {"B3", "D3", "A4", "C4", "C5", "E5", "B7", "C8"}
    assert "Địa chỉ MAC" in cells["B3"]
    assert "31/02/2026" in cells["D3"]
    assert "bắt buộc" in cells["A4"]
    assert "xem lại hai ngày" in cells["E5"]
    assert "hàng 6 của tệp" in cells["B7"]
    assert "#DIV/0!" in cells["C8"]
    assert (found.bad_count, found.bad[0].sheet, found.bad[0].value) == (8, "Sheet", "xyz")
    assert found.ignored_columns == ("Màu",)
    with pytest.raises(ImportHasProblems, match="8 ô"):
        commit(found)
    assert (Row.objects.count(), LedgerEntry.objects.count()) == before


def test_an_import_adds_and_changes_by_key_and_leaves_the_rest(cast: Cast) -> None:
    old = cast.add(label="Cũ", mac=MAC, pages=5, note="giữ")
    same = cast.add(label="Yên", mac="00:1a:2b:3c:4d:01")
    found = preview(cast, csv_of("Tên máy in;Địa chỉ MAC;Số trang", f"Mới;{MAC.upper()};", "Yên;001a2b3c4d01;", "Thêm;;7"))  # fmt: skip
    assert [(c.number, c.fields) for c in found.changed] == [(1, ("label", "pages"))]
    assert [new.values for new in found.new] == [{"label": "Thêm", "pages": 7}]
    assert found.unchanged_count == 1
    assert commit(found) == (1, 1)
    old.refresh_from_db()
    same.refresh_from_db()
    assert old.values == {"label": "Mới", "mac": MAC, "note": "giữ"}
    assert (old.version, same.version, old.name_key) == (2, 1, "moi")
    added = Row.objects.get(number=3)
    assert (added.name, added.changed_by) == ("Thêm", "binh")
    entry = LedgerEntry.objects.order_by("-index")[0]
    assert (entry.kind, entry.subject) == ("registers.rows_imported", "mau/printer")
    versions = RowVersion.objects.filter(ledger_index=entry.index)
    assert sorted((v.row_id, v.version, v.what) for v in versions) == [(old.pk, 2, "imported"), (added.pk, 1, "imported")]  # fmt: skip
    assert cast.add(label="Sau").number == 4


def test_a_confirmed_preview_must_still_fit(cast: Cast) -> None:
    row = cast.add(label="A", mac=MAC)
    content = csv_of("Tên máy in,Địa chỉ MAC", f"B,{MAC}", "N,00:1a:2b:3c:4d:09")
    found = preview(cast, content)
    with pytest.raises(ImportOutdated):
        commit_import(found, expected_digest="0" * 64, act=AN)
    changed = change_row(row, cast.draft(label="C", mac=MAC), expected_version=1, act=AN)
    with pytest.raises(ImportOutdated):
        commit(found)
    found = preview(cast, content)
    taken = cast.add(label="T", mac="00:1a:2b:3c:4d:09")
    with pytest.raises(ImportOutdated):
        commit(found)
    retire_row(taken, act=AN)
    retire_row(changed, act=AN)
    with pytest.raises(ImportOutdated):
        commit(found)
    again = preview(cast, content)
    assert again.digest == preview(cast, content).digest != found.digest
    assert commit(again) == (2, 0)
    count = Row.objects.count()
    assert (commit(again), Row.objects.count()) == ((2, 0), count)


def test_a_file_exported_before_a_change_does_not_take_the_change_back(cast: Cast, printer: Register) -> None:  # fmt: skip
    row = cast.add(label="A", pages=1)
    book = load_workbook(io.BytesIO(exported(printer, cast)))
    book.worksheets[0]["D4"] = "Từ tệp"
    target = io.BytesIO()
    book.save(target)
    change_row(row, cast.draft(label="A", pages=2), expected_version=1, act=BINH)
    found = preview(cast, target.getvalue(), file="x.xlsx")
    assert [bad.cell for bad in found.bad] == ["C4"]
    assert "đã được sửa trong sổ" in found.bad[0].text.vi


def test_rows_are_named_by_number_and_only_in_the_own_unit(cast: Cast) -> None:
    cast.add(label="A", mac=MAC)
    cast.add(label="B", mac="00:1a:2b:3c:4d:01")
    head = "Số dòng;Mã đơn vị;Tên máy in;Địa chỉ MAC"
    found = preview(cast, csv_of(head, f"1;mau;A2;{MAC}", "9;;X;", "2;la;B;00:1a:2b:3c:4d:01", "1;;A3;", f"2;;B;{MAC}"))  # fmt: skip
    assert [change.number for change in found.changed] == [1]
    assert [bad.cell for bad in found.bad] == ["A3", "B4", "D5", "D6"]


def test_a_formula_gives_its_saved_result_and_is_pointed_out(cast: Cast) -> None:
    rows: list[list[object]] = [["Tên máy in", "Số trang"], ["A", "=1+1"], ["B", 3]]
    found = preview(cast, xlsx_of(*rows), file="x.xlsx")
    assert found.formula_cells == ("B2",)
    assert [(bad.cell, "chưa lưu kết quả" in bad.text.vi) for bad in found.bad] == [("B2", True)]
    with_result = replaced(xlsx_of(*rows), "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>", b"<v/>", b"<v>2</v>")  # fmt: skip
    found = preview(cast, with_result, file="x.xlsx")
    assert (found.bad, found.formula_cells) == ([], ("B2",))
    assert [new.values for new in found.new] == [
        {"label": "A", "pages": 2},
        {"label": "B", "pages": 3},
    ]


def replaced(
    content: bytes, member: str, *pairs: bytes, extra: dict[str, bytes] | None = None
) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == member:
                for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                    data = data.replace(before, after)
            new.writestr(name, data)
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return target.getvalue()


def typed_in_old_windows(letter: str) -> str:
    """Return a letter as the code page holds it: the tone mark after its vowel."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(p for p in parts if p not in tone)) + tone


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_is_read_in_the_ways_it_is_written_here(cast: Cast, encoding: str, mark: str) -> None:
    text = f'Tên máy in{mark}Ghi chú\r\n\r\nMáy số một{mark}"dòng một\ndòng hai"\r\n'
    if encoding == "cp1258":
        text = "".join(map(typed_in_old_windows, text))
    found = preview(cast, text.encode(encoding))
    assert [(new.line, new.values) for new in found.new] == [(3, {"label": "Máy số một", "note": "dòng một\ndòng hai"})]  # fmt: skip


def simple(label: str = "A") -> bytes:
    return xlsx_of(["Tên máy in", "Số trang"], [label, 1])


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "file", "says"),
    [
        (b"", "x.csv", "trống"),
        (b"%PDF-1.7 x", "x.xlsx", "không phải bảng tính"),
        (b"\x89PNG\r\n\x1a\n\0\0", "x.xlsx", "không phải bảng tính"),
        (b"PK\x03\x04 broken", "x.xlsx", "hỏng"),
        (simple(), "x.xlsm", "macro"),
        (replaced(simple(), "", extra={"xl/vbaProject.bin": b"x"}), "x.xlsx", "macro"),
        (replaced(simple(), "[Content_Types].xml", b"spreadsheetml.sheet.main", b"macroEnabled.main"), "x.xlsx", "macro"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "x.xlsx", "mật khẩu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook_VBA_PROJECT".encode("utf-16-le"), "x.xls", "macro"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "x.xls", "hỏng"),
        (replaced(simple(), SHEET, b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"), "x.xlsx", "hỏng"),
        (replaced(simple(), SHEET, b'r="B2"', b'r="XFD1048576"'), "x.xlsx", "300 cột"),
        (replaced(simple(), SHEET, b'r="B2"', b'r="B900000"'), "x.xlsx", "200.000 dòng"),
        (b'a;b\n"' + b"x" * 200_000 + b'";1', "x.csv", "CSV"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_with_a_reason(content: bytes, file: str, says: str) -> None:
    with pytest.raises(FileRefused) as caught:
        [list(sheet.rows()) for sheet in read_sheets(content, file)]
    assert says in str(caught.value)
    assert "Chưa nhập dòng nào" in str(caught.value)


def test_a_bomb_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from khien.registers import packages

    monkeypatch.setattr(packages, "UNPACKED_MAX", 2**16)
    bomb = replaced(simple(), "", extra={"xl/sharedStrings.xml": b"0" * 2**20})
    with pytest.raises(FileTooLarge, match="giải nén"):
        read_sheets(bomb, "x.xlsx")


def test_a_file_over_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from khien.registers import sheets

    monkeypatch.setattr(sheets, "FILE_SIZE_MAX", 10)
    with pytest.raises(FileTooLarge):
        read_sheets(b"a;b;c;d;e;f", "x.csv")


def test_a_table_of_something_else_is_refused(cast: Cast) -> None:
    with pytest.raises(NoHeader, match="Sổ máy in"):
        preview(cast, csv_of("Họ tên;Tuổi", "An;30"))


def test_the_right_sheet_is_found_and_links_are_left_behind(cast: Cast) -> None:
    def add_second(book: Workbook) -> None:
        second = book.create_sheet("Máy in")
        second.append(["Label", "Pages"])
        second.append(["A", 1])

    content = xlsx_of(["Hướng dẫn"], change=add_second)
    linked = replaced(content, "", extra={"xl/externalLinks/externalLink1.xml": b"<a/>"})
    found = preview(cast, linked, file="x.xlsx")
    assert (found.sheet, len(found.new), found.bad) == ("Máy in", 1, [])


def test_a_required_column_that_is_not_there_is_told_once(cast: Cast) -> None:
    found = preview(cast, csv_of("Địa chỉ MAC;Số trang", *[f"00:1a:2b:3c:4d:0{n};1" for n in range(5)]))  # fmt: skip
    assert [(bad.cell, "bắt buộc" in bad.text.vi) for bad in found.bad] == [("A1", True)]
    assert found.bad_count == 5


def test_a_column_named_twice_is_told(cast: Cast) -> None:
    found = preview(cast, csv_of("Tên máy in;Label;Số trang", "A;B;1"))
    assert [bad.cell for bad in found.bad] == ["B1"]


def test_a_preview_confirmed_twice_is_imported_once(cast: Cast) -> None:
    content = csv_of("Tên máy in,Ghi chú", "Không khóa 1,a", "Không khóa 2,b")
    found = preview(cast, content)
    assert (commit(found), commit(found)) == ((2, 0), (2, 0))
    again = preview(cast, content)
    assert again.digest != found.digest
    assert commit_import(again, expected_digest=found.digest, act=AN) == (2, 0)
    assert Row.objects.filter(name__startswith="Không khóa").count() == 2
    assert CommittedImport.objects.get().committed_by == "binh"
    assert LedgerEntry.objects.filter(kind="registers.rows_imported").count() == 1
    assert commit(again) == (2, 0)
    assert Row.objects.filter(name__startswith="Không khóa").count() == 4
