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
