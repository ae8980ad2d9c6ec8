"""Rows as tables of the columnar engine: typed, set-wise, and an empty register says whether it was confirmed."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest
from registers_cast import AN, Cast

from khien.registers.declarations import Register, load_registers
from khien.registers.facts import create_tables, fact_table_sql, fill_engine, table_name
from khien.registers.services import confirm_complete, retire_row


@pytest.fixture
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def fill(engine: duckdb.DuckDBPyConnection, cast: Cast) -> None:
    fill_engine(engine, [cast.ward, cast.station], registers=cast.registers.values())


def test_each_type_of_field_has_its_column(cast: Cast, engine: duckdb.DuckDBPyConnection) -> None:
    office = cast.add("office", label="Phòng 1")
    row = cast.add(
        label="Máy «in»; 1", kind="ink", uses="letters; maps", is_shared="không", pages="5", price="2 triệu", ink_left="9",
        bought_on="05/03/2026", checked_at="00:30 06/03/2026", room="#1", holder="Người ngoài", owner_unit="mau",
    )  # fmt: skip
    fill(engine, cast)
    found = engine.sql("SELECT * FROM reg_printer").fetchall()
    columns = [column[0] for column in engine.sql("SELECT * FROM reg_printer").description]
    values = dict(zip(columns, found[0], strict=True))
    assert values == dict.fromkeys(columns) | {
        "row_id": str(row.pk), "unit_id": cast.ward.pk, "row_number": 1, "changed_at": datetime(2026, 6, 30, 3, 0),  # noqa: DTZ001
        "label": "Máy «in»; 1", "kind": "ink", "uses": ["letters", "maps"], "is_shared": False, "pages": 5, "price": 2000000,
        "ink_left": 9, "bought_on": date(2026, 3, 5), "checked_at": datetime(2026, 3, 5, 17, 30),  # noqa: DTZ001
        "room": str(office.pk), "holder": "Người ngoài", "owner_unit": str(cast.ward.pk),
    }  # fmt: skip
    joined = "SELECT o.label FROM reg_printer AS p JOIN reg_office AS o ON o.row_id = p.room"
    assert engine.sql(joined).fetchall() == [("Phòng 1",)]


def test_only_active_rows_of_the_units_asked_for_are_loaded(
    cast: Cast, engine: duckdb.DuckDBPyConnection
) -> None:
    cast.add(label="A")
    retire_row(cast.add(label="Bỏ"), act=AN)
    cast.add(label="B", unit=cast.station)
    cast.add(label="Lạ", unit=cast.strange)
    fill(engine, cast)
    assert engine.sql("SELECT label FROM reg_printer ORDER BY 1").fetchall() == [("A",), ("B",)]


def test_an_empty_register_says_whether_that_was_confirmed(
    cast: Cast, printer: Register, engine: duckdb.DuckDBPyConnection
) -> None:
    cast.add(label="A")
    confirm_complete(cast.station, printer, confirmed_on=date(2026, 6, 1), act=AN)
    fill(engine, cast)
    state = engine.sql("SELECT unit_id, row_count, confirmed_on FROM register_state WHERE register = 'printer' ORDER BY 1")  # fmt: skip
    assert state.fetchall() == [(cast.ward.pk, 1, None), (cast.station.pk, 0, date(2026, 6, 1))]
    assert engine.sql("SELECT count(*) FROM register_state").fetchall() == [(6,)]


def test_a_value_of_an_older_declaration_is_unknown_not_an_error(
    cast: Cast, engine: duckdb.DuckDBPyConnection
) -> None:
    row = cast.add(label="A")
    row.values = {"label": "A", "pages": "nhiều", "old": 1, "bought_on": "x"}
    row.save()
    fill(engine, cast)
    assert engine.sql("SELECT label, pages, bought_on FROM reg_printer").fetchall() == [
        ("A", None, None)
    ]


def test_every_register_of_the_library_has_a_table(engine: duckdb.DuckDBPyConnection) -> None:
    registers = load_registers()
    create_tables(engine, registers.values())
    for register in registers.values():
        assert engine.table(table_name(register)).fetchall() == []
        assert fact_table_sql(register).count("row_number") == 1
