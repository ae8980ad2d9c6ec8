"""khien unit: list and add units, bind documents to them, change the tree by decision."""

from __future__ import annotations

import argparse
from typing import Any

from khien.cli.output import painted, put, put_json, say
from khien.cli.unit_changes import ACTIONS, configure_changes, run_change
from khien.cli.words import day_argument
from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.selectors import documents_binding
from khien.norms.services import bind_document
from khien.org.kinds import UNIT_KINDS
from khien.org.selectors import all_units, unit_by_code
from khien.org.services import register_unit

KINDS = UNIT_KINDS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list, add CODE NAME, bind CODE DOCUMENT, and the changes of the tree."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("list", help=str(Text("liệt kê", "list")))
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    add = actions.add_parser("add", help=str(Text("thêm đơn vị", "add a unit")))
    add.add_argument("code", help=str(Text("mã, chữ không dấu", "code, plain letters")))
    add.add_argument("name", help=str(Text("tên đầy đủ", "full name")))
    add.add_argument("--name-en", default="", help=str(Text("tên tiếng Anh", "English name")))
    add.add_argument("--kind", choices=KINDS, default="office", help=str(Text("loại", "kind")))
    add.add_argument("--place", required=True, help=str(Text("địa danh", "place")))
    add.add_argument("--parent", help=str(Text("mã đơn vị cấp trên", "code of the unit above")))
    add.add_argument(
        "--from", dest="since", type=day_argument, help=str(Text("lập từ ngày", "founded on"))
    )
    bind = actions.add_parser("bind", help=str(Text("gắn văn bản", "bind a document")))
    bind.add_argument("code", help=str(Text("mã đơn vị", "unit code")))
    bind.add_argument(
        "document", help=str(Text("tên văn bản trong thư viện", "document of the library"))
    )
    bind.add_argument(
        "--from",
        dest="since",
        type=day_argument,
        help=str(
            Text(
                "từ ngày (mặc định: ngày văn bản có hiệu lực)",
                "from the day (default: that on which the text takes effect)",
            )
        ),
    )
    configure_changes(actions)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    now = now_utc()
    if args.action == "list":
        return _list(as_json=args.json)
    if args.action in ACTIONS:
        return run_change(args)
    if args.action == "add":
        register_unit(
            args.code,
            name_vi=args.name,
            name_en=args.name_en or args.name,
            kind=args.kind,
            place=args.place,
            now=now,
            parent=unit_by_code(args.parent) if args.parent else None,
            from_on=args.since,
        )
        say(f"Đã có đơn vị {args.code}.", f"Unit {args.code} is registered.")
        return 0
    unit = unit_by_code(args.code)
    library = load_library()
    document = library.documents.get(args.document)
    since = args.since or (document.in_force_from if document else vietnam_date(now))
    bind_document(unit, args.document, library=library, bound_from=since, now=now)
    say(f"Đã gắn {args.document} cho {unit}.", f"Bound {args.document} to {unit}.")
    return 0


def _list(*, as_json: bool) -> int:
    units = list(all_units().select_related("parent"))
    bound = documents_binding(units, on=vietnam_date(now_utc()))
    rows: list[dict[str, Any]] = [
        {
            "code": unit.code,
            "name": unit.name_vi,
            "kind": unit.kind,
            "parent": unit.parent.code if unit.parent else None,
            "ended_on": unit.ended_on,
            "documents": list(bound[unit.pk]),
        }
        for unit in units
    ]
    if as_json:
        put_json(rows)
        return 0
    for row in rows:
        put(f"{painted(str(row['code']), 'bold')}  {row['name']}  [{', '.join(row['documents'])}]")
    return 0
