"""khien findings: every finding of units, one by one, to read or to carry away as CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from khien.checks.listing import FindingQuery, findings_after, shown_findings
from khien.checks.shown import Shown
from khien.cli.output import painted, put, put_json, say, verdict_word
from khien.cli.register_files import write_file
from khien.cli.state_command import end_of_day
from khien.cli.words import day_argument
from khien.kernel.language import Text, current_language
from khien.norms.library import load_library
from khien.norms.model import VERDICTS
from khien.org.selectors import all_units, unit_by_code
from khien.registers.columns import neutralised

_BATCH = 500
_COLUMNS = (
    "unit", "control", "verdict", "known", "subject_kind", "subject", "name", "reason", "sentence", "from", "to",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list, export --format csv|json --output FILE."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("list", help=str(Text("liệt kê kết quả", "list findings")))
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    export = actions.add_parser(
        "export", help=str(Text("ghi kết quả ra tệp", "write findings to a file"))
    )
    export.add_argument(
        "--format",
        choices=("csv", "json"),
        default="csv",
        help=str(Text("dạng tệp", "file format")),
    )
    export.add_argument(
        "--output", type=Path, required=True, help=str(Text("ghi vào tệp", "write to the file"))
    )
    export.add_argument(
        "--force", action="store_true", help=str(Text("ghi đè tệp đã có", "overwrite the file"))
    )
    for sub in (show, export):
        sub.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
        sub.add_argument(
            "--verdict", choices=VERDICTS, help=str(Text("chỉ kết luận này", "only this verdict"))
        )
        sub.add_argument(
            "--control", default="", help=str(Text("chỉ biện pháp này", "only this control"))
        )
        sub.add_argument(
            "--on", type=day_argument, help=str(Text("vào cuối ngày", "at the end of the day"))
        )


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    rows = _rows(args)
    if args.action == "export":
        return _export(list(rows), args)
    if args.json:
        put_json(list(rows))
        return 0
    for row in rows:
        put(
            f"{verdict_word(row['verdict']):<14} {row['unit']} {painted(row['control'], 'bold')} "
            f"{row['name']}: {row['sentence']}"
        )
    return 0


def _rows(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    at = end_of_day(args.on) if args.on else None
    query = FindingQuery(verdict=args.verdict or "", control=args.control, at=at)
    library, place = load_library(), None
    while chunk := findings_after(units, query, place=place, size=_BATCH):
        place = (chunk[-1].unit_id, chunk[-1].pk)
        for shown in shown_findings(chunk, library=library, at=at):
            yield _said(shown)


def _said(shown: Shown) -> dict[str, Any]:
    finding = shown.finding
    return {
        "unit": finding.unit.code,
        "control": finding.control,
        "verdict": finding.verdict,
        "known": finding.known,
        "subject_kind": finding.subject_kind,
        "subject": finding.subject,
        "name": shown.host.name if shown.host else finding.subject,
        "reason": finding.reason,
        "sentence": shown.sentence.in_language(current_language()),
        "from": finding.from_at.isoformat(),
        "to": finding.to_at.isoformat() if finding.to_at else None,
    }


def _export(rows: list[dict[str, Any]], args: argparse.Namespace) -> int:
    if args.format == "json":
        content = json.dumps(rows, ensure_ascii=False, indent=2).encode()
    else:
        target = io.StringIO()
        writer = csv.writer(target, delimiter=";")
        writer.writerow(_COLUMNS)
        for row in rows:
            # Names come from machines: no cell may begin a formula.
            writer.writerow([neutralised(str(row[name] or "")) for name in _COLUMNS])
        content = target.getvalue().encode("utf-8-sig")
    write_file(args.output, content, is_forced=args.force)
    say(f"Đã ghi {len(rows)} kết quả.", f"Wrote {len(rows)} findings.")
    put(str(args.output))
    return 0
