"""The tail of a text: who signed it in whose name, and who receives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from khien.kernel.vietnamese import nfc
from khien.norms.text.letters import vietnamese
from khien.norms.text.lines import Line
from khien.norms.text.model import Signer
from khien.norms.text.phrases import CAPACITY, CAPACITY_ALONE, POSITION_LINE, RECIPIENTS, is_caps

_BESIDE = vietnamese(r"(?:(?:TM|KT|TL|TUQ|Q)\. ?)(?:[A-ZĐÀ-Ỹ]{2,}[ ,.]*)+$")
_NAME = vietnamese(
    r"(?:(?:GS|PGS|TS|ThS|BS|CKI{1,2}|BSCK|Bs|Ths|Ts|KS|DS|Thượng tá|Đại tá|Thiếu tướng|Trung tá)\.? ?)*"
    r"((?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]+ ){1,4}[A-ZĐÀ-Ỹ][a-zđà-ỹ]+)$"
)
_BULLET = re.compile(r"[-–—•+*]\s*")
_WIDE_GAP = re.compile(r"[ \u00a0]{3,}|\t+")
_LIST_IN_CELL = vietnamese(r"[;.,] ?(?=[-–] ?[A-ZĐÀ-Ỹ])")
_ITEMS_MAX = 60


def signer_of(tails: Sequence[Sequence[Line]]) -> Signer | None:
    """Return who signed: the first tail that names someone, else the first that names an office."""
    found = [signer for tail in tails if (signer := _signer(tail)) is not None]
    named = [signer for signer in found if signer.name]
    return next(iter(named or found), None)


def _signer(tail: Sequence[Line]) -> Signer | None:
    capacity: str | None = None
    behalf: str | None = None
    positions: list[str] = []
    name: str | None = None
    for text in _columns(tail):
        match = CAPACITY.match(text) or _beside(text)
        if match:
            capacity = match[1] or match[3]
            behalf = (match[2] or match[4] or "").strip(" .,")
            positions, name = [], None
        elif POSITION_LINE.match(text):
            positions.append(text)
        elif office := _office_beside(text):
            positions.append(office)
        elif (capacity or positions) and (person := _NAME.match(text)) and name is None:
            name = person[1]
    if capacity is None and not positions and name is None:
        return None
    return Signer(name, " ".join(positions) or None, capacity, behalf or None)


def _columns(tail: Sequence[Line]) -> Iterator[str]:
    """Yield the lines of a tail, recipients and signature printed side by side taken apart."""
    begun = ""
    for line in tail:
        for piece in _cells(line):
            text = " ".join(f"{begun} {piece}".split()).strip(" *|")
            begun = f"{text} " if CAPACITY_ALONE.match(text) else ""
            if text and not begun:
                yield text


def _cells(line: Line) -> Iterator[str]:
    """Yield what stands side by side on a line: cells of a table, or columns apart by a wide gap."""
    pieces = _WIDE_GAP.split(nfc(line.raw).strip())
    for piece in pieces if len(pieces) > 1 and "|" not in line.text else line.text.split("|"):
        text = " ".join(piece.split()).strip(" *")
        if text:
            yield text


def _beside(text: str) -> re.Match[str] | None:
    """Find the signature printed beside the recipients on the same line."""
    match = _BESIDE.search(text)
    return CAPACITY.match(match.group()) if match and match.start() > 0 else None


def _office_beside(text: str) -> str | None:
    """Return the office printed beside a recipient on the same line: "- Như Điều 4;   CHỦ TỊCH"."""
    last = re.split(r"[;.] ", text)[-1].strip()
    return last if last != text and POSITION_LINE.match(last) else None


def recipients_of(tails: Sequence[Sequence[Line]]) -> tuple[str, ...]:
    """Return the items under "Nơi nhận"."""
    found: list[str] = []
    for tail in tails:
        reading = False
        for line in tail:
            text = next(_cells(line), "")
            if RECIPIENTS.match(text):
                reading = True
                text = RECIPIENTS.sub("", text, count=1).strip(" :|")
                if not text or is_caps(text[:12]):
                    continue
            if not reading or len(found) >= _ITEMS_MAX:
                continue
            items = [_item(piece) for piece in _LIST_IN_CELL.split(text.split("|", 1)[0].strip())]
            reading = items[0] is not None or not found
            found.extend(item for item in items if item is not None)
    return tuple(found)


def _item(text: str) -> str | None:
    match = _BULLET.match(text)
    if match is None:
        return None
    item = _BESIDE.sub("", text[match.end() :])
    office = _office_beside(item)
    item = item.removesuffix(office) if office else item
    return item.strip(" ;.,") or None
