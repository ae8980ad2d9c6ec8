"""Layout of documents: milliseconds of processor time of Word file, PDF, workbook and own template, and memory after many.

Run: PYTHONPATH=src:bench:tests/reports:tests python bench/bench_layout.py [COUNT]
A report of three pages and two annexes, and a letter of one page; each time with other words, so that nothing is
answered from a cache of results. Processor time of the own process: other work on the machine hardly changes it; of
the own template, which a process of its own fills, the clock's time. Then a table of 2,000 rows and 12 columns.
"""

import io
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hardware import hardware

Render = Callable[[Any], object]


def milliseconds(make: Callable[[int], object], count: int) -> str:
    make(0)
    times = []
    for number in range(1, count + 1):
        started = time.process_time()
        make(number)
        times.append((time.process_time() - started) * 1000)
    return f"{statistics.median(times):>8.0f} {max(times):>8.0f}"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    import django

    django.setup()
    import docx
    from kind_cases import KINDS, official, wide_table

    from khien.reports.blocks import Annex, Column, OfficialDocument, Table, body, rows
    from khien.reports.docx_layout import render_docx
    from khien.reports.own_templates import fill_template
    from khien.reports.pdf_layout import render_pdf, typeset_pdf
    from khien.reports.xlsx_layout import render_xlsx

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    print(hardware())

    def printed(
        kind: str, document: OfficialDocument, name: str, render: Render, times: int
    ) -> None:
        def once(number: int) -> None:
            render(replace(document, blocks=(body(f"Lần {number}. " * 30), *document.blocks)))

        print(f"{kind:<12} {name:<16} {milliseconds(once, times)}")

    print(f"{'document':<12} {'file':<16} {'median ms':>8} {'most ms':>8}")
    files = (("docx", render_docx), ("pdf", render_pdf), ("xlsx", render_xlsx))
    for kind in ("bao_cao", "cong_van"):
        for name, render in (*files, ("pdf and zones", typeset_pdf)):
            printed(kind, KINDS[kind](), name, render, count)
    word = docx.Document()
    word.add_paragraph("{{p noi_dung }}")
    stream = io.BytesIO()
    word.save(stream)
    content = {
        "unit": {"name": "Đơn vị mẫu"},
        "period": {"label": "quý I"},
        "figures": {},
        "sections": [],
    }
    started = time.perf_counter()
    fill_template(stream.getvalue(), KINDS["bao_cao"](), content, {})
    print(f"{'bao_cao':<12} {'own template':<16} {(time.perf_counter() - started) * 1000:>8.0f}")
    columns = tuple(Column(f"Cột {n}", 13) for n in range(12))
    table = Table(columns, rows([[str(n * k) for k in range(12)] for n in range(2000)]), 11)
    large = official(
        "bao_cao", annexes=(Annex("Phụ lục", "BẢNG", "(Kèm theo)", (wide_table(), table)),)
    )
    for name, render in files:
        printed("2,000 rows", large, name, render, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at the end: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
