"""The structure of a text beside its original lines, one chapter to a page; every anomaly where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from khien.adoption.models import ImportedText
from khien.adoption.structure import structure_of
from khien.kernel.language import Text
from khien.norms.text.lines import split_lines
from khien.norms.text.model import Excluded, Node, ParsedDocument, Span
from khien.norms.text.ranks import COUNTED, HEADINGS, NAMES
from khien.norms.text.workpiece import anchor_of
from khien.web.pages.text_doubts import Doubt, doubts_of

ROWS_MAX = 90
DEPTH_MAX = 6
REASONS: Mapping[str, Text] = {
    "page-number": Text("số trang", "page number"),
    "running-line": Text("dòng lặp lại ở mỗi trang", "line repeated on every page"),
    "gazette": Text("dòng của Công báo", "line of the gazette"),
    "contents": Text("mục lục", "table of contents"),
    "web": Text("dòng của trang web", "line of a web page"),
    "signature-residue": Text("dấu vết chữ ký số", "remains of a digital signature"),
    "separator": Text("dòng kẻ", "rule"),
    "hostile": Text("dòng có dạng lệnh cho phần mềm", "line worded as an instruction to software"),
    "header": Text("quốc hiệu, cơ quan, số, ngày", "state header, issuer, number, day"),
    "title": Text("tên văn bản", "title"),
    "recital": Text("căn cứ", "legal basis"),
    "preamble": Text("lời dẫn", "preamble"),
    "enacting": Text("lời quyết định", "enacting words"),
    "addressee": Text("nơi gửi", "addressee"),
    "tail": Text("nơi nhận, chữ ký", "recipients and signature"),
    "annex": Text("phụ lục, biểu mẫu", "annex or form"),
}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One physical line, or the piece of it that belongs to a row."""

    number: int
    raw: str


@dataclass(slots=True)
class Row:
    """One unit of the structure with its own lines; or lines that belong to none, with the reason."""

    lines: tuple[SourceLine, ...]
    start: tuple[int, int]
    node: Node | None = None
    anchor: str = ""
    label: str = ""
    depth: int = 0
    reason: Text | None = None
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def open_count(self) -> int:
        """Return how many of its anomalies wait for a person."""
        return sum(doubt.is_open for doubt in self.doubts)


@dataclass(slots=True)
class Section:
    """One page of the structure: a chapter, or a group of articles."""

    number: int
    title: str
    rows: list[Row]

    @property
    def open_count(self) -> int:
        """Return how many anomalies of the page wait for a person."""
        return sum(row.open_count for row in self.rows)

    @property
    def first_open(self) -> str:
        """Return where the first waiting anomaly of the page stands; the page's first unit if none waits."""
        waiting = next((row.anchor for row in self.rows if row.open_count and row.anchor), "")
        return waiting or next((row.anchor for row in self.rows if row.anchor), "")


@dataclass(frozen=True, slots=True)
class StructurePage:
    """The page in hand among all pages of a text."""

    sections: Sequence[Section]
    shown: Section
    before: Section | None
    after: Section | None
    next_open: Section | None
    open_count: int
    routine_count: int


def structure_page(text: ImportedText, *, number: int | None, anchor: str) -> StructurePage:
    """Return one page of a text's structure: by its number, or the one that holds a unit, or that wants an eye."""
    sections = sections_of(text)
    shown = _shown(sections, number, anchor)
    at = shown.number - 1
    waiting = [one for one in sections[at + 1 :] + sections[:at] if one.open_count]
    doubts = [doubt for one in sections for row in one.rows for doubt in row.doubts]
    return StructurePage(
        sections=sections,
        shown=shown,
        before=sections[at - 1] if at else None,
        after=sections[at + 1] if at + 1 < len(sections) else None,
        next_open=waiting[0] if waiting else None,
        open_count=sum(doubt.is_open for doubt in doubts),
        routine_count=sum(doubt.is_routine for doubt in doubts),
    )


def _shown(sections: Sequence[Section], number: int | None, anchor: str) -> Section:
    for one in sections:
        if anchor and any(row.anchor == anchor for row in one.rows):
            return one
    if number is None:
        return next((one for one in sections if one.open_count), sections[0])
    return sections[min(max(number, 1), len(sections)) - 1]


