"""What document.yaml says of a text: its head as persons corrected it, with a word where it says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from khien.adoption.importing.head import head_from
from khien.adoption.models import ImportedText
from khien.adoption.structure import structure_of

_SHORT_WORDS = 6
_KIND = "văn bản"


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a text as its document.yaml has it; only days may be missing."""

    kind: str
    number: str
    title: str
    short: str
    issuer: str
    place: str
    issued_on: date | None
    in_force_from: date | None
    in_force_to: date | None = None
    replaces: tuple[str, ...] = ()


def head_of(text: ImportedText) -> Head:
    """Return the head of a text as it stands."""
    read = head_from(structure_of(text).metadata, text.head)
    kind, number = read.kind or _KIND, read.number
    title = titled(kind, _one_line(read.title)) or f"{kind} {number or text.code}"
    ends = text.head.get("in_force_to")
    return Head(
        kind=kind,
        number=number,
        title=title,
        short=number or _shortened(title),
        issuer=_one_line(read.issuer) or text.unit.name_vi,
        place=_one_line(read.place) or text.unit.place or text.unit.name_vi,
        issued_on=read.issued_on,
        in_force_from=read.in_force_from,
        in_force_to=date.fromisoformat(ends) if ends else None,
        replaces=read.replaces,
    )


def _one_line(words: str) -> str:
    return " ".join(words.split())


# What a decision that issues a regulation is called after: "Ban hành Quy chế …".
_ISSUES = re.compile(
    r"^(?:về việc )?ban hành(?: kèm theo)? (?=quy |kế hoạch|nội quy)", re.IGNORECASE
)


def _shortened(title: str) -> str:
    words = title.split()
    return " ".join(words[:_SHORT_WORDS]) + (" …" if len(words) > _SHORT_WORDS else "")


def titled(kind: str, title: str) -> str:
    """Return a title with the kind of its text before it: "Quy chế bảo đảm an ninh mạng"."""
    title = _ISSUES.sub("", title)
    if not title or title.lower().startswith(kind.lower()):
        return title[:1].upper() + title[1:]
    rest = title if title[:2].isupper() else title[:1].lower() + title[1:]
    return f"{kind[:1].upper()}{kind[1:]} {rest}"
