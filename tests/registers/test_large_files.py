"""A hundred thousand rows are read within memory: what is kept is what is new, not the file."""

from __future__ import annotations

import tracemalloc

from registers_cast import Cast

from khien.registers.imports import preview_import
from khien.registers.sheets import read_sheets

ROWS = 100_000


def test_a_hundred_thousand_rows_are_streamed(cast: Cast) -> None:
    lines = "".join(f"Máy in số {n};{n}\n" for n in range(ROWS))
    content = f"Tên máy in;Số trang\n{lines}".encode()
    tracemalloc.start()
    sheet = read_sheets(content, "x.csv")[0]
    count = sum(1 for _ in sheet.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == ROWS + 1
    assert peak < 8 * len(content)


def test_a_hundred_thousand_new_rows_are_previewed(cast: Cast) -> None:
    lines = "".join(f"Phòng {n}\n" for n in range(ROWS))
    found = preview_import(
        f"Tên phòng\n{lines}".encode(), "x.csv", register=cast.registers["office"], unit=cast.ward, references=cast.references
    )  # fmt: skip
    assert (len(found.new), found.bad_count) == (ROWS, 0)
