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
