"""khien notices: what a person was told; tell now what duties give rise to, and queue the digests."""

from __future__ import annotations

import argparse

from khien.cli.output import painted, put, put_json, say
from khien.kernel.clock import now_utc, said_day
from khien.kernel.language import Text
from khien.notices.digest import queue_digests
from khien.notices.reminders import tell_duties
from khien.notices.selectors import notices_of
from khien.org.rights import user_by_name
from khien.plans.reminders import tell_suppliers
from khien.reports.telling import tell_reports

_SHOWN_MAX = 200


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list USER [--all] [--json], tell."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser(
        "list", help=str(Text("thông báo của một người", "what a person was told"))
    )
    show.add_argument("user", help=str(Text("tên đăng nhập", "user name")))
    show.add_argument(
        "--all", action="store_true", help=str(Text("cả thông báo đã đọc", "those read too"))
    )
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    actions.add_parser(
        "tell", help=str(Text("nhắc ngay, xếp thư vào hàng", "tell now, and queue the digests"))
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"list": _list, "tell": _tell}[args.action](args)


def _list(args: argparse.Namespace) -> int:
    found = notices_of(user_by_name(args.user), only_unread=not args.all)[:_SHOWN_MAX]
    rows = [
        {
            "number": one.pk,
            "kind": one.kind,
            "unit": one.unit.code if one.unit else None,
            "title": {"vi": one.title_vi, "en": one.title_en},
            "anchor": one.anchor,
            "due_on": one.due_on,
            "read_at": one.read_at,
        }
        for one in found
    ]
    if args.json:
        put_json(rows)
        return 0
    for one in found:
        day = said_day(one.due_on) if one.due_on else ""
        put(f"{one.pk:>6} {day:<10} {painted(one.kind, 'bold')} {Text(one.title_vi, one.title_en)}")
    return 0


def _tell(args: argparse.Namespace) -> int:
    del args
    now = now_utc()
    told = tell_duties(now=now) + tell_suppliers(now=now) + tell_reports(now=now)
    queued = queue_digests(now=now)
    say(
        f"{told} thông báo mới, {queued} thư vào hàng.",
        f"{told} new notices, {queued} mails queued.",
    )
    return 0
