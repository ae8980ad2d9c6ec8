"""The list of the texts that units brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from khien.adoption.importing.selectors import texts_of, titles_of
from khien.adoption.models import ImportedText
from khien.adoption.wording import state_word
from khien.kernel.language import Text
from khien.org.models import Unit

SHOWN_MAX = 60
_TONES: Mapping[str, str] = {
    ImportedText.State.REVIEWING: "unknown",
    ImportedText.State.SUBMITTED: "unknown",
    ImportedText.State.APPROVED: "pass",
    ImportedText.State.WITHDRAWN: "not_applicable",
    ImportedText.State.DROPPED: "not_applicable",
}


@dataclass(frozen=True, slots=True)
class ListedText:
    """One text of the list, with how it stands."""

    text: ImportedText
    title: str
    state: Text
    tone: str


def text_list(units: QuerySet[Unit]) -> Sequence[ListedText]:
    """Return the newest texts of units."""
    texts = list(texts_of(units)[:SHOWN_MAX])
    titles = titles_of(texts)
    return [
        ListedText(text, titles[text.pk], state_word(text), _TONES[text.state]) for text in texts
    ]


def tone_of(text: ImportedText) -> str:
    """Return the colour of a text's state."""
    return _TONES[text.state]
