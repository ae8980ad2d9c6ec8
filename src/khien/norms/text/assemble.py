"""Walks over the lines of a text: head, body, tail and annexes of each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from khien.norms.text.anomalies import anomaly
from khien.norms.text.body import Body
from khien.norms.text.cursor import Cursor
from khien.norms.text.furniture import Furniture, running_lines
from khien.norms.text.head import Head
from khien.norms.text.lines import Line
from khien.norms.text.markers import Marker, marker_of
from khien.norms.text.model import Anomaly, Excluded, Span
from khien.norms.text.parts import Outlook, look
from khien.norms.text.phrases import (
    ADOPTED,
    ANNEX,
    CAPACITY,
    CAPACITY_ALONE,
    CONSOLIDATED,
    FOOTNOTE,
    ISSUED_WITH,
    KIND_LINE,
    NATION,
    POSITION_LINE,
    RECIPIENTS,
    is_caps,
)
from khien.norms.text.sequence import Context, opens_article, opens_chapter
from khien.norms.text.tree import Tree
from khien.norms.text.wrapping import Wrapping

_QUOTE_LINES_MAX = 400
_HEADER_REACH = 60
_FURNITURE_CODES = {
    "gazette": "gazette-furniture-removed",
    "contents": "contents-removed",
    "web": "web-furniture-removed",
    "running-line": "running-line-removed",
    "signature-residue": "signature-residue-excluded",
}
_OPENING = '“«"„'
_OUTLINE_START = frozenset({"roman", "capital", "phan", "chuong", "muc", "decimal"})


@dataclass(slots=True)
class Section:
    """One part while it is read: its head, its body and its tail."""

    name: str
    head: Head
    body: Body
    start: int
    first_line: int
    tail: list[Line] = field(default_factory=list)
    annexes: list[Line] = field(default_factory=list)
    last_line: int = 0


class Assembly:
    """The whole walk over one text; results are in `tree`, `sections`, `excluded` and `anomalies`."""

    def __init__(self, lines: Sequence[Line], anomalies: list[Anomaly]) -> None:
        self.anomalies = anomalies
        self.excluded: list[Excluded] = []
        self.tree = Tree()
        self.sections: list[Section] = []
        self.furniture = Furniture("\n".join(line.text for line in lines if line.text))
        self.content = self._content(lines)
        self.wrapping = Wrapping.measure(self.content)
        self.outlook: Outlook = look(self.content)
        self._zone = "head"
        self._ended = False
        self._quote_end = -1
        self._quote_block = -1
        self._residue = False

    def run(self) -> None:
        """Read every content line."""
        for index, line in enumerate(self.content):
            if index == 0 or index in self.outlook.starts:
                self._start_part(index, self.outlook.starts.get(index, ""))
            if self._zone == "head":
                self._head(index, line)
            elif self._zone == "body":
                self._body(index, line)
            else:
                self._after_body(index, line)
            self.sections[-1].last_line = line.number

    # -- what is not content ------------------------------------------------------------------

    def _content(self, lines: Sequence[Line]) -> list[Line]:
        """Take out blank lines and furniture; what is left are the lines of the text itself."""
        content: list[Line] = []
        pages: list[Line] = []
        blanks: list[Line] = []
        residue = False
        running = running_lines([line.text for line in lines])
        for line in lines:
            if not line.text:
                blanks.append(line)
                continue
            if blanks:
                self._exclude_blanks(blanks)
                blanks = []
            reason = self.furniture.reason(line.text)
            if line.text in running and marker_of(line.text) is None:
                reason = "running-line"
            if reason is None:
                self._flag(line)
                if pages:
                    self._pages(pages, content[-1] if content else None, line)
                    pages = []
                residue = False
                content.append(line)
                continue
            self._exclude(line, reason)
            if reason == "page-number":
                pages.append(line)
            else:
                self._note_furniture(line, reason, residue=residue)
                residue = reason == "signature-residue"
        self._exclude_blanks(blanks)
        self._pages(pages, None, None)
        return content

    def _exclude_blanks(self, blanks: list[Line]) -> None:
        """Keep a run of blank lines as one piece."""
        if blanks:
            raw = "".join(line.raw for line in blanks)
            span = Span(blanks[0].number, blanks[0].column, raw)
            self.excluded.append(Excluded(span, "blank"))

    def _note_furniture(self, line: Line, reason: str, *, residue: bool) -> None:
        if reason == "signature-residue" and residue:
            return
        code = _FURNITURE_CODES.get(reason)
        if code is not None:
            self.anomalies.append(anomaly(line.number, code))

    def _pages(self, pages: list[Line], before: Line | None, after: Line | None) -> None:
        inside = (
            before is not None
            and after is not None
            and after.text[0].islower()
            and before.text[-1] not in ".;:"
            and marker_of(after.text) is None
        )
        code = "page-number-inside-sentence" if inside else "page-number-removed"
        for page in pages:
            self.anomalies.append(anomaly(page.number, code, page.text))

    def _flag(self, line: Line) -> None:
        if self.furniture.is_hostile(line.text):
            self.anomalies.append(anomaly(line.number, "hostile-instruction"))
        placeholder = self.furniture.placeholder_in(line.text)
        if placeholder is not None:
            self.anomalies.append(anomaly(line.number, "placeholder", placeholder))

    def _exclude(self, line: Line, reason: str) -> None:
        self.excluded.append(Excluded(Span(line.number, line.column, line.raw), reason))

    # -- parts and heads ----------------------------------------------------------------------

    def _start_part(self, index: int, name: str) -> None:
        end = self.outlook.end_of_part(index, len(self.content))
        outline = not self.outlook.has_articles(index, end)
        cursor = Cursor(self.tree, len(self.sections), outline=outline)
        body = Body(cursor, self.content, self.wrapping, self.anomalies)
        head = Head(outline, starts_at=self._header_line(index))
        self.sections.append(Section(name, head, body, index, self.content[index].number))
        self._zone = "head"
        self._ended = False

    def _header_line(self, index: int) -> int:
        """Return the physical line of the state header near the start of a part, 0 when it has none.

        A title or numbered section above it says that the header is of a form, not of this text.
        """
        for place in range(index, min(index + _HEADER_REACH, len(self.content))):
            text = self.content[place].text
            if NATION.search(text):
                return self.content[place].number
            if KIND_LINE.match(text) or self.outlook.has_sections(place, place + 1):
                return 0
        return 0

    def _enter_body(self, index: int, line: Line) -> None:
        """Leave the head; paragraphs before the first numbered section count from p0."""
        cursor = self.sections[-1].body.cursor
        end = self.outlook.end_of_part(index, len(self.content))
        if cursor.outline and self.outlook.has_sections(index, end):
            cursor.roots["doan"] = -1
        self._zone = "body"
        self._body(index, line)

    def _head(self, index: int, line: Line) -> None:
        section = self.sections[-1]
        marker = marker_of(line.text)
        if marker is not None and self._starts_body(marker, index, line):
            self._enter_body(index, line)
            return
        if self.furniture.is_hostile(line.text) and section.head.state != "recital":
            self._exclude(line, "hostile")
            return
        following = self.content[index + 1].text if index + 1 < len(self.content) else ""
        reason = section.head.feed(line, self._ending(index), following)
        if reason is not None:
            self._exclude(line, reason)
            return
        self._enter_body(index, line)

    def _ending(self, index: int) -> str:
        """Return the sign that ends the paragraph which starts with a line of a head."""
        for line in self.content[index : index + 15]:
            if line.text[-1] in ".;:":
                return line.text[-1]
        return ""

    def _starts_body(self, marker: Marker, index: int, line: Line) -> bool:
        section = self.sections[-1]
        head = section.head
        previous = head.previous
        closed = not previous or previous[-1] in ".;:!?”)" or is_caps(previous) or line.heading
        context = Context(line, previous, closed, self.wrapping.fill(previous, line.text) < 0.9)
        if marker.kind == "dieu":
            return not head.outline and opens_article(marker, context, 0)
        if marker.kind in ("chuong", "phan", "muc"):
            return opens_chapter(marker, context) and (context.closed or context.broke)
        if not head.outline or marker.style in ("/", ",", "-", "–", ":"):
            return False
        if head.state == "addressee" and previous.endswith((":", ";", ",")):
            return False
        if marker.kind in _OUTLINE_START:
            return context.hard and bool(marker.rest) and marker.rest[0].isupper()
        if marker.kind == "number" and marker.value == 1:
            return context.hard and bool(marker.rest) and head.state != "subject"
        return False

    # -- body ---------------------------------------------------------------------------------

    def _body(self, index: int, line: Line) -> None:
        section = self.sections[-1]
        body = section.body
        if index <= self._quote_end:
            body.swallow(line)
            return
        if self._leaves_body(index, line, body):
            self._after_body(index, line)
            return
        if self._restarts(index, line, body):
            self._start_untitled(index, line)
            return
        if self._opens_quote(index, line, body):
            body.swallow(line)
            return
        if body.opens(index, ended=self._ended):
            self._ended = line.text.endswith("./.")
            return
        if self._ended:
            self._start_tail(line)
            self._after_body(index, line)
            return
        body.keep(index)
        self._ended = line.text.endswith("./.")

    def _leaves_body(self, index: int, line: Line, body: Body) -> bool:
        """Say whether recipients, a signature or an annex begin; moves to that zone."""
        text = line.text
        first = text[0]
        closed = not body.previous or body.previous[-1] in ".;:!?”)/" or line.heading
        if first in "NTKQPGCBHVLĐX[" or line.heading:
            if RECIPIENTS.match(text) and len(text) < 200 and (closed or text.endswith(":")):
                self._start_tail(line)
                return True
            if (closed or line.heading or body.cursor.last is None) and self._is_signature(text):
                self._start_tail(line)
                return True
            if ADOPTED.match(text) or CONSOLIDATED.match(text):
                self._start_tail(line)
                return True
            if closed and FOOTNOTE.match(text) and self._is_last_note(index, body):
                self._start_tail(line)
                return True
        if first in "PMBDp" and self._is_annex(line, closed=closed):
            self._start_annex(line)
            return True
        return False

    def _is_last_note(self, index: int, body: Body) -> bool:
        """Say whether a footnote stands after the last article, as in consolidated texts."""
        last = body.cursor.last_article
        return bool(last) and not self.outlook.comes_later(last + 1, index)

    def _is_signature(self, text: str) -> bool:
        if len(text) > 110 or not text[:3].strip(".").isupper():
            return False
        if CAPACITY_ALONE.match(text):
            return True
        return CAPACITY.match(text) is not None or POSITION_LINE.match(text) is not None

    def _is_annex(self, line: Line, *, closed: bool) -> bool:
        match = ANNEX.match(line.text)
        if match is None:
            return False
        word, number, rest = match.groups()
        if word in ("BIỂU", "Biểu", "MẪU", "Mẫu") and not number:
            return False
        caps = word.isupper()
        bare = not rest or (is_caps(rest) and len(rest) < 200)
        if self._zone in ("tail", "annex"):
            return bare or caps or rest[:1] in "(:"
        titled = word in ("Phụ lục", "PHỤ LỤC") and (line.heading or line.text == word)
        if not bare and (line.heading or self._ended):
            bare = (bool(number) or titled) and rest[-1:] not in ".;:,"
        return (
            bare
            and (closed or self._ended or caps or line.heading)
            and (caps or bool(number) or titled or self._ended)
        )

    def _start_tail(self, line: Line) -> None:
        self._zone = "tail"
        self.anomalies.append(anomaly(line.number, "tail-excluded"))

    def _start_annex(self, line: Line) -> None:
        self._zone = "annex"
        self.sections[-1].annexes.append(line)
        self.anomalies.append(anomaly(line.number, "annex-excluded"))

    def _opens_quote(self, index: int, line: Line, body: Body) -> bool:
        """Find the end of a quoted provision: its articles and clauses are not those of this text."""
        text = line.text
        if text[0] not in _OPENING or index <= self._quote_block:
            return False
        if not body.previous.endswith((":", "”", ";", ".")):
            return False
        end = self._closing(index, text[0])
        if end <= index:
            if end < 0:
                self._quote_block = index + _QUOTE_LINES_MAX
            return False
        self._quote_end = end
        self.anomalies.append(anomaly(line.number, "quoted-text-kept"))
        return True

    def _closing(self, index: int, opening: str) -> int:
        depth = 0
        limit = min(len(self.content), index + _QUOTE_LINES_MAX)
        for place in range(index, limit):
            text = self.content[place].text
            if place in self.outlook.starts:
                return -1
            if opening == '"':
                depth = (depth + text.count('"')) % 2
            else:
                depth += text.count("“") + text.count("«") + text.count("„")
                depth -= text.count("”") + text.count("»")
            if depth <= 0:
                return place
        return -1

    def _restarts(self, index: int, line: Line, body: Body) -> bool:
        """Say whether a second series of articles begins without a title of its own."""
        if line.text[0] not in "ĐDCP" or not body.cursor.last_article:
            return False
        marker = marker_of(line.text)
        if marker is None or marker.value != 1 or marker.kind not in ("dieu", "chuong", "phan"):
            return False
        closed = not body.previous or body.previous[-1] in ".;:)/”" or self._zone != "body"
        if not closed and not line.heading:
            return False
        if marker.kind == "dieu":
            return bool(marker.style) or not marker.rest
        ahead = [place for place in range(index, index + 15) if place in self.outlook.articles]
        return bool(ahead) and self.outlook.articles[ahead[0]] == 1

    def _start_untitled(self, index: int, line: Line) -> None:
        self._start_part(index, "")
        self.sections[-1].body.cursor.outline = False
        self.sections[-1].head.outline = False
        self._head(index, line)

    # -- tail and annexes ---------------------------------------------------------------------

    def _after_body(self, index: int, line: Line) -> None:
        section = self.sections[-1]
        if self._is_annex(line, closed=True):
            if not section.annexes or section.annexes[-1] is not line:
                self._start_annex(line)
        elif self._zone == "tail" and line.text[0] == "(" and ISSUED_WITH.match(line.text):
            self._start_annex(line)
        elif self._resumes(index, line, section):
            self.anomalies.append(anomaly(line.number, "tail-resumed", line.text[:40]))
            self._zone = "body"
            self._ended = False
            section.body.previous = ""
            self._body(index, line)
            return
        elif self._zone == "tail" and self._restarts(index, line, section.body):
            self._start_untitled(index, line)
            return
        if self._zone == "tail":
            section.tail.append(line)
        self._exclude(line, self._zone)

    def _resumes(self, index: int, line: Line, section: Section) -> bool:
        """Say whether the series of articles goes on after what looked like its end."""
        cursor = section.body.cursor
        if line.text[0] not in "ĐD-*" or cursor.outline or not cursor.last_article:
            return False
        number = self.outlook.articles.get(index)
        return number == cursor.last_article + 1 and not section.annexes
