"""A register is the same table to the checks' own cases and to the rows that are really there."""

from __future__ import annotations

import duckdb
import pytest

from khien.facts.engine import fact_columns
from khien.facts.register_tables import register_table
from khien.registers.declarations import Register, load_registers
from khien.registers.facts import fact_table_sql, table_name

REGISTERS = load_registers()


@pytest.mark.parametrize("register", REGISTERS.values(), ids=list(REGISTERS))
def test_both_ways_make_the_same_columns(register: Register) -> None:
    with duckdb.connect(":memory:") as engine:
        engine.execute(fact_table_sql(register))
        engine.execute(f"CREATE TABLE other ({fact_columns(register_table(register))})")
        own = engine.execute(f'DESCRIBE "{table_name(register)}"').fetchall()
        assert own == engine.execute("DESCRIBE other").fetchall()
