"""Reports of one unit by number of failing machines: seconds and size of the Word file and of the PDF.

Run: PYTHONPATH=src:bench:tests/facts:tests/reports python bench/bench_report.py [SIZES...]
A unit bound by one regulation of the library, one machine read and assessed, and so many more machines that
fail one control, each with a sentence of its own. Each size runs in a process and a data folder of its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta

from hardware import hardware

SIZES = (0, 100, 1_000, 5_000)


def measure(size: int) -> None:
    """Print one row of the table; the data folder is the one that KHIEN_DATA names."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    django.setup()
    from django.core.management import call_command
    from report_world import TUESDAY, add_findings, make_unit, read_and_assess

    from khien.norms.library import load_library
    from khien.reports.services import compliance_report

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    unit = make_unit()
    add_findings(unit, read_and_assess(unit, TUESDAY, minimum=6), size)
    cells = [f"{size:>7,}"]
    for file_format in ("docx", "pdf", "pdf"):
        started = time.perf_counter()
        made = compliance_report(
            unit,
            library=load_library(),
            now=TUESDAY + timedelta(hours=1),
            actor="bench",
            file_format=file_format,
        )
        seconds = time.perf_counter() - started
        cells.append(f"{file_format} {seconds:6.2f} s {len(made.content) / 1024:8,.0f} KB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print("  ".join(cells), f"  peak {peak:,} MB", flush=True)


def main() -> None:
    """Measure each size in a process of its own; the second PDF has the typefaces loaded."""
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
        return
    print(hardware())
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "KHIEN_DATA": folder}
            command = [sys.executable, __file__, "--one", str(size)]
            subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
