"""Rulebooks of one unit and of many: seconds, with all five documents and with mixed sets.

Run: PYTHONPATH=src:bench python bench/bench_rulebook.py
"""

import itertools
import time
from datetime import date

from hardware import hardware

from khien.norms.library import LIBRARY, read_library
from khien.norms.rulebook import build_rulebook

UNITS = 1_000
ON = date(2026, 11, 21)


def main() -> None:
    """Print the table."""
    started = time.perf_counter()
    library, problems = read_library(LIBRARY)
    loaded = time.perf_counter() - started
    assert not problems
    names = list(library.documents)
    sets = [s for n in range(1, len(names) + 1) for s in itertools.combinations(names, n)]
    print(f"Rulebooks; {len(names)} documents, {len(library.controls)} controls; {hardware()}")
    print("| what | seconds | per unit ms |")
    print("| --- | ---: | ---: |")
    print(f"| load the library from YAML | {loaded:.3f} | |")
    once = seconds(lambda: build_rulebook(library, names, on=ON))
    print(f"| one unit, all documents | {once:.4f} | {once * 1000:.2f} |")
    many = seconds(
        lambda: [build_rulebook(library, sets[n % len(sets)], on=ON) for n in range(UNITS)]
    )
    print(
        f"| {UNITS:,} units, {len(sets)} different sets, each built anew | {many:.3f} | {many / UNITS * 1000:.3f} |"
    )

    def shared() -> None:
        built = {s: build_rulebook(library, s, on=ON) for s in sets}
        for n in range(UNITS):
            built[sets[n % len(sets)]]

    few = seconds(shared)
    print(
        f"| {UNITS:,} units, sets shared as the product does | {few:.3f} | {few / UNITS * 1000:.3f} |"
    )


def seconds(work) -> float:
    """Return the best of three runs."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


if __name__ == "__main__":
    main()
