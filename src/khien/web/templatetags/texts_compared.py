"""Words of the pages where texts are compared."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from khien.norms.comparison import Place
from khien.web.wording import STRICTER_WORDS, TIER_WORDS

register = template.Library()


@register.filter
def tier_word(tier: str) -> str:
    """Return what kind of text a tier is."""
    return str(TIER_WORDS.get(tier, tier))


@register.filter
def any_of_mark(places: Iterable[Place], mark: str) -> bool:
    """Say whether a clause among some has a mark."""
    return any(place.mark == mark for place in places)


@register.filter
def stricter_word(who: str) -> str:
    """Return how two values stand where neither text is the stricter."""
    return str(STRICTER_WORDS.get(who, who))
