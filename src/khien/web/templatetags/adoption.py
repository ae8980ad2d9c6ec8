"""What templates of own texts need: states in words, places as ids."""

from __future__ import annotations

from django import template

from khien.adoption.models import ImportedText
from khien.adoption.wording import state_word
from khien.web.pages.texts import tone_of

register = template.Library()


@register.filter
def text_state(text: ImportedText) -> str:
    """Return what people call the state of a text."""
    return str(state_word(text))


@register.filter
def text_tone(text: ImportedText) -> str:
    """Return the colour of a text's state."""
    return tone_of(text)


@register.filter
def place_id(anchor: str) -> str:
    """Return the id of the row of a unit, by where the unit starts ("40.0")."""
    return f"n-{anchor.replace('.', '-')}"
