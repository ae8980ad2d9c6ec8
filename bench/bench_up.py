"""The first command on a fresh clone, cold and warm: seconds from start to the printed sign-in link.

Run: python bench/bench_up.py      (needs git and the package index; writes only to a temporary folder)
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hardware import hardware

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Clone, run twice, print the table."""
    print(f"khien up --no-serve; {hardware()}")
    print("| run | seconds |")
    print("| --- | ---: |")
    with tempfile.TemporaryDirectory() as name:
        clone, home = Path(name) / "khien", Path(name) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        environment = {**os.environ, "HOME": str(home)}
        for unwanted in ("KHIEN_DATA", "KHIEN_VAR", "PYTHONPATH"):
            environment.pop(unwanted, None)
        for run in ("cold: empty caches, packages downloaded", "second run", "third run"):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "khien", "up", "--no-serve"],
                cwd=clone,
                env=environment,
                check=True,
                capture_output=True,
            )
            print(f"| {run} | {time.perf_counter() - started:.1f} |", flush=True)
        print(f"files left in HOME: {sorted(p.name for p in home.iterdir())}")


if __name__ == "__main__":
    main()
