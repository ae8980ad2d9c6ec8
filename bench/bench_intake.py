"""Intake of collectors' bundles: one by one as the API and `khien intake FILE` do, and many at once as `khien intake FOLDER` does.

Run: PYTHONPATH=src:bench python bench/bench_intake.py [MACHINES]
The bundle is that of this machine, under as many made-up names; the data folder is a temporary one.
"""

from __future__ import annotations

import copy
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import world
from hardware import hardware

BATCH = 200


def main() -> None:
    machines = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with tempfile.TemporaryDirectory() as data:
        os.environ["KHIEN_DATA"] = data
        world.open_folder()
        from khien.cli.local_collection import collect_here
        from khien.facts.services import check_bundle, facts_folder, take_in, take_in_all
        from khien.kernel.clock import now_utc
        from khien.org.services import register_unit

        now = now_utc()
        unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=now)
        bundle, _ = collect_here()
        given = {"unit": unit, "actor": "bench", "channel": "file"}

        def made(number: int) -> dict[str, object]:
            host = {**bundle["host"], "host_uid": world.uid_of(number), "name": f"may-{number:05d}"}
            return copy.deepcopy({**bundle, "host": host})

        def one_by_one() -> None:
            for number in range(machines):
                take_in(made(number), now=now, **given)

        def at_once() -> None:
            for first in range(0, machines, BATCH):
                some = [
                    check_bundle(made(machines + n))
                    for n in range(first, min(first + BATCH, machines))
                ]
                take_in_all(some, now=now + timedelta(seconds=1), **given)

        print(f"{hardware()}; load: {os.getloadavg()[0]:.1f}; {machines} machines\n")
        print("| intake | s each (processor) | files for each |\n|---|---:|---:|")
        line("one by one", one_by_one, machines, facts_folder())
        line(f"{BATCH} at once", at_once, machines, facts_folder())


def line(what: str, action: Callable[[], None], machines: int, folder: Path) -> None:
    before = len(list(folder.glob("*/*.parquet")))
    started, processor = time.perf_counter(), time.process_time()
    action()
    each = (time.perf_counter() - started) / machines
    cpu = (time.process_time() - processor) / machines
    files = (len(list(folder.glob("*/*.parquet"))) - before) / machines
    print(f"| {what} | {each:.3f} ({cpu:.3f}) | {files:.2f} |", flush=True)


if __name__ == "__main__":
    main()
