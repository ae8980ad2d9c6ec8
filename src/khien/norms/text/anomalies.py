"""Every anomaly a text can have: its stable code and its sentence in both languages."""

from __future__ import annotations

from khien.kernel.language import Text
from khien.norms.text.model import Anomaly

SENTENCES: dict[str, Text] = {
    "nfd-normalised": Text(
        "Chữ tổ hợp rời (NFD) đã được chuẩn hóa về NFC.",
        "Decomposed letters (NFD) were normalised to NFC.",
    ),
    "eth-repaired": Text(
        "Chữ Ð (U+00D0) đã được thay bằng chữ Đ.",
        "The letter eth (U+00D0) was replaced by the Vietnamese Đ.",
    ),
    "gha-repaired": Text("Chữ Ƣ/ƣ đã được thay bằng Ư/ư.", "The letter Ƣ/ƣ was replaced by Ư/ư."),
    "legacy-encoding": Text(
        "Văn bản dùng bảng mã cũ, đã được chuyển sang Unicode.",
        "The text used a legacy encoding and was converted to Unicode.",
    ),
    "control-character-removed": Text(
        "Ký tự điều khiển hoặc ký tự ẩn đã được bỏ khi đọc.",
        "A control or invisible character was left out of the reading.",
    ),
    "page-number-removed": Text(
        "Số trang «{what}» đã được bỏ.", "The page number “{what}” was removed."
    ),
    "page-number-inside-sentence": Text(
        "Số trang «{what}» nằm giữa câu đã được bỏ và câu được nối lại.",
        "The page number “{what}” inside a sentence was removed and the sentence joined.",
    ),
    "gazette-furniture-removed": Text(
        "Dòng tiêu đề Công báo đã được bỏ.", "A running line of the gazette was removed."
    ),
    "running-line-removed": Text(
        "Dòng tiêu đề lặp lại ở mỗi trang đã được bỏ.", "A line repeated on every page was removed."
    ),
    "contents-removed": Text(
        "Dòng mục lục đã được bỏ.", "A line of the table of contents was removed."
    ),
    "web-furniture-removed": Text(
        "Dòng của trang web, không thuộc văn bản, đã được bỏ.",
        "A line of the web page that is not part of the text was removed.",
    ),
    "hostile-instruction": Text(
        "Dòng có dạng chỉ dẫn cho phần mềm; nội dung nhập vào chỉ là dữ liệu, không được thi hành.",
        "A line is worded as an instruction to software; imported text is data and is never obeyed.",
    ),
    "soft-wrap-lookalike": Text(
        "Dòng bắt đầu giống ký hiệu «{what}» nhưng là phần xuống dòng của câu trước; đã nối vào câu trước.",
        "The line starts like the marker “{what}” but continues the sentence before; it was joined.",
    ),
    "numbering-restarts": Text(
        "Số điều bắt đầu lại từ {what}: đây là phần văn bản khác.",
        "Article numbers start again at {what}: this is another part.",
    ),
    "chapter-repeated": Text("Chương {what} xuất hiện lần nữa.", "Chapter {what} appears again."),
    "chapter-missing": Text(
        "Thiếu chương trước Chương {what}.", "A chapter is missing before Chapter {what}."
    ),
    "section-repeated": Text("Mục {what} xuất hiện lần nữa.", "Section {what} appears again."),
    "section-missing": Text(
        "Thiếu mục trước Mục {what}.", "A section is missing before section {what}."
    ),
    "article-repeated": Text("Điều {what} xuất hiện lần nữa.", "Article {what} appears again."),
    "article-missing": Text(
        "Thiếu điều trước Điều {what}.", "An article is missing before Article {what}."
    ),
    "article-out-of-order": Text(
        "Điều {what} không theo thứ tự.", "Article {what} is out of order."
    ),
    "clause-jump": Text(
        "Khoản {what} không nối tiếp khoản trước; số được giữ như trong văn bản.",
        "Clause {what} does not follow the one before; the number is kept as printed.",
    ),
    "clause-repeated": Text(
        "Khoản {what} xuất hiện lần nữa trong cùng điều.",
        "Clause {what} appears again in the same article.",
    ),
    "point-out-of-order": Text(
        "Điểm {what} không theo thứ tự; ký hiệu được giữ như trong văn bản.",
        "Point {what} is out of order; the letter is kept as printed.",
    ),
    "point-repeated": Text(
        "Điểm {what} xuất hiện lần nữa trong cùng khoản.",
        "Point {what} appears again in the same clause.",
    ),
    "point-letter-unusual": Text(
        "Điểm {what} dùng chữ cái ngoài thứ tự chữ cái của văn bản Việt Nam.",
        "Point {what} uses a letter outside the order used in Vietnamese texts.",
    ),
    "point-marker-mixed": Text(
        "Ký hiệu điểm đổi kiểu thành «{what}».", "Points change their marker to “{what}”."
    ),
    "step-out-of-order": Text("Bước {what} không theo thứ tự.", "Step {what} is out of order."),
    "node-repeated": Text(
        "Đơn vị «{what}» trùng tên với đơn vị trước; được đánh dấu phân biệt.",
        "The unit “{what}” has the name of an earlier one; it was told apart by a mark.",
    ),
    "nested-numbering": Text(
        "Danh sách con đánh số «{what}» được đọc là gạch đầu dòng.",
        "The nested list item “{what}” was read as a bullet.",
    ),
    "ocr-marker-repaired": Text(
        "Ký hiệu «{what}» do nhận dạng sai đã được đọc lại.",
        "The marker “{what}” was misread by OCR and was read again.",
    ),
    "heading-marker-unusual": Text(
        "Tiêu đề «{what}» viết khác thể thức thông thường.",
        "The heading “{what}” is not written in the usual form.",
    ),
    "number-blank": Text("Số của văn bản còn để trống.", "The number of the text is blank."),
    "number-split": Text(
        "Số của văn bản bị tách rời; đã ghép lại thành «{what}».",
        "The number of the text was split; it was put together as “{what}”.",
    ),
    "number-missing": Text(
        "Không tìm thấy số của văn bản.", "The number of the text was not found."
    ),
    "date-blank": Text("Ngày, tháng của văn bản còn để trống.", "The date of the text is blank."),
    "date-missing": Text("Không tìm thấy ngày ban hành.", "The date of issue was not found."),
    "date-invalid": Text("Ngày «{what}» không có trong lịch.", "The date “{what}” does not exist."),
    "recital-repeated": Text(
        "Căn cứ này lặp lại một căn cứ trước.", "This recital repeats an earlier one."
    ),
    "signature-residue-excluded": Text(
        "Dấu vết chữ ký số đã được để ngoài nội dung.",
        "Remains of digital signatures were left out of the content.",
    ),
    "tail-excluded": Text(
        "Từ đây là nơi nhận, chữ ký; không thuộc nội dung.",
        "From here: recipients and signature; not part of the content.",
    ),
    "tail-resumed": Text(
        "Sau phần nơi nhận, chữ ký, văn bản tiếp tục với «{what}».",
        "After recipients and signature the text goes on with “{what}”.",
    ),
    "annex-excluded": Text(
        "Từ đây là phụ lục, biểu mẫu; số thứ tự bên trong không phải khoản.",
        "From here: annex or form; its numbers are not clauses.",
    ),
    "quoted-text-kept": Text(
        "Nội dung trong ngoặc kép (văn bản được sửa đổi) được giữ nguyên, không tách thành điều, khoản.",
        "Quoted text (an amended provision) is kept whole and not split into articles or clauses.",
    ),
    "glued-words": Text(
        "Các chữ dính liền «{what}»; văn bản được giữ nguyên.",
        "Words are glued together “{what}”; the text is kept as it is.",
    ),
    "split-words": Text(
        "Chữ bị tách rời «{what}»; văn bản được giữ nguyên.",
        "A word is split “{what}”; the text is kept as it is.",
    ),
    "markdown-stripped": Text(
        "Ký hiệu định dạng Markdown đã được bỏ.", "Markdown marks were removed."
    ),
    "footnote-mark-removed": Text(
        "Ký hiệu chú thích đã được bỏ khi đọc.", "A footnote mark was left out of the reading."
    ),
    "placeholder": Text("Chỗ để trống hoặc mẫu điền «{what}».", "A blank or placeholder “{what}”."),
    "sentence-joined-over-gap": Text(
        "Câu bị ngắt bởi khoảng trống hoặc trang đã được nối lại.",
        "A sentence broken by a gap or page was joined.",
    ),
    "dangling-reference": Text(
        "Viện dẫn «{what}» không có trong văn bản này.",
        "The reference “{what}” does not exist in this text.",
    ),
    "missing-annex": Text(
        "«{what}» được nhắc tới nhưng không có trong tệp.",
        "“{what}” is referred to but is not in the file.",
    ),
    "citation-kind-mismatch": Text(
        "Loại văn bản không khớp ký hiệu trong «{what}».",
        "The kind of text does not match the code in “{what}”.",
    ),
    "heading-without-content": Text(
        "«{what}» chỉ có tiêu đề, không có nội dung.",
        "“{what}” has a heading but no content.",
    ),
    "list-without-items": Text(
        "«{what}» báo trước danh sách nhưng không có mục nào.",
        "“{what}” announces a list but has no item.",
    ),
    "no-structure": Text(
        "Không tìm thấy điều, mục hoặc gạch đầu dòng nào.",
        "No article, section or bullet was found.",
    ),
    "empty-text": Text("Văn bản trống.", "The text is empty."),
}


def anomaly(line: int, code: str, what: str = "") -> Anomaly:
    """Return an anomaly of a known code; `what` fills the place of its sentence.

    Raises: KeyError: the code is not in SENTENCES
    """
    sentence = SENTENCES[code]
    shown = _short(what)
    return Anomaly(line, code, Text(_filled(sentence.vi, shown), _filled(sentence.en, shown)))


def _filled(sentence: str, what: str) -> str:
    # Not str.format: the text of a document may hold braces.
    return sentence.replace("{what}", what)


def _short(what: str) -> str:
    return what if len(what) <= 60 else what[:57] + "…"
