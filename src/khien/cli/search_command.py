"""khien search: whatever has all the words, tone marks not needed: units, machines, rows, controls, texts."""

from __future__ import annotations

import argparse
from typing import Any

from khien.cli.output import painted, put, put_json, say
from khien.desk.search.everywhere import found_everywhere
from khien.desk.search.field import field_of
from khien.desk.search.hits import GROUP_MAX_PAGE, HitGroup
from khien.kernel.language import Text
from khien.org.selectors import all_units, unit_by_code


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: WORDS [--unit CODE] [--json]."""
    parser.add_argument(
        "words", nargs="+", help=str(Text("chữ cần tìm, không cần dấu", "words to find"))
    )
    parser.add_argument("--unit", help=str(Text("chỉ trong đơn vị này", "only within this unit")))
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Print what has all the words, by kind."""
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    field = field_of(units, units, home=None)
    words = " ".join(args.words)
    groups = found_everywhere(field, words, limit=GROUP_MAX_PAGE, is_deep=True)
    if args.json:
        put_json([_group(group) for group in groups])
        return 0
    for group in groups:
        _print(group)
    if not groups:
        say(
            f"Không có gì chứa đủ các chữ «{words}». Thử ít chữ hơn.",
            f"Nothing has all the words “{words}”. Try fewer words.",
        )
    return 0


def _print(group: HitGroup) -> None:
    put(painted(str(group.word), "bold"))
    for hit in group.hits:
        keys = "/".join(str(value) for _, value in hit.target.keys)
        where = f" · {hit.where}" if str(hit.where) else ""
        put(f"  {hit.what}{where}  {painted(f'[{keys}]', 'dim')}")
    if group.is_cut:
        put(f"  {Text('… còn nữa: thêm chữ để thu hẹp', '… there are more: add a word')}")


def _group(group: HitGroup) -> dict[str, Any]:
    return {
        "kind": group.kind,
        "title": group.word.as_dict(),
        "is_cut": group.is_cut,
        "hits": [
            {"what": h.what.as_dict(), "where": h.where.as_dict(), "target": h.target.as_dict()}
            for h in group.hits
        ],
    }
