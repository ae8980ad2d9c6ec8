"""Duties as a calendar file (RFC 5545), for the calendar programs that people have already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard

from khien.duties.models import Occurrence
from khien.duties.proofs import load_proofs
from khien.duties.reminding import PERSON, load_reminding
from khien.duties.shown import Shown, shown_of
from khien.kernel.language import Text

MEDIA_TYPE = "text/calendar; charset=utf-8"
ZONE = "Asia/Ho_Chi_Minh"
_OFFSET = timedelta(hours=7)
# Alarms of whole days ring when offices open.
_OFFICE_HOUR = timedelta(hours=8)
_DONE = (Occurrence.State.DONE, Occurrence.State.DONE_LATE)
_NAME = Text("Nghĩa vụ an toàn thông tin", "Information-security duties")
# Calendar programs show descriptions as HTML; what people wrote must not become tags there.
_PLAIN = {code: " " for code in (*range(32), 127) if code != ord("\n")} | {
    ord("<"): "‹",
    ord(">"): "›",
}


def calendar_file(
    shown: Iterable[Occurrence],
    *,
    name: str,
    stamp: datetime,
    address: Callable[[Occurrence], str] | None = None,
) -> bytes:
    """Return a calendar file of occurrences; the same occurrence has the same UID in every file.

    Args: name: what the calendar is called after; stamp: when the duties were last brought up to date;
          address: where a screen shows an occurrence
    """
    file = Calendar()
    file.add("prodid", "-//Khien//Duties//VI")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", plain(f"{_NAME}: {name}"))
    file.add("x-wr-timezone", ZONE)
    file.add("x-published-ttl", "PT6H")
    file.add_component(_zone())
    rules = load_proofs()
    for occurrence in shown:
        where = address(occurrence) if address is not None else ""
        file.add_component(_event(shown_of(occurrence, rules=rules), stamp, where))
    return bytes(file.to_ical())


def plain(text: str) -> str:
    """Return text that is text everywhere, also in programs that take it for HTML."""
    return text.translate(_PLAIN)


def uid_of(occurrence: Occurrence) -> str:
    """Return the UID of an occurrence: it never changes, also after a restore or on another machine."""
    return f"{occurrence.unit.code}.{occurrence.duty}.{occurrence.period}@khien"


def _zone() -> Timezone:
    zone = Timezone()
    zone.add("tzid", ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001  # local time, as RFC 5545 wants it
    standard.add("tzoffsetfrom", _OFFSET)
    standard.add("tzoffsetto", _OFFSET)
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone


def _event(shown: Shown, stamp: datetime, address: str) -> Event:
    occurrence = shown.occurrence
    is_done = occurrence.state in _DONE
    event = Event()
    event.add("uid", uid_of(occurrence))
    event.add("dtstamp", stamp)
    mark = "✓ " if is_done else ""
    event.add("summary", plain(f"{mark}{shown.title}"))
    if occurrence.due_at is not None:
        event.add("dtstart", occurrence.due_at.astimezone(ZoneInfo(ZONE)))
        event.add("duration", timedelta())
    else:
        event.add("dtstart", occurrence.act_on)
        event.add("duration", timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [plain(str(shown.state))])
    event.add("description", plain("\n".join(_lines(shown))))
    event.add("location", plain(occurrence.unit.name_vi))
    if address:
        event.add("url", address)
    if not is_done:
        for alarm in _alarms(shown):
            event.add_component(alarm)
    return event


def _lines(shown: Shown) -> Iterable[str]:
    yield str(Text(f"Căn cứ: {shown.cited.vi}.", f"Clause: {shown.cited.en}."))
    yield str(Text(f"Hạn: {shown.when.vi}.", f"Due: {shown.when.en}."))
    yield from map(str, shown.notes)
    if shown.proof is not None:
        yield str(Text(f"Đã xong: {shown.proof.vi}", f"Done: {shown.proof.en}"))
    else:
        yield from (
            str(Text(f"Xong khi: {one.vi}", f"Closes by: {one.en}")) for one in shown.closes
        )


def _alarms(shown: Shown) -> Iterable[Alarm]:
    is_hourly = shown.occurrence.due_at is not None
    for level in load_reminding().levels:
        if level.to != PERSON or level.distance > timedelta() or (level.hours is None) == is_hourly:
            continue
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", level.distance if is_hourly else level.distance + _OFFICE_HOUR)
        alarm.add("description", plain(f"{level.title}: {shown.title}"))
        yield alarm
