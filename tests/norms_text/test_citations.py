"""References to other texts and to clauses of this one; dead references."""

from __future__ import annotations

import pytest

from khien.norms.text.model import Citation, ParsedDocument
from khien.norms.text.parser import parse_text

RULES = "QUY CHẾ\nMáy mẫu\nĐiều 1. A\n1. Máy:\na) In;\nb) Quét.\n2. Mạng.\nĐiều 2. B\n1. {sentence}\n2. Khác.\n"


def cited(sentence: str) -> list[Citation]:
    return list(parse_text(RULES.format(sentence=sentence)).citations)


def dead(document: ParsedDocument) -> list[int]:
    return [item.line for item in document.anomalies if item.code == "dangling-reference"]


@pytest.mark.parametrize(
    ("sentence", "targets"),
    [
        ("Theo khoản 2 Điều này.", ("D2.k2",)),
        ("Theo khoản 1, Điều 1 Quy chế này.", ("D1.k1",)),
        ("Theo điểm a khoản 1 Điều 1.", ("D1.k1.a",)),
        ("Theo Điểm b, Khoản 1, Điều 1 tại Quy định này.", ("D1.k1.b",)),
        ("Theo các điểm a và b khoản 1 Điều 1.", ("D1.k1.a", "D1.k1.b")),
        ("Theo khoản 1, 2 Điều 1.", ("D1.k1", "D1.k2")),
        ("Theo khoản 1 và khoản 2 Điều 1.", ("D1.k1", "D1.k2")),
        ("Theo Điều 1 và 2 Quy chế này.", ("D1", "D2")),
        ("Theo khoản 2 điều này.", ("D2.k2",)),
    ],
)
def test_clauses_of_this_text_are_resolved(sentence: str, targets: tuple[str, ...]) -> None:
    found = [item for item in cited(sentence) if item.internal]
    assert [item.targets for item in found] == [targets]
    assert dead(parse_text(RULES.format(sentence=sentence))) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Theo Điều 37 Quy chế này.",
        "Theo khoản 9 Điều 1.",
        "Theo điểm g khoản 1 Điều 1.",
        "Theo khoản 5 Điều này.",
    ],
)
def test_dead_references_are_noted(sentence: str) -> None:
    assert dead(parse_text(RULES.format(sentence=sentence))) == [9]


@pytest.mark.parametrize(
    ("sentence", "kind", "number", "date", "articles"),
    [
        ("Theo Nghị định số 85/2016/NĐ-CP ngày 01 tháng 7 năm 2016.", "nghị định",
         "85/2016/NĐ-CP", "2016-07-01", ()),
        ("Theo Quyết định số05/2017/QĐ-TTg ngày 16/3/2017.", "quyết định", "05/2017/QĐ-TTg", "2017-03-16", ()),
        ("Theo Thông tư 03/2017/TT-BTTTT.", "thông tư", "03/2017/TT-BTTTT", None, ()),
        ("Theo Chỉ thị số 57-CT/TW ngày 31/12/2025.", "chỉ thị", "57-CT/TW", "2025-12-31", ()),
        ("Theo điểm c khoản 2 Điều 20 Nghị định số 85/2016/NĐ-CP.", "nghị định",
         "85/2016/NĐ-CP", None, ("D20.k2.c",)),
        ("Theo khoản 1, Điều 5 của Thông tư số 31/2017/TT-BTTTT.", "thông tư",
         "31/2017/TT-BTTTT", None, ("D5.k1",)),
        ("Theo Điều 13, 14 Quyết định số 05/2017/QĐ-TTg.", "quyết định", "05/2017/QĐ-TTg", None, ("D13", "D14")),
        ("Theo Điều 29, Điều 30 Nghị định số 151/2017/NĐ-CP.", "nghị định",
         "151/2017/NĐ-CP", None, ("D29", "D30")),
        ("Theo Luật An toàn máy mẫu ngày 19 tháng 11 năm 2015.", "luật", None, "2015-11-19", ()),
        ("Theo Điều 7 Luật Máy mẫu số 86/2015/QH13.", "luật", "86/2015/QH13", None, ("D7",)),
    ],
)  # fmt: skip
def test_other_texts(
    sentence: str, kind: str, number: str | None, date: str | None, articles: tuple[str, ...]
) -> None:
    found = cited(sentence)
    assert [(item.kind, item.number, item.date, item.articles) for item in found] == [
        (kind, number, date, articles)
    ]
    assert not found[0].internal
    assert dead(parse_text(RULES.format(sentence=sentence))) == []


def test_two_laws_in_one_sentence() -> None:
    found = cited("Theo Luật Máy mẫu, Nghị định số 85/2016/NĐ-CP và Luật Mạng mẫu.")
    assert [item.text for item in found] == [
        "Luật Máy mẫu",
        "Nghị định số 85/2016/NĐ-CP",
        "Luật Mạng mẫu",
    ]


def test_a_citation_over_a_soft_wrap_has_its_line() -> None:
    document = parse_text(
        "QUY CHẾ\nMẫu\nĐiều 1. A\n1. Người dùng máy mẫu phải thực hiện đúng các yêu cầu được nêu trong Nghị\n"
        "định số 85/2016/NĐ-CP và các yêu cầu khác theo Thông tư số\n03/2017/TT-BTTTT.\n"
    )
    assert [(item.number, item.line) for item in document.citations] == [
        ("85/2016/NĐ-CP", 4),
        ("03/2017/TT-BTTTT", 5),
    ]


def test_the_wrong_kind_of_a_cited_text_is_noted() -> None:
    document = parse_text(RULES.format(sentence="Theo Quyết định số 05/2017/NĐ-CP."))
    assert "citation-kind-mismatch" in {item.code for item in document.anomalies}


def test_annexes_that_are_not_in_the_file_are_noted() -> None:
    text = RULES.format(sentence="Theo Phụ lục I và Mẫu số 02.") + "Phụ lục I\nDANH MỤC\n1. Máy\n"
    document = parse_text(text)
    found = {item.text: item.internal for item in document.citations}
    assert found == {"Phụ lục I": True, "Mẫu số 02": False}
    assert [
        item.message.vi[:12] for item in document.anomalies if item.code == "missing-annex"
    ] == ["«Mẫu số 02» "]


def test_clauses_an_amendment_names_are_not_of_this_text() -> None:
    document = parse_text(
        "NGHỊ ĐỊNH\nSửa đổi\nĐiều 1. Sửa đổi, bổ sung một số điều của Nghị định mẫu\n"
        "1. Bãi bỏ khoản 2 Điều 9.\nĐiều 2. Hiệu lực\nTừ ngày ký.\n"
    )
    assert dead(document) == []


def test_the_decision_named_inside_its_regulation() -> None:
    document = parse_text(
        "QUYẾT ĐỊNH\nBan hành Quy chế\nĐiều 1. Ban hành Quy chế máy mẫu.\nĐiều 2. Phòng máy thi hành.\n"
        "Nơi nhận:\n- A.\nQUY CHẾ\nMáy mẫu\nĐiều 1. A\n1. Người thi hành theo Điều 2 Quyết định này.\n"
    )
    assert [item.targets for item in document.citations if item.internal] == [("QD.D2",)]
