"""Tags of duties, plans, money and suppliers: the ways between them, sums, spans of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from khien.duties.models import Occurrence
from khien.duties.services import MEASURES
from khien.duties.shown import STAND_WORDS
from khien.kernel.language import current_language
from khien.org.models import Unit
from khien.plans.selectors import STATES
from khien.web import icons
from khien.web.navigation import address_of
from khien.web.pages.duty_calendar import ORDER, stands_of

register = template.Library()
# A page that does not exist yet is not shown.
_TABS = (
    ("duties", gettext_lazy("Calendar")),
    ("duty-list", gettext_lazy("List")),
    ("duty-board", gettext_lazy("Units")),
    ("plans", gettext_lazy("Plans")),
    ("money", gettext_lazy("Money")),
    ("suppliers", gettext_lazy("Suppliers")),
)


@register.inclusion_tag("web/plans/tabs.html")
def duty_tabs(unit: Unit, here: str) -> dict[str, Any]:
    """Show the ways between the pages of duties."""
    tabs = [
        (address, word, name == here) for name, word in _TABS if (address := address_of(name, unit))
    ]
    return {"tabs": tabs}


@register.filter
def money(amount: int | None) -> str:
    """Return a sum in đồng with its thousands set apart; a dash where it is not known."""
    if amount is None:
        return "–"
    return f"{amount:,}".replace(",", "." if current_language() == "vi" else ",")


@register.filter
def share(percent: float | None) -> str:
    """Return a share in percent with one decimal, as the language of the page writes it."""
    if percent is None:
        return "–"
    said = f"{percent:.1f}".removesuffix(".0")
    return f"{said.replace('.', ',') if current_language() == 'vi' else said}%"


@register.filter
def span(time: timedelta | None) -> str:
    """Return a length of time, without its sign, in days, hours and minutes."""
    if time is None:
        return "–"
    minutes = int(abs(time).total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if minutes and not days:
        parts.append(
            ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        )
    return " ".join(parts) or gettext("less than a minute")


@register.filter
def is_over(time: timedelta | None) -> bool:
    """Say whether what is left is less than nothing."""
    return time is not None and time < timedelta(0)


_STAND_ICONS = {
    "overdue": "fail",
    "missed": "fail",
    "due_soon": "clock",
    "open": "clock",
    "upcoming": "not_applicable",
    "done": "pass",
    "done_late": "pass",
    "not_applicable": "not_applicable",
    "replaced": "not_applicable",
}


@register.simple_tag
def stand(occurrence: Occurrence) -> SafeString:
    """Show how an occurrence stands, as icon and word."""
    code = stands_of(occurrence)
    sign = icons.svg(_STAND_ICONS.get(code, "clock"))
    return format_html(
        '<span class="verdict stand {}">{}{}</span>', code, sign, STAND_WORDS.get(code, code)
    )


@register.filter
def stand_word(code: str) -> str:
    """Return the word for how an occurrence stands."""
    return str(STAND_WORDS.get(code, code))


@register.simple_tag
def stand_words() -> list[tuple[str, str]]:
    """Return the ways an occurrence may stand in the calendar, with their words."""
    return [(code, str(STAND_WORDS[code])) for code in ORDER]


@register.filter
def duty_counts(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return how many stand how, most pressing first, without the zeros."""
    return [(code, str(STAND_WORDS[code]), counts[code]) for code in ORDER if counts.get(code)]


@register.filter
def number_of(counts: Mapping[str, int], code: str) -> int:
    """Return how many stand so."""
    return counts.get(code, 0)


@register.inclusion_tag("web/duties/bar.html")
def stand_bar(counts: Mapping[str, int]) -> dict[str, Any]:
    """Draw how many stand how as one bar; the numbers stand beside it in words."""
    total, start, pieces = sum(counts.values()) or 1, 0.0, []
    for code in ORDER:
        width = 100 * counts.get(code, 0) / total
        if width:
            pieces.append((code, f"{start:.2f}%", f"{width:.2f}%"))
        start += width
    return {"pieces": pieces}


@register.filter
def month_name(day: date) -> str:
    """Return a month with its year, in words."""
    if current_language() == "vi":
        return f"Tháng {day.month}/{day.year}"
    return date_format(day, "F Y")


@register.filter
def weekday_of(day: date) -> str:
    """Return the day of the week, in words."""
    return date_format(day, "l")


@register.filter
def weekday_name(number: str) -> str:
    """Return the short name of a day of the week by its number, Monday first."""
    # 1 January 2024 was a Monday.
    day = date(2024, 1, 1 + int(number))
    if current_language() == "vi":
        return "CN" if number == "6" else f"Thứ {int(number) + 2}"
    return date_format(day, "D")


_TASK_WORDS = {
    "done": gettext_lazy("done in time"),
    "done_late": gettext_lazy("done late"),
    "late": gettext_lazy("late"),
    "in_progress": gettext_lazy("in progress"),
    "not_started": gettext_lazy("not begun"),
}


@register.filter
def task_word(state: str) -> str:
    """Return the word for how a task of a plan stands."""
    return str(_TASK_WORDS.get(state, state))


@register.simple_tag
def task_states() -> tuple[str, ...]:
    """Return how tasks of plans may stand, in the order of their columns."""
    return STATES


@register.filter
def with_states(numbers: Sequence[int]) -> list[tuple[str, int]]:
    """Return numbers in the order of the columns, each with its state."""
    return list(zip(STATES, numbers, strict=True))


@register.filter
def measure_word(code: str) -> str:
    """Return the word of a measure of an interval."""
    return str(MEASURES.get(code, code))
