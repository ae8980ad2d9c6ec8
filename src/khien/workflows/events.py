"""What the workflows room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

STARTED = register(
    "workflows.started",
    Text(
        "Bắt đầu quy trình «{title_vi}», hồ sơ {number} của {unit}, bởi {by}.",
        "Started workflow “{title_en}”, case {number} of {unit}, by {by}.",
    ),
)
STEP_DONE = register(
    "workflows.step_done",
    Text(
        "Xong bước «{step_vi}» của quy trình «{title_vi}», hồ sơ {number} của {unit}, bởi {by}.",
        "Did step “{step_en}” of workflow “{title_en}”, case {number} of {unit}, by {by}.",
    ),
)
DECIDED = register(
    "workflows.decided",
    Text(
        "Quyết định «{decision_vi}» với {count} mục ở bước «{step_vi}», hồ sơ {number} của {unit}, bởi {by}.",
        "Decided “{decision_en}” for {count} item(s) in step “{step_en}”, case {number} of {unit}, by {by}.",
    ),
)
MINUTES_FROZEN = register(
    "workflows.minutes_frozen",
    Text(
        "Lập biên bản của quy trình «{title_vi}», hồ sơ {number} của {unit}, bởi {by}; nội dung {sha256}.",
        "Made the minutes of workflow “{title_en}”, case {number} of {unit}, by {by}; content {sha256}.",
    ),
)
FINISHED = register(
    "workflows.finished",
    Text(
        "Hoàn thành quy trình «{title_vi}», hồ sơ {number} của {unit}, bởi {by}.",
        "Finished workflow “{title_en}”, case {number} of {unit}, by {by}.",
    ),
)
CANCELLED = register(
    "workflows.cancelled",
    Text(
        "Hủy quy trình «{title_vi}», hồ sơ {number} của {unit}, bởi {by}.",
        "Cancelled workflow “{title_en}”, case {number} of {unit}, by {by}.",
    ),
)
