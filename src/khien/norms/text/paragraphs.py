"""Lines without a marker: whether they continue a sentence, and whose paragraph they start."""

from __future__ import annotations

from collections.abc import Sequence

from khien.norms.text.cursor import Cursor
from khien.norms.text.lines import Line
from khien.norms.text.markers import Marker, marker_of
from khien.norms.text.phrases import (
    ARTICLE_REFERENCE,
    CONNECTIVE,
    OWN_NAME,
    PROPER_NOUN_FOLLOWS,
    ends_in,
    is_caps,
)
from khien.norms.text.sequence import next_letters
from khien.norms.text.tree import Draft
from khien.norms.text.wrapping import Wrapping

CLOSING = '.;:!?”")»'
_STRONG = frozenset({"dieu", "chuong", "muc", "phan", "tieu_muc", "number", "letter", "step"})


class Paragraphs:
    """Decides over the lines without a marker of one part."""

    def __init__(self, cursor: Cursor, lines: Sequence[Line], wrapping: Wrapping) -> None:
        self.cursor = cursor
        self.lines = lines
        self.wrapping = wrapping
        self._next_strong = (-1, -1)

    def joins(self, last: Draft, line: Line, index: int, previous: str) -> bool:
        """Say whether a line without marker continues the sentence before it.

        Args: previous: the clean text of the line before
        """
        if not last.pieces:
            return True
        row_before = self.lines[index - 1].row
        if line.row or row_before:
            return line.row and row_before
        if self.lines[index - 1].heading and not line.text[0].islower():
            return False
        if line.heading:
            return last.heading and not last.children and line.text[0].islower()
        if last.heading and last.kind in ("phan", "chuong", "muc", "tieu_muc"):
            return _title_goes_on(last, previous, line.text)
        return self._sentence_goes_on(last, line.text, index, previous)

    def _sentence_goes_on(self, last: Draft, text: str, index: int, previous: str) -> bool:
        if text[0].islower():
            # A list without marks in lower case: only where lines are surely whole items.
            listed = previous[-1] == ":" or (previous[-1] == ";" and not self.wrapping.is_wrapped())
            return not (listed and self._ended(previous, text, index))
        if ends_in(CONNECTIVE, previous):
            return True
        if OWN_NAME.match(text) and previous[-1] not in CLOSING:
            return True
        if text.startswith("Điều ") and ends_in(ARTICLE_REFERENCE, previous):
            return True
        if last.kind == "dieu" and self._completes_title(previous, text, index):
            return True
        if not text[0].isalpha() and previous[-1] not in CLOSING:
            # A sentence goes on with a number or bracket; a short title does not.
            return len(previous) > 30 or (text[0].isdecimal() and last.kind != "dieu")
        return not self._ended(previous, text, index)

    def _completes_title(self, previous: str, text: str, index: int) -> bool:
        """Say whether a short line gives the name that the title before it breaks off at."""
        if previous[-1] in CLOSING or not ends_in(PROPER_NOUN_FOLLOWS, previous):
            return False
        after = self.lines[index + 1].text if index + 1 < len(self.lines) else "."
        return len(text) < 80 and text[-1] not in ".;:," and not after[0].islower()

    def _ended(self, previous: str, text: str, index: int) -> bool:
        after = self.lines[index + 1].text if index + 1 < len(self.lines) else ""
        if after and marker_of(after) is not None:
            after = ""
        return self.wrapping.ended(previous, text, after)

    def parent(self, last: Draft, index: int) -> Draft | None:
        """Return the unit a new paragraph belongs to: the item before it, or the list's own unit."""
        if last.kind == "doan":
            return last.parent
        if last.kind == "gach":
            if last.ending().endswith(":"):
                return last
            outer: Draft | None = self.cursor.gach[0].parent
            self.cursor.gach = []
            if outer is None or outer.kind == "doan":
                return outer.parent if outer is not None else None
            last = outer
        if last.kind not in ("diem", "buoc") or last.style == "decimal" or self._keeps(last, index):
            return last
        item = last.parent if last.kind == "buoc" and last.parent is not None else last
        self.cursor.leave_points()
        return item.parent if item.kind == "diem" else item

    def _keeps(self, last: Draft, index: int) -> bool:
        """Say whether a paragraph after a điểm or bước is its own, and not the tail of the list."""
        ending = last.ending()[-1:]
        if ending == ":" and not last.children:
            return True
        if last.kind == "buoc" and ending not in (".", ";"):
            return True
        item = last.parent if last.kind == "buoc" and last.parent is not None else last
        if item.kind == "diem":
            return self._list_goes_on(item, index)
        return last.kind == "buoc" and self._list_goes_on(last, index)

    def next_strong(self, index: int) -> Marker | None:
        """Return the next marker ahead that is not a bullet."""
        ahead = self._strong_after(index)
        return marker_of(self.lines[ahead].text) if ahead >= 0 else None

    def _list_goes_on(self, item: Draft, index: int) -> bool:
        """Say whether the next marker ahead is the next item of the same list."""
        marker = self.next_strong(index)
        if marker is None:
            return False
        if item.kind == "buoc":
            return marker.kind == "step" and marker.value == self.cursor.last_step + 1
        return marker.kind == "letter" and marker.number in next_letters(self.cursor.last_letter)

    def _strong_after(self, index: int) -> int:
        start, found = self._next_strong
        if start <= index < found:
            return found
        for place in range(index + 1, len(self.lines)):
            marker = marker_of(self.lines[place].text)
            if marker is not None and marker.kind in _STRONG:
                self._next_strong = (index, place)
                return place
        self._next_strong = (index, len(self.lines) + 1)
        return -1


def _title_goes_on(last: Draft, previous: str, text: str) -> bool:
    """Say whether a line continues the title of a chapter: capitals after capitals, or a soft wrap."""
    if last.children:
        return False
    if is_caps(last.text()):
        return is_caps(text)
    return text[0].islower() or ends_in(CONNECTIVE, previous)
