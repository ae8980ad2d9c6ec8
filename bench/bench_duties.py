"""Duties on the calendar: 1,000 units bound by all texts over five years, refreshed, refreshed again, listed.

Run: PYTHONPATH=src:bench python bench/bench_duties.py [units]
The data folder is a temporary one. Every unit sends its reports and reviews its accounts, most of them in time.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from hardware import hardware

UNITS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
SINCE, NOW = date(2026, 7, 1), datetime(2031, 6, 30, 2, tzinfo=UTC)
BATCH = 5000


def timed(what: str, action: Callable[[], object]) -> object:
    """Run an action, print its seconds and the memory held at most so far, and return its result."""
    started, busy = time.perf_counter(), time.process_time()
    result = action()
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    said = f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"
    print(f"| {what} | {said} | {busy:,.2f} s | {peak:,} MB |", flush=True)
    return result


def put(rows: Iterator[object], model: type) -> int:
    count = 0
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)
        count += len(batch)
    return count


def world() -> list[object]:
    """Found the units and fill their registers: about sixty rows each."""
    from khien.norms.library import load_library
    from khien.norms.models import Binding
    from khien.org.models import Unit
    from khien.registers.models import Attachment, Row

    units = Unit.objects.bulk_create(
        Unit(
            code=f"dv-{n:04}", name_vi=f"Đơn vị {n}", name_en=f"Unit {n}", kind="ward", place="Mẫu"
        )
        for n in range(UNITS)
    )
    put((Binding(unit=unit, document=name, bound_from=date(2026, 7, 1)) for unit in units
         for name in load_library().documents), Binding)  # fmt: skip

    def row(unit: Unit, register: str, number: int, values: dict[str, object]) -> Row:
        return Row(unit=unit, register=register, number=number, values=values, name=register, name_key=register,
                   search_key="", created_at=NOW, changed_at=NOW, changed_by="bench")  # fmt: skip

    quarters = [date(year, month, 18) for year in range(2026, 2032) for month in (3, 6, 9, 12)]
    put((row(unit, "authority", 1, {"body_name": "Sở", "stands_for": ["so_yt", "so_ttt", "so_khcn", "superior"],
                                    "used_from": "2020-01-01"}) for unit in units), Row)  # fmt: skip
    bodies = dict(Row.objects.filter(register="authority").values_list("unit_id", "pk"))
    put((row(unit, "document", n, {"kind": "quarterly_report", "issued_on": day.isoformat(), "is_approved": True})
         for unit in units for n, day in enumerate(quarters, 1)), Row)  # fmt: skip
    put((Attachment(row_id=pk, sha256="0" * 64, size_bytes=1, media_type="text/plain", name="a", added_at=NOW,
                    added_by="bench", ledger_index=0)
         for pk in Row.objects.filter(register="document").values_list("pk", flat=True)), Attachment)  # fmt: skip
    papers = Row.objects.filter(register="document").order_by("unit_id", "number").values_list("pk", "unit_id", "number", "values")  # fmt: skip
    sent = [
        row(Unit(pk=unit), "dispatch", number, {"document": pk, "authority": bodies[unit], "sent_on": values["issued_on"]})
        for pk, unit, number, values in papers
    ]  # fmt: skip
    put(iter(sent), Row)
    put((row(unit, "account_review", n, {"reviewed_on": day.isoformat(), "is_complete": True, "minutes": 1})
         for unit in units for n, day in enumerate(quarters, 1)), Row)  # fmt: skip
    return units


def main() -> None:
    """Build a world in a temporary folder and print what everything costs."""
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"KHIEN_DATA": data, "DJANGO_SETTINGS_MODULE": "khien.project.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        from khien.duties.models import Occurrence
        from khien.duties.refreshing import refresh
        from khien.duties.selectors import (
            UNDONE,
            Asked,
            counts,
            next_due,
            occurrences,
            reminders_due,
        )
        from khien.registers.models import Row

        print(f"{hardware()}; {connection.vendor}; {UNITS} units\n")
        print("| what | time | processor | memory at most |\n|---|---|---|---|")
        units = world()
        timed(f"refresh: five years, {Row.objects.count():,} register rows read",
              lambda: refresh(units, now=NOW, since=SINCE))  # fmt: skip
        timed(f"refresh with nothing new; {Occurrence.objects.count():,} occurrences kept",
              lambda: refresh(units, now=NOW + timedelta(minutes=1)))  # fmt: skip
        timed(
            "refresh of one unit with nothing new",
            lambda: refresh(units[:1], now=NOW + timedelta(minutes=2)),
        )
        Row.objects.filter(unit=units[0], register="dispatch").update(is_retired=True)
        timed("refresh of one unit whose reports were withdrawn", lambda: refresh(units[:1], now=NOW + timedelta(minutes=3)))  # fmt: skip
        timed("first page of 50 of all units, undone, nearest first",
              lambda: list(occurrences(units, Asked(stands=UNDONE), now=NOW)[:50]))  # fmt: skip
        timed("list of one unit", lambda: list(occurrences(units[1:2], now=NOW)[:200]))
        timed("counts of all units by how they stand", lambda: counts(units, now=NOW))
        timed("what each unit must do next", lambda: next_due(units, now=NOW))
        told = timed("reminders of all units", lambda: reminders_due(NOW))
        print(f"\n{len(told):,} reminders; {dict_of_states()}")


def dict_of_states() -> dict[str, int]:
    from django.db.models import Count

    from khien.duties.models import Occurrence

    rows = Occurrence.objects.order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


if __name__ == "__main__":
    main()
