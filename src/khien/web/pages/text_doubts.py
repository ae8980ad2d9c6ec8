"""Which anomalies of a text ask for a person's eye, and which only tell what was cleaned up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from khien.adoption.models import ImportedText
from khien.adoption.structure import edited_structure
from khien.kernel.language import Text
from khien.norms.text.model import Anomaly

# What reading and parsing did of itself, without doubt: told, but nobody has to look.
ROUTINE: Final = frozenset(
    {
        "nfd-normalised",
        "eth-repaired",
        "gha-repaired",
        "legacy-encoding",
        "control-character-removed",
        "page-number-removed",
        "gazette-furniture-removed",
        "running-line-removed",
        "contents-removed",
        "web-furniture-removed",
        "signature-residue-excluded",
        "tail-excluded",
        "annex-excluded",
        "markdown-stripped",
        "footnote-mark-removed",
        "recital-repeated",
        "numbering-restarts",
        "quoted-text-kept",
        "decoded-as",
        "characters-removed",
        "hyphens-joined",
        "docx-numbering",
        "docx-table",
        "docx-comment",
        "docx-header-footer",
        "docx-macros",
        "docx-legacy-font",
    }
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One anomaly of a text as a page shows it; accepted_by: who accepted it as it stands, or ""."""

    line: int
    code: str
    message: Text
    is_routine: bool
    accepted_by: str

    @property
    def is_open(self) -> bool:
        """Say whether it still waits for a person."""
        return not self.is_routine and not self.accepted_by


def doubts_of(text: ImportedText) -> list[Doubt]:
    """Return every anomaly of a text by line: of reading its file, and of its structure."""
    edited = edited_structure(text)
    notes = [
        Anomaly(one["line"], one["code"], Text(one["vi"], one["en"])) for one in text.read_notes
    ]
    accepted = {} if not edited.accepted else dict(_accepted_by(text, edited.accepted))
    return [
        Doubt(
            one.line,
            one.code,
            one.message,
            one.code in ROUTINE,
            accepted.get((one.line, one.code), ""),
        )
        for one in sorted([*notes, *edited.document.anomalies], key=lambda item: item.line)
    ]


def open_doubts(text: ImportedText) -> list[Doubt]:
    """Return the anomalies that nobody has looked at yet."""
    return [doubt for doubt in doubts_of(text) if doubt.is_open]


def _accepted_by(
    text: ImportedText, accepted: Mapping[tuple[int, str], int]
) -> Sequence[tuple[tuple[int, str], str]]:
    names = dict(text.edits.values_list("number", "made_by"))
    return [(place, names.get(number, "")) for place, number in accepted.items()]
