"""What can go wrong with workflows and their cases."""

from __future__ import annotations

from collections.abc import Sequence

from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.registers.errors import FieldProblem, said_problems


class UnknownWorkflow(KhienError):
    """A workflow that the library does not declare."""

    code = "KHIEN-WFL-001"
    http_status = 404
    sentence = Text(
        vi="Không có quy trình «{workflow}». Chọn một trong: {known}.",
        en="There is no workflow «{workflow}». Choose one of: {known}.",
    )


class UnknownCase(KhienError):
    """A case that does not exist, or belongs to a unit the asker may not see: the same answer for both."""

    code = "KHIEN-WFL-002"
    http_status = 404
    sentence = Text(
        vi="Không có hồ sơ quy trình số {number}. Mở danh sách quy trình của đơn vị và tìm lại.",
        en="There is no workflow case {number}. Open the unit's list of workflows and look again.",
    )


class StepRefused(KhienError):
    """What was given for a step, a case or a list cannot stand; every problem is listed with its field."""

    code = "KHIEN-WFL-003"
    http_status = 422
    sentence = Text(
        vi="Chưa ghi gì: {count} chỗ chưa đúng. {said_vi}",
        en="Nothing was recorded: {count} problem(s). {said_en}",
    )

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(**said_problems(self.problems))


class StepNotReady(KhienError):
    """A step out of its order."""

    code = "KHIEN-WFL-004"
    http_status = 409
    sentence = Text(
        vi="Chưa làm được bước «{step_vi}»: còn chờ «{waits_vi}». Làm bước đó trước.",
        en="Step «{step_en}» cannot be done yet: it waits for «{waits_en}». Do that step first.",
    )


class StepAlreadyDone(KhienError):
    """A step that somebody did before."""

    code = "KHIEN-WFL-005"
    http_status = 409
    sentence = Text(
        vi="Bước «{step_vi}» đã được {by} làm lúc {at}; không ghi lại lần nữa. Xem bước đó trong hồ sơ.",
        en="Step «{step_en}» was done by {by} at {at}; it is not recorded again. Look at it in the case.",
    )


class RequirementsNotMet(KhienError):
    """A step that the registers do not allow yet, or do not prove."""

    code = "KHIEN-WFL-006"
    http_status = 409
    sentence = Text(
        vi="Chưa khép được bước «{step_vi}», còn thiếu: {missing_vi}. Bổ sung vào sổ rồi làm lại.",
        en="Step «{step_en}» cannot be closed, there lacks: {missing_en}. Complete the registers, then "
        "do it again.",
    )


class CaseIsClosed(KhienError):
    """An act in a case that is finished or cancelled."""

    code = "KHIEN-WFL-007"
    http_status = 409
    sentence = Text(
        vi="Hồ sơ {number} đã khép; không ghi thêm được. Bắt đầu một hồ sơ mới nếu cần.",
        en="Case {number} is closed; nothing more can be recorded in it. Start a new case if needed.",
    )


class NotYours(KhienError):
    """A step that somebody with another role, or another person, must do."""

    code = "KHIEN-WFL-008"
    http_status = 403
    sentence = Text(
        vi="Bước «{step_vi}» do {who_vi} thực hiện. Nhờ người có vai trò đó mở hồ sơ này.",
        en="Step «{step_en}» is for {who_en}. Ask somebody with that role to open this case.",
    )


class ItemsUndecided(KhienError):
    """A list that is closed although things in it were not decided."""

    code = "KHIEN-WFL-009"
    http_status = 409
    sentence = Text(
        vi="Chưa khép được bước «{step_vi}»: còn {count} mục chưa quyết định. Lọc «chưa quyết định» và xử lý.",
        en="Step «{step_en}» cannot be closed: {count} item(s) are undecided. Filter «undecided» and decide.",
    )


class ItemsAppeared(KhienError):
    """Things that came up after a list was made and do not stand in it yet."""

    code = "KHIEN-WFL-010"
    http_status = 409
    sentence = Text(
        vi="Có {count} mục mới xuất hiện sau khi lập danh sách. Cập nhật danh sách, quyết định các mục đó "
        "rồi khép bước.",
        en="{count} item(s) came up after the list was made. Update the list, decide them, then close the step.",
    )


class AlreadyDecided(KhienError):
    """A thing that somebody else decided meanwhile; the second person sees the first decision."""

    code = "KHIEN-WFL-011"
    http_status = 409
    sentence = Text(
        vi="«{name}» đã được {by} quyết định «{decision_vi}» lúc {at} ({left} mục cùng cảnh). "
        "Chưa đổi gì; xem lại rồi gửi nếu vẫn muốn đổi.",
        en="«{name}» was decided «{decision_en}» by {by} at {at} ({left} item(s) alike). "
        "Nothing was changed; look at it and send again if you still want to change it.",
    )


class SubjectTaken(KhienError):
    """A second open case of one workflow about one thing."""

    code = "KHIEN-WFL-012"
    http_status = 409
    sentence = Text(
        vi="Đã có hồ sơ {number} đang mở về «{title}» theo quy trình này. Mở hồ sơ đó, hoặc hủy nó trước.",
        en="Case {number} about «{title}» is open in this workflow already. Open it, or cancel it first.",
    )


class MinutesNotMade(KhienError):
    """Minutes asked for before they were made."""

    code = "KHIEN-WFL-013"
    http_status = 404
    sentence = Text(
        vi="Hồ sơ {number} chưa lập biên bản. Làm đến bước «Lập biên bản» rồi tải về.",
        en="Case {number} has no minutes yet. Do its steps up to «Make the minutes», then download them.",
    )
