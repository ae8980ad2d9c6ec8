"""How fast the ledger appends, opens, proves and verifies; prints a table with the hardware.

python bench/bench_ledger.py [entries]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hardware import hardware

from khien.ledger.inspector import Inspection
from khien.ledger.log import Ledger
from khien.ledger.reader import inclusion_proof_text
from khien.ledger.verify import verify_directory

AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
BODY = {"rows": 128, "status": "ok", "snapshot": "9f2c" * 16, "đơn vị": "UBND xã Mẫu"}


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def opened(root: Path) -> Ledger:
    """Open the ledger of a bench folder."""
    return Ledger.open(root / "ledger", root / "keys" / "ledger.key", "khien/bench")


def append(root: Path, count: int, every: int) -> None:
    """Append entries, sealing after every so many."""
    with opened(root) as ledger:
        for number in range(count):
            ledger.append("facts.collected", f"máy-{number}", BODY, AT)
            if (number + 1) % every == 0:
                ledger.seal()
        ledger.seal()


def line(what: str, count: int, spent: float, unit: str = "entries") -> None:
    """Print one row of the table."""
    print(f"| {what:<48} | {count:>9,} {unit:<11} | {spent:>8.3f} s | {count / spent:>10,.0f} /s |")


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{hardware()}\n")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        for every, size in ((1, 500), (100, count // 5), (1000, count // 2)):
            spent = seconds(lambda e=every, s=size: append(Path(folder) / f"every{e}", s, e))
            line(f"append, sealed every {every:,} (fsync)", size, spent)
        root = Path(folder) / "large"
        line("append, sealed once", count, seconds(lambda: append(root, count, count)))
        line("open (cached tip)", 1, seconds(lambda: opened(root).close()), "opening")
        (root / "ledger" / "tip").unlink()
        line("open (full scan after a crash)", count, seconds(lambda: opened(root).close()))
        proof = seconds(lambda: inclusion_proof_text(root / "ledger", count // 3))
        line("inclusion proof", 1, proof, "proof")
        line("verify", count, seconds(lambda: verify_directory(root / "ledger")))
        inspect = seconds(lambda: Inspection(root / "ledger", None, []))
        line("verify with inspector.py (stdlib only)", count, inspect)
        many = Path(folder) / "every1" / "ledger"
        line("verify, a checkpoint per entry", 500, seconds(lambda: verify_directory(many)))
        inspect = seconds(lambda: Inspection(many, None, []))
        line("inspector.py, a checkpoint per entry", 500, inspect, "checkpoints")
        size = sum(file.stat().st_size for file in (root / "ledger").iterdir())
        print(f"\n{size / count:.0f} bytes on disk per entry")


if __name__ == "__main__":
    main()
