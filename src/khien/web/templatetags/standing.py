"""Tags of the day, the heat map and the trend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from khien.desk.targets import Target
from khien.desk.tasks.task import BY_OWN_REGISTER
from khien.kernel.clock import said_day, vietnam_date
from khien.org.models import Unit
from khien.web import wording
from khien.web.desk_addresses import url_of
from khien.web.pages.heat_map import Cell
from khien.web.templatetags.khien import cite

register = template.Library()
_SIGNS = {"fail": "✕", "unknown": "?", "pass": "✓", "not_applicable": "–"}


@register.filter
def weekday(value: datetime) -> str:
    """Return the day of the week in Viet Nam, in words."""
    return date_format(vietnam_date(value), "l")


@register.filter
def local_day(value: datetime) -> str:
    """Return the day in Viet Nam as dd/mm/yyyy."""
    return said_day(vietnam_date(value))


@register.filter
def due_in(value: date, now: datetime) -> str:
    """Return how far off a day is: "3 days over", "today", "in 5 days"."""
    days = (value - vietnam_date(now)).days
    if days < 0:
        return ngettext("%(count)d day over", "%(count)d days over", -days) % {"count": -days}
    if days == 0:
        return gettext("today")
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


@register.filter
def task_kind(source: str) -> str:
    """Return what a task without a day is about."""
    return str(wording.TASK_WORDS.get(source, ""))


@register.filter
def address(target: Target) -> str:
    """Return the page that a task leads to."""
    return url_of(target)


@register.simple_tag
def by_own_register() -> str:
    """Say that a task stands by the unit's own register, without a clause that binds it."""
    return str(BY_OWN_REGISTER)


@register.filter
def words_of(text: str) -> list[str]:
    """Return the words of a text, to go through them."""
    return text.split()


@register.filter
def verdict_slugs(codes: str) -> list[tuple[str, str]]:
    """Return verdicts, named in a text, with their words in addresses."""
    return [(code, wording.VERDICT_SLUGS[code]) for code in codes.split()]


@register.simple_tag
def heat_cells(cells: Iterable[Cell], unit: Unit | None = None) -> SafeString:
    """Return the fields of one line of the heat map; made at once, because there are thousands."""
    base = reverse("rulebook", args=[unit.code]) if unit else ""
    words = {code: str(escape(word)) for code, word in wording.VERDICT_WORDS.items()}
    # Codes of the library, slugs and numbers; the words are escaped above.
    return mark_safe("".join(_heat_cell(cell, base, words) for cell in cells))  # noqa: S308


def _heat_cell(cell: Cell, base: str, words: Mapping[str, str]) -> str:
    verdict = cell.verdict
    if not verdict:
        return "<td></td>"
    said = f"<i>{words[verdict]}</i>{_SIGNS[verdict]} {cell.number if verdict != 'not_applicable' else ''}"
    inner = f"<span>{said}</span>"
    if base:
        slug = wording.VERDICT_SLUGS[verdict]
        inner = f'<a href="{base}?chu-de={cell.theme}&amp;ket-qua={slug}">{said}</a>'
    return f'<td class="{verdict} s{cell.strength}">{inner}</td>'


@register.inclusion_tag("web/ui/trend_spans.html")
def trend_spans(chosen: str, more: str) -> dict[str, Any]:
    """Show how far back a drawing may go, and the choice made."""
    return {"spans": wording.SPAN_WORDS.items(), "chosen": chosen, "more": more}


@register.simple_tag
def cite_anchor(anchor: str, unit: Any = None) -> SafeString:
    """Return a link to a clause by its anchor, document/path."""
    document, _, path = anchor.partition("/")
    return cite(document, path, unit)
