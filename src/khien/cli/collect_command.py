"""khien collect: read this machine, and take the facts in for a unit or write them to a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from khien.cli.local_collection import collect_here
from khien.cli.output import say
from khien.facts.models import Host
from khien.facts.services import take_in
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org.selectors import unit_by_code


class CannotWrite(KhienError):
    """The file for the collected facts cannot be written."""

    code = "KHIEN-CLI-006"
    sentence = Text(
        vi="Không ghi được tệp {file}: {why}. Chọn thư mục có thật mà bạn có quyền ghi.",
        en="The file {file} cannot be written: {why}. Choose an existing folder you may write to.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: --unit X | --output FILE; --kind."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--unit", help=str(Text("nạp cho đơn vị", "take in for the unit")))
    where.add_argument("--output", type=Path, help=str(Text("ghi ra tệp", "write to a file")))
    parser.add_argument(
        "--kind",
        choices=Host.Kind.values,
        help=str(Text("máy dùng làm gì", "what the machine is used as")),
    )


def run(args: argparse.Namespace) -> int:
    """Collect and take in, or write."""
    if args.output:
        text = collect_here()[1]
        try:
            args.output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CannotWrite(file=args.output, why=error.strerror) from error
        say(f"Đã ghi {args.output}.", f"Wrote {args.output}.")
        return 0
    unit = unit_by_code(args.unit)
    bundle, _ = collect_here()
    intake = take_in(
        bundle, unit=unit, now=now_utc(), actor="khien collect", channel="local", kind=args.kind
    )
    say(
        f"Đã nạp {intake.table_count} bảng của máy {intake.host}.",
        f"Took in {intake.table_count} tables of {intake.host}.",
    )
    return 0
