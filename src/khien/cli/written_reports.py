"""Written reports on the command line: what is due, drafts, texts, steps, files, the board of what came in."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from khien.cli.output import painted, put, put_json, put_wrapped, say
from khien.cli.register_files import read_file, write_file
from khien.cli.report_templates import configure_templates, run_templates
from khien.cli.words import day_argument
from khien.cli.workflow_command import UnknownDoer
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.models import Unit, User
from khien.org.services import ensure_officer
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.selectors import row_at
from khien.reports.comparing import changed_rows, difference, figures_now
from khien.reports.definition_reading import definition_by_code
from khien.reports.definitions import Definition
from khien.reports.gaps import gaps_of
from khien.reports.models import Report
from khien.reports.periods import period_on
from khien.reports.rendering import report_file
from khien.reports.services import FORMATS
from khien.reports.signing_services import record_signature
from khien.reports.step_services import (
    Signing,
    receive_report,
    remind_units,
    return_report,
    review_report,
    send_report,
)
from khien.reports.written_selectors import (
    BoardLine,
    content_of,
    due_reports,
    received_board,
    report_at,
    steps_of,
    version_at,
    written_reports,
)
from khien.reports.written_services import (
    STATES,
    Order,
    cancel_report,
    draft_report,
    known_period,
    refresh_figures,
    write_texts,
)
from khien.workflows.doers import Doer, doer_of

PERIOD = Text(
    "kỳ, ví dụ 2026-Q4; mặc định: kỳ hôm nay", "period such as 2026-Q4; today's by default"
)

ALL_SENT = Text("tính cả báo cáo chưa tiếp nhận", "count reports not accepted too")


def configure_written(kinds: Any) -> None:
    """Add everything a report goes through, from `due` to `receive`, and `board` for the unit above."""
    _add(kinds, "due", Text("phải lập báo cáo gì, hạn nào", "what has to be reported, by when"))
    listing = _add(kinds, "list", Text("các báo cáo đã lập", "the reports there are"))
    listing.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    _configure_draft(_add(kinds, "draft", Text("lập báo cáo", "begin a report")))
    show = _add_report(
        kinds, "show", Text("xem báo cáo, chỗ còn thiếu", "a report and what it lacks")
    )
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    write = _add_report(kinds, "write", Text("viết các ô chữ", "write its texts"))
    write.add_argument("texts", nargs="+", metavar=str(Text("ô=chữ", "text=words")),
                       help=str(Text("ô và chữ", "the text and its words")))  # fmt: skip
    refresh = _add_report(kinds, "refresh", Text("lấy lại số liệu", "take the figures anew"))
    refresh.add_argument("--all-sent", action="store_true", default=None, help=str(ALL_SENT))
    diff = _add_report(
        kinds, "diff", Text("so hai bản, xem sổ đã đổi gì", "compare versions, see what changed")
    )
    diff.add_argument(
        "--from", dest="older", type=int, default=1, help=str(Text("từ bản", "from version"))
    )
    _add_report(kinds, "review", Text("duyệt", "review"))
    for name, summary in (
        ("return", Text("trả lại", "give back")),
        ("cancel", Text("hủy", "cancel")),
    ):
        given = _add_report(kinds, name, summary)
        given.add_argument(
            "--reason", required=True, help=str(Text("ý kiến, lý do", "remarks, reason"))
        )
    _configure_sign(_add_report(kinds, "sign", Text("ghi nhận đã ký", "record that it was signed")))
    for name, summary in (("send", Text("ghi nhận đã gửi", "record that it was sent")),
                          ("receive", Text("ghi nhận nơi nhận đã nhận", "record its receipt"))):  # fmt: skip
        given = _add_report(kinds, name, summary)
        given.add_argument("--on", type=day_argument, help=str(Text("ngày", "the day")))
        given.add_argument("--channel", default="", help=str(Text("cách gửi", "how it went")))
    _configure_build(_add_report(kinds, "build", Text("ghi ra tệp", "write it to a file")))
    configure_templates(lambda name, summary: _add(kinds, name, summary))
    _configure_board(
        _add(kinds, "board", Text("báo cáo các đơn vị gửi lên", "what units below sent"))
    )


def _configure_draft(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", help=str(Text("mã mẫu báo cáo", "the report's code")))
    parser.add_argument("--period", default="", help=str(PERIOD))
    parser.add_argument("--row", type=int, help=str(Text("số dòng trong sổ", "row number")))
    parser.add_argument("--about", default="", help=str(Text("về việc gì", "what it is about")))
    parser.add_argument("--all-sent", action="store_true", help=str(ALL_SENT))


def _configure_sign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", type=Path, required=True,
                        help=str(Text("tệp PDF đã ký, hoặc bản quét", "the signed PDF, or a scan")))  # fmt: skip
    parser.add_argument(
        "--number",
        dest="paper",
        default="",
        help=str(Text("số văn thư cấp", "the registry's number")),
    )
    parser.add_argument("--signer", required=True, help=str(Text("họ tên người ký", "who signed")))
    parser.add_argument(
        "--on", type=day_argument, help=str(Text("ngày ký", "the day it was signed"))
    )


def _configure_build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=tuple(FORMATS), required=True, help=str(Text("dạng tệp", "format"))
    )
    parser.add_argument(
        "--version", type=int, help=str(Text("bản; mặc định: mới nhất", "version; the newest"))
    )
    parser.add_argument("--output", type=Path, help=str(Text("ghi vào tệp", "write to the file")))
    parser.add_argument("--force", action="store_true", help=str(Text("ghi đè", "overwrite")))


def _configure_board(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", help=str(Text("mã mẫu báo cáo", "the report's code")))
    parser.add_argument("--period", default="", help=str(PERIOD))
    parser.add_argument("--remind", action="store_true",
                        help=str(Text("nhắc đơn vị chưa gửi", "remind who has not sent")))  # fmt: skip


def _add(kinds: Any, name: str, summary: Text) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = kinds.add_parser(
        name, help=str(summary), description=str(summary)
    )
    parser.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    who = Text("tên người dùng; mặc định: cán bộ phụ trách", "user; default: the officer")
    parser.add_argument("--as", dest="user", help=str(who))
    return parser


def _add_report(kinds: Any, name: str, summary: Text) -> argparse.ArgumentParser:
    parser = _add(kinds, name, summary)
    parser.add_argument("number", type=int, help=str(Text("số báo cáo", "the report's number")))
    return parser


def run_written(unit: Unit, args: argparse.Namespace) -> int:
    """Do what was asked."""
    return ACTIONS[args.kind](unit, args)


def _doer(unit: Unit, args: argparse.Namespace) -> Doer:
    if not args.user:
        return doer_of(ensure_officer(unit, now=now_utc()), unit, now=now_utc())
    user = User.objects.filter(username=args.user, is_active=True).first()
    if user is None:
        raise UnknownDoer(user=args.user)
    return doer_of(user, unit, now=now_utc())


def _report(unit: Unit, args: argparse.Namespace) -> Report:
    return report_at([unit], unit.code, args.number)


def _due(unit: Unit, args: argparse.Namespace) -> int:
    del args
    now = now_utc()
    for due in due_reports(unit, now=now):
        period = (
            str(due.period.label) if due.period else str(Text("khi có việc", "when it happens"))
        )
        day = said_day(due.due_on) if due.due_on else "–"
        state = str(STATES[due.report.state]) if due.report else str(Text("chưa lập", "not begun"))
        late = (
            painted(str(Text(" QUÁ HẠN", " LATE")), "fail")
            if due.is_late(vietnam_date(now))
            else ""
        )
        put(
            f"{day:<11} {due.definition.code:<24} {due.definition.title} · {period} · {state}{late}"
        )
    return 0


def _list(unit: Unit, args: argparse.Namespace) -> int:
    reports = list(written_reports([unit])[:500])
    if args.json:
        put_json([_as_json(report) for report in reports])
        return 0
    for report in reports:
        put(f"#{report.number:<5} {STATES[report.state]!s:<12} {report.period:<11} {report.title}")
    return 0


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "number": report.number,
        "report": report.definition,
        "period": report.period,
        "title": report.title,
        "state": report.state,
        "version": report.latest,
        "due_on": report.due_on,
        "sent_on": report.sent_on,
    }


def _draft(unit: Unit, args: argparse.Namespace) -> int:
    definition = definition_by_code(args.report)
    order = Order(
        definition, args.period, _row(unit, definition, args.row), args.about, args.all_sent
    )
    report = draft_report(order, unit, _doer(unit, args))
    say(
        f"Đã lập báo cáo số {report.number}: {report.title}.",
        f"Began report {report.number}: {report.title}.",
    )
    publish(now_utc())
    return _print_gaps(report)


def _row(unit: Unit, definition: Definition, number: int | None) -> Row | None:
    if number is None or definition.about is None:
        return None
    return row_at([unit], register_by_code(definition.about), unit=unit.code, number=number)


def _show(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    version = version_at(report)
    content = content_of(version)
    if args.json:
        put_json({**_as_json(report), "texts": version.texts, "content": content})
        return 0
    put(
        painted(
            f"#{report.number} {report.title} · {STATES[report.state]} · v{version.number}", "bold"
        )
    )
    for code in content["figure_codes"]:
        figure = content["figures"][code]
        put(f"  {figure['title']}: {figure['said']}")
    for step in steps_of(report):
        put_wrapped(f"{said_day(step.on)} {STATES[step.what]} ({step.done_by}) {step.note}")
    return _print_gaps(report)


def _print_gaps(report: Report) -> int:
    for gap in gaps_of(version_at(report)):
        mark = "!" if gap.is_blocking else "·"
        code = f" [{gap.code}]" if gap.kind == "text" else ""
        put_wrapped(f"{mark} {gap.sentence}{code}")
    return 0


def _write(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    version = write_texts(
        report, _read_words(args.texts), seen=report.latest, doer=_doer(unit, args)
    )
    return _done(version.report)


def _read_words(words: Sequence[str]) -> dict[str, object]:
    return {
        code.strip(): text.replace("\\n", "\n")
        for code, _, text in (w.partition("=") for w in words)
    }


def _refresh(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    doer = _doer(unit, args)
    version = refresh_figures(report, seen=report.latest, doer=doer, takes_all=args.all_sent)
    return _done(version.report)


def _diff(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    newest = version_at(report)
    found = difference(version_at(report, args.older), newest)
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    for text in found.texts:
        put(f"{text.code}: " + "".join(signs[kind].format(words) for kind, words in text.pieces))
    for figure in found.figures:
        put(f"{figure.code}: {figure.before} → {figure.after}")
    for row in changed_rows(newest):
        codes = ", ".join(change.field for change in row.fields)
        put(
            f"{row.row.register} #{row.row.number} v{row.counted_version} → v{row.row.version} {codes}"
        )
    for figure in figures_now(newest, now_utc()):
        put(str(Text("nay ", "now ")) + f"{figure.code}: {figure.before} → {figure.after}")
    return 0


def _review(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    return _done(review_report(report, seen=report.latest, doer=_doer(unit, args)).report)


def _return(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    doer = _doer(unit, args)
    return _done(return_report(report, args.reason, seen=report.latest, doer=doer).report)


def _cancel(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    return _done(cancel_report(report, args.reason, seen=report.latest, doer=_doer(unit, args)))


def _sign(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    day = args.on or vietnam_date(now_utc())
    signing = Signing(day, args.signer, args.file.name, read_file(args.file), number=args.paper)
    step = record_signature(report, signing, seen=report.latest, doer=_doer(unit, args))
    return _done(step.report)


def _send(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    day = args.on or vietnam_date(now_utc())
    doer = _doer(unit, args)
    step = send_report(report, sent_on=day, channel=args.channel, seen=report.latest, doer=doer)
    return _done(step.report)


def _receive(unit: Unit, args: argparse.Namespace) -> int:
    report = _report(unit, args)
    day = args.on or vietnam_date(now_utc())
    step = receive_report(report, received_on=day, seen=report.latest, doer=_doer(unit, args))
    return _done(step.report)


def _done(report: Report) -> int:
    state = STATES[Report.objects.get(pk=report.pk).state]
    say(f"Báo cáo số {report.number}: {state.vi}.", f"Report {report.number}: {state.en}.")
    publish(now_utc())
    return 0


def _build(unit: Unit, args: argparse.Namespace) -> int:
    version = version_at(_report(unit, args), args.version)
    name, _, content = report_file(version, args.format)
    target = args.output or Path(name)
    write_file(target, content, is_forced=args.force)
    put(str(target))
    return 0


def _board(unit: Unit, args: argparse.Namespace) -> int:
    definition = definition_by_code(args.report)
    now = now_utc()
    key = args.period or _todays_key(definition)
    period = known_period(definition, key, vietnam_date(now))
    lines = received_board(unit, definition, period, now=now)
    for line in lines:
        put(_board_line(line))
    silent = [line.below.unit for line in lines if line.below.state not in ("sent", "received")]
    if args.remind and silent:
        remind_units(silent, definition, period, unit, _doer(unit, args))
        say(
            f"Đã ghi nhận nhắc {len(silent)} đơn vị.",
            f"Recorded reminders to {len(silent)} unit(s).",
        )
        publish(now_utc())
    return 0


def _todays_key(definition: Definition) -> str:
    return period_on(definition.rhythm, vietnam_date(now_utc())).key


def _board_line(line: BoardLine) -> str:
    state = (
        str(STATES[line.below.state]) if line.below.state else str(Text("chưa lập", "not begun"))
    )
    late = str(Text(" · chậm", " · late")) if line.is_late else ""
    reminded = str(Text(" · đã nhắc", " · reminded")) if line.reminded_at else ""
    return f"{line.below.unit.code:<20} {line.below.name} · {state}{late}{reminded}"


ACTIONS: Final[Mapping[str, Callable[[Unit, argparse.Namespace], int]]] = {
    "due": _due,
    "list": _list,
    "draft": _draft,
    "show": _show,
    "write": _write,
    "refresh": _refresh,
    "diff": _diff,
    "review": _review,
    "return": _return,
    "cancel": _cancel,
    "sign": _sign,
    "send": _send,
    "receive": _receive,
    "build": _build,
    "board": _board,
    "template": lambda unit, args: run_templates(unit, args, _doer),
}
