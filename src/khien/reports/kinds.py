"""Kinds of official documents: their names and abbreviations as data, numbers, days and lines of signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from khien.reports import said_vi

DATA = Path(__file__).resolve().parent.parent / "library" / "document_kinds.yaml"
# Room for the number and the day: only văn thư gives them. Source: Nghị định 30/2020, Điều 15.
BLANK = "\u00a0" * 9
SHORT_BLANK = "\u00a0" * 5
UNKNOWN = "……"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of official document: its title, its abbreviation, and whether it is addressed to someone."""

    code: str
    title: str
    abbreviation: str
    addressed: bool


@cache
def document_kinds() -> Mapping[str, DocumentKind]:
    """Return the kinds of official documents by code; the letter (công văn) has no title and no abbreviation.

    Source: Nghị định 30/2020, Phụ lục III, phần I; who is addressed: Phụ lục I, phần II, mục I.9
    """
    given = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return {code: DocumentKind(code, **values) for code, values in given.items()}


def number_line(kind: str, issuer: str, *, drafter: str = "", number: int | None = None) -> str:
    """Return "Số: 05/BC-SYT", or with room for văn thư to write the number; a letter has no abbreviation.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.3
    Args:   kind: a code of document_kinds; issuer, drafter: abbreviations of the body and its part
    """
    given = BLANK if number is None else f" {number:02d}"
    abbreviation = document_kinds()[kind].abbreviation
    signs = [abbreviation, issuer or UNKNOWN]
    if not abbreviation:
        signs = [issuer or UNKNOWN, drafter or UNKNOWN]
    return f"Số:{given}/{'-'.join(signs)}"


def place_and_day(place: str, day: date | None, *, year: int) -> str:
    """Return "Bắc Ninh, ngày 05 tháng 01 năm 2026", or with room where the day is not given yet.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.4
    """
    where = place or UNKNOWN
    if day is not None:
        return f"{where}, {said_vi.signed_day(day.isoformat())}"
    return f"{where}, ngày{SHORT_BLANK}tháng{SHORT_BLANK}năm {year}"


def signer_lines(
    position: str, *, own: str = "", mode: str = "", collective: str = ""
) -> tuple[str, ...]:
    """Return the lines above a signature: who signs for whom.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.7; Điều 13
    Args:   position: of the head ("Giám đốc"); own: the signer's own where another signs;
            mode: "", "KT", "TL", "TUQ" or "Q"; collective: the body that decides together ("Ủy ban nhân dân")
    """
    head = f"{mode}. {position}" if mode else position
    lines = [f"TM. {collective}"] if collective else []
    lines.append(head)
    if own and mode in ("KT", "TL", "TUQ"):
        lines.append(own)
    return tuple(line.upper() for line in lines)


def archive_line(drafter: str = "", copies: int = 0, *, also: str = "") -> str:
    """Return the last line of "Nơi nhận": "- Lưu: VT, <part that drafted>, <number of copies>."."""
    parts = ["VT", *([also] if also else []), drafter or UNKNOWN]
    if copies:
        parts.append(f"{copies:02d}")
    return f"- Lưu: {', '.join(parts)}."


def annex_labels(count: int) -> tuple[str, ...]:
    """Return the labels of annexes: "Phụ lục" where it is the only one, else with Roman numbers.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục III
    """
    if count == 1:
        return ("Phụ lục",)
    return tuple(f"Phụ lục {roman(number)}" for number in range(1, count + 1))


def annex_reference(kind: str, number: str, day: str, issuer: str) -> str:
    """Return the line under an annex's title: "(Kèm theo Báo cáo số … ngày … của …)".

    Args: number: as number_line gives it; day: as place_and_day gives it, with or without the place
    """
    title = document_kinds()[kind].title or "Công văn"
    said = number.removeprefix("Số:")
    return f"(Kèm theo {title} số{said} {day[day.index('ngày') :]} của {issuer})"


def roman(number: int) -> str:
    """Return a number from 1 to 39 in Roman digits."""
    text = ""
    for value, digits in _ROMAN:
        while number >= value:
            text, number = text + digits, number - value
    return text


def recipient_lines(recipients: Sequence[str], *, last: str) -> tuple[str, ...]:
    """Return the lines of "Nơi nhận": "- …;" for each, and the archive's line last."""
    return (*(f"- {name.rstrip(' ;.')};" for name in recipients), last)
