"""The registry of fact tables: columns, oldest age that still counts, and whether empty is an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library
from khien.norms.located_yaml import Located, Problem, read_located

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "moment": "TIMESTAMP",
    "date": "DATE",
    "texts": "VARCHAR[]",
}
_KEYS = (
    "table",
    "title",
    "grain",
    "age_max_hours",
    "may_be_empty",
    "personal_data",
    "applies",
    "columns",
)


@dataclass(frozen=True, slots=True)
class FactColumn:
    """One column of a fact table; NULL always means "not read"."""

    name: str
    type: str
    title: Text
    unit: str | None


@dataclass(frozen=True, slots=True)
class FactTable:
    """A kind of thing read from machines (bảng số liệu): one YAML file in library/facts."""

    name: str
    title: Text
    grain: Text
    age_max_hours: int
    may_be_empty: bool
    personal_data: bool
    os_families: tuple[str, ...]
    columns: Mapping[str, FactColumn]
    is_register: bool = False

    def sql_columns(self) -> str:
        """Return the column list of a CREATE TABLE, without the keys every fact row has."""
        return ", ".join(f'"{c.name}" {SQL_TYPES[c.type]}' for c in self.columns.values())


@cache
def fact_tables(folder: Path = LIBRARY) -> Mapping[str, FactTable]:
    """Return the fact tables of a library folder, by name.

    Raises: BrokenLibrary: a declaration is wrong; the error lists all that are, with their lines
    """
    tables, problems = read_fact_tables(folder)
    if problems:
        raise broken_library(problems)
    return tables


def read_fact_tables(folder: Path) -> tuple[dict[str, FactTable], list[Problem]]:
    """Read all declarations and list everything wrong with them."""
    tables: dict[str, FactTable] = {}
    problems: list[Problem] = []
    for path in sorted((folder / "facts").glob("*.yaml")):
        source = read_located(path)
        if isinstance(source, Problem):
            problems.append(source)
            continue
        before = len(problems)
        table = _read_table(source, problems)
        if len(problems) == before:
            tables[table.name] = table
    return tables, problems


def _read_table(source: Located, problems: list[Problem]) -> FactTable:
    reader = FieldReader(source, (), problems)
    reader.allow_only(_KEYS)
    name = reader.text("table")
    if name != source.path.stem:
        reader.note("phải trùng tên tệp", "must equal the file's name", at="table")
    columns = reader.child("columns") if "columns" in reader.data else None
    applies = reader.child("applies") if "applies" in reader.data else None
    return FactTable(
        name=name,
        title=reader.bilingual("title"),
        grain=reader.bilingual("grain"),
        age_max_hours=reader.integer("age_max_hours") or 168,
        may_be_empty=reader.data.get("may_be_empty") is True,
        personal_data=reader.data.get("personal_data") is True,
        os_families=applies.words("os") if applies else (),
        columns={c: _read_column(c, columns.child(c)) for c in columns.data} if columns else {},
    )


def _read_column(name: str, reader: FieldReader) -> FactColumn:
    reader.allow_only(("type", "unit", "vi", "en"))
    return FactColumn(
        name=name,
        type=reader.choice("type", tuple(SQL_TYPES)),
        title=reader.bilingual(),
        unit=reader.text("unit", required=False) or None,
    )
