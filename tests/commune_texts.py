"""A made-up commune regulation with every trap, as text and as a Word file; and codes of any size."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document

from khien.norms.text.parser import parse_text

COMMUNE = Path(__file__).parent / "adoption" / "texts" / "xa-mau.txt"
_HEAD = """ỦY BAN NHÂN DÂN
TỈNH MẪU
Số: 99/2026/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Mẫu, ngày 01 tháng 9 năm 2026
QUY CHẾ
Bảo đảm an ninh mạng trên địa bàn tỉnh Mẫu
"""
_SENTENCES = (
    "Mật khẩu dài tối thiểu {n} ký tự, đổi {m} tháng/lần.",
    "Nhật ký của máy chủ lưu tối thiểu {m} tháng.",
    "Sự cố phải báo cáo trong vòng {n} giờ kể từ khi phát hiện.",
    "Dữ liệu quan trọng sao lưu ít nhất {m} lần/tuần, bản sao cất ngoài trụ sở.",
    "Cán bộ phụ trách rà soát tài khoản {m} tháng/lần và báo cáo trước ngày {n} của tháng cuối quý.",
)
ARTICLES_PER_CHAPTER = 10
CLAUSES_PER_ARTICLE = 5


def commune() -> str:
    """Return the regulation as the commune issued it."""
    return COMMUNE.read_text(encoding="utf-8")


def commune_docx() -> bytes:
    """Return the regulation as a Word file: paragraphs whole, the page number gone as Word keeps it apart."""
    document = Document()
    for paragraph in _paragraphs(commune()):
        document.add_paragraph(paragraph)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _paragraphs(text: str) -> list[str]:
    parsed = parse_text(text)
    found = [
        (node.own[0].line, " ".join(" ".join(span.raw for span in node.own).split()))
        for node in parsed.nodes
    ]
    found += [
        (one.span.line, one.span.raw.strip())
        for one in parsed.excluded
        if one.reason not in ("blank", "page-number")
    ]
    return [words for _, words in sorted(found)]


def code_of(clauses: int) -> str:
    """Return a regulation with a number of clauses, in chapters of ten articles."""
    lines = [_HEAD]
    for number in range(clauses):
        article, place = divmod(number, CLAUSES_PER_ARTICLE)
        if place == 0:
            if article % ARTICLES_PER_CHAPTER == 0:
                lines.append(f"Chương {article // ARTICLES_PER_CHAPTER + 1}\nNHÓM BIỆN PHÁP")
            lines.append(f"Điều {article + 1}. Biện pháp {article + 1}")
        sentence = _SENTENCES[number % len(_SENTENCES)]
        lines.append(f"{place + 1}. {sentence.format(n=8 + number % 12, m=1 + number % 9)}")
    return "\n".join(lines) + "\n"
