"""Written reports: the quarterly report of one unit as docx and pdf, and the consolidation of many units.

Run: PYTHONPATH=src:bench python bench/bench_reports.py [UNITS]
A department with so many hospitals (300 by default), each with a year of incidents, tasks, weaknesses and
trainings; every hospital's quarterly report is frozen and accepted. "Build" freezes figures and puts the
report on record; "warm" is the middle of five runs after a first one. In a data folder of its own.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hardware import hardware

UNITS = 300
NOW = datetime(2026, 12, 10, 2, tzinfo=UTC)
ROWS = {"incident": 6, "plan_task": 12, "weakness": 6, "training": 4}
RUNS = 5


def measure(count: int) -> None:
    """Print the figures; the data folder is the one that KHIEN_DATA names."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from khien.reports.definition_reading import definition_by_code
    from khien.reports.models import Report
    from khien.reports.rendering import report_file
    from khien.reports.written_selectors import due_reports, received_board, version_at
    from khien.reports.written_services import Order, draft_report, known_period

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    department, hospitals, officer = build(count)
    quarterly, summary = map(definition_by_code, ("quarterly_result", "quarterly_summary"))
    first = hospitals[0]

    def drafted(definition: object, period: str, unit: object) -> object:
        return draft_report(Order(definition, period), unit, officer(unit))

    version = version_at(drafted(quarterly, "2026-Q3", first))
    size = len(version.snapshot.content) / 1024
    print(f"one unit, {sum(ROWS.values())} rows in 4 registers; snapshot {size:,.0f} KB")
    show("build (freeze, record)", lambda: drafted(quarterly, f"{next(years)}-Q1", first))
    # Each run another report: the typesetter remembers what it has set.
    drafts = [version_at(drafted(quarterly, f"{2030 + n}-Q1", first)) for n in range(RUNS + 1)]
    for form in ("docx", "pdf"):
        others = iter(drafts)
        show(f"{form} (both: goal 300 ms)", lambda f=form, o=others: report_file(next(o), f))
    show("what is due", lambda: due_reports(first, now=NOW))
    show(
        f"{count} reports built one by one",
        lambda: [drafted(quarterly, "2026-Q4", h) for h in hospitals],
        runs=0,
    )
    accepted = {"state": "received", "sent_to": department, "sent_on": date(2026, 12, 10)}
    Report.objects.filter(period="2026-Q4").update(**accepted)
    print(f"consolidation of {count} units (goal 3 s)")
    with CaptureQueriesContext(connection) as asked:
        show("build", lambda: drafted(summary, "2026-Q4", department), runs=0)
    print(f"  {len(asked)} statements")
    version = version_at(Report.objects.get(definition=summary.code))
    for form in ("docx", "pdf"):
        show(f"{form}, first time", lambda form=form: report_file(version, form), runs=0)
    period = known_period(quarterly, "2026-Q4", NOW.date())
    show("board", lambda: received_board(department, quarterly, period, now=NOW))


def show(what: str, act: Callable[[], object], *, runs: int = RUNS) -> None:
    """Print the middle of several runs after a first one that does not count; with no runs, of the first one."""
    if runs:
        act()
    spent = []
    for _ in range(runs or 1):
        started, worked = time.perf_counter(), time.process_time()
        act()
        spent.append((time.perf_counter() - started, time.process_time() - worked))
    wall, own = (statistics.median(column) * 1000 for column in zip(*spent, strict=True))
    print(f"  {what:<34} {wall:9,.0f} ms  {own:9,.0f} ms of processor", flush=True)


years = iter(range(2001, 2026))


def build(count: int) -> tuple:
    """Make the department, its hospitals with their rows, and someone who may do everything."""
    from khien.norms.library import load_library
    from khien.norms.services import bind_document
    from khien.org.roles import CAPABILITIES
    from khien.org.services import register_unit
    from khien.registers.references import VisibleReferences
    from khien.workflows.doers import Doer

    founded = NOW - timedelta(days=900)

    def unit(code: str, name: str, kind: str, parent: object = None) -> object:
        made = register_unit(
            code, name_vi=name, name_en=code, kind=kind, place="Mẫu", parent=parent, now=founded
        )
        bind_document(
            made, "bac-ninh", library=load_library(), bound_from=date(2024, 1, 1), now=founded
        )
        return made

    department = unit("so", "Sở Y tế tỉnh Mẫu", "department")
    hospitals = [
        unit(f"bv-{n:03d}", f"Bệnh viện số {n}", "hospital", department) for n in range(count)
    ]
    fill(department, "authority", [{"body_name": "Sở Y tế tỉnh Mẫu", "stands_for": ["superior", "so_yt"], "used_from": "2025-01-01"},
                                   {"body_name": "UBND tỉnh Mẫu", "stands_for": ["ubnd_tinh"], "used_from": "2025-01-01"}])  # fmt: skip
    for hospital in hospitals:
        for register, number in ROWS.items():
            fill(hospital, register, [values_of(register, n) for n in range(number)])

    def officer(at: object) -> Doer:
        return Doer("bench", NOW, frozenset(CAPABILITIES), None, VisibleReferences([at], home=at))

    return department, hospitals, officer


def values_of(register: str, n: int) -> dict[str, object]:
    """Return the values of a row: the n-th of its register, some months back."""
    day = (NOW - timedelta(days=25 * n)).date().isoformat()
    if register == "incident":
        return {
            "title": f"Sự cố {n}",
            "detected_at": f"{day}T02:00:00Z",
            "severity": ("low", "high")[n % 2],
        }
    if register == "plan_task":
        more = {"finished_on": day} if n % 3 else {}
        return {
            "plan": "Kế hoạch năm 2026",
            "task": f"Nhiệm vụ {n}",
            "division": "Phòng CNTT",
            "due_on": day,
            **more,
        }
    if register == "weakness":
        return {"title": f"Điểm yếu {n}", "found_on": day, "danger": "high"}
    return {"title": f"Tập huấn {n}", "held_on": day}


def fill(unit: object, register: str, rows: list) -> None:
    """Add rows; a field that the register does not have is left out, one that it asks for gets a value."""
    from khien.registers.declarations import register_by_code
    from khien.registers.references import VisibleReferences
    from khien.registers.services import Act, add_rows
    from khien.registers.values import read_row

    declared = register_by_code(register)
    references = VisibleReferences([unit], home=unit)
    drafts = []
    for values in rows:
        given = {code: value for code, value in values.items() if code in declared.fields}
        for code, field in declared.fields.items():
            if field.is_required and code not in given:
                given[code] = next(iter(field.choices), None) or {"date": "2026-10-10", "moment": "2026-10-10T02:00:00Z", "boolean": "có", "integer": "5"}.get(field.type, f"Tên {len(drafts)}")  # fmt: skip
        draft = read_row(declared, given, references)
        assert not draft.problems, (register, [p.text.vi for p in draft.problems])
        drafts.append(draft)
    add_rows(drafts, unit=unit, act=Act("bench", NOW))


def main() -> None:
    """Measure in a process and a data folder of its own."""
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
        return
    print(hardware(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--one", *(sys.argv[1:] or [str(UNITS)])]
        subprocess.run(command, env={**os.environ, "KHIEN_DATA": folder}, check=True)


if __name__ == "__main__":
    main()
