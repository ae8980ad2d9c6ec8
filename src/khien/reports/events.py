"""What the reports room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

PRODUCED = register(
    "reports.produced",
    Text(
        "Lập báo cáo tuân thủ của đơn vị {subject}, dạng {format}, tính đến {state_on}, bởi {by}; "
        "ảnh chụp số liệu {snapshot_sha256}, tệp {file_sha256}.",
        "Made the compliance report of unit {subject} as {format}, as of {state_on}, by {by}; "
        "snapshot {snapshot_sha256}, file {file_sha256}.",
    ),
)
MINUTES_PRODUCED = register(
    "reports.minutes_produced",
    Text(
        "Lập tệp biên bản của hồ sơ quy trình {number}, đơn vị {subject}, bởi {by}; "
        "nội dung {snapshot_sha256}, tệp {file_sha256}.",
        "Made the minutes file of workflow case {number}, unit {subject}, by {by}; "
        "content {snapshot_sha256}, file {file_sha256}.",
    ),
)

# The ways of a report: each sentence names the report by its title and its number at the unit.
DRAFTED = register(
    "reports.drafted",
    Text(
        "Lập «{title_vi}» số {number} ({period}), bởi {by}; số liệu {snapshot_sha256}, bản {version} {sha256}.",
        "Drafted «{title_en}» {number} ({period}), by {by}; figures {snapshot_sha256}, "
        "version {version} {sha256}.",
    ),
)
WRITTEN = register(
    "reports.written",
    Text(
        "Viết «{title_vi}» số {number}, bản {version} {sha256}, bởi {by}.",
        "Wrote «{title_en}» {number}, version {version} {sha256}, by {by}.",
    ),
)
REFRESHED = register(
    "reports.refreshed",
    Text(
        "Lấy lại số liệu của «{title_vi}» số {number}, bởi {by}; số liệu {snapshot_sha256}, "
        "bản {version} {sha256}.",
        "Took the figures of «{title_en}» {number} anew, by {by}; figures {snapshot_sha256}, "
        "version {version} {sha256}.",
    ),
)
REVIEWED = register(
    "reports.reviewed",
    Text(
        "Duyệt «{title_vi}» số {number}, bản {version} {sha256}, bởi {by}.",
        "Reviewed «{title_en}» {number}, version {version} {sha256}, by {by}.",
    ),
)
RETURNED = register(
    "reports.returned",
    Text(
        "Trả lại «{title_vi}» số {number}, bản {version}, bởi {by}; ý kiến {note_sha256}.",
        "Returned «{title_en}» {number}, version {version}, by {by}; remarks {note_sha256}.",
    ),
)
SIGNED = register(
    "reports.signed",
    Text(
        "«{title_vi}» số {number} đã ký ngày {on}, bản {version} {sha256}, tệp {file_sha256}, ghi bởi {by}.",
        "«{title_en}» {number} was signed on {on}, version {version} {sha256}, file {file_sha256}, "
        "recorded by {by}.",
    ),
)
SENT = register(
    "reports.sent",
    Text(
        "Gửi «{title_vi}» số {number} ngày {on}, bản {version} {sha256}, bởi {by}.",
        "Sent «{title_en}» {number} on {on}, version {version} {sha256}, by {by}.",
    ),
)
RECEIVED = register(
    "reports.received",
    Text(
        "Nơi nhận đã nhận «{title_vi}» số {number} ngày {on}, bản {version} {sha256}, ghi bởi {by}.",
        "«{title_en}» {number} was received on {on}, version {version} {sha256}, recorded by {by}.",
    ),
)
CANCELLED = register(
    "reports.cancelled",
    Text(
        "Hủy «{title_vi}» số {number}, bản {version}, bởi {by}; lý do {note_sha256}.",
        "Cancelled «{title_en}» {number}, version {version}, by {by}; reason {note_sha256}.",
    ),
)
TAKEN_IN = register(
    "reports.taken_in",
    Text(
        "Nhận «{title_vi}» số {number} của đơn vị từ {origin}, bản {version} {sha256}, ghi bởi {by}.",
        "Took in «{title_en}» {number} of the unit from {origin}, version {version} {sha256}, by {by}.",
    ),
)
REMINDED = register(
    "reports.reminded",
    Text(
        "Nhắc {count} đơn vị nộp «{title_vi}» {period}, bởi {by}.",
        "Reminded {count} unit(s) of «{title_en}» {period}, by {by}.",
    ),
)
TEMPLATE_ADDED = register(
    "reports.template_added",
    Text(
        "Đơn vị {unit} dùng mẫu riêng {sha256} cho «{title_vi}», bởi {by}.",
        "Unit {unit} uses its own template {sha256} for «{title_en}», by {by}.",
    ),
)
TEMPLATE_RETIRED = register(
    "reports.template_retired",
    Text(
        "Đơn vị {unit} thôi dùng mẫu riêng {sha256} cho «{title_vi}», bởi {by}.",
        "Unit {unit} no longer uses its own template {sha256} for «{title_en}», by {by}.",
    ),
)
