"""Words and signs of reports in templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from khien.kernel.language import Text
from khien.registers.declarations import load_registers
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import KINDS, Definition
from khien.reports.models import Report
from khien.reports.signed_files import KINSHIP_WORDS
from khien.signatures.readings import from_json
from khien.signatures.sentences import file_sentences
from khien.web.pages.report_desk import state_word

register = template.Library()

_TONES = {
    "sent": "pass", "received": "pass", "returned": "fail", "draft": "unknown", "reviewed": "unknown",
    "signed": "unknown", "cancelled": "not_applicable", "": "not_applicable",
}  # fmt: skip
_NONE = Text("chưa lập", "not begun")
_WAY = {
    "draft": Text("Soạn", "Draft"), "reviewed": Text("Duyệt", "Review"), "signed": Text("Ký", "Sign"),
    "sent": Text("Gửi", "Send"), "received": Text("Nhận", "Receive"),
}  # fmt: skip


@register.filter
def report_state(state: str) -> Text:
    """Return the word for where a report stands; of none, that it was not begun."""
    return state_word(state) if state else _NONE


@register.filter
def report_tone(state: str) -> str:
    """Return the colour of a state, as of a verdict."""
    return _TONES.get(state, "unknown")


@register.filter
def way_word(state: str) -> Text:
    """Return the short word of a step on the way of a report."""
    return _WAY[state]


@register.filter
def paper_kind(definition: Definition | None) -> Text:
    """Return the kind of official document: Báo cáo, Công văn, …"""
    return KINDS[definition.kind][0] if definition else Text("", "")


@register.filter
def paper_name(report: Report) -> str:
    """Return how a report is called in lists: its kind and abstract, "Báo cáo kết quả …"."""
    definition = load_definitions().get(report.definition)
    return f"{KINDS[definition.kind][0]} {report.title}" if definition else report.title


@register.filter
def register_title(code: str) -> Any:
    """Return the title of a register by its code; nothing where there is none."""
    found = load_registers().get(code)
    return found.title if found else ""


@register.filter
def days_to(day: date | None, today: date) -> int | None:
    """Return the days from today to a day, less than zero when it is past."""
    return (day - today).days if day else None


@register.filter
def without_sign(days: int) -> int:
    """Return a number of days without its sign."""
    return abs(days)


@register.filter
def reading_sentences(reading: Mapping[str, Any] | None) -> list[Text]:
    """Return what was verified of the signatures of a file, in sentences; none where nothing was read."""
    if not reading:
        return []
    kinship = KINSHIP_WORDS.get(reading.get("kinship", ""))
    return [*([kinship] if kinship else []), *file_sentences(from_json(reading))]
