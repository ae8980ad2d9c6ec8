"""Facts of a made-up province as intakes leave them: how many files, how long to open and read, before and after merging.

Run: PYTHONPATH=src:bench python bench/bench_facts.py [MACHINES ...]
The data folder is a temporary one. Each machine has one intake with files of its own, cut from those of
bench/world.py by the columnar engine; their bytes are like those that intakes write one by one.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import world
from hardware import hardware

ENOUGH_FILES = 2_000


def cut_into_intakes(folder: Path, machines: int) -> None:
    """Make one file per table and intake out of one per table, and list them."""
    from khien.facts.models import FactFile
    from khien.kernel.clock import now_utc

    listed, now = [], now_utc()
    for whole in sorted(folder.glob("*/*.parquet")):
        table = whole.parent.name
        parts = whole.parent / "parts"
        with closing(duckdb.connect(":memory:")) as sql:
            sql.execute(
                "SET threads = 2; SET memory_limit = '2GB'; SET partitioned_write_max_open_files = 64"
            )
            for first in range(1, machines + 1, ENOUGH_FILES):
                sql.execute(
                    f"COPY (SELECT *, intake_id AS part FROM read_parquet('{whole}') "
                    f"WHERE intake_id BETWEEN {first} AND {first + ENOUGH_FILES - 1} ORDER BY intake_id) "
                    f"TO '{parts}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (part), OVERWRITE_OR_IGNORE)"
                )
            rows = sql.execute(f"SELECT count(*) FROM read_parquet('{whole}')").fetchone()[0]
        whole.unlink()
        for part in parts.glob("part=*/*.parquet"):
            number = int(part.parent.name.removeprefix("part="))
            place = folder / table / f"{number:012d}.parquet"
            part.rename(place)
            listed.append(FactFile(table=table, path=f"{table}/{place.name}", sha256=hashlib.sha256(place.read_bytes()).hexdigest(),
                                   row_count=rows // machines, first_intake_id=number, last_intake_id=number, written_at=now))  # fmt: skip
        shutil.rmtree(parts)
    FactFile.objects.all().delete()
    FactFile.objects.bulk_create(listed, batch_size=2000)


def timed(action: Callable[[], object]) -> str:
    started, processor = time.perf_counter(), time.process_time()
    action()
    return f"{time.perf_counter() - started:.1f} ({time.process_time() - processor:.1f})"


def read_all() -> None:
    """Open an engine as an assessment does and read every row of every table once."""
    from khien.facts.selectors import open_engine
    from khien.kernel.clock import now_utc

    with closing(open_engine(as_of=now_utc())) as engine:
        for name in engine.tables:
            engine.sql.execute(f'SELECT count(*), count(COLUMNS(*)) FROM "{name}"').fetchall()


def open_only() -> None:
    from khien.facts.selectors import open_engine
    from khien.kernel.clock import now_utc

    open_engine(as_of=now_utc()).close()


def line(what: str, folder: Path) -> None:
    files = list(folder.glob("*/*.parquet"))
    held = sum(file.stat().st_size for file in files)
    on_disk = sum(file.stat().st_blocks * 512 for file in files)
    opened, read = timed(open_only), timed(read_all)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {what} | {len(files):,} | {held / 2**20:,.0f} | {on_disk / 2**20:,.0f} | {opened} | {read} | {peak:,.0f} |",
        flush=True,
    )


def merge_all() -> None:
    from khien.facts.clearing_services import clear_left_files
    from khien.facts.merge_services import merge_files
    from khien.kernel.clock import now_utc

    done = merge_files(now=now_utc())
    print(
        f"merged {done.source_count:,} files into {done.file_count:,}, refused {done.refused_count}",
        flush=True,
    )
    clear_left_files(now=now_utc(), grace=timedelta(0))


def verify() -> None:
    from khien.facts.evidence import altered_evidence

    for _ in altered_evidence():
        pass


def main() -> None:
    machines = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as data:
        os.environ["KHIEN_DATA"] = data
        world.open_folder()
        world.build_units(world.UNITS)
        world.build_machines(machines, random.Random(world.SEED))
        from khien.facts.services import facts_folder

        folder = facts_folder()
        cut_into_intakes(folder, machines)
        print(f"{hardware()}; load: {os.getloadavg()[0]:.1f}\n")
        print(
            "| machines | files | MiB | MiB on disk | open s (processor) | open and read s (processor) | peak MiB |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
        if "--merged-only" not in sys.argv:
            line(f"{machines:,}, a file per table and intake", folder)
        merging = timed(merge_all)
        line(f"{machines:,}, merged", folder)
        print(
            f"\nmerging: {merging} s; verifying: {timed(verify)} s; load: {os.getloadavg()[0]:.1f}"
        )


if __name__ == "__main__":
    main()
