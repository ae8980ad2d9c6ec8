"""What the checks room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

ASSESSED = register(
    "checks.assessed",
    Text(
        "Đánh giá {unit_count} đơn vị, {host_count} máy: {opened} kết quả mới, {closed} kết quả hết hiệu lực.",
        "Assessed {unit_count} units, {host_count} machines: {opened} new findings, {closed} ended.",
    ),
)
