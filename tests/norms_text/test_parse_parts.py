"""Several series of articles in one file; tails, annexes and quoted provisions that are none."""

from __future__ import annotations

import pytest

from khien.norms.text.parser import as_json, parse_text

DECISION = (
    "QUYẾT ĐỊNH\nBan hành Quy chế máy mẫu\nĐiều 1. Ban hành kèm theo Quyết định này Quy chế máy mẫu.\n"
    "Điều 2. Quyết định này có hiệu lực kể từ ngày ký./.\n"
)
TAIL = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nGIÁM ĐỐC\nTrần Văn Thử\n"
RULES = "Chương I\nCHUNG\nĐiều 1. Phạm vi\n1. Máy.\n2. Mạng.\nĐiều 2. Khác\nMáy in.\n"


def dieu_paths(text: str) -> list[str]:
    return [node.path for node in parse_text(text).nodes if node.kind == "dieu"]


@pytest.mark.parametrize(
    "attached",
    [
        DECISION + TAIL + "QUY CHẾ\nMáy mẫu\n" + RULES,
        DECISION + "QUY CHẾ\nMáy mẫu\n(Kèm theo Quyết định số 3/QĐ-M)\n" + RULES,
        DECISION + TAIL + RULES,
        DECISION + RULES,
        DECISION + TAIL + "SỞ MẪU\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nQUY CHẾ\nMáy mẫu\n" + RULES,
        DECISION + TAIL + "QUY CHẾ MÁY MẪU\n" + RULES,
    ],
)
def test_the_decision_and_its_regulation_are_two_series(attached: str) -> None:
    document = parse_text(attached)
    assert dieu_paths(attached) == ["QD.D1", "QD.D2", "D1", "D2"]
    assert "numbering-restarts" in {item.code for item in document.anomalies}
    assert len(document.parts) == 2


@pytest.mark.parametrize(
    ("kind", "prefix"), [("NGHỊ ĐỊNH", "ND"), ("THÔNG TƯ", "TT"), ("NGHỊ QUYẾT", "NQ")]
)
def test_other_issuing_texts_have_their_own_prefix(kind: str, prefix: str) -> None:
    text = DECISION.replace("QUYẾT ĐỊNH", kind) + TAIL + "QUY CHẾ\nMáy mẫu\n" + RULES
    assert dieu_paths(text)[0] == f"{prefix}.D1"


def test_a_text_alone_has_no_prefix() -> None:
    assert dieu_paths(DECISION + TAIL) == ["D1", "D2"]
    assert as_json(parse_text(DECISION + TAIL))["parts"][0]["name"] == "QUYẾT ĐỊNH"


def test_a_second_attached_text_is_told_apart() -> None:
    text = DECISION + TAIL + "QUY CHẾ\nMáy in\n" + RULES + "QUY CHẾ\nMáy quét\n" + RULES
    assert dieu_paths(text) == ["QD.D1", "QD.D2", "D1", "D2", "V2.D1", "V2.D2"]


def test_a_plan_issued_by_a_decision_is_read_as_outline() -> None:
    text = (
        DECISION + TAIL + "KẾ HOẠCH\nMáy mẫu\n(Ban hành kèm theo Quyết định số 3/QĐ-M)\n"
        "I. MỤC TIÊU\nAn toàn.\nII. VIỆC LÀM\n1. Rà soát máy\nRà soát hằng quý.\n"
    )
    assert [node.path for node in parse_text(text).nodes] == [
        "D1", "D2", "I", "I.p1", "II", "II.1", "II.1.p1",
    ]  # fmt: skip


def test_numbers_of_annexes_and_forms_are_no_clauses() -> None:
    annex = (
        "Phụ lục I\nMẪU SỔ\n(Ban hành kèm theo Quyết định số 3/QĐ-M)\nI. Thông tin\n1. Tên:\n2. Số:\n"
        "a) Ngày:\nĐiều 3. Thi hành\nMẫu số 02\n1. Họ tên\n"
    )
    document = parse_text(DECISION + TAIL + annex)
    assert [node.path for node in document.nodes] == ["D1", "D2"]
    codes = [item.code for item in document.anomalies]
    assert codes.count("annex-excluded") == 2
    assert {item.reason for item in document.excluded} >= {"tail", "annex", "title"}


@pytest.mark.parametrize(
    "tail",
    [
        TAIL,
        "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n",
        "KT.GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n",
        "GIÁM ĐỐC\n\n\nTrần Văn Thử\n",
        "**Nơi nhận:**\n\n- 1. Phòng A;\n",
        "  Trần Văn Thử đã ký lên văn bản này!\n",
    ],
)
def test_tails_are_no_content(tail: str) -> None:
    assert dieu_paths(DECISION + tail) == ["D1", "D2"]
    assert len(parse_text(DECISION + tail).nodes) == 2


def test_articles_go_on_after_what_looked_like_a_tail() -> None:
    document = parse_text(DECISION.replace("./.", ".") + TAIL + "Điều 3. Phòng máy thi hành.\n")
    assert [node.path for node in document.nodes] == ["D1", "D2", "D3"]
    assert "tail-resumed" in {item.code for item in document.anomalies}


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»")])
def test_quoted_provisions_are_no_articles_of_this_text(opening: str, closing: str) -> None:
    text = (
        "NGHỊ ĐỊNH\nSửa đổi Nghị định mẫu\nĐiều 1. Sửa đổi, bổ sung một số điều của Nghị định mẫu\n"
        f"1. Điều 2 được sửa đổi như sau:\n{opening}Điều 2. Máy\n1. Máy in.\n2. Máy quét:\na) Màu.{closing}\n"
        "2. Bãi bỏ Điều 9.\nĐiều 2. Hiệu lực thi hành\nNghị định này có hiệu lực từ ngày 01/3/2031.\n"
    )
    document = parse_text(text)
    assert [node.path for node in document.nodes] == ["D1", "D1.k1", "D1.k2", "D2", "D2.p1"]
    assert "quoted-text-kept" in {item.code for item in document.anomalies}


def test_an_unclosed_quote_swallows_nothing() -> None:
    text = "QUY CHẾ\nMẫu\nĐiều 1. A\n1. Ghi như sau:\n“Máy mẫu\n2. Hai.\nĐiều 2. B\nMáy.\n"
    assert dieu_paths(text) == ["D1", "D2"]
