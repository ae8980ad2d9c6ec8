"""Whether a candidate marker really opens a unit here: its place in the sequence and the line before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from khien.norms.text.cursor import Cursor
from khien.norms.text.lines import Line
from khien.norms.text.markers import Marker
from khien.norms.text.phrases import (
    ARTICLE_REFERENCE,
    CITED_AFTER,
    CONNECTIVE,
    NUMBER_FOLLOWS,
    REFERENCE,
    ends_in,
    is_caps,
)

VIETNAMESE = "abcdđeghiklmnopqrstuvxy"
LATIN = "abcdefghijklmnopqrstuvwxyz"
# Letters OCR takes for each other, sure only between their neighbours: (before, printed, after) -> meant.
CONFUSED = {("b", "e", "d"): "c", ("c", "đ", "đ"): "d", ("d", "d", "e"): "đ"}
# What OCR makes of a letter before ")": the letters each digit may stand for.
MISREAD = {"8": "gb", "6": "bgđ", "9": "gq", "0": "od", "1": "li", "5": "s"}
_JUMP_MAX = 15


@dataclass(slots=True)
class Context:
    """What stands around a line that may open a unit.

    Args: closed: the line before ends a sentence or is a heading; broke: it is short of the margin,
          so that a paragraph may have ended there; far: it is surely not full
    """

    line: Line
    previous: str
    closed: bool
    broke: bool
    index: int = 0
    far: bool = False

    @property
    def hard(self) -> bool:
        """Say whether a new unit may start after the line before."""
        return self.closed or self.broke or self.line.heading

    @property
    def asks_for_more(self) -> bool:
        """Say whether the line before ends in a word that needs a number or name after it."""
        if self.line.heading:
            return False
        if ends_in(REFERENCE, self.previous):
            return True
        return not self.broke and ends_in(NUMBER_FOLLOWS, self.previous)

    @property
    def names_article(self) -> bool:
        """Say whether the line before ends in a word after which an article is only named."""
        return not self.line.heading and ends_in(ARTICLE_REFERENCE, self.previous)


def opens_article(marker: Marker, context: Context, last: int) -> bool:
    """Say whether "Điều N" opens an article here."""
    rest = marker.rest
    in_order = marker.value == last + 1 or (marker.value == last and marker.number[-1].isalpha())
    if context.names_article and not (in_order and _is_titled(marker, context)):
        return False
    if marker.style in (",", ";"):
        return in_order and context.closed and rest[:1].isupper() and not CITED_AFTER.match(rest)
    strict = bool(marker.style) or not rest or context.line.heading
    if not strict:
        return (
            in_order
            and context.hard
            and rest[:1].isupper()
            and (CITED_AFTER.match(rest) is None or context.closed)
            and (rest[-1] not in ".;," or context.closed or last == 0)
        )
    if rest[:1].islower():
        return in_order and context.closed
    return in_order or context.hard


def _is_titled(marker: Marker, context: Context) -> bool:
    """Say whether an article with a title stands after a line that is surely not full."""
    titled = marker.style in (".", ":") and marker.rest[:1].isupper()
    return titled and context.far and not CITED_AFTER.match(marker.rest)


def opens_chapter(marker: Marker, context: Context) -> bool:
    """Say whether "Chương N" or "Phần N" opens one here."""
    rest = marker.rest
    if context.names_article or not marker.value:
        return False
    caps = not rest or is_caps(rest)
    if not caps and CITED_AFTER.match(rest):
        return False
    if not (marker.style or caps or context.line.heading) and rest[-1] in ".;,":
        return False
    if rest[:1].islower() or len(rest) > 250:
        return False
    return context.hard or caps


def opens_section(marker: Marker, context: Context) -> bool:
    """Say whether "Mục N" opens one here."""
    return opens_chapter(marker, context) and (
        not marker.rest or not marker.rest.startswith(("này", "Chương"))
    )


def reads_number(marker: Marker, context: Context, cursor: Cursor) -> str:
    """Return what a number opens: khoan, diem (misread letter), nested, or "" for plain text."""
    if marker.style == ")":
        return _bracketed(marker, context, cursor)
    expected = cursor.last_clause + 1
    in_order = marker.value == expected
    if marker.number[-1].isalpha() and marker.value == cursor.last_clause:
        return "khoan" if context.hard and not context.asks_for_more else ""
    if marker.style != "." or marker.note:
        fits = in_order and context.hard and (context.closed or marker.value == 1)
        return "khoan" if fits and not context.asks_for_more else ""
    if context.asks_for_more or marker.value == 0:
        return ""
    nests = not in_order or _under_heading(context, cursor)
    if cursor.nested and marker.value == cursor.nested + 1 and nests:
        return "nested" if context.hard else ""
    if in_order:
        return "khoan" if context.hard or not marker.rest[:1].islower() else ""
    return _out_of_order(marker, context, cursor)


def _out_of_order(marker: Marker, context: Context, cursor: Cursor) -> str:
    if not context.hard:
        return ""
    if marker.value == 1 and _may_nest(context, cursor):
        return "nested"
    if marker.value > cursor.last_clause + 1 + _JUMP_MAX:
        return ""
    if not context.closed and cursor.last is not None and cursor.last is not cursor.dieu:
        return ""
    return "khoan"


def _under_heading(context: Context, cursor: Cursor) -> bool:
    """Say whether a number in plain type stands under a number that Markdown marks as a heading."""
    return cursor.khoan is not None and cursor.khoan.heading and not context.line.heading


def _may_nest(context: Context, cursor: Cursor) -> bool:
    if cursor.diem is not None or cursor.gach or _under_heading(context, cursor):
        return True
    last = cursor.last
    return cursor.khoan is not None and last is not None and last.ending().endswith(":")


def _bracketed(marker: Marker, context: Context, cursor: Cursor) -> str:
    if not context.hard or context.asks_for_more:
        return ""
    in_order = marker.value == cursor.last_clause + 1
    following = next_letters(cursor.last_letter)
    misread = MISREAD.get(marker.number, "")
    if cursor.diem is not None and cursor.last_letter and any(x in misread for x in following):
        return "diem"
    if cursor.nested and marker.value == cursor.nested + 1:
        return "nested"
    if in_order and (cursor.clause_style in ("", ")") or cursor.diem is None or marker.value > 1):
        return "khoan"
    return "nested" if marker.value == 1 else ""


@cache
def next_letters(last: str) -> frozenset[str]:
    """Return the letters that may follow a point: in the Vietnamese or the Latin order."""
    if not last:
        return frozenset("a")
    letter = last[0]
    found = set()
    for order in (VIETNAMESE, LATIN):
        place = order.find(letter)
        if 0 <= place < len(order) - 1:
            found.add(order[place + 1])
    return frozenset(found)


def opens_point(marker: Marker, context: Context, cursor: Cursor) -> bool:
    """Say whether a letter opens a điểm here."""
    if context.asks_for_more:
        return False
    rest = marker.rest
    in_order = marker.number in next_letters(cursor.last_letter) or (
        len(marker.number) == 2 and marker.number[0] == cursor.last_letter[:1]
    )
    if in_order:
        return context.hard or rest[:1].isupper()
    if not context.hard or ends_in(CONNECTIVE, context.previous):
        return False
    if marker.style == ")":
        return True
    return context.closed and rest[:1].isupper() and bool(cursor.last_letter)


def is_lower_roman(marker: Marker, cursor: Cursor) -> bool:
    """Say whether a letter is a Roman number of a deeper list: "i.", "ii)", "v)"."""
    number = marker.number
    if number.strip("ivx"):
        return False
    if len(number) > 1:
        return True
    if any(bullet.sign == "(i)" for bullet in cursor.gach):
        return True
    return number == "i" and cursor.last_letter not in ("h", "g")


def opens_bullet(marker: Marker, context: Context, cursor: Cursor) -> bool:
    """Say whether a dash opens a gạch here, or joins two halves of a name."""
    if context.closed or context.line.heading:
        return True
    if not context.broke:
        return False
    rest = marker.rest
    if context.far and context.line.text[1:2] == " " and rest[:1].isupper():
        return True
    if cursor.gach or not rest[:1].islower():
        return not ends_in(CONNECTIVE, context.previous)
    return False


def opens_step(marker: Marker, context: Context, cursor: Cursor) -> bool:
    """Say whether "Bước N:" opens a step here."""
    if context.asks_for_more:
        return False
    return context.hard or (marker.value == cursor.last_step + 1 and marker.style == ":")
