"""The forms that correct one unit of a text: where it may be split, what it may become, where it may go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from khien.adoption.models import StructureEdit
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.norms.text.markers import marker_of
from khien.norms.text.model import Node, ParsedDocument
from khien.norms.text.ranks import COUNTED, HEADINGS, NAMES, may_hold
from khien.norms.text.workpiece import anchor_of
from khien.web.pages.text_structure import label_of

PLACES_MAX = 12
_END = re.compile(r"[.;:!?”)] +(?=\S)")
_AFTER_MARKER = re.compile(r"(?:^|\s)(?:\d{1,3}|[a-zđ])[.)] $")
_SHOWN = 60
# What a unit most often becomes stands first.
_KINDS_OFFERED = (
    "khoan", "diem", "gach", "doan", "buoc", "dieu", "muc", "tieu_muc", "chuong", "phan",
)  # fmt: skip


class SplitWordsUnclear(KhienError):
    """Words to split at that stand nowhere in the unit, or more than once."""

    code = "KHIEN-WEB-041"
    http_status = 422
    sentence = Text(
        vi="Không thấy «{words}» đúng một lần trong đơn vị này (thấy {count} lần). Chép thêm vài chữ nữa.",
        en="“{words}” does not stand exactly once in this unit (found {count} times). Copy a few more words.",
    )


class NothingChosen(KhienError):
    """A correction sent without saying what."""

    code = "KHIEN-WEB-042"
    http_status = 422
    sentence = Text(
        vi="Chưa chọn chỗ tách hoặc chưa điền đủ. Chọn rồi gửi lại.",
        en="No place to split was chosen, or a field is empty. Choose and send it again.",
    )


@dataclass(frozen=True, slots=True)
class SplitPlace:
    """A place where a unit's words may be cut: what stands before and after."""

    at: int
    before: str
    after: str
    is_likely: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """One unit in hand, with what may be done to it."""

    node: Node
    anchor: str
    label: str
    places: Sequence[SplitPlace]
    likely: int | None
    before: str
    kinds: Sequence[tuple[str, Text]]
    above: Sequence[tuple[str, str]]
    is_numbered: bool
    is_heading: bool


def correction_of(document: ParsedDocument, anchor: str) -> Correction | None:
    """Return what may be done to the unit that starts somewhere; None where none does."""
    nodes = document.nodes
    at = next((n for n, node in enumerate(nodes) if anchor_of(node) == anchor), None)
    if at is None:
        return None
    node = nodes[at]
    previous = nodes[at - 1] if at and nodes[at - 1].part == node.part else None
    places = split_places(node)
    return Correction(
        node=node,
        anchor=anchor,
        label=label_of(node),
        places=places,
        likely=likely_place(places),
        before=_last_words(previous) if previous is not None else "",
        kinds=[(kind, NAMES[kind]) for kind in _KINDS_OFFERED if kind != node.kind],
        above=_above(document, node, previous),
        is_numbered=node.kind not in COUNTED,
        is_heading=node.kind in HEADINGS and bool(node.text),
    )


def split_places(node: Node) -> list[SplitPlace]:
    """Return where a unit's words may be cut: at sentences and lines; likely ones start with a marker."""
    text = node.text
    offsets = {match.end() for match in _END.finditer(text)}
    offsets |= {offset for offset, _ in node.line_of_offset if offset}
    places = [
        SplitPlace(at, _tail(text[:at]), _start(text[at:]), marker_of(text[at:]) is not None)
        for at in sorted(offsets)
        if 0 < at < len(text) and not _AFTER_MARKER.search(text[max(0, at - 8) : at])
    ]
    likely = [one for one in places if one.is_likely]
    others = [one for one in places if not one.is_likely][: PLACES_MAX - len(likely[:PLACES_MAX])]
    return sorted([*likely[:PLACES_MAX], *others], key=lambda one: one.at)


def likely_place(places: Sequence[SplitPlace]) -> int | None:
    """Return where the second part most likely begins: where the only printed marker stands."""
    likely = [one.at for one in places if one.is_likely]
    return likely[0] if len(likely) == 1 else None


def _tail(text: str) -> str:
    text = text.rstrip()
    return ("…" if len(text) > _SHOWN else "") + text[-_SHOWN:]


def _start(text: str) -> str:
    return text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")


def _last_words(node: Node) -> str:
    return f"{label_of(node)}: {_tail(node.text)}"


def _above(document: ParsedDocument, node: Node, previous: Node | None) -> list[tuple[str, str]]:
    """Return the units under which one could stand instead: those open right before it."""
    found = []
    one = previous
    while one is not None:
        if one.path != node.parent and may_hold(one.kind, node.kind):
            found.append((anchor_of(one), f"{label_of(one)}: {_start(one.title or one.text)}"))
        one = document.node(one.parent) if one.parent else None
    return found


def arguments_of(kind: str, post: QueryDict, document: ParsedDocument) -> dict[str, Any]:
    """Return the arguments of a correction from its form.

    Raises: SplitWordsUnclear, NothingChosen
    """
    place = post.get("cho", "")
    number = post.get("so", "").strip()[:30]
    if kind == "split":
        asked: dict[str, Any] = {"node": place, "at": _offset(post, document, place)}
        return asked | _given(kind=post.get("loai", ""), number=number)
    if kind == "kind":
        return {"node": place, **_given(kind=post.get("loai", ""), number=number)}
    if kind == "renumber":
        return {"node": place, "number": number}
    if kind == "move":
        return {"node": place, "under": post.get("duoi", "")[:30]}
    if kind == "title":
        return {"node": place, "title": post.get("tieu_de") == "co"}
    return {"node": place}


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _offset(post: QueryDict, document: ParsedDocument, anchor: str) -> int:
    words = " ".join(post.get("chu", "").split())
    if words:
        node = next((one for one in document.nodes if anchor_of(one) == anchor), None)
        text = node.text if node is not None else ""
        count = text.count(words)
        if count != 1:
            raise SplitWordsUnclear(words=words[:60], count=count)
        return text.index(words)
    chosen = post.get("vi_tri", "")
    if not chosen.isdecimal() or len(chosen) > 9:
        raise NothingChosen()
    return int(chosen)


_EDIT_WORDS: Mapping[str, Text] = {
    "split": Text("Tách thành hai", "Split in two"),
    "join": Text("Ghép vào đơn vị trước", "Joined to the one before"),
    "renumber": Text("Đổi số thành {number}", "Number changed to {number}"),
    "kind": Text("Đổi loại thành {kind}", "Kind changed to {kind}"),
    "move": Text("Chuyển sang đơn vị trên khác", "Moved under another unit"),
    "title": Text("Đổi cách hiểu tiêu đề", "Title read otherwise"),
    "accept": Text("Chấp nhận như bản gốc", "Accepted as it stands"),
}


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """One correction in the list: what it was, where, and whether it found its place."""

    row: StructureEdit
    said: str
    line: str
    is_idle: bool


def shown_edits(rows: Sequence[StructureEdit], idle: Sequence[int]) -> list[ShownEdit]:
    """Return the corrections as people read them."""
    found = []
    for row in rows:
        sentence = _EDIT_WORDS.get(row.kind, Text(row.kind, row.kind))
        kind = NAMES.get(str(row.arguments.get("kind", "")), Text("", ""))
        values = {"number": row.arguments.get("number", ""), "kind": kind}
        place = str(row.arguments.get("node") or row.arguments.get("line") or "")
        found.append(
            ShownEdit(row, str(sentence.fill(values)), place.partition(".")[0], row.number in idle)
        )
    return found
