"""What the duties room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

REFRESHED = register(
    "duties.refreshed",
    Text(
        "Cập nhật nghĩa vụ theo kỳ của {unit_count} đơn vị: thêm {created}, hoàn thành {closed}, "
        "mở lại {reopened}, đổi ngày {changed}, thay thế {replaced}.",
        "Refreshed the duties of {unit_count} unit(s): {created} added, {closed} closed, "
        "{reopened} reopened, {changed} dated anew, {replaced} replaced.",
    ),
)
HANDED_OVER = register(
    "duties.handed_over",
    Text(
        "{by} giao nghĩa vụ {duty} của {unit} cho {person}. Lý do: {reason}",
        "{by} handed duty {duty} of {unit} to {person}. Reason: {reason}",
    ),
)
INTERVAL_SET = register(
    "duties.interval_set",
    Text(
        "{by} đặt chu kỳ của {unit} cho nghĩa vụ {duty}: {every_vi}. Căn cứ: {decision}",
        "{by} set the interval of {unit} for duty {duty}: {every_en}. Ground: {decision}",
    ),
)
SET_ASIDE_ASKED = register(
    "duties.set_aside_asked",
    Text(
        "{by} đề nghị không áp dụng kỳ {period} của nghĩa vụ {duty} tại {unit}. Lý do: {reason}",
        "{by} asked that period {period} of duty {duty} not apply at {unit}. Reason: {reason}",
    ),
)
SET_ASIDE_DECIDED = register(
    "duties.set_aside_decided",
    Text(
        "{by} {answer_vi} không áp dụng kỳ {period} của nghĩa vụ {duty} tại {unit}. {answer}",
        "{by} {answer_en} that period {period} of duty {duty} not apply at {unit}. {answer}",
    ),
)
LINK_MADE = register(
    "duties.calendar_link_made",
    Text("{by} tạo liên kết lịch cho {scope}.", "{by} made a calendar link for {scope}."),
)
LINK_REVOKED = register(
    "duties.calendar_link_revoked",
    Text("{by} thu hồi liên kết lịch của {scope}.", "{by} revoked the calendar link of {scope}."),
)
