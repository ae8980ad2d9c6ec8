"""The single corrections of a text's structure; each is refused before anything is changed, or made whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from khien.norms.text.edit_errors import (
    EditRefused,
    EditUnknown,
    FirstCannotJoin,
    HasNoNumber,
    KindUnfit,
    MoveImpossible,
    NothingChanges,
    NumberNeeded,
    NumberTaken,
    NumberUnfit,
    SharedWords,
    SplitOutside,
    UnitNotHere,
)
from khien.norms.text.markers import Marker, marker_of
from khien.norms.text.model import Kind, Span
from khien.norms.text.ranks import COUNTED, EXAMPLE, HEADINGS, KINDS, NAMES, is_fit, may_hold
from khien.norms.text.sequence import VIETNAMESE
from khien.norms.text.workpiece import Item, Workpiece

_TITLE_MAX: Final = 250
_WORD = re.compile(r"\S+")
# The kinds a printed marker may open.
_OPENS: Final[Mapping[str, tuple[str, ...]]] = {
    "phan": ("phan",),
    "chuong": ("chuong",),
    "muc": ("muc", "roman", "capital", "number", "decimal"),
    "tieu_muc": ("tieu_muc",),
    "dieu": ("dieu",),
    "khoan": ("number", "decimal"),
    "diem": ("letter", "decimal"),
    "gach": ("bullet", "bracket"),
}


def split(piece: Workpiece, index: int, arguments: Mapping[str, Any]) -> None:
    """Let the words of a unit from an offset on be a unit of their own, beside it or under it."""
    item = piece.items[index]
    if item.twin is not None:
        raise SharedWords(unit=_said(item))
    at, text = arguments.get("at"), item.text
    if not isinstance(at, int) or isinstance(at, bool):
        raise EditUnknown(what="split")
    if not 0 < at < len(text) or not text[:at].strip() or not text[at:].strip():
        raise SplitOutside(unit=_said(item), at=at, length=len(text))
    kind = _kind(arguments.get("kind") or item.kind, item)
    first, second, own, rest = _cut(item, at)
    fresh = Item(kind, "", item.part, None)
    fresh.pieces, fresh.own = second, rest
    fresh.anchor = (rest[0].line, rest[0].column)
    fresh.marker = ""
    piece.items.insert(index + 1, fresh)
    try:
        prefer = item.parent if kind == item.kind else None
        fresh.parent = piece.fit(index + 1, kind, prefer=prefer)
        _take_number(piece, fresh, str(arguments.get("number") or ""))
    except EditRefused:
        piece.items.remove(fresh)
        raise
    item.pieces, item.own = first, own
    item.heading = item.heading and len(item.text) <= _TITLE_MAX
    fresh.heading = _is_heading(fresh)
    piece.name(fresh)
    piece.refit(index + 1)


def join(piece: Workpiece, index: int, arguments: Mapping[str, Any]) -> None:
    """Let a unit go on in the one before it; its printed marker becomes words again."""
    del arguments
    item = piece.items[index]
    before = piece.items[index - 1] if index else None
    if before is None or before.part != item.part:
        raise FirstCannotJoin(unit=_said(item))
    words = _with_marker(piece, item)
    piece.marker(before)
    before.pieces = [*before.pieces, *words]
    before.own = [*before.own, *item.own]
    before.twin = None
    before.heading = before.heading and len(before.text) <= _TITLE_MAX
    del piece.items[index]
    above = set(before.chain())
    moved = {before}
    for place in range(index, len(piece.items)):
        other = piece.items[place]
        if other.part != item.part:
            return
        if other.parent is item:
            other.parent = piece.fit(place, other.kind, prefer=before)
        elif other.parent not in moved and (other.parent is None or other.parent in above):
            return
        moved.add(other)


def renumber(piece: Workpiece, index: int, arguments: Mapping[str, Any]) -> None:
    """Give a unit another number than the one printed."""
    item = piece.items[index]
    number = str(arguments.get("number") or "").strip()
    if item.kind in COUNTED:
        raise HasNoNumber(unit=_said(item), **_named(item.kind))
    _must_fit(item.kind, number)
    if number == item.number:
        raise NothingChanges(unit=_said(item))
    _must_be_free(piece, item, number)
    before, item.number = item.number, number
    if item.segment.endswith(before):
        item.segment = item.segment[: len(item.segment) - len(before)] + number
    else:
        piece.name(item)


def rekind(piece: Workpiece, index: int, arguments: Mapping[str, Any]) -> None:
    """Make a unit one of another kind; what stands under and after it finds its place in the tree."""
    item = piece.items[index]
    kind = _kind(arguments.get("kind"), item)
    if item.twin is not None:
        raise SharedWords(unit=_said(item))
    if kind == item.kind:
        raise NothingChanges(unit=_said(item))
    before = (item.kind, item.number, item.parent, list(item.pieces), piece.marker(item))
    if kind == "doan":
        item.pieces, item.marker = _with_marker(piece, item), ""
    item.kind = kind
    prefer = item.parent if kind in COUNTED else None
    item.parent = piece.fit(index, kind, prefer=prefer)
    try:
        given = str(arguments.get("number") or "")
        kept = before[1] if is_fit(kind, before[1]) and before[0] not in COUNTED else ""
        _take_number(piece, item, given, kept=kept)
    except EditRefused:
        item.kind, item.number, item.parent, item.pieces, item.marker = before
        raise
    item.heading = _is_heading(item)
    piece.name(item)
    piece.refit(index)


def move(piece: Workpiece, index: int, arguments: Mapping[str, Any]) -> None:
    """Put a unit, with all under it, under another that stands before it."""
    item = piece.items[index]
    under = _target(piece, str(arguments.get("under") or ""))
    before = piece.items[index - 1] if index else None
    chain = list(before.chain()) if before is not None and before.part == item.part else []
    if under is item.parent:
        raise NothingChanges(unit=_said(item))
    reachable = under is None or (under in chain and may_hold(under.kind, item.kind))
    if not reachable:
        raise MoveImpossible(unit=_said(item), under=_said(under) if under else "–")
    item.parent = under
    if item.is_absolute and under is not None and item.kind not in ("phan", "chuong", "dieu"):
        item.is_absolute = False
    piece.refit(index)


def retitle(piece: Workpiece, index: int, arguments: Mapping[str, Any]) -> None:
    """Say whether the words of a heading are its title, or a provision of their own."""
    item, wanted = piece.items[index], arguments.get("title")
    if not isinstance(wanted, bool):
        raise EditUnknown(what="title")
    if item.kind not in HEADINGS or not item.text:
        raise KindUnfit(unit=_said(item), kind_vi="đơn vị có tiêu đề", kind_en="unit with a title")
    if item.heading == wanted:
        raise NothingChanges(unit=_said(item))
    item.heading = wanted


# -- words and raw characters -----------------------------------------------------------------


def _cut(
    item: Item, at: int
) -> tuple[list[tuple[int, str]], list[tuple[int, str]], list[Span], list[Span]]:
    """Return the words before and from an offset, and the raw characters of each."""
    start = 0
    for place, (_, words) in enumerate(item.pieces):
        end = start + len(words)
        if at <= start:
            cut = _span_of(item, place)
            return item.pieces[:place], item.pieces[place:], item.own[:cut], item.own[cut:]
        if at < end and words[at - start :].strip():
            return _cut_inside(item, place, at - start)
        start = end + 1
    raise SplitOutside(unit=_said(item), at=at, length=len(item.text))


def _cut_inside(
    item: Item, place: int, at: int
) -> tuple[list[tuple[int, str]], list[tuple[int, str]], list[Span], list[Span]]:
    line, words = item.pieces[place]
    head, tail = words[:at].rstrip(), words[at:].lstrip()
    cut = _span_of(item, place)
    span = item.own[cut]
    column = _column(span.raw, words, at)
    left = Span(line, span.column, span.raw[:column])
    right = Span(line, span.column + column, span.raw[column:])
    return (
        [*item.pieces[:place], (line, head)],
        [(line, tail), *item.pieces[place + 1 :]],
        [*item.own[:cut], left],
        [right, *item.own[cut + 1 :]],
    )


def _span_of(item: Item, place: int) -> int:
    """Return which of a unit's raw pieces holds one of its clean pieces: the same of those on its line."""
    line = item.pieces[place][0]
    nth = sum(other == line for other, _ in item.pieces[:place])
    spans = [n for n, span in enumerate(item.own) if span.line == line]
    return spans[min(nth, len(spans) - 1)]


