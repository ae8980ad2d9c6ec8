"""What reading a file yields: its text, where the text came from, and what was repaired on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from khien.kernel.language import Text
from khien.norms.text.model import Anomaly

SourceKind = Literal["txt", "docx", "pdf", "ocr"]

READING_ANOMALIES: Final[dict[str, Text]] = {
    "decoded-as": Text(
        vi="Tệp không ở dạng UTF-8, đã đọc theo bảng mã {encoding}.",
        en="The file is not UTF-8 and was read as {encoding}.",
    ),
    "characters-removed": Text(
        vi="Trang {page}: đã bỏ {count} ký tự điều khiển hoặc gạch nối mềm của lớp chữ PDF.",
        en="Page {page}: {count} control characters or soft hyphens of the PDF text layer were removed.",
    ),
    "hyphens-joined": Text(
        vi="Trang {page}: {count} dấu gạch nối cuối dòng được nối liền với dòng sau.",
        en="Page {page}: {count} hyphens at line ends were joined to the line that follows.",
    ),
    "characters-unmapped": Text(
        vi="Trang {page}: {count} ký tự không có mã Unicode (phông chữ nhúng thiếu bảng mã); "
        "cần đối chiếu bản gốc.",
        en="Page {page}: {count} characters have no Unicode value (the embedded font lacks its table); "
        "compare with the original.",
    ),
    "page-without-text": Text(
        vi="Trang {page} chỉ có hình, không có chữ; máy này không có Tesseract tiếng Việt nên bỏ qua trang.",
        en="Page {page} is only a picture, without text; it was skipped because this machine has no "
        "Tesseract for Vietnamese.",
    ),
    "page-recognised": Text(
        vi="Trang {page} là bản quét, chữ do nhận dạng quang học mà có; cần đối chiếu bản gốc.",
        en="Page {page} is a scan; its text comes from optical character recognition; compare with the "
        "original.",
    ),
    "page-recognised-empty": Text(
        vi="Trang {page} là bản quét, nhận dạng không ra chữ nào.",
        en="Page {page} is a scan in which no text was recognised.",
    ),
    "page-over-picture": Text(
        vi="Trang {page}: lớp chữ nằm trên ảnh cả trang, có thể do máy quét nhận dạng; cần đối chiếu bản gốc.",
        en="Page {page}: the text layer lies over a full-page picture and may come from a scanner's "
        "recognition; compare with the original.",
    ),
    "docx-numbering": Text(
        vi="Số thứ tự tự động của Word được dựng lại thành chữ ở {count} đoạn, đoạn đầu là dòng này.",
        en="Word's automatic numbering was written out as text in {count} paragraphs, this line the first.",
    ),
    "docx-numbering-format": Text(
        vi="Kiểu số tự động «{form}» của Word chưa dựng được, đã viết thành số thường.",
        en="Word's automatic number format “{form}” is not supported and was written as a plain number.",
    ),
    "docx-tracked-change": Text(
        vi="Đoạn có thay đổi chưa chấp nhận (track changes): đã bỏ {deleted} chỗ xóa, giữ {inserted} chỗ chèn.",
        en="The paragraph has tracked changes not yet accepted: {deleted} deletions were dropped, "
        "{inserted} insertions kept.",
    ),
    "docx-table": Text(
        vi="Bảng {rows} hàng được trải thành dòng, mỗi đoạn trong ô là một dòng.",
        en="A table of {rows} rows was flattened, each paragraph of a cell becoming a line.",
    ),
    "docx-text-box": Text(
        vi="Chữ trong hộp văn bản được đặt ngay sau đoạn chứa hộp.",
        en="The text of a text box was placed right after the paragraph that holds it.",
    ),
    "docx-footnote": Text(
        vi="Đoạn có {count} chú thích chân trang hoặc cuối văn bản, nội dung chú thích không được đọc.",
        en="The paragraph has {count} footnotes or endnotes, whose content was not read.",
    ),
    "docx-comment": Text(
        vi="Đoạn có {count} ghi chú (comment) của người soạn, đã bỏ qua.",
        en="The paragraph has {count} comments by its editors, which were left out.",
    ),
    "docx-hidden-text": Text(
        vi="Đoạn có {count} chỗ định dạng chữ ẩn, đã bỏ qua.",
        en="The paragraph has {count} runs formatted as hidden, which were left out.",
    ),
    "docx-picture": Text(
        vi="Đoạn có {count} hình hoặc đối tượng nhúng, chữ trong đó (nếu có) không được đọc.",
        en="The paragraph has {count} pictures or embedded objects; text in them, if any, was not read.",
    ),
    "docx-other-document": Text(
        vi="Ở đây chèn cả một tệp khác (altChunk), nội dung không được đọc.",
        en="A whole other file is inserted here (altChunk); its content was not read.",
    ),
    "docx-header-footer": Text(
        vi="Đầu trang và chân trang có chữ, không tính vào nội dung văn bản.",
        en="Headers and footers hold text, which is not part of the document's text.",
    ),
    "docx-macros": Text(
        vi="Tệp Word có macro; macro không bao giờ được chạy.",
        en="The Word file holds macros; they are never run.",
    ),
    "docx-legacy-font": Text(
        vi="Đoạn dùng phông chữ cũ «{font}», đã chuyển sang Unicode theo phông.",
        en="The paragraph uses the old font “{font}” and was turned into Unicode accordingly.",
    ),
}


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one document as read, before its structure is looked at.

    Lines end in a line feed; a page of a PDF ends in a line that holds only a form feed.

    Args: kind: "txt", "docx", "pdf" (text layer) or "ocr" (at least one page recognised)
    """

    text: str
    kind: SourceKind
    anomalies: tuple[Anomaly, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The bytes of one file and the name that messages call it by."""

    name: str
    content: bytes


Reader = Callable[[SourceFile], SourceText]


def reading_anomaly(line: int, code: str, **values: object) -> Anomaly:
    """Return the anomaly of a registered code with its values filled in."""
    return Anomaly(line, code, READING_ANOMALIES[code].fill(values))
