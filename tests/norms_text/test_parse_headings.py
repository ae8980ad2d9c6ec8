"""Headings in every form they are written: điều, chương, phần, mục."""

from __future__ import annotations

import pytest

from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text

HEAD = "QUY CHẾ\nDùng máy mẫu\n"


def paths(document: ParsedDocument) -> list[str]:
    return [node.path for node in document.nodes]


def codes(document: ParsedDocument) -> list[str]:
    return [item.code for item in document.anomalies]


@pytest.mark.parametrize(
    "heading",
    [
        "Điều 1. Phạm vi",
        "ĐIỀU 1: Phạm vi",
        "Điều 1: Phạm vi",
        " Điều 1. Phạm vi",
        "Điều 1.\nPhạm vi",
        "Điều 1\nPhạm vi",
        "**Điều 1. Phạm vi**",
        "### Điều 1.\n\nPhạm vi",
        "- Điều 1. Phạm vi",
        "Điều 1 Phạm vi",
        "\u00d0iều 1. Phạm vi",
        "Đie\u0302\u0300u 1. Phạm vi",
        "Điều\u00a01.\u00a0Phạm vi",
        "\tĐiều 1.\tPhạm vi",
    ],
)
def test_an_article_is_found_however_it_is_written(heading: str) -> None:
    document = parse_text(f"{HEAD}{heading}\n1. Máy mẫu phải khóa.\n2. Máy mẫu phải tắt.\n")
    assert paths(document) == ["D1", "D1.k1", "D1.k2"]
    assert document.nodes[0].title == "Phạm vi"


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("Chương I\nQUY ĐỊNH CHUNG", "C.I"),
        ("CHƯƠNG I\nQUY ĐỊNH\nCHUNG", "C.I"),
        ("Chương 1. Quy định chung", "C.1"),
        ("Chương I - QUY ĐỊNH CHUNG", "C.I"),
        ("Chương I. QUY ĐỊNH CHUNG", "C.I"),
        ("Chương I\nQuy định chung", "C.I"),
        ("## Chương I: Quy định chung", "C.I"),
    ],
)
def test_a_chapter_is_found_however_it_is_written(heading: str, path: str) -> None:
    document = parse_text(f"{HEAD}{heading}\nĐiều 1. Phạm vi\nMáy mẫu.\n")
    assert paths(document) == [path, "D1", "D1.p1"]
    assert document.nodes[0].title.lower() == "quy định chung"


def test_a_lost_letter_of_a_chapter_is_noted() -> None:
    document = parse_text(f"{HEAD}- ChươnV\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\nMáy mẫu.\n")
    assert paths(document)[0] == "C.V"
    assert {"ocr-marker-repaired", "chapter-missing"} <= set(codes(document))


def test_a_repeated_chapter_gets_a_mark_and_is_noted() -> None:
    document = parse_text(f"{HEAD}Chương I\nMỘT\nĐiều 1. A\nMáy.\nChương I\nHAI\nĐiều 2. B\nMáy.\n")
    assert [path for path in paths(document) if path.startswith("C")] == ["C.I", "C.I#2"]
    assert "chapter-repeated" in codes(document)


def test_a_law_with_parts_sections_and_subsections() -> None:
    document = parse_text(
        "LUẬT\nMÁY MẪU\nPhần thứ nhất\nCHUNG\nChương I\nMỘT\nMục 1. CƠ QUAN\nĐiều 1. A\nMáy.\n"
        "Mục 2\nĐƠN VỊ\nTiểu mục 1. LỚN\nĐiều 2. B\nMáy.\nPhần thứ hai\nRIÊNG\nChương II\nHAI\n"
        "Điều 3. C\nMáy.\n"
    )
    heads = [node.path for node in document.nodes if node.path[0] in "PC"]
    assert heads == ["P.I", "C.I", "C.I.M1", "C.I.M2", "C.I.M2.T1", "P.II", "C.II"]
    assert "chapter-missing" not in codes(document)


def test_chapters_that_start_again_in_a_new_part_are_told_apart() -> None:
    document = parse_text(
        "LUẬT\nMÁY MẪU\nPhần thứ nhất\nCHUNG\nChương I\nMỘT\nĐiều 1. A\nMáy.\n"
        "Phần thứ hai\nRIÊNG\nChương I\nHAI\nĐiều 2. B\nMáy.\n"
    )
    assert [path for path in paths(document) if "C." in path] == ["C.I", "P.II.C.I"]
    assert "chapter-repeated" not in codes(document)


def test_missing_and_repeated_articles_are_noted_and_kept() -> None:
    document = parse_text(f"{HEAD}Điều 1. A\nMáy.\nĐiều 3. B\nMáy.\nĐiều 3. C\nMáy.\n")
    assert [n.path for n in document.nodes if n.kind == "dieu"] == ["D1", "D3", "D3#2"]
    assert {"article-missing", "article-repeated"} <= set(codes(document))


@pytest.mark.parametrize(
    "line",
    [
        "Điều 7 Nghị định này và các văn bản khác có liên quan.",
        "Điều 2 Luật Máy mẫu năm 2020.",
        "Điều kiện dùng máy gồm đơn đề nghị.",
        "Điều phối việc dùng máy do phòng máy thực hiện.",
        "Chương trình đào tạo do phòng máy xây dựng.",
        "Chương II của Luật Máy mẫu.",
        "Mục tiêu là an toàn.",
        "Phần mềm phải có bản quyền.",
        "Điều 5, 6 và 7 của quy định cũ.",
    ],
)
def test_lookalikes_open_nothing(line: str) -> None:
    document = parse_text(f"{HEAD}Điều 1. Phạm vi\nMáy mẫu dùng theo quy định tại\n{line}\n")
    assert {node.kind for node in document.nodes} == {"dieu", "doan"}
    assert len([node for node in document.nodes if node.kind == "dieu"]) == 1


def test_a_title_over_two_lines_is_joined() -> None:
    document = parse_text(
        f"{HEAD}Điều 1. Trách nhiệm của người dùng máy mẫu khi nhận bàn giao\n"
        "và khi trả lại máy\n1. Nhận máy phải ký sổ.\n"
    )
    assert document.nodes[0].title.endswith("và khi trả lại máy")


def test_a_decision_article_has_no_title_but_a_body() -> None:
    document = parse_text(
        "QUYẾT ĐỊNH\nVề máy mẫu\nĐiều 1. Giao phòng máy quản lý máy mẫu.\n"
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.\n"
    )
    first = document.nodes[0]
    assert (first.title, first.text) == ("", "Giao phòng máy quản lý máy mẫu.")


def test_a_heading_without_content_is_noted() -> None:
    document = parse_text(f"{HEAD}Điều 1. Phạm vi\nĐiều 2. Khác\nMáy mẫu.\n")
    assert ("heading-without-content", 3) in [(a.code, a.line) for a in document.anomalies]


def test_articles_on_one_physical_line_are_both_found() -> None:
    document = parse_text(
        "**QUYẾT ĐỊNH**\n\n**Điều 1.** Giao phòng máy. **Điều 2.** Phòng máy thi hành.\n"
    )
    assert [(n.path, n.line_start) for n in document.nodes] == [("D1", 3), ("D2", 3)]
