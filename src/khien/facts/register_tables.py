"""Registers as tables for checks: one table `reg_<register>` each, derived from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from khien.facts.tables import FactColumn, FactTable, fact_tables
from khien.kernel.language import Text
from khien.registers.declarations import FILED, Register, load_registers

REGISTER_PREFIX = "reg_"
_TYPES: Mapping[str, str] = {
    "integer": "integer",
    "money": "integer",
    "percent": "integer",
    "boolean": "boolean",
    "date": "date",
    "moment": "moment",
    "choices": "texts",
}


_FILE_COLUMNS = {
    "has_file": FactColumn("has_file", "boolean", Text("Có tệp kèm theo", "Has a file"), None),
    "file_sha256": FactColumn(
        "file_sha256", "text", Text("Mã băm SHA-256 của tệp", "SHA-256 of the file"), None
    ),
}


def register_table(register: Register) -> FactTable:
    """Return the table of a register: its fields, besides row_id, unit_id, row_number and changed_at."""
    columns = {
        code: FactColumn(code, _TYPES.get(field.type, "text"), field.title, field.unit)
        for code, field in register.fields.items()
    }
    if register.code in FILED:
        columns |= _FILE_COLUMNS
    return FactTable(
        name=f"{REGISTER_PREFIX}{register.code}",
        title=register.title,
        grain=register.row,
        age_max_hours=0,
        may_be_empty=True,
        personal_data=register.has_personal_data,
        os_families=(),
        columns=columns,
        is_register=True,
    )


@cache
def check_tables() -> Mapping[str, FactTable]:
    """Return every table a check may read: fact tables, and one table per register.

    Raises: BrokenLibrary: a declaration is wrong
    """
    registers = (register_table(register) for register in load_registers().values())
    return {**fact_tables(), **{table.name: table for table in registers}}
