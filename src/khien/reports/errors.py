"""What can go wrong when a report is made, written, signed, sent and received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.registers.errors import FieldProblem, said_problems


class NotAssessed(KhienError):
    """There is no assessment of the unit at the moment that the report is about."""

    code = "KHIEN-REP-001"
    http_status = 409
    sentence = Text(
        vi="Đơn vị «{unit}» chưa được đánh giá lần nào tính đến ngày {day} nên chưa lập được báo cáo. "
        "Chạy: khien assess --unit {unit}, hoặc chọn ngày muộn hơn.",
        en="Unit «{unit}» was not assessed up to {day}, so there is nothing to report. "
        "Run: khien assess --unit {unit}, or choose a later day.",
    )


class DayNotReached(KhienError):
    """A report about a day that has not come yet."""

    code = "KHIEN-REP-002"
    sentence = Text(
        vi="Ngày {day} chưa tới nên chưa lập được báo cáo. Chọn hôm nay hoặc một ngày đã qua.",
        en="The day {day} has not come yet, so there is nothing to report. Choose today or a past day.",
    )


class UnknownFormat(KhienError):
    """A file format that reports are not made in."""

    code = "KHIEN-REP-003"
    sentence = Text(
        vi="Không lập được báo cáo ở định dạng «{format}». Chọn một trong các định dạng: {known}.",
        en="Reports are not made in the format «{format}». Choose one of: {known}.",
    )


class CannotWriteReport(KhienError):
    """The place for the report's file cannot be written."""

    code = "KHIEN-REP-004"
    sentence = Text(
        vi="Không ghi được báo cáo vào «{path}» ({why}). Kiểm tra thư mục có tồn tại và có quyền ghi không, "
        "hoặc chọn tệp khác bằng --output.",
        en="The report cannot be written to «{path}» ({why}). See that the folder exists and may be written "
        "to, or choose another file with --output.",
    )


class ReportFileExists(KhienError):
    """A file of that name is there already; a report that someone edited is not overwritten."""

    code = "KHIEN-REP-005"
    sentence = Text(
        vi="Đã có tệp «{path}», có thể đã được chỉnh sửa nên không ghi đè. "
        "Chọn tên khác bằng --output, hoặc thêm --force để ghi đè.",
        en="The file «{path}» is there already and may have been edited, so it is not overwritten. "
        "Choose another name with --output, or add --force.",
    )


class TypesettingFailed(KhienError):
    """The typesetter refused the document: a defect of Khiên, not of the data."""

    code = "KHIEN-REP-006"
    http_status = 500
    sentence = Text(
        vi="Không dàn trang được PDF: {why}. Chưa ghi gì. Lập bản docx bằng --format docx và báo lỗi này.",
        en="The PDF could not be typeset: {why}. Nothing was stored. Make the docx with --format docx, and "
        "report this failure.",
    )


class UnknownReport(KhienError):
    """A report that the library does not define."""

    code = "KHIEN-REP-010"
    http_status = 404
    sentence = Text(
        vi="Không có mẫu báo cáo «{report}». Chọn một trong: {known}.",
        en="There is no report «{report}». Choose one of: {known}.",
    )


class ReportNotForUnit(KhienError):
    """A report that no text asks of this unit on this day."""

    code = "KHIEN-REP-011"
    http_status = 409
    sentence = Text(
        vi="«{unit}» không phải lập «{report}»: hôm nay không văn bản nào áp dụng cho đơn vị đòi báo cáo này. "
        "Xem lại các văn bản gắn với đơn vị.",
        en="«{unit}» does not make «{report}»: no text that binds the unit today asks for it. "
        "Look at the documents bound to the unit.",
    )


class UnknownPeriod(KhienError):
    """A period that is none of the report's."""

    code = "KHIEN-REP-012"
    http_status = 422
    sentence = Text(
        vi="Không có kỳ «{period}» của «{report}». Viết như: {example}.",
        en="There is no period «{period}» of «{report}». Write it like: {example}.",
    )


class ReportNeedsRow(KhienError):
    """A report about a row of a register without one, or with a row of another register or unit."""

    code = "KHIEN-REP-013"
    http_status = 422
    sentence = Text(
        vi="«{report}» lập cho từng dòng của sổ «{register_vi}». Chọn một dòng đang có của đơn vị.",
        en="«{report}» is made for a row of the register «{register_en}». Choose an active row of the unit.",
    )


class UnknownWrittenReport(KhienError):
    """A report that does not exist, or belongs to a unit the asker may not see: the same answer for both."""

    code = "KHIEN-REP-014"
    http_status = 404
    sentence = Text(
        vi="Không có báo cáo số {number}. Mở danh sách báo cáo của đơn vị và tìm lại.",
        en="There is no report {number}. Open the unit's list of reports and look again.",
    )


