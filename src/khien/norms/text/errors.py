"""The ways a document can be refused before its structure is read, each with its remedy."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class DocumentMissing(KhienError):
    """There is no file at the path given."""

    code = "KHIEN-NRM-001"
    http_status = 404
    sentence = Text(
        vi="Không tìm thấy tệp «{file}». Hãy kiểm tra lại tên tệp và thư mục.",
        en="There is no file “{file}”. Check the file name and the folder.",
    )


class DocumentNotAFile(KhienError):
    """The path is a folder, a device or a pipe."""

    code = "KHIEN-NRM-002"
    sentence = Text(
        vi="«{file}» là thư mục hoặc thiết bị, không phải tệp văn bản. Hãy chỉ đúng một tệp "
        ".txt, .docx hoặc .pdf.",
        en="“{file}” is a folder or a device, not a document. Name one .txt, .docx or .pdf file.",
    )


class DocumentUnreadable(KhienError):
    """The operating system refused to hand over the file."""

    code = "KHIEN-NRM-003"
    sentence = Text(
        vi="Không đọc được tệp «{file}» ({reason}). Hãy cấp quyền đọc cho tài khoản đang chạy, "
        "hoặc chép tệp sang nơi đọc được.",
        en="The file “{file}” cannot be read ({reason}). Grant the running account the right to "
        "read it, "
        "or copy it to a readable place.",
    )


class DocumentTooLarge(KhienError):
    """The file is larger than the limit."""

    code = "KHIEN-NRM-004"
    http_status = 413
    sentence = Text(
        vi="Tệp «{file}» quá lớn: {size_mib} MiB, giới hạn là {limit_mib} MiB. Hãy bỏ ảnh, chia "
        "nhỏ, "
        "hoặc lưu phần lời thành .docx hay .txt.",
        en="The file “{file}” is too large: {size_mib} MiB, the limit is {limit_mib} MiB. "
        "Remove pictures, "
        "split it, or save its text as .docx or .txt.",
    )


class DocumentEmpty(KhienError):
    """The file holds no text at all."""

    code = "KHIEN-NRM-005"
    sentence = Text(
        vi="Tệp «{file}» không có chữ nào. Hãy mở tệp kiểm tra; nếu nội dung là ảnh chụp, hãy "
        "lấy bản có lớp chữ.",
        en="The file “{file}” holds no text. Open it and check; if its content is a picture, "
        "obtain "
        "a version with a text layer.",
    )


class DocumentKindUnknown(KhienError):
    """The content is none of the kinds that can be read."""

    code = "KHIEN-NRM-006"
    http_status = 415
    sentence = Text(
        vi="Tệp «{file}» là {kind_vi}, chưa đọc được loại này. Hãy mở bằng phần mềm tương ứng "
        "và lưu thành .docx, .pdf hoặc .txt.",
        en="The file “{file}” is {kind_en}, which cannot be read. Open it with its own software "
        "and save "
        "it as .docx, .pdf or .txt.",
    )


class EncodingUnknown(KhienError):
    """The bytes of a plain text follow no encoding known for Vietnamese."""

    code = "KHIEN-NRM-007"
    sentence = Text(
        vi="Tệp «{file}», dòng {line}, vị trí byte {offset}: byte {byte} không thuộc UTF-8, "
        "UTF-16, Windows-1258, "
        "TCVN3 hay VNI. Hãy mở tệp và lưu lại với bảng mã UTF-8.",
        en="File “{file}”, line {line}, byte offset {offset}: byte {byte} fits neither UTF-8, "
        "UTF-16, "
        "Windows-1258, TCVN3 nor VNI. Open the file and save it again as UTF-8.",
    )


class BinaryContent(KhienError):
    """A file named or given as text holds binary data."""

    code = "KHIEN-NRM-008"
    http_status = 415
    sentence = Text(
        vi="Tệp «{file}», dòng {line}, vị trí byte {offset}: có byte điều khiển {byte}, đây là "
        "dữ liệu nhị phân "
        "chứ không phải văn bản. Hãy chọn đúng tệp văn bản.",
        en="File “{file}”, line {line}, byte offset {offset}: control byte {byte}; this is "
        "binary data, "
        "not text. Choose the document itself.",
    )


class DocxBroken(KhienError):
    """A Word document whose package or XML is damaged."""

    code = "KHIEN-NRM-009"
    sentence = Text(
        vi="Tệp Word «{file}» bị hỏng ở phần «{place}» ({reason}). Hãy mở bằng Word hoặc "
        "LibreOffice, sửa và lưu lại thành .docx.",
        en="The Word file “{file}” is damaged in part “{place}” ({reason}). Open it with Word or "
        "LibreOffice, repair it and save it as .docx again.",
    )


class DocxBomb(KhienError):
    """A Word document whose package would unpack to an unreasonable size."""

    code = "KHIEN-NRM-010"
    http_status = 413
    sentence = Text(
        vi="Từ chối tệp Word «{file}», phần «{place}»: {measure_vi} là {value}, vượt giới hạn "
        "{limit} (dấu hiệu bom nén). "
        "Hãy lấy lại bản gốc từ cơ quan ban hành.",
        en="The Word file “{file}” is refused, part “{place}”: {measure_en} is {value}, above the "
        "limit of "
        "{limit} (a sign of a zip bomb). Obtain the original from the issuing body.",
    )


class DocxHasDtd(KhienError):
    """A Word document whose XML declares a document type or entities."""

    code = "KHIEN-NRM-011"
    sentence = Text(
        vi="Từ chối tệp Word «{file}», phần «{place}»: XML có khai báo DTD hoặc thực thể, Word "
        "không bao giờ ghi như vậy. "
        "Hãy lấy lại bản gốc từ cơ quan ban hành.",
        en="The Word file “{file}” is refused, part “{place}”: its XML declares a DTD or "
        "entities, which "
        "Word never writes. Obtain the original from the issuing body.",
    )


class OldWordDocument(KhienError):
    """A binary .doc of Word 97-2003."""

    code = "KHIEN-NRM-012"
    http_status = 415
    sentence = Text(
        vi="Tệp «{file}» ở dạng .doc cũ (Word 97–2003). Hãy mở bằng Word hoặc LibreOffice và "
        "lưu thành .docx.",
        en="The file “{file}” is an old .doc (Word 97–2003). Open it with Word or LibreOffice "
        "and save "
        "it as .docx.",
    )


class DocxEncrypted(KhienError):
    """A Word document protected by a password."""

    code = "KHIEN-NRM-013"
    sentence = Text(
        vi="Tệp Word «{file}» được mã hóa bằng mật khẩu. Hãy mở bằng Word, bỏ mật khẩu và lưu lại thành .docx.",
        en="The Word file “{file}” is encrypted with a password. Open it with Word, remove the "
        "password "
        "and save it as .docx again.",
    )


class PdfEncrypted(KhienError):
    """A PDF that needs a password to be opened."""

    code = "KHIEN-NRM-014"
    sentence = Text(
        vi="Tệp PDF «{file}» được mã hóa bằng mật khẩu. Hãy mở bằng mật khẩu rồi in hoặc lưu "
        "thành PDF không mật khẩu.",
        en="The PDF “{file}” is encrypted with a password. Open it with the password, then "
        "print or save "
        "it as a PDF without one.",
    )


class PdfBroken(KhienError):
    """A PDF that cannot be parsed."""

    code = "KHIEN-NRM-015"
    sentence = Text(
        vi="Tệp PDF «{file}» bị hỏng ở {place_vi} ({reason}). Hãy tải lại, hoặc mở bằng trình "
        "đọc PDF và in lại thành PDF.",
        en="The PDF “{file}” is damaged at {place_en} ({reason}). Download it again, or open it "
        "with a PDF "
        "reader and print it to PDF.",
    )


class PdfTooManyPages(KhienError):
    """A PDF with more pages than can be read, or than can be recognised."""

    code = "KHIEN-NRM-016"
    http_status = 413
    sentence = Text(
        vi="Tệp PDF «{file}» có {pages} trang{what_vi}, giới hạn là {limit}. Hãy chia nhỏ tệp.",
        en="The PDF “{file}” has {pages} pages{what_en}, the limit is {limit}. Split the file.",
    )


class PdfScanned(KhienError):
    """A PDF made of pictures, on a machine without optical character recognition."""

    code = "KHIEN-NRM-017"
    sentence = Text(
        vi="Tệp PDF «{file}», {pages} trang, là bản quét: không có lớp chữ dùng được. Hãy lấy bản .docx "
        "hoặc PDF có chữ từ nơi ban hành, "
        "hoặc cài Tesseract kèm tiếng Việt (gói tesseract-ocr và tesseract-ocr-vie) để nhận dạng.",
        en="The PDF “{file}”, {pages} pages, is a scan: it has no usable text layer. Obtain the .docx "
        "or a PDF with "
        "text from the issuer, or install Tesseract with Vietnamese (packages tesseract-ocr and "
        "tesseract-ocr-vie) to recognise it.",
    )


class RecognitionFailed(KhienError):
    """Tesseract gave up on a page."""

    code = "KHIEN-NRM-018"
    sentence = Text(
        vi="Không nhận dạng được chữ trong «{file}», trang {page} ({reason}). Hãy quét lại rõ "
        "hơn (300 dpi, đen trắng) "
        "hoặc lấy bản có lớp chữ.",
        en="The text of “{file}”, page {page}, could not be recognised ({reason}). Scan it "
        "again more "
        "clearly (300 dpi, black and white) or obtain a version with a text layer.",
    )


DOCUMENT_ERRORS: tuple[type[KhienError], ...] = (
    DocumentMissing,
    DocumentNotAFile,
    DocumentUnreadable,
    DocumentTooLarge,
    DocumentEmpty,
    DocumentKindUnknown,
    EncodingUnknown,
    BinaryContent,
    DocxBroken,
    DocxBomb,
    DocxHasDtd,
    OldWordDocument,
    DocxEncrypted,
    PdfEncrypted,
    PdfBroken,
    PdfTooManyPages,
    PdfScanned,
    RecognitionFailed,
)
