"""What can go wrong with registers and their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khien.kernel.canonical import Json
from khien.kernel.errors import KhienError
from khien.kernel.language import Text


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with a row a person gave: at which field (None: the row as a whole), in words."""

    field: str | None
    text: Text


def said_problems(problems: Sequence[FieldProblem]) -> dict[str, object]:
    """Return how many problems there are and the first of them in words, as a failure's sentence says them."""
    return {
        "count": len(problems),
        "said_vi": " ".join(problem.text.vi for problem in problems[:5]),
        "said_en": " ".join(problem.text.en for problem in problems[:5]),
    }


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that two persons changed: what stood there, what stands there now, what was sent."""

    field: str
    title: Text
    base: Json
    theirs: Json
    mine: Json

    @property
    def is_contested(self) -> bool:
        """Say whether both changed it, each to something else; otherwise the two changes fit together."""
        return self.base not in (self.theirs, self.mine) and self.theirs != self.mine


class UnknownRegister(KhienError):
    """A register that the library does not declare."""

    code = "KHIEN-REG-001"
    http_status = 404
    sentence = Text(
        vi="Không có sổ «{register}». Chọn một sổ trong danh sách sổ.",
        en="There is no register «{register}». Choose one from the list of registers.",
    )


class UnknownRow(KhienError):
    """A row that does not exist, or belongs to a unit the asker may not see: the same answer for both."""

    code = "KHIEN-REG-002"
    http_status = 404
    sentence = Text(
        vi="Không có dòng {number} trong sổ «{register}». Mở sổ và tìm lại dòng cần xem.",
        en="There is no row {number} in register «{register}». Open the register and look for it again.",
    )


class InvalidRow(KhienError):
    """Values that do not make a row; every problem is listed with its field."""

    code = "KHIEN-REG-003"
    http_status = 422
    sentence = Text(
        vi="Chưa lưu gì: {count} chỗ chưa đúng. {said_vi}",
        en="Nothing was saved: {count} problem(s). {said_en}",
    )

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(**said_problems(self.problems))


class ConflictingEdit(KhienError):
    """A row that somebody else changed meanwhile; carries all versions, so that nobody's words are lost."""

    code = "KHIEN-REG-004"
    http_status = 409
    sentence = Text(
        vi="Chưa lưu: {by} đã sửa dòng {number} của sổ «{register}» trong lúc bạn đang sửa. "
        "Xem chỗ khác nhau bên dưới, chọn giá trị đúng rồi lưu lại.",
        en="Not saved: {by} changed row {number} of register «{register}» while you were editing it. "
        "Look at the differences below, choose the right values and save again.",
    )

    def __init__(  # noqa: PLR0913  # the whole of what both persons need to see
        self,
        *,
        register: str,
        number: int,
        by: str,
        current_version: int,
        base: Mapping[str, Json],
        theirs: Mapping[str, Json],
        mine: Mapping[str, Json],
        fields: Sequence[FieldConflict],
    ) -> None:
        self.by, self.current_version = by, current_version
        self.base, self.theirs, self.mine = dict(base), dict(theirs), dict(mine)
        self.fields = tuple(fields)
        super().__init__(register=register, number=number, by=by)


class DuplicateKey(KhienError):
    """A row whose key another active row of the unit has already."""

    code = "KHIEN-REG-005"
    http_status = 409
    sentence = Text(
        vi="Chưa lưu: sổ «{register}» đã có dòng {number} ({name}) trùng {key_vi}. "
        "Mở dòng {number} để sửa, hoặc đổi giá trị trùng.",
        en="Not saved: register «{register}» already has row {number} ({name}) with the same {key_en}. "
        "Open row {number} and change it, or change the value that is the same.",
    )


class RowIsRetired(KhienError):
    """A change to a row that was taken out of the register."""

    code = "KHIEN-REG-006"
    http_status = 409
    sentence = Text(
        vi="Chưa lưu: dòng {number} đã được đưa ra khỏi sổ «{register}». Khôi phục dòng rồi sửa.",
        en="Not saved: row {number} was taken out of register «{register}». Restore it, then change it.",
    )


