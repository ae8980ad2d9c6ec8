"""What putting texts into force puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

SCOPE_SET = register(
    "adoption.scope_set",
    Text(
        "Ghi phạm vi, hiệu lực của văn bản {subject}: từ {from}, {units} đơn vị, bởi {by}.",
        "Set whom and when the text {subject} binds: from {from}, {units} units, by {by}.",
    ),
)
TEXT_SUBMITTED = register(
    "adoption.text_submitted",
    Text(
        "Trình văn bản {subject} để đưa vào áp dụng, nội dung {sha256}, bởi {by}.",
        "Submitted the text {subject} for approval, content {sha256}, by {by}.",
    ),
)
TEXT_RETURNED = register(
    "adoption.text_returned",
    Text(
        "Trả lại văn bản {subject}, bởi {by}: {note}",
        "Returned the text {subject}, by {by}: {note}",
    ),
)
TEXT_APPROVED = register(
    "adoption.text_approved",
    Text(
        "Phê duyệt văn bản {subject}: áp dụng từ {from} cho {units} đơn vị, nội dung {sha256}, bởi {by}.",
        "Approved the text {subject}: in force from {from} for {units} units, content {sha256}, by {by}.",
    ),
)
TEXT_WITHDRAWN = register(
    "adoption.text_withdrawn",
    Text(
        "Rút văn bản {subject} trước ngày áp dụng {from}, bởi {by}: {note}",
        "Withdrew the text {subject} before it took effect on {from}, by {by}: {note}",
    ),
)
TEXT_ENDED = register(
    "adoption.text_ended",
    Text(
        "Văn bản {subject} hết hiệu lực từ {on}, bởi {by}: {note}",
        "The text {subject} ends on {on}, by {by}: {note}",
    ),
)