def _column(raw: str, words: str, at: int) -> int:
    """Return the column of a raw line where the clean words from an offset begin; words count from its end."""
    seen = [match for match in _WORD.finditer(raw) if any(_is_seen(c) for c in match.group())]
    left = len(words[at:].split())
    inside = at < len(words) and not words[at].isspace() and not words[at - 1].isspace()
    if left > len(seen):
        column = len(raw) * at // len(words)
    elif inside:
        word = seen[-left]
        column = word.start() + min(len(words[:at].split()[-1]), len(word.group()) - 1)
    else:
        column = seen[-left].start()
    return min(max(column, 1), len(raw) - 1)


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cf", "Cc")


def _with_marker(piece: Workpiece, item: Item) -> list[tuple[int, str]]:
    """Return a unit's words with its printed marker before them."""
    marker = piece.marker(item)
    if not marker:
        return list(item.pieces)
    if item.pieces and item.pieces[0][0] == item.anchor[0]:
        line, words = item.pieces[0]
        return [(line, f"{marker} {words}"), *item.pieces[1:]]
    return [(item.anchor[0], marker), *item.pieces]


# -- kinds and numbers ------------------------------------------------------------------------


def _kind(given: object, item: Item) -> Kind:
    kind = next((one for one in KINDS if one == given), None)
    if kind is None:
        raise KindUnfit(unit=_said(item), kind_vi=str(given)[:20], kind_en=str(given)[:20])
    return kind


