"""Registers: import of 20,000 rows, export, pages of a list, loading into the columnar engine.

Run: PYTHONPATH=src:bench python bench/bench_registers.py
The data folder is a temporary one. A second part has 300 units with 100,000 rows together; a third goes
through the pages, as an officer's browser does; a fourth imports a file of 100,000 rows through them.
"""

import io
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hardware import hardware

ROWS = 20_000
UNITS = 300
ROWS_OF_ALL = 100_000
NOW = datetime(2026, 6, 30, tzinfo=UTC)


def timed(what: str, action: Callable[[], object], *, repeat: int = 1) -> object:
    """Run an action, print the median of its seconds, and return its last result."""
    seconds, busy = [], time.process_time()
    for _ in range(repeat):
        started = time.perf_counter()
        result = action()
        seconds.append(time.perf_counter() - started)
    busy = (time.process_time() - busy) / repeat
    middle = sorted(seconds)[len(seconds) // 2]
    said = f"{middle * 1000:,.1f} ms" if middle < 1 else f"{middle:,.2f} s"
    print(f"| {what} | {said} | {busy:,.3f} s |", flush=True)
    return result


def raw_rows(count: int, start: int = 0) -> list[list[object]]:
    """Return rows of endpoints as people type them."""
    kinds = ["máy tính để bàn", "máy tính xách tay", "máy in, đa chức năng"]
    return [
        [f"PC-{n:06}", kinds[n % 3], f"02:1A:{n >> 24 & 255:02X}:{n >> 16 & 255:02X}:{n >> 8 & 255:02X}:{n & 255:02X}",
         f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", f"Nguyễn Văn {n % 500}", f"Phòng {n % 20}", "không",
         f"{n % 28 + 1:02}/{n % 12 + 1:02}/2025", f"SN{n:08}"]
        for n in range(start, start + count)
    ]  # fmt: skip


HEADER = ["Tên thiết bị", "Chủng loại", "Địa chỉ MAC", "Địa chỉ IP", "Người sử dụng", "Phòng, bộ phận",
          "Thiết bị cá nhân", "Ngày kết nối mạng", "Số sê-ri"]  # fmt: skip


def workbook(rows: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ")
    for row in [HEADER, *rows]:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def one_unit() -> None:
    from khien.org.models import Unit
    from khien.registers.declarations import register_by_code
    from khien.registers.exports import export_csv, export_xlsx
    from khien.registers.imports import preview_import
    from khien.registers.references import VisibleReferences
    from khien.registers.selectors import rows_of
    from khien.registers.services import Act, commit_import

    unit = Unit.objects.create(code="u", name_vi="U", name_en="U", kind="ward", place="M")
    register = register_by_code("endpoint")
    act = Act("bench", NOW)

    def preview(content: bytes) -> object:
        references = VisibleReferences([unit], home=unit)
        found = preview_import(
            content, "x.xlsx", register=register, unit=unit, references=references
        )
        assert found.bad_count == 0, found.bad[:3]
        return found

    content = workbook(raw_rows(ROWS))
    print(f"| file of {ROWS:,} rows, {len(HEADER)} columns | {len(content) / 2**20:.1f} MiB | |")
    found = timed(f"preview of {ROWS:,} new rows (xlsx)", lambda: preview(content))
    timed("import of them", lambda: commit_import(found, expected_digest=found.digest, act=act))
    timed("preview of the same file again (nothing changes)", lambda: preview(content))
    changed = workbook([[*row[:-1], "đổi"] for row in raw_rows(ROWS)])
    found = timed(f"preview of {ROWS:,} changed rows", lambda: preview(changed))
    timed("import of them", lambda: commit_import(found, expected_digest=found.digest, act=act))
    rows = rows_of([unit], register)
    timed("export as xlsx, all columns", lambda: export_xlsx(register, rows, io.BytesIO()))
    timed("export as csv", lambda: sum(map(len, export_csv(register, rows))))
    lists([unit], f"{ROWS:,} rows of one unit")


def lists(units: list[object], what: str) -> None:
    from khien.registers.declarations import register_by_code
    from khien.registers.selectors import Filter, RowQuery, counts, page_of, rows_of

    register = register_by_code("endpoint")

    def page(number: int = 1, **query: object) -> object:
        return page_of(rows_of(units, register, RowQuery(**query)), number)

    timed(f"page 1 of {what}", page, repeat=9)
    timed("page 200", lambda: page(200), repeat=9)
    timed("search «pc-0123 nguyen»", lambda: page(search="pc-0123 nguyen"), repeat=9)
    timed("filter by choice", lambda: page(filters=[Filter("kind", "is", "laptop")]), repeat=9)
    timed("order by a field", lambda: page(order="connected_on"), repeat=5)
    timed("counts of all registers", lambda: counts(units), repeat=5)


def officer() -> tuple[object, object]:
    """Return a signed-in browser of an officer, and the unit."""
    from datetime import date

    from django.conf import settings
    from django.test import Client

    from khien.norms.library import load_library
    from khien.norms.services import bind_document, record_library
    from khien.org.services import ensure_officer, register_unit

    settings.ALLOWED_HOSTS = ["testserver"]
    unit = register_unit("u", name_vi="U", name_en="U", kind="ward", place="M", now=NOW)
    library = load_library()
    bind_document(unit, "do-son", library=library, bound_from=date(2021, 1, 1), now=NOW)
    record_library(library, now=NOW)
    client = Client()
    client.force_login(ensure_officer(unit, now=NOW))
    return client, unit


def through_pages(count: int) -> None:
    """Upload, look at and confirm a file of so many rows, as a browser does."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, _ = officer()
    client.get("/don-vi/u/so/")  # the library is read once for each process
    content = workbook(raw_rows(count))
    print(f"| file of {count:,} rows | {len(content) / 2**20:.1f} MiB | |")
    sent = SimpleUploadedFile("may.xlsx", content)
    started, busy = time.perf_counter(), time.process_time()
    answer = timed(
        f"upload and preview of {count:,} rows through the page",
        lambda: client.post("/don-vi/u/so/endpoint/nhap/", {"tep": sent}),
    )
    page = answer.content.decode()
    found = re.search(r'action="([^"]+/nhap/[0-9a-f]{32}/)"', page)
    digest = re.search(r'name="ma" value="([0-9a-f]{64})"', page)
    assert found, answer.status_code
    assert digest, answer.status_code
    answer = timed("confirmation and import", lambda: client.post(found[1], {"ma": digest[1]}))
    assert answer.status_code == 302, answer.status_code
    print(
        f"| both together | {time.perf_counter() - started:.2f} s | {time.process_time() - busy:.2f} s |"
    )
    several = {
        "list": "endpoint/",
        "list, page 200": "endpoint/?trang=200",
        "list, search «pc-0123 nguyen»": "endpoint/?tim=pc-0123+nguyen",
        "list, filter by choice": "endpoint/?loc-kind=laptop",
        "list, ordered by a field": "endpoint/?xep=connected_on",
        "row": "endpoint/5/",
        "form of a change": "endpoint/5/sua/",
        "all registers": "",
    }
    for what, address in several.items():
        seconds, busy = [], time.process_time()
        for _ in range(20):
            begun = time.perf_counter()
            assert client.get(f"/don-vi/u/so/{address}").status_code == 200, address
            seconds.append(time.perf_counter() - begun)
        seconds.sort()
        mean = (time.process_time() - busy) * 1000 / len(seconds)
        said = f"median {seconds[10] * 1000:.0f} ms, p95 {seconds[18] * 1000:.0f} ms"
        print(f"| page: {what} | {said} | {mean:.0f} ms |")


def pages_20_000() -> None:
    through_pages(ROWS)


def pages_100_000() -> None:
    through_pages(ROWS_OF_ALL)


def all_units() -> None:
    import duckdb

    from khien.org.models import Unit
    from khien.registers.declarations import register_by_code
    from khien.registers.facts import fill_engine
    from khien.registers.models import Row
    from khien.registers.references import VisibleReferences
    from khien.registers.services import Act, _fill
    from khien.registers.values import read_row

    register = register_by_code("endpoint")
    units = [
        Unit.objects.create(code=f"u{n}", name_vi=f"U{n}", name_en=f"U{n}", kind="ward", place="M")
        for n in range(UNITS)
    ]
    fields = [
        "endpoint_name",
        "kind",
        "mac",
        "ip",
        "holder",
        "division",
        "is_personal",
        "connected_on",
        "serial",
    ]
    references = VisibleReferences(units[:1])
    made = []
    for n, raw in enumerate(raw_rows(ROWS_OF_ALL)):
        draft = read_row(register, dict(zip(fields, raw, strict=True)), references)
        row = Row(unit=units[n % UNITS], register="endpoint", number=n // UNITS + 1, created_at=NOW)
        row.values = draft.values
        made.append(row)
    _fill(made, [row.values for row in made], register, Act("bench", NOW))
    Row.objects.bulk_create(made, batch_size=500)
    lists(units, f"{ROWS_OF_ALL:,} rows of {UNITS} units")
    connection = duckdb.connect(":memory:")
    timed(
        f"all registers of {UNITS} units, {ROWS_OF_ALL:,} rows, into the engine",
        lambda: fill_engine(connection, units),
    )
    query = "SELECT unit_id, kind, count(*), count(connected_on) FROM reg_endpoint GROUP BY ALL"
    timed("one question to them", lambda: connection.execute(query).fetchall(), repeat=5)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "khien.project.settings"
    chosen = os.environ.get("PARTS", "one_unit all_units pages_20_000 pages_100_000").split()
    print(f"{hardware()}, SQLite\n\n| what | time | processor |\n|---|---|---|")
    for part in [globals()[name] for name in chosen]:
        child = os.fork()
        if child == 0:
            with tempfile.TemporaryDirectory() as folder:
                os.environ["KHIEN_DATA"] = str(Path(folder))
                import django
                from django.core.management import call_command

                django.setup()
                call_command("migrate", verbosity=0)
                part()
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"| peak memory of this part | {peak:,.0f} MiB | |", flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
