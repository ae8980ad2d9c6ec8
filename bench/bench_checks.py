"""All implemented checks over synthetic machines: seconds and peak memory by number of machines.

Run: PYTHONPATH=src:bench python bench/bench_checks.py [SIZES...]
Each machine repeats what the collector read on this one (at most 150 rows a table), with values changed by a
hash of its name, so that verdicts differ. Each size runs in a process of its own, from Parquet files.
"""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from hardware import hardware

SIZES = (100, 1_000, 10_000, 20_000)
UNITS = 300
ROWS_MAX = 150
MOMENT = datetime(2026, 11, 21, tzinfo=UTC)


def write_facts(folder: Path, hosts: int) -> int:
    """Write the Parquet files of so many machines and return the number of fact rows."""
    from khien.cli.local_collection import collect_here
    from khien.facts.engine import FactEngine
    from khien.facts.linux import normalise
    from khien.facts.tables import fact_tables

    engine = FactEngine(fact_tables(), folder=folder)
    bundle, _ = collect_here()
    total = 0
    engine.sql.execute(
        f"CREATE TABLE machine AS SELECT 'h' || range AS host_id, range AS n FROM range({hosts})"
    )
    for table in normalise(bundle):
        keys = {"intake_id": 0, "host_id": ""}
        engine.add_rows(table.table, [{**keys, **row} for row in table.rows[:ROWS_MAX]])
        changed = ", ".join(
            changed_value(c.name, c.type) for c in engine.tables[table.table].columns.values()
        )
        target = folder / f"{table.table}.parquet"
        engine.sql.execute(
            f"COPY (SELECT m.n AS intake_id, m.host_id, {changed} FROM machine AS m CROSS JOIN "
            f"\"{table.table}__rows\" AS r ORDER BY m.n) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
        total += hosts * min(len(table.rows), ROWS_MAX)
    names = ", ".join(f"('{name}')" for name in engine.tables)
    engine.sql.execute(
        f"COPY (SELECT n AS intake_id, host_id, t.name AS table_name, 'ok' AS status, NULL::VARCHAR AS error, "
        f"1 AS row_count, TIMESTAMP '2026-11-20 20:00' AS collected_at FROM machine, (VALUES {names}) AS t(name)) "
        f"TO '{folder / 'collection.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return total


def changed_value(name: str, kind: str) -> str:
    """Return SQL that keeps most values and turns some by the machine's number."""
    column = f'r."{name}"'
    if kind == "boolean":
        return f"CASE WHEN hash(m.n, '{name}') % 3 = 0 THEN NOT {column} ELSE {column} END AS \"{name}\""
    if kind == "integer":
        return f"{column} + (hash(m.n, '{name}') % 4)::BIGINT AS \"{name}\""
    return f'{column} AS "{name}"'


def measure(folder: Path, hosts: int, what: str = "all") -> None:
    """Run all checks once over the files and print the row of this size."""
    from khien.checks.catalogue import load_checks, tables_used
    from khien.checks.runner import run_checks
    from khien.facts.engine import FactEngine
    from khien.facts.register_tables import check_tables
    from khien.norms.library import load_library
    from khien.norms.rulebook import build_rulebook

    library, checks = load_library(), load_checks()
    names = list(library.documents)
    shared = [
        build_rulebook(library, names[: 1 + n % len(names)], on=MOMENT.date())
        for n in range(len(names))
    ]
    rulebooks = {unit: shared[unit % len(shared)] for unit in range(UNITS)}
    if what == "machines":
        checks = {name: check for name, check in checks.items() if check.spec.subject == "host"}
    started = time.perf_counter()
    declared = check_tables()
    used = set().union(*(tables_used(check, declared) for check in checks.values()))
    engine = FactEngine({name: declared[name] for name in sorted(used)}, folder=folder)
    for name in ("collection", *engine.tables):
        if (folder / f"{name}.parquet").exists():
            engine.add_files(name, [folder / f"{name}.parquet"])
    engine.sql.execute(
        "INSERT INTO host SELECT DISTINCT host_id, intake_id % ?, host_id, "
        "CASE WHEN intake_id % 20 = 0 THEN 'server' ELSE 'workstation' END, 'linux' FROM collection",
        [UNITS],
    )
    engine.settle(as_of=MOMENT)
    loaded = time.perf_counter()
    run_checks(checks.values(), engine, rulebooks)
    done = time.perf_counter()
    count = engine.sql.execute("SELECT count(*) FROM outcome").fetchone()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {what:<8} | {hosts:>6,} | {len(checks):>3} | {count:>9,} | {loaded - started:6.2f} | {done - loaded:6.2f} | {done - started:6.2f} | {peak:6.0f} |",
        flush=True,
    )


def main() -> None:
    """Print the table; with --measure, one row of it."""
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
        return
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print(f"Checks over synthetic machines of {UNITS} units; {hardware()}")
    print("| subjects | machines | checks | findings | load s | checks s | total s | peak MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for hosts in sizes:
        with tempfile.TemporaryDirectory() as name:
            write_facts(Path(name), hosts)
            for what in ("machines", "all"):
                command = [sys.executable, __file__, "--measure", name, str(hosts), what]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
