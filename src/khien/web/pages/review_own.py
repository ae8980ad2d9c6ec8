"""The form of a control of the unit's own: drafted from the clause that nothing of the library fits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from khien.adoption.models import ImportedText
from khien.adoption.review.selectors import own_words_of, titles_above
from khien.adoption.review.suggesting import suggestions_of
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.norms.own_controls import SEVERITIES, OwnControlWords
from khien.norms.suggest.drafting import drafted_control
from khien.norms.text.model import Node
from khien.norms.wording import clause_name
from khien.registers.cleaning import one_line

_TITLE_MAX = 120
_TEXT_MAX = 600


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The clause, and the words of the control as they are proposed or were typed."""

    node: Node
    name: Text
    titles: tuple[str, ...]
    words: OwnControlWords
    code: str = ""
    severities: tuple[str, ...] = SEVERITIES


def own_page(text: ImportedText, node: Node, code: str, typed: QueryDict | None) -> OwnPage:
    """Return the form for a clause; what was typed and refused is shown again.

    Args: code: of a control written before, to correct it
    """
    titles = tuple(titles_above(text, node))
    held = own_words_of(text, code) if code else None
    words = typed_own(typed) if typed is not None else held or _drafted(text, node)
    return OwnPage(node, clause_name(node.path), titles, words, code if held else "")


def typed_own(typed: QueryDict) -> OwnControlWords:
    """Return what a person wrote; its code is given when it is written."""
    return OwnControlWords(
        code="",
        title=one_line(typed.get("ten", "")),
        why=one_line(typed.get("vi-sao", "")),
        fix=one_line(typed.get("lam-gi", "")),
        supply=one_line(typed.get("nop-gi", "")),
        evidence=typed.get("chung-minh", ""),
        severity=typed.get("muc-do", ""),
    )


def _drafted(text: ImportedText, node: Node) -> OwnControlWords:
    suggestion = suggestions_of(text).get(node.path)
    if suggestion is not None:
        return drafted_control(suggestion, "")
    said = one_line(nfc(node.text)).rstrip(" .;:,")
    return OwnControlWords(
        code="",
        title=_cut(said, _TITLE_MAX),
        why=gettext("The unit's own text demands it; nothing in the library does."),
        fix=_cut(said, _TEXT_MAX) + ".",
        supply=gettext("The statement of who is in charge, with what was done and since when."),
        evidence="attest",
        severity="medium",
    )


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:") + "…"
