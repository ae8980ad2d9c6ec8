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

# Between instances. The bytes of a bundle are not in the ledger, their digest is.
OWN_KEY_MADE = register(
    "exchange.own_key_made",
    Text(
        "Tạo khóa gửi gói số {number} ({subject}), bởi {by}.",
        "Made submission key number {number} ({subject}), by {by}.",
    ),
)
OWN_KEY_RETIRED = register(
    "exchange.own_key_retired",
    Text(
        "Thôi dùng khóa gửi gói {subject}, bởi {by}.", "Retired submission key {subject}, by {by}."
    ),
)
KEY_REGISTERED = register(
    "exchange.key_registered",
    Text(
        "Đăng ký khóa {subject} của {name} cho {unit}, {read_by} đọc số đối chiếu, bởi {by}.",
        "Registered the key {subject} of {name} for {unit}, number read by {read_by}, by {by}.",
    ),
)
KEY_REVOKED = register(
    "exchange.key_revoked",
    Text(
        "Thu hồi khóa {subject} của {unit} từ {since}, lý do: {reason}, bởi {by}.",
        "Revoked the key {subject} of {unit} as of {since}, because: {reason}, by {by}.",
    ),
)
ADDRESS_SET = register(
    "exchange.address_set",
    Text(
        "Đặt nơi gửi gói của {unit}: {host}, bởi {by}.",
        "Set where bundles of {unit} are sent: {host}, by {by}.",
    ),
)
PARTNER_ENDED = register(
    "exchange.partner_ended",
    Text(
        "Thôi trao đổi gói với {subject} ({unit}), bởi {by}.",
        "Ended the exchange of bundles with {subject} ({unit}), by {by}.",
    ),
)
EXTRACTS_FROZEN = register(
    "exchange.extracts_frozen",
    Text(
        "Chốt {count} trích lục của {unit} để gửi đi, bởi {by}.",
        "Froze {count} extracts of {unit} to be sent, by {by}.",
    ),
)
BUNDLE_MADE = register(
    "exchange.bundle_made",
    Text(
        "Lập gói số {sequence} của {unit} gửi {receiver}: {items} mục, bởi {by}.",
        "Made bundle number {sequence} of {unit} for {receiver}: {items} items, by {by}.",
    ),
)
BUNDLE_RECEIVED = register(
    "exchange.bundle_received",
    Text(
        "Nhận gói số {sequence} của {unit}: {items} mục, {proven} mục có bằng chứng; mốc sổ cái: {continuity}.",
        "Received bundle number {sequence} of {unit}: {items} items, {proven} proven; ledger: {continuity}.",
    ),
)
RECEIPT_TAKEN = register(
    "exchange.receipt_taken",
    Text(
        "Nhận phiếu của {receiver} cho gói số {sequence}; mốc sổ cái {size} bản ghi: {continuity}.",
        "Took the receipt of {receiver} for bundle number {sequence}; ledger of {size} entries: {continuity}.",
    ),
)
ANSWER_TAKEN = register(
    "exchange.answer_taken",
    Text(
        "{receiver} trả lời gói số {sequence}: tiếp nhận {accepted}, trả lại {returned} báo cáo.",
        "{receiver} answered bundle number {sequence}: {accepted} report(s) accepted, {returned} returned.",
    ),
)
LEDGER_BROKEN = register(
    "exchange.ledger_broken",
    Text(
        "CẢNH BÁO: sổ cái của {unit} không nối tiếp mốc đã đồng ký ({alarm}), theo gói số {sequence}.",
        "ALARM: the ledger of {unit} does not continue what was co-signed ({alarm}), by bundle {sequence}.",
    ),
)
BREAK_ACCEPTED = register(
    "exchange.break_accepted",
    Text(
        "Chấp nhận sổ cái của {unit} bắt đầu lại sau cảnh báo {alarm}, lý do: {reason}, bởi {by}.",
        "Accepted that the ledger of {unit} starts anew after the alarm {alarm}, because: {reason}, by {by}.",
    ),
)
