"""Where the reader stands in the structure: the open units, and how the next one is opened."""

from __future__ import annotations

import re

from khien.norms.text.lines import Line
from khien.norms.text.markers import Marker
from khien.norms.text.model import Kind
from khien.norms.text.tree import Draft, Tree, letter_of

_STEP = re.compile(r"(?:Bước|BƯỚC) (\d{1,2}) ?[:.\-–—)]")
_RANK = {"phan": 0, "chuong": 1, "muc": 2, "tieu_muc": 3, "dieu": 4}
_SECTION_RANK = {"capital": 2, "roman": 3}


class Cursor:
    """The open units of one part, innermost last, and the numbers last seen."""

    def __init__(self, tree: Tree, part: int, *, outline: bool) -> None:
        self.tree = tree
        self.part = part
        self.outline = outline
        self.roots: dict[str, int] = {}
        self.sections: list[tuple[int, Draft]] = []
        self.dieu: Draft | None = None
        self.inner: Draft | None = None
        self.khoan: Draft | None = None
        self.diem: Draft | None = None
        self.buoc: Draft | None = None
        self.gach: list[Draft] = []
        self.doan: Draft | None = None
        self.last: Draft | None = None
        self.last_article = 0
        self.last_clause = 0
        self.clause_style = ""
        self.last_letter = ""
        self.letter_style = ""
        self.last_step = 0
        self.nested = 0
        self.short_chapters: dict[str, Draft] = {}
        self.section_values: dict[tuple[int | None, str], int] = {}

    # -- sections above the article -----------------------------------------------------------

    def open_section(self, kind: Kind, marker: Marker, line: Line, rank: int) -> tuple[Draft, bool]:
        """Open a phần, chương, mục; return it and whether its path was free."""
        while self.sections and self.sections[-1][0] >= rank:
            self.sections.pop()
        parent = self.sections[-1][1] if self.sections else None
        draft = self.tree.open(kind, marker.number, parent, line, self.part)
        draft.style = marker.kind
        draft.heading = True
        free = self._name_section(draft, kind, marker, parent)
        self.sections.append((rank, draft))
        self._close(article=True)
        self.last = draft
        return draft, free

    def _name_section(self, draft: Draft, kind: Kind, marker: Marker, parent: Draft | None) -> bool:
        """Name a section; a chương keeps its short name unless an earlier phần has used it."""
        above = None if kind == "chuong" and parent and parent.kind == "phan" else parent
        local = self._section_path(kind, marker, above)
        if above is not parent and parent is not None and self.tree.is_used(draft.part, local):
            earlier = self.short_chapters.get(local)
            local = f"{parent.local}.{local}" if earlier is not parent else local
        elif above is not parent and parent is not None:
            self.short_chapters[local] = parent
        return self.tree.name(draft, local)

    def _section_path(self, kind: Kind, marker: Marker, parent: Draft | None) -> str:
        if marker.kind in ("roman", "capital"):
            name = marker.number
        else:
            name = {"phan": "P.", "chuong": "C.", "muc": "M", "tieu_muc": "T"}[kind] + marker.number
        return f"{parent.local}.{name}" if parent is not None else name

    def rank_of(self, marker: Marker) -> int:
        """Return how high a section marker stands: 0 phần … 3 tiểu mục or Roman heading."""
        return _SECTION_RANK.get(marker.kind) or _RANK[marker.kind]

    def section(self) -> Draft | None:
        """Return the innermost open section above the articles."""
        return self.sections[-1][1] if self.sections else None

    def unit(self) -> Draft | None:
        """Return the unit whose clauses are being read: a điều, a mục inside it, or a section."""
        return self.inner or self.dieu or self.section()

    # -- article, clause, point ---------------------------------------------------------------

    def open_article(self, marker: Marker, line: Line) -> tuple[Draft, bool]:
        """Open a điều; return it and whether its path was free."""
        draft = self.tree.open("dieu", marker.number, self.section(), line, self.part)
        free = self.tree.name(draft, f"D{marker.number}")
        self._close(article=True)
        self.dieu = self.last = draft
        self.last_article = marker.value
        return draft, free

    def open_inner(self, marker: Marker, line: Line) -> tuple[Draft, bool]:
        """Open a mục numbered I, II … inside a điều, as in decisions that approve a plan."""
        draft = self.tree.open("muc", marker.number, self.dieu, line, self.part)
        draft.style = marker.kind
        draft.heading = True
        above = f"{self.dieu.local}." if self.dieu is not None else ""
        free = self.tree.name(draft, above + marker.number)
        self._close(article=False)
        self.inner = self.last = draft
        return draft, free

    def open_clause(self, marker: Marker, line: Line) -> tuple[Draft, bool]:
        """Open a khoản, or in a text without articles the unit with that number."""
        parent = self.unit()
        draft = self.tree.open("khoan", marker.number, parent, line, self.part)
        name = marker.number if self.outline else f"k{marker.number}"
        free = self.tree.name(draft, f"{parent.local}.{name}" if parent is not None else name)
        self._close_clause()
        self.khoan = self.last = draft
        self.last_clause = marker.value
        self.clause_style = self.clause_style or marker.style
        return draft, free

    def open_point(self, marker: Marker, line: Line) -> tuple[Draft, bool]:
        """Open a điểm under the open khoản, điều or section."""
        parent = self.point_parent()
        draft = self.tree.open("diem", marker.number, parent, line, self.part)
        prefix = f"{parent.local}." if parent is not None else ""
        free = self.tree.name(draft, prefix + marker.number)
        self._close_point()
        self.diem = self.last = draft
        self.last_letter = marker.number
        self.letter_style = marker.style
        return draft, free

    def open_decimal(self, marker: Marker, line: Line) -> tuple[Draft, bool]:
        """Open a sub-clause numbered 1.1 or 1.1.2 under the unit it continues."""
        parent = self._decimal_parent(marker.number)
        draft = self.tree.open("diem", marker.number, parent, line, self.part)
        draft.style = "decimal"
        if self.outline:
            local = self._decimal_path(marker.number, parent)
        else:
            local = f"{parent.local}.{marker.number}" if parent is not None else marker.number
        free = self.tree.name(draft, local)
        self._close_point()
        self.diem = self.last = draft
        return draft, free

    def _decimal_path(self, number: str, parent: Draft | None) -> str:
        if parent is not None and number.rsplit(".", 1)[0] == parent.number:
            return f"{parent.local}.{number.rsplit('.', 1)[1]}"
        return f"{parent.local}.{number}" if parent is not None else number

    def _decimal_parent(self, number: str) -> Draft | None:
        above = number.rsplit(".", 1)[0]
        draft: Draft | None = self.diem if self.diem and self.diem.style == "decimal" else None
        while draft is not None and draft.style == "decimal":
            if draft.number == above:
                return draft
            draft = draft.parent
        return self.khoan or self.unit()

    def point_parent(self) -> Draft | None:
        """Return the unit the next điểm belongs to."""
        if self.diem is not None and self.diem.style == "decimal" and self.letter_style == "":
            return self.diem
        step = self._step_of_points()
        if step is not None:
            return step
        return self.khoan or self.unit()

    def _step_of_points(self) -> Draft | None:
        """Return the bước whose own points are being listed."""
        if self.buoc is not None:
            above = self.buoc.parent
            return None if above is not None and above.kind == "diem" else self.buoc
        above = self.diem.parent if self.diem is not None else None
        return above if above is not None and above.kind == "buoc" else None

    def step_parent(self) -> Draft | None:
        """Return the unit the next bước belongs to."""
        open_step = self.buoc or self._step_of_points()
        if open_step is not None and self.last_step:
            return open_step.parent
        if self.diem is not None and self.diem.ending()[-1:] == ":":
            return self.diem
        return self.khoan or self.unit()

    # -- step, bullet, paragraph --------------------------------------------------------------

    def open_step(self, number: str, parent: Draft | None, line: Line) -> Draft:
        """Open a bước."""
        draft = self.tree.open("buoc", number, parent, line, self.part)
        prefix = f"{parent.local}." if parent is not None else ""
        self.tree.name(draft, f"{prefix}b{number}")
        self.gach = []
        self.doan = None
        self.nested = 0
        self.buoc = self.last = draft
        self.last_step = int(number)
        if parent is None or parent.kind != "diem":
            self.diem = None
            self.last_letter = ""
        return draft

    def open_bullet(self, sign: str, line: Line, number: str = "") -> Draft:
        """Open a gạch; a sign not yet open nests, an open sign returns to its level."""
        signs = [bullet.sign for bullet in self.gach]
        if sign in signs:
            del self.gach[signs.index(sign) :]
        parent = self._bullet_parent()
        draft = self._counted("gach", parent, line, number)
        draft.sign = sign
        self.gach.append(draft)
        self.last = draft
        return draft

    def _bullet_parent(self) -> Draft | None:
        if self.gach:
            return self.gach[-1]
        base = self.base()
        doan = self.doan
        if doan is None or doan.parent is not base:
            return base
        return base if doan.ending()[-1:] in (".", ":", ";", ",") else doan

    def open_paragraph(self, parent: Draft | None, line: Line) -> Draft:
        """Open a đoạn without mark under `parent`."""
        draft = self._counted("doan", parent, line, "")
        self.doan = self.last = draft
        return draft

    def _counted(self, kind: Kind, parent: Draft | None, line: Line, number: str) -> Draft:
        count = self.tree.count(parent, kind, self.roots)
        draft = self.tree.open(kind, number or str(count), parent, line, self.part)
        prefix = f"{parent.local}." if parent is not None else ""
        self.tree.name(draft, f"{prefix}{letter_of(kind)}{count}")
        return draft

    def base(self) -> Draft | None:
        """Return the innermost open unit that is neither đoạn nor gạch."""
        return self.buoc or self.diem or self.khoan or self.unit()

    def leave_points(self) -> None:
        """Close bước, điểm and gạch: what follows belongs to the khoản again."""
        letter = self.last_letter
        self._close_point()
        self.diem = None
        self.last_letter = letter

    # -- closing ------------------------------------------------------------------------------

    def _close(self, *, article: bool) -> None:
        if article:
            self.dieu = None
        self.inner = None
        self.khoan = None
        self.last_clause = 0
        self.clause_style = ""
        self._close_clause()

    def _close_clause(self) -> None:
        self.diem = None
        self.last_letter = ""
        self.letter_style = ""
        self.last_step = 0
        self._close_point()

    def _close_point(self) -> None:
        self.buoc = None
        self.gach = []
        self.doan = None
        self.nested = 0


def step_in(text: str) -> str | None:
    """Return the number of the bước a text starts with, or None."""
    match = _STEP.match(text)
    return match[1] if match else None