class ReportIsThere(KhienError):
    """A second report on the same thing in the same period."""

    code = "KHIEN-REP-015"
    http_status = 409
    sentence = Text(
        vi="«{report}» {period} đã có: báo cáo số {number}. Mở báo cáo đó để viết tiếp, hoặc hủy rồi lập lại.",
        en="«{report}» {period} is there already: report {number}. Open it to go on, or cancel it and begin anew.",
    )

    def __init__(self, *, report: str, period: str, number: int) -> None:
        self.number = number
        super().__init__(report=report, period=period, number=number)


class ReportNotYours(KhienError):
    """Something that the person's roles at the unit do not allow."""

    code = "KHIEN-REP-016"
    http_status = 403
    sentence = Text(
        vi="Bạn không {what_vi} được báo cáo này: việc đó cần vai trò {who_vi} tại đơn vị.",
        en="You cannot {what_en} this report: that takes the role of {who_en} at the unit.",
    )


class ReportNotThere(KhienError):
    """A step out of its order: the report does not stand where the step begins."""

    code = "KHIEN-REP-017"
    http_status = 409
    sentence = Text(
        vi="Chưa ghi gì: báo cáo số {number} đang ở bước «{state_vi}», việc này làm khi «{needed_vi}». "
        "Mở lại báo cáo để xem.",
        en="Nothing was recorded: report {number} stands at «{state_en}», this is done at «{needed_en}». "
        "Open the report again.",
    )


@dataclass(frozen=True, slots=True)
class TextConflict:
    """A text that two people changed: as both found it, as it stands now, as the second one wrote it."""

    code: str
    prompt: str
    base: str
    theirs: str
    mine: str


class ReportWrittenMeanwhile(KhienError):
    """Somebody else changed the report since the person opened it; nothing of either is lost."""

    code = "KHIEN-REP-018"
    http_status = 409
    sentence = Text(
        vi="Chưa ghi: «{by}» đã đổi báo cáo số {number} sau khi bạn mở (bản {seen} nay là bản {current}). "
        "Xem hai bản cạnh nhau rồi chọn; chữ bạn vừa viết vẫn còn.",
        en="Not recorded: «{by}» changed report {number} after you opened it (version {seen} is now {current}). "
        "Compare and choose; what you wrote is still there.",
    )

    def __init__(
        self,
        *,
        by: str,
        number: int,
        seen: int,
        current: int,
        conflicts: Sequence[TextConflict] = (),
    ) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(by=by, number=number, seen=seen, current=current)


class ReportLacks(KhienError):
    """A report that cannot go on: texts that must be written, recipients that nobody named."""

    code = "KHIEN-REP-019"
    http_status = 422
    sentence = Text(
        vi="Chưa ghi gì: báo cáo còn thiếu {count} chỗ. {said_vi}",
        en="Nothing was recorded: the report lacks {count} thing(s). {said_en}",
    )

    def __init__(self, problems: Sequence[Text]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            count=len(self.problems),
            said_vi=" ".join(problem.vi for problem in self.problems[:5]),
            said_en=" ".join(problem.en for problem in self.problems[:5]),
        )


class ReportRefused(KhienError):
    """What was given for a step cannot stand; every problem is listed."""

    code = "KHIEN-REP-020"
    http_status = 422
    sentence = Text(
        vi="Chưa ghi gì: {count} chỗ chưa đúng. {said_vi}",
        en="Nothing was recorded: {count} problem(s). {said_en}",
    )

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(**said_problems(self.problems))


class SubmittedReportRefused(KhienError):
    """A report from another instance that does not hold together."""

    code = "KHIEN-REP-021"
    http_status = 422
    sentence = Text(
        vi="Không nhận báo cáo gửi đến: {why_vi}. Đề nghị nơi gửi gửi lại.",
        en="The report sent here is not taken in: {why_en}. Ask the sender to send it again.",
    )

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class TemplateRefused(KhienError):
    """A unit's own template that may not be used; every problem names what it is about."""

    code = "KHIEN-REP-022"
    http_status = 422
    sentence = Text(
        vi="Chưa dùng được mẫu: {count} chỗ chưa đúng. {said_vi}",
        en="The template cannot be used: {count} problem(s). {said_en}",
    )

    def __init__(self, problems: Sequence[Text]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            count=len(self.problems),
            said_vi=" ".join(problem.vi for problem in self.problems[:8]),
            said_en=" ".join(problem.en for problem in self.problems[:8]),
        )


class ReportFromElsewhere(KhienError):
    """A report of another instance, which is answered here and changed there."""

    code = "KHIEN-REP-029"
    http_status = 409
    sentence = Text(
        vi="Báo cáo số {number} do hệ thống của đơn vị gửi tới: ở đây chỉ tiếp nhận hoặc trả lại. Đơn vị sửa trên "
        "hệ thống của mình rồi gửi lại.",
        en="Report {number} came from the unit's own system: here it is accepted or returned. The unit changes it "
        "there and sends it again.",
    )
