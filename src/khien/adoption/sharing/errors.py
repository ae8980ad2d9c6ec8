"""Why a shared text is not written, or not read; of what is refused nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class SharedRefused(KhienError):
    """The base of every refusal of a shared text."""

    http_status = 422


class SharedUnreadable(SharedRefused):
    """A file that holds no text Khiên can read."""

    code = "KHIEN-ADO-201"
    sentence = Text(
        vi="Không đọc được «{file}»: {why_vi}. Chưa nhận gì.",
        en="“{file}” cannot be read: {why_en}. Nothing was taken.",
    )

    def __init__(self, file: str, why: Text) -> None:
        self.why = why
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class SharedTooLarge(SharedUnreadable):
    """A file over the limits."""

    code = "KHIEN-ADO-202"
    http_status = 413
    sentence = Text(
        vi="«{file}» quá lớn: {why_vi}. Chưa nhận gì.",
        en="“{file}” is too large: {why_en}. Nothing was taken.",
    )


class SharedBroken(SharedRefused):
    """A text with mistakes, each with the place where it stands."""

    code = "KHIEN-ADO-203"
    sentence = Text(
        vi="Văn bản có {count} chỗ sai, chưa nhận gì:\n{problems}",
        en="The text has {count} mistakes; nothing was taken:\n{problems}",
    )

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(problems), problems="\n".join(problems))


class PackageAltered(SharedRefused):
    """A signed package whose signature does not hold, or whose files are not those that were signed."""

    code = "KHIEN-ADO-204"
    sentence = Text(
        vi="Gói đã bị sửa hoặc hỏng: {why_vi}. Chưa nhận gì. Lấy lại gói từ nơi đã ký.",
        en="The package was altered or damaged: {why_en}. Nothing was taken. Fetch it again from who signed it.",
    )

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why_vi=why.vi, why_en=why.en)


class PackageKeyNotTrusted(SharedRefused):
    """An intact package of a key that this installation does not trust."""

    code = "KHIEN-ADO-205"
    http_status = 403
    sentence = Text(
        vi="Gói còn nguyên vẹn nhưng được ký bằng khóa «{key}» ({number}) mà nơi này không tin: {why_vi}. "
        "Chưa nhận gì. Ghép khóa với nơi ký (Gói gửi, nhận → Khóa) rồi nhận lại.",
        en="The package is intact but signed by the key “{key}” ({number}), which is not trusted here: {why_en}. "
        "Nothing was taken. Pair keys with who signed it (Bundles → Keys), then take it in again.",
    )

    def __init__(self, *, key: str, number: str, why: Text) -> None:
        super().__init__(key=key, number=number, why_vi=why.vi, why_en=why.en)


class UnknownForm(SharedRefused):
    """A form of export that does not exist."""

    code = "KHIEN-ADO-206"
    http_status = 404
    sentence = Text(
        vi="Không có dạng xuất «{form}». Các dạng có: {known}.",
        en="There is no form «{form}» to export. There are: {known}.",
    )


class NotExportable(SharedRefused):
    """A text that a form cannot hold."""

    code = "KHIEN-ADO-207"
    sentence = Text(
        vi="Không xuất được «{document}» ở dạng {form}: {why_vi}.",
        en="«{document}» cannot be exported as {form}: {why_en}.",
    )

    def __init__(self, *, document: str, form: str, why: Text) -> None:
        super().__init__(document=document, form=form, why_vi=why.vi, why_en=why.en)


class TooLongForPage(SharedRefused):
    """A text whose export takes longer than a page may."""

    code = "KHIEN-ADO-208"
    http_status = 413
    sentence = Text(
        vi="«{document}» có {count} điều khoản, trang chỉ xuất đến {limit}. Chạy trên máy chủ: "
        "khien norms export {document} --as {form} -o {file}",
        en="“{document}” has {count} clauses; a page exports up to {limit}. Run on the server: "
        "khien norms export {document} --as {form} -o {file}",
    )


class TooMuchForPage(SharedRefused):
    """A shared file whose reading takes longer than a page may."""

    code = "KHIEN-ADO-209"
    http_status = 413
    sentence = Text(
        vi="«{file}» quá lớn để đọc trên trang: {size} MB khi giải nén, tối đa {limit} MB. Chưa nhận gì. "
        "Chép tệp lên máy chủ rồi chạy: khien norms take TỆP --unit {unit}",
        en="“{file}” is too much to be read in a page: {size} MB unpacked, at most {limit} MB. Nothing was taken. "
        "Copy it to the server and run: khien norms take FILE --unit {unit}",
    )


class SharedFileGone(SharedRefused):
    """A file that waited for its sender's word and does so no longer."""

    code = "KHIEN-ADO-210"
    http_status = 410
    sentence = Text(
        vi="Tệp đã xem không còn chờ: đã đưa vào, đã bỏ hoặc quá hai giờ. Chọn lại tệp.",
        en="The file you looked at no longer waits: it was taken in, put away, or is over two hours old. "
        "Choose it again.",
    )
