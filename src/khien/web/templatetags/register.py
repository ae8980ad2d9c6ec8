"""Tags and filters of the pages of registers: orders of a list, steps of a row's history, sizes of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from khien.registers.declarations import Field
from khien.registers.files import MEDIA_TYPES
from khien.registers.models import Attachment
from khien.web.pages.register_list import Asked

register = template.Library()
_WHAT: Mapping[str, Promise] = {
    "added": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed"),
    "retired": gettext_lazy("Taken out"),
    "restored": gettext_lazy("Put back"),
    "imported": gettext_lazy("Imported from a file"),
}


@register.simple_tag
def order_of(asked: Asked, code: str, is_first: object = False) -> dict[str, str]:
    """Return how a list is ordered by a column now, and the address that orders it so, or turns it round."""
    now = asked.query.order
    is_now = now.removeprefix("-") == code
    turned = f"-{code}" if is_now and not now.startswith("-") else code
    word = "" if is_first and turned == code else turned
    is_down = now.startswith("-")
    sorted_as = ("descending" if is_down else "ascending") if is_now else ""
    return {"address": asked.address(xep=word), "sorted": sorted_as}


@register.simple_tag
def cycle_title(columns: Sequence[Field], at: int) -> str:
    """Return the title of the column a cell stands in."""
    return str(columns[at].title)


@register.filter
def capfirst_text(words: object) -> str:
    """Return words of the library with a capital letter in front, in the language of the page."""
    text = str(words)
    return text[:1].upper() + text[1:]


@register.filter
def what_word(code: str) -> str:
    """Return what was done to a row."""
    return str(_WHAT.get(code, code))


@register.filter
def file_words(file: Attachment) -> str:
    """Return what kind of file it is and how large."""
    kind = MEDIA_TYPES.get(file.media_type, (file.media_type, ""))[0]
    return f"{kind}, {filesizeformat(file.size_bytes)}"
