"""Tags and filters of the pages: icons, verdicts, clause addresses, times, library words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from khien.checks.selectors import ControlState
from khien.checks.sentences import said_value
from khien.kernel.clock import said_day, said_moment
from khien.kernel.language import Text, current_language
from khien.norms.library import load_library
from khien.norms.model import VERDICTS, Clause, Duty
from khien.norms.rulebook import Resolved, Sourced
from khien.norms.wording import clause_name
from khien.org.models import Unit
from khien.web import icons, wording

register = template.Library()
_BAR_ORDER = ("fail", "unknown", "pass", "not_applicable")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one of our icons as inline SVG, hidden from screen readers: a word stands beside it."""
    return icons.svg(name)


@register.simple_tag
def verdict(code: str, size: str = "") -> SafeString:
    """Show a verdict as icon and word; made at once, because a page may hold hundreds."""
    sign, word = icons.svg(code), wording.VERDICT_WORDS[code]
    return format_html('<span class="verdict {} {}">{}{}</span>\n', code, size, sign, word)


@register.simple_tag
def counts(numbers: Mapping[str, int]) -> SafeString:
    """Show how many stand at each verdict, worst first, without the zeros; made at once like `verdict`."""
    items = [
        (v, icons.svg(v), numbers[v], wording.VERDICT_WORDS[v])
        for v in _BAR_ORDER
        if numbers.get(v)
    ]
    if not items:
        return SafeString("\n")
    spans = format_html_join("", '<span class="{}">{}{} {}</span>', items)
    return format_html('<span class="counts">{}</span>\n', spans)


@register.inclusion_tag("web/ui/bar.html")
def verdict_bar(numbers: Mapping[str, int], slim: bool = False) -> dict[str, Any]:
    """Draw counts by verdict as one bar; the numbers stand beside it in words."""
    return {"segments": bar_segments(numbers), "slim": slim, "label": said_counts(numbers)}


