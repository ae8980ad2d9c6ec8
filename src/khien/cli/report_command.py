"""khien report: official documents, laid out for signing."""

from __future__ import annotations

import argparse
from pathlib import Path

from khien.cli.output import put, say
from khien.cli.whole_files import require_writable, write_whole
from khien.cli.words import day_argument
from khien.cli.written_reports import configure_written, run_written
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.selectors import unit_by_code
from khien.reports.errors import CannotWriteReport, ReportFileExists
from khien.reports.services import COMPOSERS, FORMATS, compliance_report, report_file_name


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: compliance, and the written reports: due, list, draft, show, … board."""
    kinds = parser.add_subparsers(dest="kind", required=True)
    configure_written(kinds)
    report = kinds.add_parser(
        "compliance",
        help=str(Text("tình hình tuân thủ (báo cáo)", "how a unit complies (an official report)")),
    )
    report.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    report.add_argument(
        "--format", choices=tuple(FORMATS), required=True, help=str(Text("dạng tệp", "file format"))
    )
    report.add_argument("--output", type=Path, help=str(Text("ghi vào tệp", "write to the file")))
    report.add_argument(
        "--on", type=day_argument, help=str(Text("tính đến hết ngày", "at the end of the day"))
    )
    report.add_argument(
        "--language",
        choices=tuple(COMPOSERS),
        default="vi",
        help=str(Text("ngôn ngữ của báo cáo", "the report's language")),
    )
    report.add_argument(
        "--force", action="store_true", help=str(Text("ghi đè tệp đã có", "overwrite the file"))
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked; of compliance: make the report, publish its record, write the file."""
    unit = unit_by_code(args.unit)
    if args.kind != "compliance":
        return run_written(unit, args)
    now = now_utc()
    name = report_file_name(unit, on=args.on or vietnam_date(now), file_format=args.format)
    target = args.output or Path(name)
    require_writable(target, force=args.force, cannot=CannotWriteReport, exists=ReportFileExists)
    made = compliance_report(
        unit,
        library=load_library(),
        now=now,
        actor="khien report",
        file_format=args.format,
        on=args.on,
    )
    publish(now_utc())
    write_whole(target, made.content, cannot=CannotWriteReport)
    say(
        f"Đã lập báo cáo ({len(made.content):,} byte), bản ghi số {made.ledger_index} của sổ cái.",
        f"Made the report ({len(made.content):,} bytes), ledger entry {made.ledger_index}.",
    )
    put(str(target))
    return 0
