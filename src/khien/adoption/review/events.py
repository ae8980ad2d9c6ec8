"""What the review of texts puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

CLAUSE_CONFIRMED = register(
    "adoption.clause_confirmed",
    Text(
        "{by} xác nhận {path} của văn bản {text} ({unit}): {controls}.",
        "{by} confirmed {path} of the text {text} ({unit}): {controls}.",
    ),
)
CLAUSE_DEMANDS_NOTHING = register(
    "adoption.clause_demands_nothing",
    Text(
        "{by} xác nhận {path} của văn bản {text} ({unit}) không đặt ra nghĩa vụ: {none}.",
        "{by} confirmed that {path} of the text {text} ({unit}) demands nothing: {none}.",
    ),
)
CLAUSES_SWEPT = register(
    "adoption.clauses_swept",
    Text(
        "{by} xác nhận một lượt {count} gợi ý chắc chắn ở {chapter} của văn bản {text} ({unit}).",
        "{by} confirmed {count} sure suggestions in {chapter} of the text {text} ({unit}) in one go.",
    ),
)
CLAUSES_REOPENED = register(
    "adoption.clauses_reopened",
    Text(
        "{by} mở lại {count} quyết định rà soát của văn bản {text} ({unit}).",
        "{by} reopened {count} review decisions of the text {text} ({unit}).",
    ),
)
CHAPTER_CLAIMED = register(
    "adoption.chapter_claimed",
    Text(
        "{by} nhận rà soát {chapter} của văn bản {text} ({unit}).",
        "{by} took {chapter} of the text {text} ({unit}) for review.",
    ),
)
CHAPTER_RELEASED = register(
    "adoption.chapter_released",
    Text(
        "{by} thôi nhận rà soát {chapter} của văn bản {text} ({unit}).",
        "{by} released {chapter} of the text {text} ({unit}).",
    ),
)
OWN_CONTROL_WRITTEN = register(
    "adoption.own_control_written",
    Text(
        "{by} lập biện pháp riêng {control} «{title}» cho văn bản {text} ({unit}).",
        "{by} wrote the unit's own control {control} «{title}» for the text {text} ({unit}).",
    ),
)
OWN_CONTROL_CHANGED = register(
    "adoption.own_control_changed",
    Text(
        "{by} sửa biện pháp riêng {control} «{title}» của văn bản {text} ({unit}).",
        "{by} changed the unit's own control {control} «{title}» of the text {text} ({unit}).",
    ),
)
