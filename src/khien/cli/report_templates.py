"""Units' own Word templates on the command line: keep one, see which there are, go back to the decree's layout."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from khien.cli.output import put, say
from khien.cli.register_files import read_file
from khien.kernel.clock import now_utc, said_moment
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.models import Unit
from khien.reports.definition_reading import definition_by_code
from khien.reports.errors import TemplateRefused
from khien.reports.own_templates import check_template
from khien.reports.template_selectors import templates_of
from khien.reports.template_sentences import said_problem
from khien.reports.template_services import add_template, retire_template
from khien.workflows.doers import Doer

Doers = Callable[[Unit, argparse.Namespace], Doer]


def configure_templates(add: Callable[[str, Text], argparse.ArgumentParser]) -> None:
    """Add: template, with check, add, list, remove."""
    parser = add("template", Text("mẫu Word riêng của đơn vị", "the unit's own Word templates"))
    what = Text("việc làm với mẫu", "what to do with templates")
    parser.add_argument("what", choices=tuple(TEMPLATE_ACTIONS), help=str(what))
    parser.add_argument(
        "report", nargs="?", default="", help=str(Text("mã mẫu báo cáo", "the report's code"))
    )
    parser.add_argument("--file", type=Path, help=str(Text("tệp mẫu .docx", "the .docx template")))


def run_templates(unit: Unit, args: argparse.Namespace, doers: Doers) -> int:
    """Do what was asked with the templates of a unit."""
    return TEMPLATE_ACTIONS[args.what](unit, args, doers)


def _add(unit: Unit, args: argparse.Namespace, doers: Doers) -> int:
    definition = definition_by_code(args.report)
    content = _content(args)
    made = add_template(unit, definition, content, name=args.file.name, doer=doers(unit, args))
    publish(now_utc())
    say(
        f"Từ bản sau, «{definition.title.vi}» dùng mẫu riêng {made.sha256}.",
        f"From the next version on, «{definition.title.en}» uses the own template {made.sha256}.",
    )
    return 0


def _check(unit: Unit, args: argparse.Namespace, doers: Doers) -> int:
    del unit, doers
    check_template(_content(args), definition_by_code(args.report))
    say("Mẫu dùng được.", "The template can be used.")
    return 0


def _content(args: argparse.Namespace) -> bytes:
    """Return the bytes of the file that was given.

    Raises: TemplateRefused: none was given; FileRefused: it cannot be opened
    """
    if args.file is None:
        raise TemplateRefused([said_problem("no_document", "--file")])
    return read_file(args.file)


def _list(unit: Unit, args: argparse.Namespace, doers: Doers) -> int:
    del doers
    for one in templates_of([unit], args.report):
        state = (
            str(Text("đã thôi dùng", "retired"))
            if one.retired_at
            else str(Text("đang dùng", "in use"))
        )
        put(
            f"{one.definition:<24} {said_moment(one.added_at)} {one.sha256[:12]} {one.name} · {state}"
        )
    return 0


def _remove(unit: Unit, args: argparse.Namespace, doers: Doers) -> int:
    retired = retire_template(unit, definition_by_code(args.report), doer=doers(unit, args))
    publish(now_utc())
    if retired is None:
        say("Không có mẫu riêng nào đang dùng.", "No own template is in use.")
    else:
        say(
            "Từ bản sau dùng lại cách trình bày của Nghị định 30.",
            "The decree's layout is used again.",
        )
    return 0


TEMPLATE_ACTIONS: Final[dict[str, Callable[[Unit, argparse.Namespace, Doers], int]]] = {
    "check": _check,
    "add": _add,
    "list": _list,
    "remove": _remove,
}
