"""khien workflow: list and start processes, look at a case, do its steps, decide its lists, write its minutes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from khien.cli.output import painted, put, put_json, put_wrapped, say
from khien.cli.register_files import write_file
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.models import Unit, User
from khien.org.selectors import unit_by_code
from khien.org.services import ensure_officer
from khien.registers.declarations import register_by_code
from khien.registers.selectors import row_at
from khien.reports.minutes_services import minutes_file
from khien.workflows.doers import Doer, doer_of
from khien.workflows.errors import StepRefused
from khien.workflows.item_services import Choice, decide_items
from khien.workflows.progress import StepState, checked
from khien.workflows.reading import load_workflows, workflow_by_code
from khien.workflows.rules import rules_of
from khien.workflows.selectors import (
    CaseView,
    case_at,
    items_page,
    open_views,
    undecided_versions,
    view_of,
)
from khien.workflows.services import Beginning, StepGiven, cancel_case, do_step, start_case

STANDINGS: Final[Mapping[str, Text]] = {
    "done": Text("đã xong", "done"),
    "now": Text("làm bây giờ", "now"),
    "later": Text("chưa tới", "later"),
    "not_needed": Text("không cần", "not needed"),
}


class UnknownDoer(KhienError):
    """A user named on a command line who does not exist."""

    code = "KHIEN-CLI-030"
    sentence = Text(
        vi="Không có người dùng «{user}». Xem tên người dùng trên trang Người dùng.",
        en="There is no user «{user}». See the names of users on the page of users.",
    )


class UnknownStep(KhienError):
    """A step that the case's workflow does not have."""

    code = "KHIEN-CLI-031"
    sentence = Text(
        vi="Quy trình này không có bước «{step}»; có: {known}.",
        en="This workflow has no step «{step}»; it has: {known}.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list, start, show, step, decide, cancel, minutes."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = _add(actions, "list", Text("quy trình và hồ sơ đang mở", "processes and open cases"))
    listing.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    start = _add(actions, "start", Text("bắt đầu một hồ sơ", "start a case"))
    start.add_argument("workflow", help=str(Text("mã quy trình", "the process's code")))
    start.add_argument("--subject", type=int, help=str(Text("số dòng trong sổ", "row number")))
    start.add_argument("--about", default="", help=str(Text("về việc gì", "what it is about")))
    show = _add_case(actions, "show", Text("xem một hồ sơ", "look at a case"))
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    step = _add_case(actions, "step", Text("làm một bước", "do a step"))
    step.add_argument("step", help=str(Text("mã bước", "the step's code")))
    step.add_argument(
        "fields",
        nargs="*",
        metavar=str(Text("trường=giá_trị", "field=value")),
        help=str(Text("điều bước này hỏi", "what the step asks")),
    )
    decide = _add_case(
        actions, "decide", Text("quyết định các mục còn lại", "decide what is left of a list")
    )
    decide.add_argument("step", help=str(Text("mã bước", "the step's code")))
    decide.add_argument("decision", help=str(Text("mã quyết định", "the decision's code")))
    decide.add_argument(
        "--find", default="", help=str(Text("chỉ mục có chữ này", "only with these words"))
    )
    decide.add_argument("--note", default="", help=str(Text("ghi chú", "a note")))
    cancel = _add_case(actions, "cancel", Text("hủy hồ sơ", "cancel a case"))
    cancel.add_argument("--reason", required=True, help=str(Text("lý do", "the reason")))
    minutes = _add_case(actions, "minutes", Text("ghi biên bản ra tệp Word", "write the minutes"))
    minutes.add_argument(
        "--output", required=True, type=Path, help=str(Text("tệp .docx", "a .docx file"))
    )
    minutes.add_argument("--force", action="store_true", help=str(Text("ghi đè", "overwrite")))


def _add(actions: Any, name: str, summary: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=str(summary), description=str(summary)
    )
    parser.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    parser.add_argument(
        "--as",
        dest="user",
        help=str(Text("tên người dùng; mặc định: cán bộ phụ trách", "user; default: the officer")),
    )
    return parser


def _add_case(actions: Any, name: str, summary: Text) -> argparse.ArgumentParser:
    parser = _add(actions, name, summary)
    parser.add_argument("case", type=int, help=str(Text("số hồ sơ", "the case's number")))
    return parser


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    unit = unit_by_code(args.unit)
    return _ACTIONS[args.action](unit, args)


def _doer(unit: Unit, args: argparse.Namespace) -> Doer:
    if args.user:
        user = User.objects.filter(username=args.user, is_active=True).first()
        if user is None:
            raise UnknownDoer(user=args.user)
        return doer_of(user, unit, now=now_utc())
    return doer_of(ensure_officer(unit, now=now_utc()), unit, now=now_utc())


def _list(unit: Unit, args: argparse.Namespace) -> int:
    now = now_utc()
    views = open_views([unit], now=now, today=vietnam_date(now))
    if args.json:
        put_json([_as_json(view) for view in views])
        return 0
    for workflow in load_workflows().values():
        put(f"{workflow.code:<16} {workflow.title}")
    say(f"{len(views)} hồ sơ đang mở ở {unit}:", f"{len(views)} open case(s) at {unit}:")
    for view in views:
        due = f" [{said_day(view.due_on)}]" if view.due_on else ""
        steps = ", ".join(str(state.step.title) for state in view.next_states)
        put_wrapped(f"#{view.case.number} {view.workflow.title}: {view.case.title}{due} → {steps}")
    return 0


def _as_json(view: CaseView) -> dict[str, Any]:
    return {
        "number": view.case.number,
        "workflow": view.workflow.code,
        "title": view.case.title,
        "state": view.case.state,
        "due_on": view.due_on,
        "steps": [
            {
                "step": state.step.code,
                "standing": state.standing,
                "due_on": state.due.on if state.due else None,
                "done_by": state.done.done_by if state.done else None,
            }
            for state in view.states
        ],
    }


def _start(unit: Unit, args: argparse.Namespace) -> int:
    workflow = workflow_by_code(args.workflow)
    subject = None
    if args.subject is not None and workflow.subject.register:
        register = register_by_code(workflow.subject.register)
        subject = row_at([unit], register, unit=unit.code, number=args.subject)
    case = start_case(workflow, unit, Beginning(subject, args.about), _doer(unit, args))
    say(
        f"Đã bắt đầu hồ sơ {case.number}: {workflow.title.vi}, {case.title}.",
        f"Started case {case.number}: {workflow.title.en}, {case.title}.",
    )
    publish(now_utc())
    return 0


def _view(unit: Unit, args: argparse.Namespace) -> CaseView:
    now = now_utc()
    return view_of(case_at(unit, args.case), now=now, rulebook=rules_of(unit, now))


def _show(unit: Unit, args: argparse.Namespace) -> int:
    view = _view(unit, args)
    if args.json:
        put_json(_as_json(view))
        return 0
    put(painted(f"#{view.case.number} {view.workflow.title}: {view.case.title}", "bold"))
    for state in view.states:
        due = f" [{said_day(state.due.on)}]" if state.due else ""
        put(f"  {state.step.code:<14} {STANDINGS[state.standing]}{due}  {state.step.title}")
        if state.standing == "now":
            _print_asked(view, state)
    return 0


def _print_asked(view: CaseView, state: StepState) -> None:
    for code, asked in state.step.fields.items():
        mark = "*" if asked.field.is_required else ""
        choices = f" ({'|'.join(asked.field.choices)})" if asked.field.choices else ""
        put_wrapped(f"      {code}{mark}: {asked.field.title}{choices}")
    for met in checked(state.step.requires, view.world):
        if all(path.startswith(("subject", "rows")) for path in met.requirement.holds):
            word = Text("đã có", "there") if met.is_met else Text("còn thiếu", "lacks")
            put_wrapped(f"      [{word}] {met.requirement.title}")
    if state.step.items is not None:
        page = items_page(view.case, state.step.code)
        codes = "|".join(state.step.items.decisions)
        put_wrapped(f"      {state.step.items.title}: {page.undecided}/{page.total} ({codes})")


def _step(unit: Unit, args: argparse.Namespace) -> int:
    view = _view(unit, args)
    step = view.workflow.steps.get(args.step)
    if step is None:
        raise UnknownStep(step=args.step, known=", ".join(view.workflow.steps))
    raw = _read_words(args.fields)
    try:
        do_step(view.case, step.code, StepGiven(raw), _doer(unit, args))
    except StepRefused as refused:
        for problem in refused.problems:
            say(f"- {problem.field}: {problem.text.vi}", f"- {problem.field}: {problem.text.en}")
        raise
    say(f"Đã xong bước «{step.title.vi}».", f"Did step “{step.title.en}”.")
    publish(now_utc())
    return 0


def _read_words(words: Sequence[str]) -> dict[str, object]:
    """Read field=value; a list of choices is written with commas."""
    pairs = (word.partition("=") for word in words)
    return {code.strip(): value for code, _, value in pairs}


def _decide(unit: Unit, args: argparse.Namespace) -> int:
    view = _view(unit, args)
    seen = undecided_versions(view.case, args.step, search=args.find)
    if args.step not in view.workflow.steps:
        raise UnknownStep(step=args.step, known=", ".join(view.workflow.steps))
    count = decide_items(
        view.case, args.step, Choice(args.decision, seen, args.note), _doer(unit, args)
    )
    say(f"Đã quyết định {count} mục.", f"Decided {count} item(s).")
    publish(now_utc())
    return 0


def _cancel(unit: Unit, args: argparse.Namespace) -> int:
    case = cancel_case(case_at(unit, args.case), reason=args.reason, doer=_doer(unit, args))
    say(f"Đã hủy hồ sơ {case.number}.", f"Cancelled case {case.number}.")
    publish(now_utc())
    return 0


def _minutes(unit: Unit, args: argparse.Namespace) -> int:
    doer = _doer(unit, args)
    made = minutes_file(case_at(unit, args.case), now=doer.now, actor=doer.by)
    write_file(args.output, made.content, is_forced=args.force)
    put(str(args.output))
    publish(now_utc())
    return 0


_ACTIONS: Final[Mapping[str, Callable[[Unit, argparse.Namespace], int]]] = {
    "list": _list,
    "start": _start,
    "show": _show,
    "step": _step,
    "decide": _decide,
    "cancel": _cancel,
    "minutes": _minutes,
}
