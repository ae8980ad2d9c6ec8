"""How much of the library is decided, and how: measured, recorded, stated, never binding, not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from khien.kernel.language import Text
from khien.norms.model import Control, Document, Library
from khien.norms.rulebook import is_binding

DECIDED = ("measured", "recorded", "stated", "never_binds", "not_yet")
# Why a control never binds a unit, by what its duties are.
NEVER_BINDS: Mapping[str, Text] = {
    "definition": Text(
        "chỉ là phạm vi, định nghĩa, hiệu lực", "scope, definitions and validity only"
    ),
    "authority": Text("việc của cơ quan quản lý", "duties of the authority"),
    "supplier": Text("việc của nhà cung cấp", "duties of the supplier"),
}


@dataclass(frozen=True, slots=True)
class Open:
    """One control that is not decided: what it waits for, or why it never binds a unit."""

    control: Control
    why: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of duties and controls by regulation, each row: total, then one per way of deciding.

    law: how many duties each text of the law and the standards above adds.
    """

    duties: Mapping[str, tuple[int, ...]]
    controls: Mapping[str, tuple[int, ...]]
    not_binding: Mapping[str, int]
    waiting: tuple[Open, ...]
    never_binding: tuple[Open, ...]
    law: Mapping[str, int]

    heads: ClassVar[tuple[Text, ...]] = (
        Text("tổng", "total"),
        Text("đo được", "measured"),
        Text("ghi sổ", "recorded"),
        Text("khai báo", "stated"),
        Text("không buộc", "never binds"),
        Text("chưa có", "not yet"),
    )

    @property
    def sections(self) -> tuple[tuple[Text, Mapping[str, tuple[int, ...]]], ...]:
        """Return the two tables with their titles."""
        return (
            (Text("Nghĩa vụ", "Duties"), self.duties),
            (Text("Biện pháp", "Controls"), self.controls),
        )

    @property
    def lists(self) -> tuple[tuple[Text, tuple[Open, ...]], ...]:
        """Return what is not decided, with the title of each list."""
        return (
            (Text("Chưa kết luận được, đang chờ", "Not decided yet, waiting for"), self.waiting),
            (Text("Không bao giờ ràng buộc đơn vị", "Never binds a unit"), self.never_binding),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for JSON."""
        names = ("total", *DECIDED)
        return {
            "duties": {d: dict(zip(names, row, strict=True)) for d, row in self.duties.items()},
            "controls": {d: dict(zip(names, row, strict=True)) for d, row in self.controls.items()},
            "definitions_and_scope": dict(self.not_binding),
            "waiting": {one.control.id: list(one.control.waits_for) for one in self.waiting},
            "never_binds": {one.control.id: [t.en for t in one.why] for one in self.never_binding},
            "law": dict(self.law),
        }


def never_binds(control: str, documents: Iterable[Document]) -> str | None:
    """Say why a control never binds a unit: definition, authority or supplier; None if some text binds with it."""
    duties = [duty for d in documents for _, duty in d.duties() if duty.control == control]
    if any(is_binding(duty) for duty in duties):
        return None
    sides = [duty.side for duty in duties if duty.side != "unit"]
    return sides[0] if sides else "definition"


def coverage_of(library: Library) -> Coverage:
    """Count duties and controls of each regulation, and of all, by how they are decided today."""
    documents = list(library.regulations.values())
    above = [d for d in library.documents.values() if d.id not in library.regulations]
    demanded = {duty.control for d in documents for _, duty in d.duties()}
    held = {code: one for code, one in library.controls.items() if code in demanded}
    never = {c: why for c in held if (why := never_binds(c, documents)) is not None}
    ways = {c.id: _way(c, never) for c in held.values()}
    groups = {**{d.id: [d] for d in documents}, "all": documents}
    waiting = [c for c in held.values() if ways[c.id] == "not_yet"]
    return Coverage(
        duties={name: _duty_row(ways, group) for name, group in groups.items()},
        controls={name: _control_row(ways, group) for name, group in groups.items()},
        not_binding={
            d.id: sum(duty.modality == "info" for _, duty in d.duties()) for d in documents
        },
        waiting=tuple(Open(c, c.waits) for c in waiting),
        never_binding=tuple(
            Open(library.controls[c], (NEVER_BINDS[why],)) for c, why in never.items()
        ),
        law={d.id: sum(1 for _ in d.duties()) for d in above},
    )


def _way(control: Control, never: Mapping[str, str]) -> str:
    if control.check is None and control.id in never:
        return "never_binds"
    return control.decided


def _duty_row(ways: Mapping[str, str], documents: Iterable[Document]) -> tuple[int, ...]:
    found = [ways[duty.control] for d in documents for _, duty in d.duties()]
    return (len(found), *(found.count(way) for way in DECIDED))


def _control_row(ways: Mapping[str, str], documents: Iterable[Document]) -> tuple[int, ...]:
    ids = {duty.control for d in documents for _, duty in d.duties()}
    found = [ways[control] for control in ids]
    return (len(found), *(found.count(way) for way in DECIDED))
