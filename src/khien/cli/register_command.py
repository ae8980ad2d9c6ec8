"""khien register: read registers, add rows, carry them to files and back, confirm that they are complete."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from khien.cli.output import painted, put, put_json, put_wrapped, say
from khien.cli.register_files import content_of, read_file, write_file
from khien.cli.words import day_argument
from khien.facts.selectors import hosts_of
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.errors import KhienError
from khien.kernel.language import Text, current_language
from khien.ledger.services import publish
from khien.org.models import Unit
from khien.org.selectors import all_units, unit_by_code
from khien.registers.cleaning import one_line, shortened
from khien.registers.declarations import Register, load_registers, register_by_code
from khien.registers.errors import FieldProblem, ImportHasProblems
from khien.registers.exports import said_cell
from khien.registers.groups import GROUPS
from khien.registers.imports import ImportPreview, preview_import
from khien.registers.models import Row
from khien.registers.references import VisibleReferences, reference_labels
from khien.registers.selectors import RowQuery, confirmations, counts, rows_of
from khien.registers.services import Act, add_row, commit_import, confirm_complete
from khien.registers.values import read_row

_ACTOR: Final = "khien register"
FORMATS: Final = (".xlsx", ".csv")
_NOT_CONFIRMED = Text("chưa xác nhận", "not confirmed")
_NO_EQUALS = Text(
    "«{value}» không có dấu bằng; ghi trường=giá_trị.",
    "“{value}” has no equals sign; write field=value.",
)
_TWICE = Text(
    "Trường «{value}» ghi hai lần; bỏ bớt một lần.",
    "Field “{value}” is given twice; leave one out.",
)


class RowRefused(KhienError):
    """Words of a command line that make no row; each problem was told before."""

    code = "KHIEN-CLI-009"
    sentence = Text(
        vi="Chưa thêm dòng nào vào «{title_vi}»: {count} chỗ chưa đúng, nêu ở trên. "
        "Sửa rồi chạy lại lệnh.",
        en="No row was added to register «{title_en}»: {count} problem(s), told above. "
        "Correct them and run the command again.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list, show, add, export, import, confirm."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help=str(Text("liệt kê các sổ", "list the registers")))
    listing.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    _add_json(listing)
    show = _add_action(actions, "show", Text("xem các dòng của sổ", "show the rows of a register"))
    show.add_argument(
        "--search",
        default="",
        metavar=str(Text("CHỮ", "WORDS")),
        help=str(Text("chỉ dòng có các chữ này", "only rows with these words")),
    )
    _add_json(show)
    add = _add_action(actions, "add", Text("thêm một dòng", "add one row"))
    add.add_argument(
        "fields",
        nargs="+",
        metavar=str(Text("trường=giá_trị", "field=value")),
        help=str(Text("mã trường và giá trị", "a field's code and its value")),
    )
    _configure_files(actions)
    confirm = _add_action(
        actions,
        "confirm",
        Text("xác nhận sổ đầy đủ đến một ngày", "state that a register is complete as of a day"),
    )
    confirm.add_argument(
        "--on", type=day_argument, help=str(Text("đầy đủ đến ngày", "complete as of the day"))
    )
    confirm.add_argument(
        "--note",
        default="",
        metavar=str(Text("NỘI_DUNG", "TEXT")),
        help=str(Text("ghi chú", "a note")),
    )


def _configure_files(actions: Any) -> None:
    export = _add_action(
        actions,
        "export",
        Text("ghi sổ ra tệp; sổ trống cho tệp mẫu", "write to a file; a template if empty"),
    )
    export.add_argument(
        "--output",
        required=True,
        type=_table_path,
        help=str(Text("ghi vào tệp .xlsx hoặc .csv", "write to this .xlsx or .csv file")),
    )
    export.add_argument(
        "--force", action="store_true", help=str(Text("ghi đè tệp đã có", "overwrite the file"))
    )
    read = _add_action(
        actions, "import", Text("xem trước rồi nhập tệp", "preview a file, then import it")
    )
    read.add_argument(
        "file", type=Path, help=str(Text("tệp Excel, ODS hoặc CSV", "Excel, ODS or CSV file"))
    )
    read.add_argument(
        "--confirm",
        metavar=str(Text("MÃ", "DIGEST")),
        help=str(Text("mã mà bản xem trước đã in", "the digest that the preview printed")),
    )


def _add_action(actions: Any, name: str, summary: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=str(summary), description=str(summary)
    )
    parser.add_argument(
        "register", metavar=str(Text("SỔ", "REGISTER")), help=str(Text("mã sổ", "register's code"))
    )
    parser.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    return parser


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def _table_path(word: str) -> Path:
    path = Path(word)
    if path.suffix.lower() in FORMATS:
        return path
    text = Text(f"«{word}» không phải tệp .xlsx, .csv", f"«{word}» is no .xlsx or .csv file")
    raise argparse.ArgumentTypeError(str(text))


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    if args.action == "list":
        return _list(args)
    unit, register = unit_by_code(args.unit), register_by_code(args.register)
    return _ACTIONS[args.action](unit, register, args)


def _list(args: argparse.Namespace) -> int:
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    found, stated = counts(units), confirmations(units)
    codes = {unit.pk: unit.code for unit in units}
    order = list(GROUPS)
    rows = [
        {
            "register": register.code,
            "group": register.group,
            "title": register.title.as_dict(),
            "rows": sum(n.row_count for (_, code), n in found.items() if code == register.code),
            "confirmed": {
                codes[pk]: said.confirmed_on
                for (pk, code), said in stated.items()
                if code == register.code
            },
        }
        for register in sorted(
            load_registers().values(),
            key=lambda r: (order.index(r.group) if r.group in order else len(order), r.code),
        )
    ]
    if args.json:
        put_json(rows)
        return 0
    _print_list(rows, is_one_unit=bool(args.unit))
    return 0


def _print_list(rows: Sequence[dict[str, Any]], *, is_one_unit: bool) -> None:
    group = None
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            put(painted(str(GROUPS.get(group, group)), "bold"))
        days = row["confirmed"].items()
        said = ", ".join(said_day(on) if is_one_unit else f"{u} {said_day(on)}" for u, on in days)
        confirmed = Text(f"xác nhận {said}", f"confirmed {said}") if said else _NOT_CONFIRMED
        count = Text(f"{row['rows']} dòng", f"{row['rows']} row(s)")
        title = Text(**row["title"])
        put(f"  {row['register']:<20} {title}  {painted(f'[{count}; {confirmed}]', 'dim')}")


def _show(unit: Unit, register: Register, args: argparse.Namespace) -> int:
    rows = list(rows_of([unit], register, RowQuery(search=args.search, order="number")))
    labels = reference_labels(register, [row.values for row in rows], hosts=_hosts(unit))
    language = current_language()
    shown: list[dict[str, Any]] = [
        {
            "number": row.number,
            "name": row.name,
            "values": {
                code: said_cell(register.fields[code], value, language, labels)
                for code, value in _declared(register, row).items()
            },
        }
        for row in rows
    ]
    if args.json:
        put_json(shown)
        return 0
    for row in shown:
        put(painted(f"#{row['number']} {row['name']}", "bold"))
        for code, said in row["values"].items():
            put_wrapped(f"{register.fields[code].title}: {said}")
    say(
        f"{len(shown)} dòng của «{register.title.vi}», {unit}.",
        f"{len(shown)} row(s) of register “{register.title.en}”, {unit}.",
    )
    return 0


def _declared(register: Register, row: Row) -> dict[str, Any]:
    """Return the values of a row in the order of the register's fields."""
    return {code: row.values[code] for code in register.fields if code in row.values}


