"""Figures of higher law that stand beside those of the bound texts: dated, with a mark of how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library
from khien.norms.located_yaml import Problem, read_located

_KEYS = ("law", "clause", "value", "unit", "from", "to", "of", "mark", "note")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of higher law: shown beside, never enforced as if a bound text said it."""

    id: str
    law: str
    clause: str
    value: int
    unit: str
    from_on: date
    to_on: date | None
    of: Text
    mark: str
    note: Text

    def holds_on(self, day: date) -> bool:
        """Say whether the figure is law on a day."""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@cache
def load_figures(folder: Path = LIBRARY) -> Mapping[str, Figure]:
    """Return the figures of a library, loaded once per process.

    Raises: BrokenLibrary: anything in the file is wrong
    """
    figures, problems = read_figures(folder)
    if problems:
        raise broken_library(problems)
    return figures


def read_figures(folder: Path) -> tuple[dict[str, Figure], list[Problem]]:
    """Read figures.yaml, and list everything that is wrong; a library without the file has none."""
    path = folder / "figures.yaml"
    if not path.exists():
        return {}, []
    source = read_located(path)
    if isinstance(source, Problem):
        return {}, [source]
    problems: list[Problem] = []
    top = FieldReader(source, (), problems)
    return {code: _figure(code, top.child(code)) for code in top.data}, problems


def _figure(code: str, reader: FieldReader) -> Figure:
    reader.allow_only(_KEYS)
    value, begins = reader.integer("value"), reader.day("from", required=True)
    if value is None and "value" not in reader.data:
        reader.note("thiếu", "is missing", at="value")
    return Figure(
        id=code,
        law=reader.text("law"),
        clause=reader.text("clause"),
        value=value or 0,
        unit=reader.text("unit"),
        from_on=begins or date.max,
        to_on=reader.day("to"),
        of=reader.bilingual("of"),
        mark=reader.choice("mark", ("A", "B", "C")),
        note=reader.bilingual("note"),
    )