def bar_segments(numbers: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Return (verdict, x, width) in percent of the bar, worst first."""
    total = sum(numbers[v] for v in VERDICTS) or 1
    segments, start = [], 0.0
    for code in _BAR_ORDER:
        width = 100 * numbers[code] / total
        if width:
            segments.append((code, f"{start:.2f}%", f"{width:.2f}%"))
        start += width
    return segments


def said_counts(numbers: Mapping[str, int]) -> str:
    """Return counts in words, for those who do not see the bar."""
    return ", ".join(f"{wording.VERDICT_WORDS[v]}: {numbers[v]}" for v in _BAR_ORDER)


@register.filter
def unit_name(unit: Unit) -> str:
    """Return a unit's name in the language of the page."""
    return str(Text(unit.name_vi, unit.name_en))


@register.filter
def verdict_word(code: str) -> str:
    """Return a verdict's word."""
    return str(wording.VERDICT_WORDS[code])


@register.filter
def known_word(code: str) -> str:
    """Return how a verdict is known, in words."""
    return str(wording.KNOWN_WORDS.get(code, code))


@register.filter
def severity_word(code: str) -> str:
    """Return a severity's word."""
    return str(wording.SEVERITY_WORDS.get(code, code))


@register.filter
def status_word(code: str) -> str:
    """Return a reading's status in words."""
    return str(wording.STATUS_WORDS.get(code, code))


@register.filter
def kind_word(code: str) -> str:
    """Return a machine's kind in words."""
    return str(wording.KIND_WORDS.get(code, code))


@register.filter
def channel_word(code: str) -> str:
    """Return the way a bundle came in, in words."""
    return str(wording.CHANNEL_WORDS.get(code, code))


@register.filter
def mark_word(code: str) -> str:
    """Return what a confidence mark means."""
    return str(wording.MARK_WORDS.get(code, code))


@register.filter
def words(code: str) -> str:
    """Return the library's words for a code."""
    return str(load_library().label(code))


@register.filter
def theme_word(code: str) -> str:
    """Return the library's words for a theme; one code is also a word for something else."""
    labels = load_library().labels
    found = labels.get(f"theme.{code}") or labels.get(code)
    return str(found or code)


@register.filter
def clause_words(path: str) -> str:
    """Return a clause's path as people say it."""
    return str(clause_name(path))


@register.filter
def document_short(document: str) -> str:
    """Return a document's short name."""
    found = load_library().documents.get(document)
    return str(found.short) if found else document


@lru_cache(maxsize=16_384)
def _address_of_control(unit_code: str, control: str) -> str:
    return reverse("control", args=[unit_code, control])


@register.filter
def control_address(unit: Unit, control: str) -> str:
    """Return the address of a control at a unit; it is kept, because a document's page has hundreds."""
    return _address_of_control(unit.code, control)


@register.simple_tag
def cite(document: str, path: str, unit: Any = None) -> SafeString:
    """Return a link to a clause, in the unit's compliance page or, without a unit, in the library."""
    where = (
        reverse("compliance", args=[unit.code, document])
        if unit
        else reverse("library-document", args=[document])
    )
    said, short = clause_name(path), document_short(document)
    text = f"{said} · {short}"
    return format_html('<a class="cite" href="{}#{}">{}</a>', where, path, text)


@register.filter
def own_number(clause: Any) -> str:
    """Return the mark a clause carries inside its parent; where the library lacks the parent, its whole name."""
    text = load_library().documents.get(clause.document)
    if text is not None and (clause.kind in ("khoan", "diem") or clause.path[:2] == "KR"):
        above = clause.path.rpartition(".")[0]
        if above not in text.clauses:
            said = str(clause_name(clause.path))
            return f"{said[:1].upper()}{said[1:]}."
    return str(wording.own_number(clause.path, clause.kind))


@register.inclusion_tag("web/ui/clause_list.html")
def clause_list(unit: Any, sources: Iterable[tuple[Clause, Duty]], most: int) -> dict[str, Any]:
    """List the clauses that demand a control, each once, at most so many."""
    asked = [(c.document, c.path, d.is_unsure) for c, d in sources if d.modality != "info"]
    clauses = list(dict.fromkeys(asked))
    return {"unit": unit, "clauses": clauses[:most], "left": max(0, len(clauses) - most)}


@register.filter
def supply_word(mode: str) -> str:
    """Return the kind of evidence that is missing, in words."""
    return str(wording.SUPPLY_WORDS.get(mode, (mode, ""))[0])


@register.filter
def supply_how(mode: str) -> str:
    """Return how that kind of evidence is supplied."""
    return str(wording.SUPPLY_WORDS.get(mode, ("", mode))[1])


@register.filter
def unknown_why(state: ControlState) -> str:
    """Return what would decide an unknown control: the check's own sentence, else what to supply."""
    if state.known != "not_yet" and state.first:
        return str(state.first.sentence)
    return str(state.control.supply)


@register.filter
def distinct_sources(sources: Iterable[Sourced]) -> list[Sourced]:
    """Return sources without those that repeat a clause and its value."""
    return list({(s.document, s.path, s.value): s for s in sources}.values())


@register.filter
def control_title(control: str) -> str:
    """Return a control's title."""
    return str(load_library().controls[control].title)


@register.filter
def value_words(item: Resolved | Sourced) -> str:
    """Return a parameter's value in words."""
    return said_value(item.value, load_library(), current_language())


@register.filter
def day(value: date | None) -> str:
    """Return a day as dd/mm/yyyy."""
    return said_day(value) if value else "–"


@register.filter
def moment(value: datetime | None) -> str:
    """Return a moment as HH:MM dd/mm/yyyy in Viet Nam."""
    return said_moment(value) if value else "–"


@register.filter
def age(value: datetime | None, now: datetime) -> str:
    """Return how long ago a moment was."""
    return wording.said_age(now - value) if value else ""


@register.filter
def cell(value: Any) -> str:
    """Return a fact's value for a table cell: not read, yes and no, times in Viet Nam."""
    if value is None:
        return str(Text("không đọc được", "not read"))
    if isinstance(value, bool):
        return str(Text("có", "yes") if value else Text("không", "no"))
    if isinstance(value, datetime):
        return said_moment(value)
    return str(value)


@register.filter
def values_of(mapping: Mapping[str, Any]) -> list[Any]:
    """Return a mapping's values; `mapping.values` would find a key of that name first."""
    return list(mapping.values())