def _add(unit: Unit, register: Register, args: argparse.Namespace) -> int:
    raw, problems = _read_words(args.fields)
    draft = read_row(register, raw, _references(unit))
    problems += draft.problems
    if problems:
        _tell(register, problems)
        raise RowRefused(
            title_vi=register.title.vi, title_en=register.title.en, count=len(problems)
        )
    row = add_row(draft, unit=unit, act=Act(_ACTOR, now_utc()))
    say(
        f"Đã thêm dòng {row.number} ({row.name}) vào «{register.title.vi}».",
        f"Added row {row.number} ({row.name}) to register “{register.title.en}”.",
    )
    return _published(unit)


def _read_words(words: Sequence[str]) -> tuple[dict[str, object], list[FieldProblem]]:
    raw: dict[str, object] = {}
    problems = []
    for word in words:
        code, equals, value = word.partition("=")
        code = code.strip()
        if not equals or code in raw:
            why = _TWICE if equals else _NO_EQUALS
            problems.append(FieldProblem(None, why.fill({"value": shortened(code)})))
        else:
            raw[code] = value
    return raw, problems


def _tell(register: Register, problems: Sequence[FieldProblem]) -> None:
    for problem in problems:
        say(f"- {problem.text.vi}", f"- {problem.text.en}")
    if any(problem.field is None for problem in problems):
        # A person cannot guess the codes of fields.
        known = register.fields.values()
        say(
            "Các trường của sổ: " + "; ".join(f"{f.code} ({f.title.vi})" for f in known),
            "The register's fields: " + "; ".join(f"{f.code} ({f.title.en})" for f in known),
        )


