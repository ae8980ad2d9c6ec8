"""Words of the pages where texts are compared."""

from __future__ import annotations

from django import template

from khien.web.wording import STRICTER_WORDS, TIER_WORDS

register = template.Library()


@register.filter
def tier_word(tier: str) -> str:
    """Return what kind of text a tier is."""
    return str(TIER_WORDS.get(tier, tier))


@register.filter
def stricter_word(who: str) -> str:
    """Return how two values stand where neither text is the stricter."""
    return str(STRICTER_WORDS.get(who, who))
