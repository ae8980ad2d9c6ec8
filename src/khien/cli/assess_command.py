"""khien assess: judge all units, or one, on the facts at hand."""

from __future__ import annotations

import argparse

from khien.checks.services import assess, rebuild_standing
from khien.cli.output import say
from khien.duties.refreshing import refresh
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.selectors import all_units, unit_by_code


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--unit X] [--recount]."""
    parser.add_argument("--unit", help=str(Text("chỉ một đơn vị", "one unit only")))
    parser.add_argument(
        "--recount",
        action="store_true",
        help=str(
            Text(
                "không đánh giá, chỉ đếm lại kết quả đã lưu cho các trang",
                "do not assess, only count the stored findings again for the pages",
            )
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Assess and say what changed."""
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    if args.recount:
        rebuild_standing(units, library=load_library(), now=now_utc())
        say(f"Đã đếm lại {len(units)} đơn vị.", f"Counted {len(units)} units again.")
        return 0
    done = assess(units, library=load_library(), now=now_utc())
    refresh(units, now=now_utc())
    publish(now_utc())
    say(
        f"Đã đánh giá {done.unit_count} đơn vị, {done.host_count} máy: "
        f"{done.opened_count} kết quả mới, {done.closed_count} kết quả hết hiệu lực.",
        f"Assessed {done.unit_count} units, {done.host_count} machines: "
        f"{done.opened_count} new findings, {done.closed_count} ended.",
    )
    return 0
