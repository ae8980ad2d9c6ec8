"""Deadlines and frequencies of a clause as a schedule of the library's form; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.suggest.deadlines import Deadline, deadlines_of

Schedule = dict[str, Any]

_PERIODS: Mapping[str, tuple[str, str, int]] = {
    # The period, the rule of its last day, and its months; a week has days instead.
    "weekly": ("week", "FREQ=WEEKLY;BYDAY=SU", 0),
    "monthly": ("month", "FREQ=MONTHLY;BYMONTHDAY=-1", 1),
    "quarterly": ("quarter", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", 3),
    "6-monthly": ("half", "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1", 6),
    "yearly": ("year", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", 12),
}
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_OPENS_DAYS = 30
_DAY_MONTH = re.compile(
    r"(?<![\d/])(\d{1,2})\s?[/-]\s?(\d{1,2})(?![\d/])|ngày (\d{1,2}) tháng (\d{1,2})"
)
# Which register's rows start the clock of an event, by the theme of the control that the clause feeds.
_CLOCKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "incident": ("incident", ("occurred_at", "detected_at")),
    "people": ("handover", ("effective_on",)),
    "vulnerability": ("weakness", ("found_at",)),
}
_SINCE_SEEN = ("detected_at",)
_REQUEST = {
    "kind": "event",
    "register": "request",
    "starts": ["received_on"],
    "due_field": "due_on",
}
# Deadlines that an event starts: the number they have, and what it counts.
_WITHIN: Mapping[str, tuple[str, str]] = {
    "within_hours": ("hours", "hour"),
    "within_days": ("days", "day"),
    "at_once": ("", "day"),
}
_MEASURED = ("host", "log")
_HOURS_OF_DAY = 24


def schedule_of(
    words: str, frequency: str, *, theme: str = "", evidence: str = "", months: int = 0
) -> Schedule | None:
    """Return when a duty is due, as data in the form of `norms.read_schedule`; None where the words give no day.

    Args: words: the deadline as the text says it, frequency: a code of `norms.read_document.FREQUENCIES`,
          theme, evidence: of the control fed, months: an interval that a parameter of the control gives
    """
    for deadline in deadlines_of(words):
        found = _of_deadline(deadline, frequency, theme, words)
        if found is not None:
            return found
    if frequency not in _PERIODS:
        return None
    if evidence in _MEASURED:
        return {"kind": "watch"}
    period, rule, length = _PERIODS[frequency]
    if months:
        return {"kind": "rolling", "every": months}
    if length and "kể từ lần" in words:
        return {"kind": "rolling", "every": length}
    return {"kind": "calendar", "period": period, "rule": rule, "assumed": True}


def _of_deadline(deadline: Deadline, frequency: str, theme: str, words: str) -> Schedule | None:
    number = {name: int(n) for name, n in deadline.numbers.items() if n.isdecimal()}
    kind = deadline.kind
    if kind in _WITHIN:
        name, measure = _WITHIN[kind]
        return _event(theme, number.get(name, 0), measure, words)
    match kind:
        case "before" | "by":
            sense = "before" if kind == "before" or "trước" in deadline.words else "until"
            return _named_day(deadline, number, frequency, sense, words)
        case "before_of_period":
            return _day_of_period(number["day"], deadline.numbers["which"], frequency)
        case "within_month":
            return _within_month(deadline, number)
        case "by_quarter" | "by_year_end":
            return _once(deadline.day, "until")
        case "on_request":
            return dict(_REQUEST)
        case _:
            return None


def _named_day(
    deadline: Deadline, number: Mapping[str, int], frequency: str, sense: str, words: str
) -> Schedule | None:
    if "year" in number:
        return _once(deadline.day, sense)
    days = _days(words)
    if not days:
        return None
    if len(days) == 1:
        (month, day), is_half = days[0], frequency == "6-monthly"
        return {
            "kind": "calendar",
            "period": "half" if is_half else "year",
            "rule": f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}",
            "sense": sense,
            "opens": _OPENS_DAYS,
        }
    months, same_day = [month for month, _ in days], {day for _, day in days}
    if len(same_day) > 1:
        return None  # two days that one rule cannot say: a person writes two duties
    listed = ",".join(str(month) for month in sorted(months))
    return {
        "kind": "calendar",
        "period": "half",
        "rule": f"FREQ=YEARLY;BYMONTH={listed};BYMONTHDAY={same_day.pop()}",
        "sense": sense,
        "opens": _OPENS_DAYS,
    }


def _days(words: str) -> list[tuple[int, int]]:
    """Return the (month, day) pairs that the words name; none where one of them does not exist."""
    found = (match.groups() for match in _DAY_MONTH.finditer(words))
    named = [(int(month or month2), int(day or day2)) for day, month, day2, month2 in found]
    if any(
        not (1 <= m <= len(_DAYS_OF_MONTH) and 1 <= d <= _DAYS_OF_MONTH[m - 1]) for m, d in named
    ):
        return []
    return list(dict.fromkeys(named))


def _day_of_period(day: int, which: str, frequency: str) -> Schedule | None:
    if not 1 <= day <= min(_DAYS_OF_MONTH):
        return None
    which = which.lower()
    if "quý" in which:
        months = "1,4,7,10" if "đầu" in which else "3,6,9,12"
        rule = f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={day}"
        return {
            "kind": "calendar",
            "period": "quarter",
            "rule": rule,
            "sense": "before",
            "opens": "month",
        }
    if "tháng sau" in which and frequency == "quarterly":
        rule = f"FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY={day}"
        return {
            "kind": "calendar",
            "period": "quarter",
            "rule": rule,
            "sense": "before",
            "opens": "month",
        }
    rule = f"FREQ=MONTHLY;BYMONTHDAY={day}"
    return {
        "kind": "calendar",
        "period": "month",
        "rule": rule,
        "sense": "before",
        "opens": "month",
    }


def _within_month(deadline: Deadline, number: Mapping[str, int]) -> Schedule | None:
    if "year" in number:
        return _once(deadline.day, "until")
    month = number["month"]
    if not 1 <= month <= len(_DAYS_OF_MONTH):
        return None
    return {
        "kind": "calendar",
        "period": "year",
        "rule": f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY=-1",
        "opens": "month",
    }


def _once(day: date | None, sense: str) -> Schedule | None:
    if day is None:
        return None
    # A day that is itself too late becomes the last one allowed: a single day has no sense of its own.
    last = date.fromordinal(day.toordinal() - 1) if sense == "before" else day
    return {"kind": "once", "due": last.isoformat()}


def _event(theme: str, within: int, measure: str, words: str) -> Schedule | None:
    clock = _CLOCKS.get(theme)
    if clock is None:
        return None
    register, starts = clock
    if register == "incident" and "phát hiện" in words.lower():
        starts = _SINCE_SEEN
    if measure == "hour" and register != "incident":
        if within % _HOURS_OF_DAY:
            return None  # those registers know days only
        within, measure = within // _HOURS_OF_DAY, "day"
    return {
        "kind": "event",
        "register": register,
        "starts": list(starts),
        "within": within,
        "measure": measure,
    }


_EVERY: Mapping[str, Text] = {
    "week": Text("Mỗi tuần", "Every week"),
    "month": Text("Mỗi tháng", "Every month"),
    "quarter": Text("Mỗi quý", "Every quarter"),
    "half": Text("Mỗi sáu tháng", "Every six months"),
    "year": Text("Hằng năm", "Every year"),
}
_ENDS: Mapping[str, Text] = {
    "week": Text("cuối tuần", "the end of the week"),
    "month": Text("cuối tháng", "the end of the month"),
    "quarter": Text("cuối quý", "the end of the quarter"),
    "half": Text("ngày 30/6 và 31/12", "30/6 and 31/12"),
    "year": Text("ngày 31/12", "31/12"),
}
_REGISTERS: Mapping[str, Text] = {
    "incident": Text("sự cố", "an incident"),
    "handover": Text("quyết định nghỉ, chuyển công tác", "a leaving or transfer"),
    "weakness": Text("phát hiện điểm yếu", "a weakness found"),
    "request": Text("yêu cầu", "a request"),
}


def schedule_words(schedule: Mapping[str, Any] | None) -> Text | None:
    """Return a schedule as a person says it; None where there is none."""
    if schedule is None:
        return None
    match schedule["kind"]:
        case "calendar":
            return _calendar_words(schedule)
        case "once":
            day = said_day(date.fromisoformat(str(schedule["due"])))
            return Text(f"Một lần, chậm nhất ngày {day}", f"Once, on {day} at the latest")
        case "rolling":
            every = schedule["every"]
            return Text(
                f"Cứ {every} tháng tính từ lần trước", f"{every} months after the last time"
            )
        case "event":
            return _event_words(schedule)
        case "watch":
            return Text(
                "Không có ngày hẹn; kết quả kiểm tra hằng ngày theo dõi",
                "No day; the daily result of the check watches it",
            )
        case "own":
            return Text("Chu kỳ do đơn vị tự đặt", "At an interval the unit sets")
        case _:
            return Text("Cùng nghĩa vụ khác", "With another duty")


def _calendar_words(schedule: Mapping[str, Any]) -> Text:
    period = str(schedule["period"])
    every, end = _EVERY[period], _ENDS[period]
    if schedule.get("assumed"):
        return Text(
            f"{every.vi}, đến hết {end.vi} (văn bản không nêu ngày)",
            f"{every.en}, until {end.en} (the text names no day)",
        )
    before = schedule.get("sense") == "before"
    vi, en = ("trước", "before") if before else ("chậm nhất", "by")
    day = _rule_words(str(schedule["rule"]))
    return Text(f"{every.vi}, {vi} {day.vi}", f"{every.en}, {en} {day.en}")


def _rule_words(rule: str) -> Text:
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    months, day = parts.get("BYMONTH", ""), parts.get("BYMONTHDAY", "")
    if months == "3,6,9,12" and day != "-1":
        return Text(f"ngày {day} của tháng cuối quý", f"day {day} of the quarter's last month")
    if months == "1,4,7,10":
        return Text(f"ngày {day} của tháng đầu quý", f"day {day} of the quarter's first month")
    if not months:
        return Text(f"ngày {day}", f"day {day}")
    listed = months.split(",")
    if day == "-1":
        vi, en = ", ".join(listed), ", ".join(listed)
        return Text(f"hết tháng {vi}", f"the end of month {en}")
    days = [f"{int(day):02}/{int(month):02}" for month in listed]
    return Text("ngày " + " và ".join(days), " and ".join(days))


def _event_words(schedule: Mapping[str, Any]) -> Text:
    what = _REGISTERS.get(str(schedule["register"]), Text("việc phát sinh", "the case"))
    if schedule.get("due_field"):
        return Text("Theo hạn ghi trong yêu cầu", "By the day the request names")
    within = int(schedule["within"])
    if within == 0:
        return Text(f"Ngay khi có {what.vi}", f"At once on {what.en}")
    vi, en = ("giờ", "hours") if schedule.get("measure") == "hour" else ("ngày", "days")
    return Text(f"Trong {within} {vi} từ khi có {what.vi}", f"Within {within} {en} of {what.en}")


def first_deadline(deadlines: Sequence[Deadline]) -> str:
    """Return the words of the deadline that counts: the first, which is the most exact."""
    return deadlines[0].words if deadlines else ""
