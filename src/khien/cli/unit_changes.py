"""The part of khien unit that changes the tree: rename, move, merge, end, history, import."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from khien.cli.output import painted, put, put_json, put_wrapped, say
from khien.cli.register_files import read_file
from khien.cli.words import day_argument, names_argument
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.language import Text, current_language
from khien.ledger.services import publish
from khien.org import history
from khien.org.decisions import Decision
from khien.org.errors import UnitImportRefused
from khien.org.kinds import UNIT_KINDS
from khien.org.models import UnitState
from khien.org.selectors import unit_by_code
from khien.org.structure import end_unit, merge_units, move_unit, rename_unit
from khien.org.unit_import import UnitImport, import_units, read_units
from khien.registers.sheets import read_sheets

_ACTOR = "khien unit"
ACTIONS = ("rename", "move", "merge", "end", "history", "import")


def configure_changes(actions: Any) -> None:
    """Add: rename, move, merge, end, history, import."""
    rename = _change(actions, "rename", Text("đổi tên đơn vị", "rename a unit"))
    rename.add_argument("name", help=str(Text("tên mới", "the new name")))
    rename.add_argument("--name-en", default="", help=str(Text("tên tiếng Anh", "English name")))
    rename.add_argument("--kind", choices=UNIT_KINDS, help=str(Text("loại mới", "the new kind")))
    rename.add_argument("--place", help=str(Text("địa danh mới", "the new place")))
    move = _change(actions, "move", Text("chuyển về cấp trên khác", "put under another unit"))
    above = move.add_mutually_exclusive_group(required=True)
    above.add_argument("--parent", help=str(Text("mã cấp trên mới", "code of the new unit above")))
    above.add_argument(
        "--top", action="store_true", help=str(Text("không còn cấp trên", "nobody above it"))
    )
    merge = _change(actions, "merge", Text("kết thúc, có kế thừa", "end units that others succeed"))
    merge.add_argument(
        "--into",
        required=True,
        type=names_argument,
        metavar=str(Text("MÃ,…", "CODE,…")),
        help=str(Text("mã đơn vị kế thừa, đơn vị chính trước", "successors, the main one first")),
    )
    merge.add_argument(
        "--also",
        type=names_argument,
        default=[],
        metavar=str(Text("MÃ,…", "CODE,…")),
        help=str(Text("đơn vị khác cùng kết thúc", "other units that end with it")),
    )
    _change(actions, "end", Text("kết thúc, không kế thừa", "end a unit that nobody succeeds"))
    past = actions.add_parser("history", help=str(Text("các thời kỳ", "what a unit was")))
    past.add_argument("code", help=str(Text("mã đơn vị", "unit code")))
    past.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    _configure_import(actions)


def _configure_import(actions: Any) -> None:
    many = actions.add_parser(
        "import", help=str(Text("nhập nhiều đơn vị từ tệp", "import many units from a file"))
    )
    many.add_argument("file", type=Path, help=str(Text("tệp .xlsx, .ods, .csv", "a table file")))
    many.add_argument(
        "--parent",
        help=str(Text("cấp trên của dòng không ghi", "unit above those that name none")),
    )
    many.add_argument(
        "--yes", action="store_true", help=str(Text("nhập, không chỉ xem trước", "import them"))
    )
    many.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def _change(actions: Any, name: str, text: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=str(text))
    parser.add_argument("code", help=str(Text("mã đơn vị", "unit code")))
    parser.add_argument(
        "--from", dest="since", type=day_argument, help=str(Text("từ ngày", "from the day"))
    )
    parser.add_argument(
        "--decision",
        default="",
        metavar=str(Text("SỐ", "NUMBER")),
        help=str(Text("số quyết định", "number of the decision")),
    )
    parser.add_argument(
        "--signed", type=day_argument, help=str(Text("ngày ký", "the day it was signed"))
    )
    parser.add_argument(
        "--authority",
        default="",
        metavar=str(Text("CƠ_QUAN", "AUTHORITY")),
        help=str(Text("cơ quan ban hành", "who issued it")),
    )
    return parser


def run_change(args: argparse.Namespace) -> int:
    """Do what was asked of the tree."""
    if args.action == "history":
        return _history(args.code, as_json=args.json)
    if args.action == "import":
        return _import(args)
    unit, now = unit_by_code(args.code), now_utc()
    on: date = args.since or vietnam_date(now)
    decision = Decision(args.decision, args.signed, args.authority)
    match args.action:
        case "rename":
            rename_unit(
                unit,
                name_vi=args.name,
                name_en=args.name_en,
                kind=args.kind,
                place=args.place,
                on=on,
                decision=decision,
                by=_ACTOR,
                now=now,
            )
        case "move":
            parent = None if args.top else unit_by_code(args.parent)
            move_unit(unit, parent, on=on, decision=decision, by=_ACTOR, now=now)
        case "merge":
            old = [unit, *(unit_by_code(code) for code in args.also)]
            heirs = [unit_by_code(code) for code in args.into]
            merge_units(old, heirs, on=on, decision=decision, by=_ACTOR, now=now)
        case _:
            end_unit(unit, on=on, decision=decision, by=_ACTOR, now=now)
    publish(now)
    say(f"Đã ghi thay đổi của {unit} từ {said_day(on)}.", f"Recorded the change of {unit}.")
    return 0


def _history(code: str, *, as_json: bool) -> int:
    unit = unit_by_code(code)
    states = list(history.states_of(unit))
    if as_json:
        put_json(
            {
                "code": unit.code,
                "ended_on": unit.ended_on,
                "states": [_as_json(state) for state in states],
                "successors": [one.successor.code for one in history.successors(unit)],
                "predecessors": [one.predecessor.code for one in history.predecessors(unit)],
            }
        )
        return 0
    for state in states:
        end = said_day(state.until_on) if state.until_on else "…"
        put(f"{said_day(state.from_on)} – {end}  {painted(state.name_vi, 'bold')}  [{state.what}]")
        put_wrapped(state.decision or str(Text("không ghi quyết định", "no decision named")))
    return 0


def _as_json(state: UnitState) -> dict[str, object]:
    return {
        "from": state.from_on,
        "until": state.until_on,
        "what": state.what,
        "name_vi": state.name_vi,
        "name_en": state.name_en,
        "kind": state.kind,
        "place": state.place,
        "parent": state.parent.code if state.parent else None,
        "decision": state.decision,
        "by": state.by,
    }


def _import(args: argparse.Namespace) -> int:
    now = now_utc()
    under = unit_by_code(args.parent) if args.parent else None
    sheet = read_sheets(read_file(args.file), str(args.file))[0]
    read = read_units(sheet.rows(), under=under, today=vietnam_date(now))
    is_done = args.yes and not read.problems and bool(read.new)
    if is_done:
        import_units(read, by=_ACTOR, now=now)
        publish(now)
    _show(read, as_json=args.json, is_done=is_done)
    if read.problems:
        raise UnitImportRefused(file=args.file, count=len(read.problems))
    if not is_done and read.new:
        say(
            "Chưa nhập đơn vị nào. Để nhập, chạy lại lệnh này và thêm --yes.",
            "No unit was imported. To import them, run this command again with --yes.",
        )
    return 0


def _show(read: UnitImport, *, as_json: bool, is_done: bool) -> None:
    if as_json:
        put_json(
            {
                "is_imported": is_done,
                "new": [
                    {"line": d.line, "code": d.code, "name": d.name_vi, "kind": d.kind}
                    | {"parent": d.parent_code or None, "from": d.from_on}
                    for d in read.new
                ],
                "unchanged": read.unchanged,
                "problems": [{"line": line, **text.as_dict()} for line, text in read.problems],
            }
        )
        return
    for line, text in sorted(read.problems, key=lambda problem: problem[0]):
        word = (
            f"dòng {line}: {text.vi}" if current_language() == "vi" else f"line {line}: {text.en}"
        )
        put_wrapped(word, colour="fail")
    if read.problems:
        return
    for draft in read.new:
        above = f" < {draft.parent_code}" if draft.parent_code else ""
        put(f"+ {painted(draft.code, 'bold')}{above}  {draft.name_vi}  [{draft.kind}]")
    new, same = len(read.new), len(read.unchanged)
    put(
        str(
            Text(
                f"{new} đơn vị mới, {same} đã có sẵn.", f"{new} new unit(s), {same} there already."
            )
        )
    )
