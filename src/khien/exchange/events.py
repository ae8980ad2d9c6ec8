"""What the exchange room puts on record: who opened and closed a way out; not each thing sent."""

from khien.kernel.language import Text
from khien.ledger.events import register

WEBHOOK_MADE = register(
    "exchange.webhook_made",
    Text(
        "Mở webhook số {number} của {unit} tới {host}, bởi {by}.",
        "Opened webhook number {number} of {unit} to {host}, by {by}.",
    ),
)
WEBHOOK_REMOVED = register(
    "exchange.webhook_removed",
    Text(
        "Đóng webhook số {number} của {unit}, bởi {by}.",
        "Closed webhook number {number} of {unit}, by {by}.",
    ),
)