def _is_heading(item: Item) -> bool:
    return item.kind in HEADINGS and 0 < len(item.text) <= _TITLE_MAX


def _take_number(piece: Workpiece, item: Item, given: str, *, kept: str = "") -> None:
    """Number a unit: as a person said, else as it is printed before its words, else as comes next."""
    given = given.strip()
    if item.kind in COUNTED:
        item.number = ""
        printed = _printed(item) if item.kind == "gach" else None
    else:
        printed = _printed(item)
        number = given or (printed.number if printed else "") or kept
        number = number or _next_number(piece, item)
        _must_fit(item.kind, number)
        _must_be_free(piece, item, number)
        item.number = number
    if printed is not None and (item.kind in COUNTED or printed.number == item.number):
        line, words = item.pieces[0]
        item.marker = words[: len(words) - len(printed.rest)].strip()
        rest = [(line, printed.rest)] if printed.rest else []
        item.pieces = [*rest, *item.pieces[1:]]


def _printed(item: Item) -> Marker | None:
    """Return the marker printed at the start of a unit's words, if it is one of its kind."""
    first = item.pieces[0][1] if item.pieces else ""
    marker = marker_of(first) if first else None
    if marker is None or marker.kind not in _OPENS.get(item.kind, ()):
        return None
    goes_on = marker.rest or len(item.pieces) > 1
    return marker if goes_on and first.endswith(marker.rest) else None


def _next_number(piece: Workpiece, item: Item) -> str:
    """Return the number that comes next at a unit's place."""
    siblings = piece.siblings(item)
    taken = {one.number for one in siblings}
    before = [one.number for one in siblings if one.anchor < item.anchor]
    last = before[-1] if before else ""
    if item.kind in ("dieu", "khoan", "buoc"):
        bare = last.rstrip("abcdđeghiklmnopqrstuvxy")
        return _after_number(bare, taken) if bare.isdecimal() or not bare else _needed(item)
    if item.kind == "diem" and "." not in last:
        place = VIETNAMESE.find(last[:1]) if last else -1
        following = VIETNAMESE[place + 1 : place + 2]
        if following and following not in taken:
            return following
        return next((f"{last[:1]}{n}" for n in range(1, 10) if f"{last[:1]}{n}" not in taken), "")
    return _needed(item)


def _after_number(bare: str, taken: set[str]) -> str:
    following = str(int(bare or "0") + 1)
    if following not in taken:
        return following
    return next((bare + letter for letter in VIETNAMESE if bare + letter not in taken), "")


def _needed(item: Item) -> str:
    raise NumberNeeded(example=EXAMPLE.get(item.kind, "1"), **_named(item.kind))


def _must_fit(kind: str, number: str) -> None:
    if not is_fit(kind, number):
        raise NumberUnfit(number=number[:30], example=EXAMPLE.get(kind, "1"), **_named(kind))


def _must_be_free(piece: Workpiece, item: Item, number: str) -> None:
    other = next((one for one in piece.siblings(item) if one.number == number), None)
    if other is not None:
        raise NumberTaken(number=number, other=_said(other), line=other.anchor[0])


def _target(piece: Workpiece, place: str) -> Item | None:
    if not place:
        return None
    line, _, column = place.partition(".")
    known = line.isdecimal() and column.isdecimal() and len(place) < 30
    index = piece.index_at((int(line), int(column))) if known else None
    if index is None:
        raise UnitNotHere(place=place[:30])
    return piece.items[index]


def _said(item: Item) -> str:
    name = NAMES[item.kind].vi
    words = item.text[:30] + ("…" if len(item.text) > 30 else "")
    number = "" if item.kind in COUNTED else f" {item.number}"
    return f"{name}{number}: {words}"


def _named(kind: str) -> dict[str, object]:
    return {"kind_vi": NAMES[kind].vi, "kind_en": NAMES[kind].en}
