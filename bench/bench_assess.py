"""Assessments of all machines of a made-up province: the first, an unchanged one, one after 1 % changed.

Run: [KHIEN_DATABASE=ADDRESS] PYTHONPATH=src:bench python bench/bench_assess.py [MACHINES]
The data folder is a temporary one; the units, machines and facts are those of bench/world.py, without registers.
"""

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

import world
from hardware import hardware


def change(machines: int) -> None:
    """Take in a second reading of every hundredth machine, in which values differ."""
    from khien.facts.models import Host, Intake
    from khien.facts.services import facts_folder
    from khien.kernel.clock import now_utc

    now, count = now_utc(), max(1, machines // 100)
    Intake.objects.bulk_create(
        Intake(pk=machines + n + 1, host_id=n + 1, collected_at=now, received_at=now, channel="local", actor="bench",
               collector="khien-collect-linux 1", sha256=f"f{n:063x}", table_count=30)
        for n in range(count)
    )  # fmt: skip
    world.restart_keys(Intake)
    name = "000000000002"
    world.write_facts(
        facts_folder(), count, now - timedelta(minutes=1), first=machines, name=name, salt=1
    )
    world.catalogue(facts_folder(), name, machines + 1, machines + count, now)
    assert Host.objects.count() == machines


def timed(what: str, action: Callable[[], object]) -> None:
    started, processor = time.perf_counter(), time.process_time()
    done = action()
    seconds, cpu = time.perf_counter() - started, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {what} | {done.opened_count:,} | {done.closed_count:,} | {seconds:.1f} | {cpu:.1f} | {peak:,.0f} |",
        flush=True,
    )


def main() -> None:
    machines = int(sys.argv[1]) if len(sys.argv) > 1 else world.MACHINES
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHIEN_DATA"] = folder
        world.open_folder()
        world.build_units(world.UNITS)
        world.build_machines(machines, random.Random(world.SEED))
        from django.db import connection

        print(
            f"{hardware()}; {connection.vendor}; load before: {os.getloadavg()[0]:.1f}; {machines:,} machines\n"
        )
        print(
            "| assessment | opened | closed | s | processor s | peak MiB |\n|---|---:|---:|---:|---:|---:|"
        )
        timed("first", world.assess_all)
        timed("unchanged", world.assess_all)
        change(machines)
        timed("1 % of machines changed", world.assess_all)


if __name__ == "__main__":
    main()
