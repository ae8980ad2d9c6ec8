"""What can go wrong with duties on the calendar."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class UnknownDuty(KhienError):
    """A duty that the library does not hold, or that no text lays on the unit."""

    code = "KHIEN-DUT-001"
    http_status = 404
    sentence = Text(
        vi="Không có nghĩa vụ «{duty}». Xem mã nghĩa vụ bằng lệnh «khien duties coverage».",
        en="There is no duty «{duty}». See the ids of duties with «khien duties coverage».",
    )


class UnknownOccurrence(KhienError):
    """An occurrence that does not exist, or belongs to a unit the asker may not see: one answer for both."""

    code = "KHIEN-DUT-002"
    http_status = 404
    sentence = Text(
        vi="Không có kỳ nghĩa vụ số {number}. Mở danh sách nghĩa vụ của đơn vị và tìm lại.",
        en="There is no occurrence {number}. Open the unit's list of duties and look again.",
    )


class IntervalRefused(KhienError):
    """An interval for a duty whose text gives its own days, or one out of reason."""

    code = "KHIEN-DUT-003"
    http_status = 422
    sentence = Text(
        vi="Không đặt được chu kỳ cho nghĩa vụ «{duty}»: {why_vi}",
        en="No interval can be set for duty «{duty}»: {why_en}",
    )


class OccurrenceSettled(KhienError):
    """Something asked of an occurrence that is closed already."""

    code = "KHIEN-DUT-004"
    http_status = 409
    sentence = Text(
        vi="Kỳ {period} của nghĩa vụ «{duty}» đã kết thúc ({state}); không đổi nữa. Tải lại trang để xem.",
        en="Period {period} of duty «{duty}» is settled ({state}) and does not change. Load the page again.",
    )


class SetAsideRefused(KhienError):
    """A request to set an occurrence aside, or an answer to it, that cannot stand."""

    code = "KHIEN-DUT-005"
    http_status = 422
    sentence = Text(vi="Chưa ghi gì: {why_vi}", en="Nothing was recorded: {why_en}")


class PersonRefused(KhienError):
    """A person who cannot answer for a duty of the unit."""

    code = "KHIEN-DUT-006"
    http_status = 422
    sentence = Text(
        vi="Không giao được cho «{person}»: {why_vi}",
        en="Cannot hand over to «{person}»: {why_en}",
    )


class UnknownCalendarLink(KhienError):
    """A calendar address that nobody made, that was revoked, or whose owner may no longer read."""

    code = "KHIEN-DUT-007"
    http_status = 404
    sentence = Text(
        vi="Liên kết lịch này không có hoặc đã bị thu hồi. Mở Khiên và tạo liên kết mới.",
        en="This calendar link does not exist or was revoked. Open Khiên and make a new one.",
    )


class DutiesUncovered(KhienError):
    """Duties of the library of which nothing says when they are due or what watches them."""

    code = "KHIEN-DUT-008"
    exit_status = 1
    sentence = Text(
        vi="{count} nghĩa vụ chưa có lịch và chưa có gì theo dõi: {duties}. Thêm «schedule» trong clauses.yaml.",
        en="{count} duties have no schedule and nothing watches them: {duties}. Add «schedule» in clauses.yaml.",
    )


class LinkRefused(KhienError):
    """One calendar link too many."""

    code = "KHIEN-DUT-009"
    http_status = 409
    sentence = Text(
        vi="Bạn đã có {limit} liên kết lịch. Thu hồi liên kết không dùng rồi tạo lại.",
        en="You have {limit} calendar links already. Revoke one that is not in use, then make another.",
    )
