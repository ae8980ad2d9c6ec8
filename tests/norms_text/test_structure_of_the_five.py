"""The five source regulations: counts, paths and traps of the duty inventory."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import as_json, counts, parse_text, reconstruct

FILES = {
    "binh-dinh": "000_2e61c1161a25cf9b.txt",
    "do-son": "001_4459f982ffa00a0f.txt",
    "binh-phuoc": "002_13c90ab902d0d14b.txt",
    "hue": "003_e3430b03086591a2.txt",
    "bac-ninh": "004_2a86b7f74a883b79.txt",
}
COLUMNS = ("chuong", "muc", "dieu", "khoan", "diem", "buoc", "gach", "doan")
COUNTS = {
    "binh-dinh": (3, 0, 3 + 11, 42, 27, 4, 2, 2),
    "do-son": (5, 0, 30, 121, 120, 5, 30, 26),
    "binh-phuoc": (4, 0, 3 + 22, 95, 25, 4, 9, 6),
    "hue": (0, 0, 0, 0, 0, 0, 7, 2),
    "bac-ninh": (0, 11, 0, 0, 0, 0, 0, 22),
}


@cache
def text_of(folder: Path, name: str) -> str:
    return (folder / FILES[name]).read_bytes().decode("utf-8")


@cache
def parsed(folder: Path, name: str) -> ParsedDocument:
    return parse_text(text_of(folder, name))


def codes_at(document: ParsedDocument, line: int) -> set[str]:
    return {item.code for item in document.anomalies if item.line == line}


@pytest.mark.parametrize("name", FILES)
def test_counts_are_those_of_the_inventory(regulations: Path, name: str) -> None:
    assert counts(parsed(regulations, name)) == dict(zip(COLUMNS, COUNTS[name], strict=True))


@pytest.mark.parametrize("name", FILES)
def test_paths_and_kinds_are_those_of_the_inventory(
    regulations: Path, spec: Path, name: str
) -> None:
    with (spec / "coverage.csv").open(encoding="utf-8") as file:
        expected = {row["path"]: row["kind"] for row in csv.DictReader(file) if row["doc"] == name}
    assert {node.path: node.kind for node in parsed(regulations, name).nodes} == expected


@pytest.mark.parametrize("name", FILES)
def test_every_duty_stands_on_a_clause(regulations: Path, spec: Path, name: str) -> None:
    document = parsed(regulations, name)
    with (spec / "duties.csv").open(encoding="utf-8") as file:
        paths = {row["path"] for row in csv.DictReader(file) if row["doc"] == name}
    assert {path for path in paths if document.node(path) is None} == set()


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_the_text_is_lost(regulations: Path, name: str) -> None:
    assert reconstruct(parsed(regulations, name)) == text_of(regulations, name)


@pytest.mark.parametrize("name", FILES)
def test_paths_are_unique(regulations: Path, name: str) -> None:
    nodes = parsed(regulations, name).nodes
    assert len({node.path for node in nodes}) == len(nodes)


@pytest.mark.parametrize(
    ("name", "path", "start", "end"),
    [
        ("binh-dinh", "QD.D1", "Ban hành kèm theo", "của Sở Y tế."),
        ("binh-dinh", "D5", "Bảo vệ bí mật", "công nghệ thông tin"),
        ("binh-dinh", "D7.k1.b", "Trang bị thiết bị", "trái phép vào hệ thống."),
        ("binh-dinh", "D8.k1.đ", "Tài khoản quản trị", "nhiều tài khoản khác nhau;"),
        ("do-son", "C.III#2", "BÁO CÁO, CHIA SẺ", "THÔNG TIN"),
        ("do-son", "D2.k1", "Quy chế này được", "gọi tắt là cán bộ)."),
        ("do-son", "D17.k2.p1", "Khi có sự cố", "theo các bước sau:"),
        ("do-son", "D17.k2.p2", "Trường hợp có sự cố", "hướng dẫn, hỗ trợ."),
        ("do-son", "D25.k3.g1", "Phòng Văn hóa", "tháng 11 hàng năm;"),
        ("do-son", "D29", "Trách nhiệm của cán bộ", "cơ quan đơn vị"),
        ("do-son", "D30.p3", "Định kỳ hàng năm", "của pháp luật."),
        ("binh-phuoc", "D14.k1.d.b4", "Bước 4:", "để tổng hợp."),
        ("hue", "g3", "Cử cán bộ", "an ninh mạng."),
        ("bac-ninh", "II.1.p1", "Tổ chức phổ biến", "tháng 5/2026."),
        ("bac-ninh", "III.3.p4", "Sở Y tế tỉnh", "giải quyết."),
    ],
)
def test_sentences_are_whole(regulations: Path, name: str, path: str, start: str, end: str) -> None:
    node = parsed(regulations, name).node(path)
    assert node is not None
    assert node.text.startswith(start)
    assert node.text.endswith(end)


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("binh-dinh", 155, "page-number-removed"),
        ("binh-dinh", 390, "page-number-inside-sentence"),
        ("do-son", 875, "page-number-removed"),
        *(("do-son", line, "soft-wrap-lookalike") for line in (47, 1688, 1455, 1426, 792, 1343)),
        *(("binh-dinh", line, "soft-wrap-lookalike") for line in (68, 301, 625, 654)),
        ("binh-dinh", 183, "numbering-restarts"),
        ("binh-dinh", 642, "point-out-of-order"),
        ("do-son", 768, "point-out-of-order"),
        ("do-son", 1052, "point-letter-unusual"),
        ("do-son", 183, "point-marker-mixed"),
        ("do-son", 1416, "chapter-repeated"),
        ("do-son", 21, "number-blank"),
        ("do-son", 21, "date-blank"),
        ("do-son", 1019, "glued-words"),
        ("do-son", 1025, "citation-kind-mismatch"),
        ("do-son", 997, "missing-annex"),
        ("binh-phuoc", 273, "nfd-normalised"),
        ("binh-phuoc", 207, "nfd-normalised"),
        ("binh-phuoc", 240, "point-out-of-order"),
        ("binh-phuoc", 19, "recital-repeated"),
        ("bac-ninh", 41, "markdown-stripped"),
    ],
)
def test_traps_are_noted_with_their_line(
    regulations: Path, name: str, line: int, code: str
) -> None:
    assert code in codes_at(parsed(regulations, name), line)


@pytest.mark.parametrize(
    ("name", "path", "start", "end"),
    [
        ("binh-dinh", "D7.k1.b", 384, 395),
        ("binh-dinh", "D10", 607, 658),
        ("do-son", "D16.k3", 867, 871),
        ("do-son", "C.III#2", 1416, 1457),
        ("binh-phuoc", "D19", 273, 283),
        ("bac-ninh", "II.1.p1", 33, 37),
    ],
)
def test_line_ranges_are_physical_lines(
    regulations: Path, name: str, path: str, start: int, end: int
) -> None:
    node = parsed(regulations, name).node(path)
    assert node is not None
    assert (node.line_start, node.line_end) == (start, end)


def test_parts_of_a_decision_with_its_regulation(regulations: Path) -> None:
    parts = as_json(parsed(regulations, "binh-dinh"))["parts"]
    assert [(part["name"], part["chapters"], len(part["articles"])) for part in parts] == [
        ("QUYẾT ĐỊNH", 0, 3),
        ("QUY CHẾ", 3, 11),
    ]
    tenth = parts[1]["articles"][9]
    assert (tenth["number"], tenth["clauses"], tenth["points"]) == ("10", 3, 4)


@pytest.mark.parametrize(
    ("name", "kind", "number", "date", "place"),
    [
        ("binh-dinh", "quyết định", None, None, None),
        ("do-son", "quy chế", None, None, None),
        ("binh-phuoc", "quyết định", "29/2020/QĐ-UBND", "2020-10-20", "Bình Phước"),
        ("hue", "công văn", "286/SYT-VP", "2020-02-12", "Thừa Thiên Huế"),
        ("bac-ninh", "kế hoạch", "2273/KH-SYT", "2026-05-07", "Bắc Ninh"),
    ],
)
def test_metadata_of_the_five(
    regulations: Path, name: str, kind: str, number: str | None, date: str | None, place: str | None
) -> None:
    metadata = parsed(regulations, name).metadata
    assert (metadata.kind, metadata.number) == (kind, number)
    assert (metadata.date, metadata.place) == (date, place)


def test_recipients_and_stamps_are_no_clauses(regulations: Path) -> None:
    document = parsed(regulations, "binh-dinh")
    assert document.metadata.signer is not None
    assert document.metadata.signer.name == "Lê Quang Hùng"
    assert document.metadata.recipients[0] == "Như Điều 3"
    assert max(node.line_end for node in document.nodes) == 694
