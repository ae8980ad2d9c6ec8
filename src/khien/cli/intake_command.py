"""khien intake: take in a collector's file that was carried from another machine."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from khien.cli.output import say
from khien.facts.errors import BundleError
from khien.facts.models import Host
from khien.facts.services import take_in
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org.selectors import unit_by_code

SIZE_MAX = 50 * 2**20


class UnreadableBundle(KhienError):
    """The file is not a collector's bundle."""

    code = "KHIEN-CLI-002"
    sentence = Text(
        vi="Không nạp được tệp {file}: {why}. Chạy lại bộ thu thập và chép tệp mới.",
        en="The file {file} cannot be taken in: {why}. Run the collector again and copy the new file.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: FILE --unit X [--kind]."""
    parser.add_argument(
        "file", type=Path, help=str(Text("tệp của bộ thu thập", "the collector's file"))
    )
    parser.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    parser.add_argument(
        "--kind", choices=Host.Kind.values, help=str(Text("máy dùng làm gì", "used as"))
    )


def run(args: argparse.Namespace) -> int:
    """Take the file in."""
    unit = unit_by_code(args.unit)
    bundle = _read(args.file)
    try:
        intake = take_in(
            bundle, unit=unit, now=now_utc(), actor="khien intake", channel="file", kind=args.kind
        )
    except BundleError as error:
        raise UnreadableBundle(file=args.file, why=error) from error
    say(
        f"Đã nạp {intake.table_count} bảng của máy {intake.host}.",
        f"Took in {intake.table_count} tables of {intake.host}.",
    )
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > SIZE_MAX:
            raise UnreadableBundle(file=path, why="> 50 MiB")
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableBundle(file=path, why=error.strerror) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, a number without end
        raise UnreadableBundle(file=path, why=error) from error
    if not isinstance(value, dict):
        raise UnreadableBundle(file=path, why="JSON {…}")
    return value
