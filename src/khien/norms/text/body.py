"""The body of a part: each line opens a unit, starts a paragraph, or continues the sentence before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from khien.norms.text.anomalies import anomaly
from khien.norms.text.cursor import Cursor, step_in
from khien.norms.text.lines import Line
from khien.norms.text.markers import Marker, marker_of, roman
from khien.norms.text.model import Anomaly, Kind
from khien.norms.text.paragraphs import CLOSING, Paragraphs
from khien.norms.text.phrases import is_caps
from khien.norms.text.sequence import (
    CONFUSED,
    LATIN,
    MISREAD,
    VIETNAMESE,
    Context,
    is_lower_roman,
    next_letters,
    opens_article,
    opens_bullet,
    opens_chapter,
    opens_point,
    opens_section,
    opens_step,
    reads_number,
)
from khien.norms.text.tree import Draft
from khien.norms.text.wrapping import Wrapping

_LOOKALIKE = re.compile(
    r"(?:[-–—•+*] ?\S|\d{1,4}[./) ,:-]|[a-zđ][).] |(?:khoản|Khoản|điều|Điều|Chương|chương|Mục|mục) [\dIVX]"
    r"|[Đđ]iểm [a-zđ](?![\wà-ỹ])|Bước \d)\S*"
)
# So far apart at most may two Roman headings inside one điều be.
_INNER_REACH = 300
_CONFUSED_PAIRS = frozenset((before, printed) for before, printed, _ in CONFUSED)
_SECTION_KINDS: dict[str, Kind] = {
    "phan": "phan", "chuong": "chuong", "muc": "muc", "tieu_muc": "tieu_muc",
    "roman": "muc", "capital": "muc",
}  # fmt: skip


class Body:
    """Reads the body of one part into drafts of nodes."""

    def __init__(
        self,
        cursor: Cursor,
        lines: Sequence[Line],
        wrapping: Wrapping,
        anomalies: list[Anomaly],
    ) -> None:
        self.cursor = cursor
        self.lines = lines
        self.wrapping = wrapping
        self.anomalies = anomalies
        self.previous = ""
        self.joined = False
        self._paragraphs = Paragraphs(cursor, lines, wrapping)
        self._letter_style = ""
        self._noted_colon = False
        self._openers: dict[str, Callable[[Marker, Context], bool]] = {
            "dieu": self._article,
            "chuong": self._chapter,
            "phan": self._chapter,
            "muc": self._section,
            "tieu_muc": self._section,
            "roman": self._outline_section,
            "capital": self._outline_section,
            "number": self._number,
            "decimal": self._decimal,
            "letter": self._letter,
            "bracket": self._bracket,
            "bullet": self._bullet,
            "step": self._step,
        }

    # -- one line -----------------------------------------------------------------------------

    def opens(self, index: int, *, ended: bool = False) -> bool:
        """Open a unit with a line when its marker is real.

        Args: ended: the text before ended with "./.", so that only a marker in sequence goes on
        """
        line = self.lines[index]
        marker = None if line.row else marker_of(line.text)
        if marker is None:
            return False
        opener = self._openers[marker.kind]
        if ended and not self._in_sequence(marker):
            return False
        if not opener(marker, self._context(line, index)):
            return False
        self._mark(line, joined=False)
        return True

    def keep(self, index: int) -> None:
        """Give a line without marker to a new or the open paragraph."""
        line = self.lines[index]
        cursor = self.cursor
        last = cursor.last
        if last is None:
            cursor.open_paragraph(cursor.base(), line).add(line, line.text)
            self._mark(line, joined=False)
            return
        if self._paragraphs.joins(last, line, index, self.previous):
            self._note_lookalike(line)
            last.add(line, line.text)
            self._mark(line, joined=True)
            return
        cursor.open_paragraph(self._paragraphs.parent(last, index), line).add(line, line.text)
        self._mark(line, joined=False)

    def swallow(self, line: Line) -> None:
        """Add a quoted line to the open unit without looking at its marker."""
        cursor = self.cursor
        last = cursor.last or cursor.open_paragraph(cursor.base(), line)
        last.add(line, line.text)
        self._mark(line, joined=True)

    def _mark(self, line: Line, *, joined: bool) -> None:
        self.previous = line.text
        self.joined = joined

    def _context(self, line: Line, index: int) -> Context:
        previous = self.previous
        last = self.cursor.last
        if not previous or last is None:
            return Context(line, "", closed=True, broke=True, index=index)
        heading = last.heading and last.kind != "dieu" and bool(last.pieces)
        closed = previous[-1] in CLOSING or heading
        fill = self.wrapping.fill(previous, line.text)
        if " " not in previous and len(last.pieces) > 1:
            # The page may have broken "tài / khoản": the word before it belongs to the sense.
            previous = f"{last.pieces[-2][1]} {previous}"
        return Context(line, previous, closed, closed or fill < 0.9, index, far=fill < 0.6)

    def _in_sequence(self, marker: Marker) -> bool:
        cursor = self.cursor
        if marker.kind == "dieu":
            return marker.value in (cursor.last_article + 1, 1)
        if marker.kind == "number":
            return marker.value == cursor.last_clause + 1 and not marker.note
        if marker.kind == "letter":
            return marker.number in next_letters(cursor.last_letter) and bool(cursor.last_letter)
        if marker.kind == "roman":
            return cursor.outline and self._last_value("roman") + 1 == marker.value
        return marker.kind in ("chuong", "muc", "phan")

    def _note(self, line: Line, code: str, what: str) -> None:
        self.anomalies.append(anomaly(line.number, code, what))

    def _note_lookalike(self, line: Line) -> None:
        match = None if line.row else _LOOKALIKE.match(line.text)
        if match and line.text[0] != "(":
            self._note(line, "soft-wrap-lookalike", match.group().strip())

    # -- sections and articles ----------------------------------------------------------------

    def _article(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if cursor.outline or not opens_article(marker, context, cursor.last_article):
            return False
        last = cursor.last_article
        draft, free = cursor.open_article(marker, context.line)
        draft.style = marker.style
        draft.add(context.line, marker.rest)
        self._article_notes(marker, context.line, last, free=free)
        return True

    def _article_notes(self, marker: Marker, line: Line, last: int, *, free: bool) -> None:
        colon = marker.note.replace(" ", "") == f"Điều{marker.number}:"
        # A text that writes all its articles so is told once.
        if marker.note and not (colon and self._noted_colon):
            self._note(line, "heading-marker-unusual", marker.note)
            self._noted_colon = self._noted_colon or colon
        if not free:
            self._note(line, "article-repeated", marker.number)
        elif last and marker.value > last + 1:
            self._note(line, "article-missing", marker.number)
        elif marker.value < last:
            self._note(line, "article-out-of-order", marker.number)

    def _chapter(self, marker: Marker, context: Context) -> bool:
        if not opens_chapter(marker, context):
            return False
        self._open_section(marker, context)
        return True

    def _section(self, marker: Marker, context: Context) -> bool:
        if not opens_section(marker, context):
            return False
        self._open_section(marker, context)
        return True

    def _open_section(self, marker: Marker, context: Context) -> None:
        cursor = self.cursor
        line = context.line
        last = self._last_value(marker.kind)
        kind = _SECTION_KINDS[marker.kind]
        draft, free = cursor.open_section(kind, marker, line, cursor.rank_of(marker))
        draft.add(line, marker.rest)
        family = (id(draft.parent) if draft.parent is not None else None, marker.kind)
        if draft.parent is not None and family not in cursor.section_values and marker.value == 1:
            last = 0
        cursor.section_values[family] = marker.value
        cursor.section_values[(None, marker.kind)] = marker.value
        self._section_notes(marker, line, last, free=free)

    def _section_notes(self, marker: Marker, line: Line, last: int, *, free: bool) -> None:
        family = "chapter" if marker.kind in ("chuong", "phan") else "section"
        if marker.note:
            self._note(line, "ocr-marker-repaired", marker.note)
        if not free:
            self._note(line, f"{family}-repeated", marker.number)
        elif marker.value > last + 1:
            self._note(line, f"{family}-missing", marker.number)

    def _last_value(self, kind: str) -> int:
        return self.cursor.section_values.get((None, kind), 0)

    def _outline_section(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if not cursor.outline:
            return self._inner_section(marker, context) or self._roman_one(marker, context)
        capital = self._as_capital(marker)
        marker = capital or marker
        in_order = marker.value == self._last_value(marker.kind) + 1
        if marker.style in (":", "-", "–") and not (in_order and is_caps(marker.rest[:20] or "x")):
            return False
        if context.asks_for_more or not (context.hard and (in_order or context.closed)):
            return False
        if not marker.rest or marker.rest[0].islower():
            return False
        self._open_section(marker, context)
        return True

    def _as_capital(self, marker: Marker) -> Marker | None:
        """Read "C." after "B." as a letter and not as the Roman hundred."""
        number = marker.number
        if marker.kind != "roman" or len(number) != 1 or number not in "CDI":
            return None
        value = ord(number) - 64
        if self._last_value("capital") + 1 != value or value == 1:
            return None
        return Marker("capital", number, value, marker.style, marker.rest)

    def _inner_section(self, marker: Marker, context: Context) -> bool:
        """Open "I. …" inside a điều that is divided by Roman numbers."""
        cursor = self.cursor
        last = roman(cursor.inner.number) if cursor.inner is not None else 0
        if cursor.dieu is None or marker.kind != "roman" or marker.value != last + 1:
            return False
        if marker.style not in (".", "/", ")") or context.asks_for_more or not context.hard:
            return False
        if not marker.rest[:1].isupper() or (last == 0 and not self._second_roman(context.index)):
            return False
        draft, _ = cursor.open_inner(marker, context.line)
        draft.add(context.line, marker.rest)
        return True

    def _second_roman(self, index: int) -> bool:
        """Say whether "II." follows before the next điều."""
        for line in self.lines[index + 1 : index + 1 + _INNER_REACH]:
            marker = marker_of(line.text)
            if marker is not None and marker.kind == "roman" and marker.number == "II":
                return True
            if marker is not None and marker.kind == "dieu" and marker.style:
                return False
        return False

    def _roman_one(self, marker: Marker, context: Context) -> bool:
        """Read "I." before the second clause of an article as a misread "1."."""
        cursor = self.cursor
        if marker.number != "I" or cursor.dieu is None or cursor.last_clause or not context.hard:
            return False
        one = Marker("number", "1", 1, ".", marker.rest, note=f"I{marker.style}")
        return self._open_clause(one, context.line)

    # -- clauses, points, steps, bullets ------------------------------------------------------

    def _number(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if cursor.dieu is None and not cursor.outline:
            return False
        what = reads_number(marker, context, cursor)
        if what == "khoan":
            return self._open_clause(marker, context.line)
        if what == "diem":
            letter = next(
                x for x in MISREAD[marker.number] if x in next_letters(cursor.last_letter)
            )
            self._note(context.line, "ocr-marker-repaired", f"{marker.number})")
            read = Marker("letter", letter, 0, ")", marker.rest)
            return self._open_point(read, context.line)
        if what == "nested":
            return self._nested(marker, context.line)
        return False

    def _open_clause(self, marker: Marker, line: Line) -> bool:
        cursor = self.cursor
        last = cursor.last_clause
        draft, free = cursor.open_clause(marker, line)
        draft.heading = line.heading
        if marker.note or marker.style in (",", ":"):
            self._note(line, "ocr-marker-repaired", marker.note or marker.number + marker.style)
        if not free:
            self._note(line, "clause-repeated", marker.number)
        elif _jumps(marker.number, marker.value, last):
            self._note(line, "clause-jump", marker.number)
        self._take(draft, line, marker.rest)
        return True

    def _nested(self, marker: Marker, line: Line) -> bool:
        cursor = self.cursor
        draft = cursor.open_bullet("1", line, marker.number)
        cursor.nested = marker.value
        self._note(line, "nested-numbering", marker.number + marker.style)
        draft.add(line, marker.rest)
        return True

    def _decimal(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if not context.hard or context.asks_for_more or not marker.rest:
            return False
        if not cursor.outline:
            if self._numbers_article(marker):
                return self._open_clause(marker, context.line)
            above = marker.number.rsplit(".", 1)[0]
            if cursor.khoan is None or cursor.khoan.number not in (above, above.split(".")[0]):
                return False
            self._note(context.line, "heading-marker-unusual", marker.number)
        draft, free = cursor.open_decimal(marker, context.line)
        if not free:
            self._note(context.line, "node-repeated", marker.number)
        draft.heading = context.line.heading
        draft.add(context.line, marker.rest)
        return True

    def _numbers_article(self, marker: Marker) -> bool:
        """Say whether "3.1" is a clause of Điều 3, numbered with its article, or "1.1" its first."""
        cursor = self.cursor
        first, _, rest = marker.number.partition(".")
        if cursor.dieu is None or "." in rest:
            return False
        if cursor.khoan is None:
            return cursor.dieu.number == first or marker.number == "1.1"
        above, point, _ = cursor.khoan.number.partition(".")
        return bool(point) and int(first) - int(above) in (0, 1)

    def _letter(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if cursor.dieu is None and not cursor.outline:
            return False
        if marker.number == "l" and marker.style == "." and not cursor.last_clause and context.hard:
            one = Marker("number", "1", 1, ".", marker.rest, note="l.")
            return self._open_clause(one, context.line)
        if is_lower_roman(marker, cursor) and marker.number not in next_letters(cursor.last_letter):
            return self._bracket(marker, context)
        if not opens_point(marker, context, cursor):
            return False
        meant = self._meant_letter(marker, context)
        if meant is not None:
            self._note(context.line, "ocr-marker-repaired", marker.number + marker.style)
            marker.number = meant
        return self._open_point(marker, context.line)

    def _meant_letter(self, marker: Marker, context: Context) -> str | None:
        """Return the letter that OCR misread, when its neighbours leave no doubt."""
        last = self.cursor.last_letter
        if (last, marker.number) not in _CONFUSED_PAIRS:
            return None
        ahead = self._paragraphs.next_strong(context.index)
        after = ahead.number if ahead is not None and ahead.kind == "letter" else ""
        return CONFUSED.get((last, marker.number, after))

    def _open_point(self, marker: Marker, line: Line) -> bool:
        cursor = self.cursor
        last = cursor.last_letter
        style = cursor.letter_style or self._letter_style
        draft, free = cursor.open_point(marker, line)
        if not free:
            self._note(line, "point-repeated", marker.number)
        elif _is_jump(last, marker.number):
            self._note(line, "point-out-of-order", marker.number)
        elif marker.number[0] not in VIETNAMESE:
            self._note(line, "point-letter-unusual", marker.number)
        if style and marker.style != style:
            self._note(line, "point-marker-mixed", marker.number + marker.style)
        self._letter_style = marker.style
        self._take(draft, line, marker.rest)
        return True

    def _take(self, draft: Draft, line: Line, rest: str) -> None:
        """Give a unit its first line; a bước that starts there becomes its child with the same text."""
        number = step_in(rest)
        if number is None:
            draft.add(line, rest)
            return
        last = self.cursor.last_step
        place = _column_of(line.raw, rest)
        head = Line(line.number, line.column, line.raw[:place], "")
        tail = Line(line.number, line.column + place, line.raw[place:], rest)
        draft.add(head, "")
        step = self.cursor.open_step(number, draft, tail)
        if int(number) != last + 1:
            self._note(line, "step-out-of-order", number)
        step.add(tail, rest)
        draft.same_text = step

    def _bracket(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if not context.hard or context.asks_for_more or not marker.rest:
            return False
        if cursor.base() is None and cursor.last is None:
            return False
        if not context.closed and not cursor.gach and not self._starts_list(marker, context):
            return False
        draft = cursor.open_bullet(_list_sign(marker.number), context.line, marker.number)
        draft.add(context.line, marker.rest)
        return True

    def _starts_list(self, marker: Marker, context: Context) -> bool:
        """Say whether "(1)" or "(a)" begins a list right under a title."""
        return context.far and marker.number in ("1", "i", "a") and self.cursor.gach == []

    def _bullet(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if not opens_bullet(marker, context, cursor):
            return False
        if not context.broke and cursor.last is None:
            return False
        self._leave_list(context)
        draft = cursor.open_bullet(marker.style, context.line)
        self._take(draft, context.line, marker.rest)
        return True

    def _leave_list(self, context: Context) -> None:
        """Return to the khoản when a tail paragraph after its points opens a list of its own."""
        doan = self.cursor.doan
        if doan is not None and doan.parent is not None and doan.parent is not self.cursor.base():
            self.cursor.leave_points()

    def _step(self, marker: Marker, context: Context) -> bool:
        cursor = self.cursor
        if not opens_step(marker, context, cursor):
            return False
        parent = cursor.step_parent()
        if marker.value != cursor.last_step + 1:
            self._note(context.line, "step-out-of-order", marker.number)
        step = cursor.open_step(marker.number, parent, context.line)
        step.add(context.line, context.line.text)
        return True


def _jumps(number: str, value: int, last: int) -> bool:
    return value != last + 1 and not (number[-1].isalpha() and value == last)


def _list_sign(number: str) -> str:
    """Return the level of a bracketed list: (1), (i) and (a) may stand inside each other."""
    if number.isdecimal():
        return "(1)"
    return "(a)" if number.strip("ivx") else "(i)"


def _is_jump(last: str, letter: str) -> bool:
    if letter in next_letters(last):
        # Both orders are in use, but "c, đ" or "d, e" leave a letter of the Vietnamese order out.
        place = VIETNAMESE.find(last[:1]) if last else -1
        skipped = place >= 0 and VIETNAMESE[place + 1 : place + 2] != letter
        return skipped and letter in VIETNAMESE and letter in LATIN
    return not (len(letter) == 2 and letter[0] == last[:1])


def _column_of(raw: str, rest: str) -> int:
    """Return where the text after a marker starts in the raw line."""
    place = raw.find(rest[:4])
    if place < 0:
        place = raw.find("B")
    return max(place, 0)
