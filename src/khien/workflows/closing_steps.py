"""The two steps that every workflow ends with: minutes are made, then what was signed is filed."""

from __future__ import annotations

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.org.roles import WRITE
from khien.registers.declarations import Field
from khien.workflows.declarations import MINUTES, PREVIOUS, SIGNED, Asked, Due, Step

_ASK_MINUTES = Text(
    "Ghi thời gian, địa điểm, thành phần và kết luận; biên bản được lập từ chính các bước đã làm.",
    "State time, place, people and conclusion; the minutes are made from the steps that were done.",
)
_ASK_SIGNED = Text(
    "In biên bản, hai bên ký, văn thư cấp số; sau đó ghi số, ngày ký và nộp bản đã ký vào sổ văn bản.",
    "Print the minutes, have both sides sign and the clerk give a number; then file what was signed.",
)


def closing_steps() -> dict[str, Step]:
    """Return the steps that end a workflow with its minutes."""
    return {
        MINUTES: _step(
            MINUTES, Text("Lập biên bản", "Make the minutes"), _ASK_MINUTES, _minutes(), None
        ),
        SIGNED: _step(
            SIGNED,
            Text("Ký và lưu biên bản", "Sign and file the minutes"),
            _ASK_SIGNED,
            _signed(),
            # No text gives a day; a week is the product's proposal, shown as the unit's own interval.
            Due(PREVIOUS, 7),
        ),
    }


def _step(code: str, title: Text, ask: Text, fields: dict[str, Asked], due: Due | None) -> Step:
    return Step(
        code=code, title=title, ask=ask, clauses=(), who=WRITE, is_own=False, other_than=None, due=due,
        after=(), only_if={}, fields=fields, items=None, lines=None, requires=(), effects=(), proof=(),
    )  # fmt: skip


def _minutes() -> dict[str, Asked]:
    asked = (
        _asked("began_at", "moment", Text("Bắt đầu", "Began at"), default="$now", required=True),
        _asked("ended_at", "moment", Text("Kết thúc", "Ended at"), default="$now", required=True),
        _asked("place", "text", Text("Địa điểm", "Place"), default="$unit", required=True),
        _asked("people", "long_text", Text("Thành phần", "People present"), required=True, help_=Text(
            "Mỗi dòng một người: họ tên, chức vụ.", "One person a line: name, post.")),
        _asked("left_name", "text", Text("Người ký bên trái", "Signs on the left"), required=True),
        _asked("right_name", "text", Text("Người ký bên phải", "Signs on the right"), required=True),
        _asked("conclusion", "long_text", Text("Kết luận", "Conclusion"), required=True),
    )  # fmt: skip
    return {one.field.code: one for one in asked}


def _signed() -> dict[str, Asked]:
    asked = (
        _asked("number", "text", Text("Số, ký hiệu biên bản", "Number of the minutes"), required=True),
        _asked(
            "signed_on", "date", Text("Ngày ký", "Signed on"), default="$today", required=True,
            not_after="$today",
        ),
        _asked("signer", "text", Text("Người ký", "Signed by"), default="$minutes.right_name", required=True),
    )  # fmt: skip
    return {one.field.code: one for one in asked}


def _asked(  # one field is one line above
    code: str,
    kind: str,
    title: Text,
    *,
    default: Json = None,
    required: bool = False,
    not_after: str | None = None,
    help_: Text | None = None,
) -> Asked:
    field = Field(
        code=code, type=kind, title=title, help=help_, clause=None, is_required=required,
        is_wanted=False, choices={}, of=None, min=None, max=None, unit=None, is_filter=False,
        is_unique=False,
        host_fact=None,
    )  # fmt: skip
    return Asked(field, default, None, not_after, None)
