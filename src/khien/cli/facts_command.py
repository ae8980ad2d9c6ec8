"""khien facts: the files of facts, put together and kept for as long as they are needed."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from khien.cli.output import put, put_json, say
from khien.facts.clearing_services import GRACE, clear_left_files, clear_strays, stray_files
from khien.facts.keeping import keep_days
from khien.facts.merge_services import Merged, merge_files, planned_merges
from khien.facts.merging import Sizes, Source
from khien.facts.retention_services import expirable_intakes, expire_intakes
from khien.facts.selectors import stored_facts
from khien.kernel.clock import now_utc
from khien.kernel.language import Text


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: show, merge [--all] [--dry-run], expire [--dry-run], each [--json]."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("show", help=str(Text("xem các tệp số liệu", "show the fact files")))
    merge = actions.add_parser(
        "merge", help=str(Text("gộp các tệp nhỏ", "put small files together"))
    )
    merge.add_argument(
        "--all",
        action="store_true",
        help=str(
            Text("gộp hết, không đợi đủ số tệp", "merge all, without waiting for enough files")
        ),
    )
    expire = actions.add_parser(
        "expire", help=str(Text("xóa số liệu quá thời gian lưu", "delete facts past their time"))
    )
    for action in (merge, expire):
        action.add_argument(
            "--dry-run",
            action="store_true",
            help=str(Text("chỉ xem sẽ làm gì", "only show what would be done")),
        )
    for action in (show, merge, expire):
        action.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 where files were not merged because they were altered."""
    return {"show": _show, "merge": _merge, "expire": _expire}[args.action](args)


def _show(args: argparse.Namespace) -> int:
    stored = stored_facts()
    strays = len(stray_files())
    if args.json:
        put_json({**stored.as_dict(), "strays": strays})
        return 0
    for table, count, rows in stored.tables:
        put(f"{table:<20} {count:>8} {rows:>14,}")
    say(
        f"{stored.file_count} tệp, {stored.byte_count / 2**20:.0f} MiB, {stored.intake_count} lần thu thập còn số"
        f" liệu; {stored.left_count} tệp đã thay chờ xóa; {strays} tệp ngoài danh mục.",
        f"{stored.file_count} files, {stored.byte_count / 2**20:.0f} MiB, {stored.intake_count} intakes;"
        f" {stored.left_count} replaced files to be removed; {strays} files outside the catalogue.",
    )
    return 0


def _merge(args: argparse.Namespace) -> int:
    sizes = Sizes(files_min=2, is_any_size=True) if args.all else Sizes()
    if args.dry_run:
        _say_planned(planned_merges(sizes), is_json=args.json)
        return 0
    now = now_utc()
    done = merge_files(now=now, sizes=sizes)
    removed = clear_left_files(now=now) + clear_strays(now=now)
    _say_merged(done, removed, is_json=args.json)
    return 1 if done.refused_count else 0


def _expire(args: argparse.Namespace) -> int:
    now = now_utc()
    days = keep_days(now=now)
    count = len(expirable_intakes(now=now)[1]) if args.dry_run else expire_intakes(now=now)
    if args.json:
        put_json({"days": days, "intakes": count, "dry_run": args.dry_run})
        return 0
    say(
        f"Số liệu lưu {days} ngày, lần mới nhất của mỗi máy và những gì còn cần thì giữ mãi.",
        f"Facts are kept for {days} days; the last of each machine, and what is still needed, for ever.",
    )
    if args.dry_run:
        say(
            f"Sẽ xóa số liệu của {count} lần thu thập. Chưa làm gì.",
            f"Would delete the facts of {count} intakes. Nothing was done.",
        )
    else:
        say(f"Đã xóa số liệu của {count} lần thu thập.", f"Deleted the facts of {count} intakes.")
    return 0


def _say_planned(groups: Sequence[Sequence[Source]], *, is_json: bool) -> None:
    sources = sum(len(group) for group in groups)
    if is_json:
        by_table = dict(Counter(group[0].table for group in groups))
        put_json({"sources": sources, "files": len(groups), "tables": by_table})
        return
    say(
        f"Sẽ gộp {sources} tệp thành {len(groups)} tệp. Chưa làm gì.",
        f"Would merge {sources} files into {len(groups)}. Nothing was done.",
    )


def _say_merged(done: Merged, removed: int, *, is_json: bool) -> None:
    if is_json:
        put_json(
            {
                "sources": done.source_count,
                "files": done.file_count,
                "refused": done.refused_count,
                "removed": removed,
            }
        )
        return
    minutes = int(GRACE / timedelta(minutes=1))
    say(
        f"Đã gộp {done.source_count} tệp thành {done.file_count} tệp; xóa {removed} tệp đã thay quá"
        f" {minutes} phút.",
        f"Merged {done.source_count} files into {done.file_count}; removed {removed} that were replaced more than"
        f" {minutes} minutes ago.",
    )
    if done.refused_count:
        say(
            f"{done.refused_count} nhóm không gộp được vì có tệp bị sửa hoặc thiếu: chạy khien verify.",
            f"{done.refused_count} groups were not merged, as files are altered or missing: run khien verify.",
        )
