"""Reading of `schedule:` of a duty: when it is due, as data instead of words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from khien.kernel.calendar import PERIOD_KINDS, named_days
from khien.norms.field_reader import FieldReader
from khien.norms.model import Schedule

KEYS: Mapping[str, tuple[str, ...]] = {
    "calendar": ("period", "rule", "sense", "opens", "assumed", "window"),
    "once": ("due",),
    "rolling": ("every", "measure", "each"),
    "event": ("register", "starts", "within", "measure", "due_field", "where"),
    "own": (),
    "part": ("of",),
    "watch": (),
}
SENSES = ("before", "until")
MEASURES = ("hour", "day", "month")
OPENINGS = ("period", "month")
_YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def read_schedule(reader: FieldReader) -> Schedule:
    """Return the schedule of a duty; every mistake is noted with its line."""
    kind = reader.choice("kind", tuple(KEYS))
    if kind in KEYS:
        reader.allow_only(("kind", *KEYS[kind]))
    match kind:
        case "calendar":
            return _calendar(reader)
        case "once":
            return Schedule(kind, due=reader.day("due", required=True))
        case "rolling":
            measure = reader.choice("measure", ("day", "month"), default="month")
            every = _positive(reader, "every")
            return Schedule(
                kind, every=every, measure=measure, each=reader.text("each", required=False)
            )
        case "event":
            return _event(reader)
        case "part":
            return Schedule(kind, part_of=reader.text("of"))
        case _:
            return Schedule(kind)


def _calendar(reader: FieldReader) -> Schedule:
    rule = reader.text("rule")
    try:
        is_rule = bool(named_days(rule, *_YEAR))
    except ValueError:
        is_rule = False
    if not is_rule:
        reader.note(
            "phải là quy tắc lặp RFC 5545 có ít nhất một ngày mỗi năm",
            "must be a recurrence rule of RFC 5545 with at least one day a year",
            at="rule",
        )
    return Schedule(
        "calendar",
        period=reader.choice("period", PERIOD_KINDS),
        rule=rule,
        sense=reader.choice("sense", SENSES, default="until"),
        opens=_opens(reader),
        is_assumed=reader.data.get("assumed") is True,
        window=_window(reader),
    )


def _opens(reader: FieldReader) -> str | int:
    value = reader.data.get("opens", "period")
    if value in OPENINGS:
        return str(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        reader.note(
            "phải là «period», «month» hoặc số ngày trước hạn",
            "must be «period», «month» or a number of days before the last",
            at="opens",
        )
        return "period"
    return value


def _window(reader: FieldReader) -> tuple[tuple[int, int], tuple[int, int]] | None:
    given = reader.words("window")
    if not given:
        return None
    try:
        (month, day), (to_month, to_day) = (map(int, text.split("-")) for text in given)
        date(2024, month, day), date(2024, to_month, to_day)
    except ValueError:
        reader.note("phải là hai ngày «tháng-ngày»", "must be two days «month-day»", at="window")
        return None
    return (month, day), (to_month, to_day)


def _event(reader: FieldReader) -> Schedule:
    within = reader.integer("within")
    due_field = reader.text("due_field", required=False)
    if (within is None) == (not due_field):
        reader.note("cần «within» hoặc «due_field»", "needs «within» or «due_field», one of them")
    starts = reader.words("starts")
    if not starts:
        reader.note("thiếu", "is missing", at="starts")
    return Schedule(
        "event",
        register=reader.text("register"),
        starts=starts,
        within=within,
        measure=reader.choice("measure", MEASURES, default="day"),
        due_field=due_field,
        where=tuple(_condition(item) for item in reader.children("where")),
    )


def _condition(reader: FieldReader) -> Mapping[str, tuple[str, ...]]:
    return {name: reader.words(name) for name in reader.data}


def _positive(reader: FieldReader, name: str) -> int:
    value = reader.integer(name)
    if value is None or value < 1:
        reader.note("phải là số lớn hơn 0", "must be a number above 0", at=name)
        return 1
    return value
