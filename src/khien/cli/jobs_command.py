"""khien jobs: the work that goes on by itself, once or until stopped."""

from __future__ import annotations

import argparse
import signal
import threading

from khien.cli.background import JOBS, run_once, run_until
from khien.cli.output import put, put_json, say
from khien.kernel.language import Text


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: run [--once] [--json], list."""
    actions = parser.add_subparsers(dest="action", required=True)
    run_ = actions.add_parser("run", help=str(Text("làm cho đến khi dừng", "work until stopped")))
    run_.add_argument(
        "--once",
        action="store_true",
        help=str(Text("làm một lượt rồi thôi", "work once, then end")),
    )
    run_.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    actions.add_parser("list", help=str(Text("liệt kê các việc", "list the jobs")))


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 where a job failed."""
    if args.action == "list":
        for job in JOBS:
            put(f"{job.name:<12} {job.title} ({job.every_seconds:g} s)")
        return 0
    if not args.once:
        return _run()
    done = run_once()
    if args.json:
        put_json(done)
    else:
        for name, count in done.items():
            put(f"{name:<12} {'!' if count is None else count}")
    return 1 if None in done.values() else 0


def _run() -> int:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    say("Đang chạy việc nền (Ctrl+C để dừng).", "Jobs are running (Ctrl+C stops).")
    try:
        run_until(stop)
    except KeyboardInterrupt:
        stop.set()
    return 0
