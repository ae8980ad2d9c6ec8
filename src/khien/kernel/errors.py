"""The one base of every failure that is expected: a code, values, and a sentence in two languages."""

from __future__ import annotations

from typing import ClassVar

from khien.kernel.language import Language, Text


class KhienError(Exception):
    """An expected failure: what happened, to what, and what to do about it.

    Subclasses set `code` (stable, never reused), `sentence` with named places, and where they differ
    from the defaults `http_status` and `exit_status`.
    """

    code: ClassVar[str] = "KHIEN-000"
    http_status: ClassVar[int] = 400
    exit_status: ClassVar[int] = 2
    sentence: ClassVar[Text] = Text(
        vi="Có lỗi chưa rõ nguyên nhân.", en="An unknown error occurred."
    )

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(values)

    def __str__(self) -> str:
        return str(self.text())

    def text(self) -> Text:
        """Return the sentence with its values, in both languages."""
        return self.sentence.fill(self.values)

    def in_language(self, language: Language) -> str:
        """Return the sentence with its values in one language."""
        return self.text().in_language(language)
