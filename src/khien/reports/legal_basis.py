"""How a document cites the regulations it answers: kind, number, day, who issued it."""

from __future__ import annotations

import re

from khien.norms.model import Document
from khien.reports.cleaning import plain
from khien.reports.said_vi import signed_day

_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_ATTACHED = ("quy chế", "quy định")


def cited(document: Document) -> str:
    """Return a regulation as an official document cites it; what the source leaves blank is left out.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.6 (căn cứ ban hành: tên loại, số, ngày, cơ quan)
    """
    if document.number is None and document.issued_on is None:
        return document.title.vi
    title = _IN_BRACKETS.sub("", document.title.vi)
    number = f" số {document.number}" if document.number else ""
    day = f" {signed_day(document.issued_on.isoformat())}" if document.issued_on else ""
    issued = f"{number}{day} của {document.issuer.vi}"
    if document.kind in _ATTACHED and document.number:
        return plain(f"{title} (kèm theo Quyết định{issued})")
    if document.kind in _ATTACHED:
        return plain(f"{title} ({document.issuer.vi} ban hành{day})")
    kind = document.kind[:1].upper() + document.kind[1:]
    rest = title.removeprefix(kind).strip().removeprefix("về ")
    return plain(f"{kind}{issued} về {rest}")
