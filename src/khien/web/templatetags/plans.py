"""Tags of duties, plans, money and suppliers: the ways between them, sums, spans of time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext, gettext_lazy, ngettext

from khien.kernel.language import current_language
from khien.org.models import Unit
from khien.web.navigation import address_of

register = template.Library()
# A page that does not exist yet is not shown.
_TABS = (
    ("duties", gettext_lazy("Calendar")),
    ("duty-list", gettext_lazy("List")),
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
