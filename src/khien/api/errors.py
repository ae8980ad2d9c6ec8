"""What can go wrong at the door of the API itself; rooms below have their own failures."""

from __future__ import annotations

from collections.abc import Sequence

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class ScopeTooNarrow(KhienError):
    """A token used for what it was not made for; says nothing of the thing asked about."""

    code = "KHIEN-API-001"
    http_status = 403
    sentence = Text(
        vi="Mã truy cập này không có phạm vi «{scope}». Tạo mã có phạm vi đó, hoặc dùng mã khác.",
        en="This access token lacks the scope “{scope}”. Make one that has it, or use another.",
    )


class TokenInAddress(KhienError):
    """A token in the query string, where logs and histories would keep it."""

    code = "KHIEN-API-002"
    http_status = 400
    sentence = Text(
        vi="Không gửi mã truy cập trong địa chỉ: nhật ký sẽ giữ lại nó. Hãy thu hồi mã này, tạo mã mới và gửi "
        "trong tiêu đề «Authorization: Bearer …».",
        en="Never put an access token into the address: logs keep it. Revoke this one, make another and send "
        "it in the header “Authorization: Bearer …”.",
    )


class NothingHere(KhienError):
    """An address that does not exist, or a thing of a unit the caller has no role at: one answer for both."""

    code = "KHIEN-API-003"
    http_status = 404
    sentence = Text(
        vi="Không có gì tại địa chỉ này, hoặc bạn không có vai trò tại đơn vị đó. Xem /api/.",
        en="There is nothing at this address, or you hold no role at that unit. See /api/.",
    )


class BodyUnreadable(KhienError):
    """A body that is no JSON, or nests deeper than any honest one."""

    code = "KHIEN-API-004"
    http_status = 400
    sentence = Text(
        vi="Không đọc được nội dung gửi lên: phải là JSON đúng cú pháp, mã UTF-8, lồng nhau tối đa {depth} lớp.",
        en="The body cannot be read: it must be well-formed JSON in UTF-8, nested at most {depth} deep.",
    )


class WrongMediaType(KhienError):
    """A body of a kind the operation does not take."""

    code = "KHIEN-API-005"
    http_status = 415
    sentence = Text(
        vi="Địa chỉ này nhận «{wanted}», không nhận «{given}». Đặt lại tiêu đề Content-Type.",
        en="This address takes “{wanted}”, not “{given}”. Set the header Content-Type accordingly.",
    )


class BodyTooLarge(KhienError):
    """A body over the limit of the operation."""

    code = "KHIEN-API-006"
    http_status = 413
    sentence = Text(
        vi="Nội dung gửi lên vượt {limit} byte mà địa chỉ này nhận. Chia nhỏ rồi gửi lại.",
        en="The body is over the {limit} bytes this address takes. Send it in smaller parts.",
    )


class TooManyRequests(KhienError):
    """A token used more often than its rate."""

    code = "KHIEN-API-007"
    http_status = 429
    sentence = Text(
        vi="Mã truy cập này đã gọi quá {limit} lần trong một phút. Chờ {seconds} giây rồi gọi tiếp.",
        en="This access token made more than {limit} calls in a minute. Wait {seconds} s, then go on.",
    )

    def __init__(self, *, limit: int, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(limit=limit, seconds=seconds)


class FieldsInvalid(KhienError):
    """Parameters or members of the body of a wrong type or range."""

    code = "KHIEN-API-008"
    http_status = 422
    sentence = Text(
        vi="Chưa làm gì: {count} trường của yêu cầu chưa đúng; xem mục problems.",
        en="Nothing was done: {count} field(s) of the request are wrong; see problems.",
    )

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems))


class VersionNeeded(KhienError):
    """A change without saying which version was seen."""

    code = "KHIEN-API-009"
    http_status = 428
    sentence = Text(
        vi="Chưa lưu: gửi kèm tiêu đề If-Match với ETag của dòng đã đọc, để không ghi đè thay đổi của người khác.",
        en="Not saved: send the header If-Match with the ETag of the row you read, so that no change is lost.",
    )


class BadCursor(KhienError):
    """A cursor that was not made by the list it is used on."""

    code = "KHIEN-API-010"
    http_status = 400
    sentence = Text(
        vi="Con trỏ trang không dùng được cho danh sách này. Gọi lại từ trang đầu, bỏ tham số cursor.",
        en="The cursor does not belong to this list. Start again without the parameter cursor.",
    )


class DayNotReached(KhienError):
    """A state asked for on a day that has not come."""

    code = "KHIEN-API-011"
    http_status = 422
    sentence = Text(
        vi="Ngày {day} chưa tới. Chọn hôm nay hoặc một ngày đã qua.",
        en="The day {day} has not come. Choose today or a past day.",
    )


class NotServed(KhienError):
    """A request refused before it reached an operation: a method the address lacks, a body cut off."""

    code = "KHIEN-API-012"
    sentence = Text(
        vi="Yêu cầu không hợp lệ tại địa chỉ này. Xem /api/.",
        en="The request is not valid at this address. See /api/.",
    )


class MachineElsewhere(KhienError):
    """A bundle of a machine that belongs to a unit other than the one it was sent to."""

    code = "KHIEN-API-013"
    http_status = 409
    sentence = Text(
        vi="Chưa nạp: máy trong tệp không thuộc {unit}. Gửi tệp tới đúng đơn vị giữ máy.",
        en="Not taken in: the machine of this file is not one of {unit}. Send it to the unit that has it.",
    )
