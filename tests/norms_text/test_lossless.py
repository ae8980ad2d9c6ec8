"""Nothing is lost: nodes and excluded lines put together are the input, whatever it is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from khien.norms.text.parser import as_json, parse_text, reconstruct

PIECES = st.sampled_from(
    [
        "Điều 1. Phạm vi", "Điều 2.", "ĐIỀU 3: Khác", "Chương I", "CHƯƠNG II - CHUNG", "Mục 1. MỘT",
        "Phần thứ nhất", "Tiểu mục 1", "1. Máy", "2) Mạng", "3, Kho", "l. Một", "I. MỤC ĐÍCH", "a) Máy;",
        "b. Mạng", "đ) Kho.", "8) Gì", "- Gạch", "+ Cộng", "• Chấm", "(1) Ngoặc", "ii. Hai", "Bước 1: Tắt",
        "a) Bước 2: Mở", "QUYẾT ĐỊNH", "QUY CHẾ", "KẾ HOẠCH", "(Ban hành kèm theo", "Căn cứ Luật;",
        "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Phụ lục I", "Mẫu số 01", "7", "- 3 -", "-----",
        "**Điều 4. A** **Điều 5. B**", "### Điều 6.", "“Điều 7. A", "hết.”", '"Điều 8.', "1.1. Con", "Kính gửi:",
        "CÔNG BÁO/Số 1 + 2/Ngày 1-2-2020 3", "đã ký lên văn bản này!", "xã hội và các đơn vị khác.", "./.",
        "Số: /QĐ-UBND", "Mẫu, ngày    tháng 3 năm 2031", "theo quy định tại khoản 1 Điều 9", "…………", "| a | b |",
        "§iÒu 1. Ph¹m vi", "\u00d0iều 9.", "Đie\u0302\u0300u 10. X", "1\\. Thoát", "[Điều 1](http://x)",
        "<b>x</b>",
    ]
)  # fmt: skip
ENDS = st.sampled_from(
    ["\n", "\n\n", "\r\n", "\r", " \n", "\n \n", "", " ", "\x0c", "\u2028", "\t"]
)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back(text: str) -> None:
    assert reconstruct(parse_text(text)) == text


@given(st.lists(st.tuples(PIECES, ENDS), max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_mix_of_pieces_comes_back_with_unique_paths(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + end for piece, end in pieces)
    document = parse_text(text)
    assert reconstruct(document) == text
    assert len({node.path for node in document.nodes}) == len(document.nodes)
    for node in document.nodes:
        assert 1 <= node.line_start <= node.line_end <= document.lines
        assert node.parent is None or document.node(node.parent) is not None
    as_json(document)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_mutated_text_comes_back(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(_samples()))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 200)))
    filler = data.draw(st.one_of(st.just(""), st.text(max_size=20), PIECES))
    mutated = text[:start] + filler + text[end:]
    assert reconstruct(parse_text(mutated)) == mutated


def _samples() -> list[str]:
    folder = Path(__file__).parent
    return [
        (folder / "test_parse_wrapping.py").read_text(encoding="utf-8"),
        (folder / "test_parse_parts.py").read_text(encoding="utf-8"),
    ]


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_mutated_regulation_comes_back(regulations: Path, data: st.DataObject) -> None:
    names = sorted(path.name for path in regulations.glob("*.txt"))
    text = (regulations / data.draw(st.sampled_from(names))).read_bytes().decode("utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3000)))
    mutated = text[:start] + data.draw(PIECES) + text[end:]
    assert reconstruct(parse_text(mutated)) == mutated


def test_every_line_has_exactly_one_owner() -> None:
    text = "QUY CHẾ\nMẫu\n\nĐiều 1. A\n1. Quy trình\na) Bước 1: Tắt.\n3\n\nNơi nhận:\n- A.\n"
    document = parse_text(text)
    spans = [span for node in document.nodes for span in node.own]
    spans += [item.span for item in document.excluded]
    places = [(span.line, span.column) for span in spans]
    assert len(places) == len(set(places))
    assert sum(len(span.raw) for span in spans) == len(text)