class ConfirmationRefused(KhienError):
    """A statement that a register is complete as of a day that has not come."""

    code = "KHIEN-REG-007"
    http_status = 422
    sentence = Text(
        vi="Chưa ghi nhận: ngày xác nhận {day} ở tương lai. Chọn hôm nay hoặc một ngày đã qua.",
        en="Not recorded: the day {day} of the confirmation has not come. Choose today or an earlier day.",
    )


class FileRefused(KhienError):
    """A file that is not a table Khiên reads."""

    code = "KHIEN-REG-010"
    http_status = 422
    sentence = Text(
        vi="Không đọc tệp «{file}»: {why_vi}. Chưa nhập dòng nào.",
        en="The file «{file}» was not read: {why_en}. No row was imported.",
    )

    def __init__(self, file: str, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class FileTooLarge(FileRefused):
    """A file over the limits of size, rows or cells."""

    code = "KHIEN-REG-011"
    http_status = 413


class NoHeader(FileRefused):
    """A table in which no row names the columns of the register."""

    code = "KHIEN-REG-012"


class ImportHasProblems(KhienError):
    """An import asked for although cells are wrong."""

    code = "KHIEN-REG-013"
    http_status = 422
    sentence = Text(
        vi="Chưa nhập dòng nào: tệp còn {count} ô chưa đúng. Sửa các ô đó trong tệp rồi tải lên lại.",
        en="No row was imported: {count} cell(s) of the file are wrong. Correct them and upload it again.",
    )


class ImportOutdated(KhienError):
    """A confirmed preview that no longer tells what the import would do."""

    code = "KHIEN-REG-014"
    http_status = 409
    sentence = Text(
        vi="Chưa nhập dòng nào: sổ «{register}» hoặc tệp đã thay đổi sau khi xem trước. "
        "Xem trước lại rồi xác nhận.",
        en="No row was imported: register «{register}» or the file changed after the preview. "
        "Preview again, then confirm.",
    )


class AttachmentRefused(KhienError):
    """A file that is not kept beside a row: too large, of a strange kind, with macros."""

    code = "KHIEN-REG-015"
    http_status = 422
    sentence = Text(
        vi="Chưa lưu tệp «{file}»: {why_vi}.",
        en="The file «{file}» was not kept: {why_en}.",
    )

    def __init__(self, file: str, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class AttachmentAltered(KhienError):
    """A filed document whose bytes are gone or are no longer those that were filed."""

    code = "KHIEN-REG-016"
    http_status = 409
    sentence = Text(
        vi="Không gửi tệp «{file}»: tệp lưu trên máy chủ đã mất hoặc không còn đúng như lúc nộp. "
        "Báo người quản trị chạy «khien verify».",
        en="The file «{file}» is not sent: what is stored is lost or no longer what was filed. "
        "Ask the administrator to run “khien verify”.",
    )


class UnknownAttachment(KhienError):
    """A file that no row of the asker's has: the same answer where it is another's."""

    code = "KHIEN-REG-017"
    http_status = 404
    sentence = Text(
        vi="Dòng này không có tệp đó. Mở lại dòng và xem danh sách tệp.",
        en="This row has no such file. Open the row again and look at its files.",
    )


class NotAPerson(KhienError):
    """A row that is no active row of the register of persons, given as the person a user is."""

    code = "KHIEN-REG-018"
    http_status = 422
    sentence = Text(
        vi="Chưa gắn: «{name}» không phải một người đang có trong sổ nhân sự. Chọn dòng trong sổ nhân sự.",
        en="Not tied: “{name}” is no active row of the register of persons. Choose a row of that register.",
    )


class UploadGone(KhienError):
    """A file that waited between preview and confirmation and is no longer there."""

    code = "KHIEN-REG-019"
    http_status = 410
    sentence = Text(
        vi="Chưa nhập dòng nào: tệp xem trước đã hết hạn hoặc đã được nhập. Tải tệp lên lại.",
        en="No row was imported: the previewed file has expired or was imported before. Upload it again.",
    )