def _export(unit: Unit, register: Register, args: argparse.Namespace) -> int:
    target: Path = args.output
    rows = rows_of([unit], register, RowQuery(order="number"))
    count, content = content_of(register, rows, target.suffix.lower(), language=current_language())
    write_file(target, content, is_forced=args.force)
    said = Text(f"{count} dòng", f"{count} row(s)") if count else Text("tệp mẫu", "a template")
    say(
        f"Đã ghi «{register.title.vi}» của {unit}: {said.vi}.",
        f"Wrote register “{register.title.en}” of {unit}: {said.en}.",
    )
    put(str(target))
    return 0


def _import(unit: Unit, register: Register, args: argparse.Namespace) -> int:
    preview = preview_import(
        read_file(args.file),
        str(args.file),
        register=register,
        unit=unit,
        references=_references(unit),
    )
    if args.confirm is None or preview.bad_count:
        return _show_preview(preview)
    added, changed = commit_import(
        preview, expected_digest=args.confirm.strip(), act=Act(_ACTOR, now_utc())
    )
    say(
        f"Đã nhập vào «{register.title.vi}»: thêm {added}, sửa {changed} dòng.",
        f"Imported into register “{register.title.en}”: {added} added, {changed} changed.",
    )
    return _published(unit)


def _show_preview(preview: ImportPreview) -> int:
    """Print what an import would do, and what it needs to be done.

    Raises: ImportHasProblems: cells are wrong; each was printed
    """
    new, changed, same = len(preview.new), len(preview.changed), preview.unchanged_count
    total = Text(
        f"Thêm {new}, sửa {changed}, giữ nguyên {same} dòng; {preview.bad_count} ô chưa đúng.",
        f"{new} new, {changed} changed, {same} unchanged row(s); {preview.bad_count} bad cell(s).",
    )
    put(str(total))
    for bad in preview.bad:
        put_wrapped(f"{one_line(bad.sheet)} {bad.cell}: {bad.text}".strip())
    _tell_passed_over(preview)
    if preview.bad_count:
        raise ImportHasProblems(count=preview.bad_count)
    put(str(Text("Mã xác nhận: ", "Digest: ")) + preview.digest)
    say(
        "Chưa nhập dòng nào. Để nhập, chạy lại lệnh này và thêm --confirm với mã trên.",
        "No row was imported. To import, run this command again with --confirm and the digest above.",
    )
    return 0


def _tell_passed_over(preview: ImportPreview) -> None:
    if preview.ignored_columns:
        names = "; ".join(preview.ignored_columns)
        say(
            f"Cột không thuộc sổ, bỏ qua: {names}",
            f"Columns not of the register, left out: {names}",
        )
    if preview.formula_cells:
        cells = ", ".join(preview.formula_cells[:10])
        count = len(preview.formula_cells)
        say(
            f"{count} ô có công thức; lấy kết quả đã lưu: {cells}",
            f"{count} cell(s) with formulas; their saved results are taken: {cells}",
        )


def _confirm(unit: Unit, register: Register, args: argparse.Namespace) -> int:
    now = now_utc()
    day = args.on or vietnam_date(now)
    stated = confirm_complete(
        unit, register, confirmed_on=day, act=Act(_ACTOR, now), note=args.note
    )
    say(
        f"Đã ghi nhận: «{register.title.vi}» của {unit} đầy đủ đến ngày {said_day(day)} "
        f"({stated.row_count} dòng).",
        f"Recorded: register “{register.title.en}” of {unit} is complete as of {said_day(day)} "
        f"({stated.row_count} row(s)).",
    )
    return _published(unit)


def _published(unit: Unit) -> int:
    publish(now_utc())
    say(
        f"Chạy khien assess --unit {unit.code} để đánh giá lại theo sổ này.",
        f"Run khien assess --unit {unit.code} to judge anew with this register.",
    )
    return 0


def _references(unit: Unit) -> VisibleReferences:
    return VisibleReferences(_unit_and_below(unit), home=unit, hosts=_hosts(unit))


def _unit_and_below(unit: Unit) -> list[Unit]:
    """Return what an officer of the unit sees: nobody's row may point where its readers cannot look."""
    listed, seen = list(all_units()), [unit]
    for above in seen:
        seen.extend(one for one in listed if one.parent_id == above.pk and one not in seen)
    return seen


def _hosts(unit: Unit) -> dict[str, str]:
    return dict(hosts_of([unit]).values_list("host_uid", "name"))


_ACTIONS: Final = {
    "show": _show,
    "add": _add,
    "export": _export,
    "import": _import,
    "confirm": _confirm,
}
