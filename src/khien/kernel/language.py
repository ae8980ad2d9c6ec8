"""A sentence in the two languages of the product, kept side by side."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]

_current: ContextVar[Language] = ContextVar("khien_language", default="vi")


def current_language() -> Language:
    """Return the language sentences are shown in now; Vietnamese unless someone chose English."""
    return _current.get()


def use_language(language: str) -> None:
    """Choose the language of the sentences that follow; anything but "en" means Vietnamese."""
    _current.set("en" if language.lower().startswith("en") else "vi")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence, or template with named places, in Vietnamese and English."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.in_language(current_language())

    def in_language(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.vi if language == "vi" else self.en

    def fill(self, values: Mapping[str, object]) -> Text:
        """Return the sentence with its named places filled.

        Raises: KeyError: a place has no value
        """
        return Text(vi=self.vi.format_map(values), en=self.en.format_map(values))

    def as_dict(self) -> dict[str, str]:
        """Return {"vi": …, "en": …} for JSON."""
        return {"vi": self.vi, "en": self.en}
