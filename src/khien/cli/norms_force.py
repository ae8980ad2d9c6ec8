"""The arguments of `khien norms force`, `approve`, `return`, `withdraw`, `end` and `impact`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from khien.cli.loading import database_module
from khien.cli.words import day_argument
from khien.kernel.language import Text

_FORCE: Mapping[str, Text] = {
    "from": Text("ngày có hiệu lực", "the day it comes into force"),
    "scope": Text(
        "mã các đơn vị; mặc định: đơn vị của văn bản và cấp dưới",
        "codes of units; by default the text's unit and all below it",
    ),
    "under": Text("đơn vị này và cấp dưới", "this unit and all below it"),
    "kind": Text("chỉ loại đơn vị này", "only units of this kind"),
    "place": Text("chỉ địa bàn này", "only units in this place"),
    "replaces": Text("mã hoặc số văn bản bị thay thế", "id or number of a text it replaces"),
    "amends": Text("điều khoản bị thay, như do-son/D19.k1", "a clause replaced: do-son/D19.k1"),
    "removes": Text("điều khoản bị bãi bỏ", "a clause removed"),
}
_USER = Text("tên người dùng đứng tên", "the user who does it")


def configure_force(actions: Any) -> None:
    """Add: force CODE --from DATE [--scope …] …; approve, return, withdraw, end, impact CODE."""
    _configure_force(
        _add(
            actions,
            "force",
            Text("ghi phạm vi, hiệu lực rồi trình", "set scope and day, then submit"),
        )
    )
    _add(actions, "approve", Text("phê duyệt, đưa vào áp dụng", "approve: put into force"))
    for name, summary in (
        ("return", Text("trả lại cho người soạn", "give back to who wrote it")),
        ("withdraw", Text("rút lại trước ngày áp dụng", "take back before its day")),
    ):
        given = _add(actions, name, summary)
        given.add_argument("--reason", required=True, help=str(Text("ý kiến, lý do", "why")))
    end = _add(actions, "end", Text("ghi ngày hết hiệu lực", "set the day it ends"))
    end.add_argument("--on", type=day_argument, required=True, help=str(Text("ngày", "the day")))
    end.add_argument("--reason", required=True, help=str(Text("lý do", "why")))
    take = actions.add_parser(
        "take",
        help=str(Text("nhận văn bản đã rà soát từ nơi khác", "take in a text reviewed elsewhere")),
    )
    take.add_argument(
        "path",
        type=Path,
        help=str(Text("gói, thư mục, OSCAL, xlsx", "package, folder, OSCAL, xlsx")),
    )
    take.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    take.add_argument("--user", help=str(_USER))
    impact = _add(actions, "impact", Text("xem tác động trước khi áp dụng", "what it will change"))
    impact.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    impact.add_argument(
        "--docx", metavar="FILE", help=str(Text("ghi tệp Word", "write a Word file"))
    )


def _add(actions: Any, name: str, summary: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=str(summary))
    parser.add_argument("code", help=str(Text("mã văn bản nhập", "the text's code")))
    parser.add_argument("--user", help=str(_USER))
    return parser


def _configure_force(force: argparse.ArgumentParser) -> None:
    force.add_argument(
        "--from", dest="begin", type=day_argument, required=True, help=str(_FORCE["from"])
    )
    force.add_argument("--scope", nargs="+", metavar="UNIT", help=str(_FORCE["scope"]))
    force.add_argument("--under", metavar="UNIT", help=str(_FORCE["under"]))
    force.add_argument("--kind", action="append", help=str(_FORCE["kind"]))
    force.add_argument("--place", help=str(_FORCE["place"]))
    force.add_argument("--replaces", action="append", metavar="TEXT", help=str(_FORCE["replaces"]))
    for name in ("amends", "removes"):
        force.add_argument(
            f"--{name}", action="append", metavar="TEXT/CLAUSE", help=str(_FORCE[name])
        )
    force.add_argument(
        "--no-submit", action="store_true", help=str(Text("chưa trình", "do not submit yet"))
    )


def _act(name: str) -> Callable[[argparse.Namespace], int]:
    def run(args: argparse.Namespace) -> int:
        result: int = getattr(database_module("norms_into_force"), f"run_{name}")(args)
        return result

    return run


FORCE_ACTS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    name: _act(name) for name in ("force", "approve", "return", "withdraw", "end", "take", "impact")
}
