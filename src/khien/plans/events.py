"""What the plans room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

PLAN_DRAFTED = register(
    "plans.plan_drafted",
    Text(
        "{by} lập dự thảo kế hoạch số {number} của {unit}.", "{by} drafted plan {number} of {unit}."
    ),
)
PLAN_CHANGED = register(
    "plans.plan_changed",
    Text(
        "{by} sửa dự thảo kế hoạch số {number} của {unit}.",
        "{by} changed draft plan {number} of {unit}.",
    ),
)
PLAN_SIGNED = register(
    "plans.plan_signed",
    Text(
        "{by} ghi kế hoạch số {number} của {unit} đã ký ({document}): {count} nhiệm vụ vào sổ.",
        "{by} recorded that plan {number} of {unit} was signed ({document}): {count} tasks filed.",
    ),
)
PLAN_DROPPED = register(
    "plans.plan_dropped",
    Text(
        "{by} bỏ dự thảo kế hoạch số {number} của {unit}.",
        "{by} dropped draft plan {number} of {unit}.",
    ),
)