def sections_of(text: ImportedText) -> list[Section]:
    """Return the whole text as pages."""
    document = structure_of(text)
    rows = sorted([*_units(document), *_left_out(document)], key=lambda row: row.start)
    _put_doubts(rows, doubts_of(text))
    sections: list[Section] = []
    for row in rows:
        if not sections or _turns(sections[-1], row):
            sections.append(Section(len(sections) + 1, "", []))
        sections[-1].rows.append(row)
        if not sections[-1].title and row.node is not None:
            sections[-1].title = _titled(row)
    return sections or [Section(1, "", [])]


def _turns(section: Section, row: Row) -> bool:
    """Say whether a page ends before a row: at a chapter, or where it has grown long."""
    node = row.node
    units = [one.node for one in section.rows if one.node is not None]
    if node is None:
        return len(section.rows) >= 2 * ROWS_MAX
    if not units:
        return False
    if all(unit.kind in ("phan", "chuong", "muc") for unit in units):
        return False
    if node.kind in ("phan", "chuong") or node.part != units[-1].part:
        return True
    long = len(section.rows) >= ROWS_MAX
    return (long and node.kind in HEADINGS) or len(section.rows) >= 2 * ROWS_MAX


def _titled(row: Row) -> str:
    node = row.node
    words = (node.title or node.text) if node is not None else ""
    short = words[:60] + ("…" if len(words) > 60 else "")
    return f"{row.label}. {short}" if short else row.label


def _units(document: ParsedDocument) -> Iterator[Row]:
    depths: dict[str | None, int] = {None: -1}
    for node in document.nodes:
        depth = depths[node.path] = depths.get(node.parent, -1) + 1
        lines = _lines(node.own)
        first = node.own[0] if node.own else Span(node.line_start, 0, "")
        yield Row(
            lines=lines,
            start=(first.line, first.column),
            node=node,
            anchor=anchor_of(node),
            label=label_of(node),
            depth=min(depth, DEPTH_MAX),
        )


def label_of(node: Node) -> str:
    """Return what people call a unit: "Khoản 2", "Điểm đ", "Đoạn"."""
    name = str(NAMES[node.kind])
    shown = name if node.kind in COUNTED else f"{name} {node.number}"
    return shown[:1].upper() + shown[1:]


def _lines(spans: Sequence[Span]) -> tuple[SourceLine, ...]:
    return tuple(
        SourceLine(span.line, span.raw.rstrip("\r\n")) for span in spans if span.raw.strip()
    )


def _left_out(document: ParsedDocument) -> Iterator[Row]:
    """Yield the lines that belong to no unit, those of one reason together as long as nothing is between."""
    starts = {span.line for node in document.nodes for span in node.own}
    held: list[Excluded] = []
    for one in document.excluded:
        if one.reason == "blank":
            continue
        goes_on = held and held[-1].reason == one.reason
        if goes_on and not any(line in starts for line in range(held[-1].span.line, one.span.line)):
            held.append(one)
            continue
        if held:
            yield _left_row(held)
        held = [one]
    if held:
        yield _left_row(held)


def _left_row(held: Sequence[Excluded]) -> Row:
    lines = [
        SourceLine(one.span.line + place, raw.rstrip("\r\n"))
        for one in held
        for place, raw in enumerate(split_lines(one.span.raw) or [""])
    ]
    reason = held[0].reason
    return Row(
        lines=tuple(lines),
        start=(held[0].span.line, held[0].span.column),
        reason=REASONS.get(reason, Text(reason, reason)),
    )


def _put_doubts(rows: Sequence[Row], doubts: Sequence[Doubt]) -> None:
    """Give each anomaly to the row that holds its line, else to the last row before it."""
    by_line: dict[int, Row] = {}
    for row in rows:
        for line in row.lines:
            by_line.setdefault(line.number, row)
    last = 0
    for doubt in doubts:
        while last + 1 < len(rows) and rows[last + 1].start[0] <= doubt.line:
            last += 1
        if rows:
            by_line.get(doubt.line, rows[last]).doubts.append(doubt)
