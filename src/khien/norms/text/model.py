"""What a parsed text consists of: nodes, parts, metadata, citations and anomalies; values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from khien.kernel.language import Text

Kind = Literal["phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "buoc", "gach", "doan"]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One repair or irregularity of a text, with the physical line where it stands.

    Args: line: 1-based physical line of the input; code: stable kebab-case; message: one sentence
    """

    line: int
    code: str
    message: Text


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one physical line exactly as it came, with its line end where it reaches it.

    Args: line: 1-based; column: 0-based offset in the line
    """

    line: int
    column: int
    raw: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """One piece of the input that belongs to no node, and why.

    Args: reason: blank, page-number, furniture, header, title, recital, addressee, tail, annex …
    """

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Node:
    """One structural unit of a text: chương, điều, khoản, điểm, đoạn …

    `text` is the unit's own sentence: NFC, soft wraps joined, marker and children left out; of a điều with
    a title it is the title. `line_start` and `line_end` span the unit with its children; `own` are its
    own physical lines.
    """

    path: str
    kind: Kind
    number: str
    title: str
    text: str
    line_start: int
    line_end: int
    parent: str | None
    part: int
    own: tuple[Span, ...]
    line_of_offset: tuple[tuple[int, int], ...] = ()

    @property
    def own_line_end(self) -> int:
        """Return the last physical line of the unit's own text, children left out."""
        return self.own[-1].line if self.own else self.line_start

    def line_at(self, offset: int) -> int:
        """Return the physical line where a character of `text` stands."""
        line = self.line_start
        for start, number in self.line_of_offset:
            if start > offset:
                break
            line = number
        return line


@dataclass(frozen=True, slots=True)
class Part:
    """One series of articles: the decision, or the regulation issued with it (phần văn bản)."""

    name: str
    prefix: str
    line_start: int
    line_end: int
    title: str = ""
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Recital:
    """One legal basis named before the articles (căn cứ)."""

    text: str
    line_start: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a text: the name, the office, and in whose name (TM., KT., TL. …)."""

    name: str | None
    position: str | None
    capacity: str | None
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """From when a text is in force, and which texts it replaces (hiệu lực).

    Args: basis: signature, date, days-after or unknown; valid_from: ISO date, when it can be computed
    """

    valid_from: str | None
    basis: str
    days: int | None
    replaces: tuple[str, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference to another text or to a clause of this one (viện dẫn).

    Args: internal: True when the clause is of this text; targets: paths of this text;
          articles: clause references such as "D9.k2.a" inside the cited text
    """

    text: str
    kind: str | None
    number: str | None
    year: int | None
    date: str | None
    articles: tuple[str, ...]
    line: int
    node: str | None
    internal: bool
    targets: tuple[str, ...] = ()
    dangling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuedWith:
    """The text that issues an attached regulation, as the regulation names it."""

    text: str
    kind: str | None
    number: str | None
    date: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head and tail of a text say about it."""

    kind: str | None
    number: str | None
    symbol: str | None
    issuer: str | None
    superior: str | None
    place: str | None
    date: str | None
    title: str | None
    validity: Validity | None
    signer: Signer | None
    recipients: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    recitals: tuple[Recital, ...] = ()
    issued_with: IssuedWith | None = None
    attached_kind: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A whole text read into its parts; every character of the input is in a node or in `excluded`."""

    metadata: Metadata
    parts: tuple[Part, ...]
    nodes: tuple[Node, ...]
    citations: tuple[Citation, ...]
    excluded: tuple[Excluded, ...]
    anomalies: tuple[Anomaly, ...]
    lines: int
    by_path: dict[str, Node] = field(default_factory=dict, compare=False, repr=False)
    annexes: frozenset[str] = frozenset()

    def node(self, path: str) -> Node | None:
        """Return the node of a path, or None."""
        return self.by_path.get(path)
