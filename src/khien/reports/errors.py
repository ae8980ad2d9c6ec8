"""What can go wrong when a report is made."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


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
