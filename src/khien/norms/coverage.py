"""How much of the library is decided, and how: measured, recorded, stated, not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from khien.kernel.language import Text
from khien.norms.model import Decided, Document, Library

DECIDED: tuple[Decided, ...] = ("measured", "recorded", "stated", "not_yet")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of duties and controls by document, each row: total, then one per way of deciding."""

    duties: Mapping[str, tuple[int, ...]]
    controls: Mapping[str, tuple[int, ...]]
    not_binding: Mapping[str, int]

    heads: ClassVar[tuple[Text, ...]] = (
        Text("tổng", "total"),
        Text("đo được", "measured"),
        Text("ghi sổ", "recorded"),
        Text("khai báo", "stated"),
        Text("chưa có", "not yet"),
    )

    @property
    def sections(self) -> tuple[tuple[Text, Mapping[str, tuple[int, ...]]], ...]:
        """Return the two tables with their titles."""
        return (
            (Text("Nghĩa vụ", "Duties"), self.duties),
            (Text("Biện pháp", "Controls"), self.controls),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for JSON."""
        names = ("total", *DECIDED)
        return {
            "duties": {d: dict(zip(names, row, strict=True)) for d, row in self.duties.items()},
            "controls": {d: dict(zip(names, row, strict=True)) for d, row in self.controls.items()},
            "definitions_and_scope": dict(self.not_binding),
        }


def coverage_of(library: Library) -> Coverage:
    """Count duties and controls of each document, and of all, by how they are decided today."""
    duties = {d.id: _duty_row(library, [d]) for d in library.documents.values()}
    controls = {d.id: _control_row(library, [d]) for d in library.documents.values()}
    documents = list(library.documents.values())
    duties["all"] = _duty_row(library, documents)
    controls["all"] = _control_row(library, documents)
    info = {d.id: sum(duty.modality == "info" for _, duty in d.duties()) for d in documents}
    return Coverage(duties, controls, info)


def _duty_row(library: Library, documents: Iterable[Document]) -> tuple[int, ...]:
    ways = [library.controls[duty.control].decided for d in documents for _, duty in d.duties()]
    return (len(ways), *(ways.count(way) for way in DECIDED))


def _control_row(library: Library, documents: Iterable[Document]) -> tuple[int, ...]:
    ids = {duty.control for d in documents for _, duty in d.duties()}
    ways = [library.controls[control].decided for control in ids]
    return (len(ways), *(ways.count(way) for way in DECIDED))
