"""What the facts room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

COLLECTED = register(
    "facts.collected",
    Text(
        "Nạp số liệu của máy {host}, thu thập lúc {collected_at}, qua {channel}, bởi {by}.",
        "Took in facts of machine {host}, collected at {collected_at}, through {channel}, by {by}.",
    ),
)
HOST_KIND_SET = register(
    "facts.host_kind_set",
    Text(
        "Đổi loại máy {subject} từ {from} thành {to}, bởi {by}.",
        "Changed the kind of machine {subject} from {from} to {to}, by {by}.",
    ),
)
ROWS_RECORDED = register(
    "facts.rows_recorded",
    Text(
        "Đối chiếu tệp của {intake_count} lần thu thập cũ với bản ghi và ghi mã băm các dòng của chúng.",
        "Compared the files of {intake_count} older intakes with their record; recorded digests of their rows.",
    ),
)
MERGED = register(
    "facts.merged",
    Text(
        "Gộp {source_count} tệp số liệu thành {file_count} tệp; các dòng không đổi.",
        "Merged {source_count} fact files into {file_count}; the rows are the same.",
    ),
)
EXPIRED = register(
    "facts.expired",
    Text(
        "Xóa số liệu quá thời gian lưu của {intake_count} lần thu thập trước {before}; bản ghi của chúng vẫn còn.",
        "Deleted facts past their time, of {intake_count} intakes before {before}; their records stay.",
    ),
)
