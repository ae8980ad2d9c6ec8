"""khien duties: what is due, how every duty is kept in view, and what people decide about it."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from khien.cli.output import painted, put, put_json, put_wrapped, say
from khien.duties.coverage import DutyCoverage, duty_coverage
from khien.duties.keeping import changed_count
from khien.duties.models import Occurrence
from khien.duties.plan import UNCOVERED, WAYS
from khien.duties.proofs import ProofRules, load_proofs
from khien.duties.refreshing import refresh
from khien.duties.selectors import OVERDUE, STANDS, UNDONE, Asked, intervals_missing, occurrences
from khien.duties.services import MEASURES, hand_over, set_interval
from khien.duties.shown import shown_of
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.org.rights import user_by_name
from khien.org.selectors import all_units, unit_by_code
from khien.registers.services import Act

_ACTOR = "khien duties"
_SHOWN_MAX = 200


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: list, coverage, refresh, set-interval, hand-over."""
    actions = parser.add_subparsers(dest="action", required=True)
    show = actions.add_parser("list", help=str(Text("nghĩa vụ theo hạn", "duties by their days")))
    show.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    show.add_argument(
        "--stands", choices=STANDS, action="append", help=str(Text("tình trạng", "how they stand"))
    )
    show.add_argument(
        "--days", type=int, default=30, help=str(Text("trong số ngày tới", "within so many days"))
    )
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    cover = actions.add_parser(
        "coverage", help=str(Text("mỗi nghĩa vụ được theo dõi ra sao", "how each is kept in view"))
    )
    cover.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    again = actions.add_parser("refresh", help=str(Text("cập nhật ngay", "bring up to date now")))
    again.add_argument("--unit", help=str(Text("chỉ một đơn vị", "one unit only")))
    often = actions.add_parser(
        "set-interval", help=str(Text("đặt chu kỳ của đơn vị", "set a unit's own interval"))
    )
    often.add_argument("--every", type=int, required=True, help=str(Text("số", "a number")))
    often.add_argument(
        "--measure",
        choices=tuple(MEASURES),
        default="month",
        help=str(Text("tháng hay ngày", "months or days")),
    )
    often.add_argument("--decision", default="", help=str(Text("căn cứ", "the ground")))
    over = actions.add_parser("hand-over", help=str(Text("giao người phụ trách", "hand over")))
    over.add_argument("--to", required=True, help=str(Text("tên đăng nhập", "the username")))
    over.add_argument("--reason", default="", help=str(Text("lý do", "the reason")))
    for sub in (often, over):
        sub.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
        sub.add_argument(
            "--duty", required=sub is often, default="", help=str(Text("mã nghĩa vụ", "duty"))
        )


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    match args.action:
        case "coverage":
            return _coverage(args)
        case "refresh":
            return _refresh(args)
        case "set-interval":
            return _set_interval(args)
        case "hand-over":
            return _hand_over(args)
        case _:
            return _list(args)


def _units(args: argparse.Namespace) -> list[Unit]:
    return [unit_by_code(args.unit)] if args.unit else [u for u in all_units() if not u.ended_on]


def _list(args: argparse.Namespace) -> int:
    now, units, rules = now_utc(), _units(args), load_proofs()
    until = vietnam_date(now) + timedelta(days=args.days)
    asked = Asked(stands=args.stands or UNDONE, until=None if args.stands else until)
    found = occurrences(units, asked, now=now)[:_SHOWN_MAX]
    if args.json:
        put_json([_told(one, rules) for one in found])
        return 0
    for one in found:
        _print(one, rules, with_unit=len(units) > 1)
    for unit, duty in intervals_missing(units, on=vietnam_date(now)):
        say(f"{unit.code}: {duty} chưa đặt chu kỳ.", f"{unit.code}: {duty} has no interval yet.")
    return 0


def _print(one: Occurrence, rules: ProofRules, *, with_unit: bool) -> None:
    shown = shown_of(one, rules=rules)
    stands = getattr(one, "stands", one.state)
    when = painted(said_day(one.act_on), "fail" if stands == OVERDUE else "bold")
    put(f"{when}  {shown.state} · {shown.title}")
    where = f"{one.unit.code} · " if with_unit else ""
    put_wrapped(f"{where}{shown.cited}. {one.duty}, {one.period}. {shown.when}.", colour="dim")
    for note in shown.notes:
        put_wrapped(str(note), colour="dim")
    if shown.proof is not None:
        put_wrapped(str(shown.proof))


def _told(one: Occurrence, rules: ProofRules) -> dict[str, Any]:
    shown = shown_of(one, rules=rules)
    return {
        "number": one.pk, "unit": one.unit.code, "duty": one.duty, "period": one.period,
        "clause": f"{one.document}/{one.clause}", "title": shown.title.as_dict(),
        "stands": getattr(one, "stands", one.state), "opens_on": one.opens_on, "due_on": one.due_on,
        "due_at": one.due_at, "act_on": one.act_on, "notes": [n.as_dict() for n in shown.notes],
        "proof": shown.proof.as_dict() if shown.proof else None,
    }  # fmt: skip


def _coverage(args: argparse.Namespace) -> int:
    coverage = duty_coverage(load_library(), load_proofs())
    if args.json:
        told = {"documents": coverage.by_document, "total": coverage.total}
        put_json(told | {"uncovered": list(coverage.uncovered), "law": coverage.law})
    else:
        _print_coverage(coverage)
    coverage.require_whole()
    return 0


def _print_coverage(coverage: DutyCoverage) -> None:
    names = list(coverage.by_document)
    words = {**WAYS, UNCOVERED: Text("chưa có gì", "nothing yet")}
    width = max(len(str(word)) for word in words.values())
    put(f"{'':{width}}  {'  '.join(f'{name:>10}' for name in names)}  {Text('tổng', 'total')!s:>6}")
    for way, total in coverage.total.items():
        counts = "  ".join(f"{coverage.by_document[name].get(way, 0):>10}" for name in names)
        put(f"{words[way]!s:{width}}  {counts}  {total:>6}")
    sums = "  ".join(f"{sum(coverage.by_document[name].values()):>10}" for name in names)
    put(painted(f"{Text('tổng', 'total')!s:{width}}  {sums}  {coverage.count:>6}", "bold"))
    for name, count in coverage.law.items():
        text = load_library().documents[name]
        beside = Text(f"thêm {count} nghĩa vụ", f"{count} duties beside")
        put(painted(f"{text.short} ({text.mark}): {beside}", "dim"))


def _refresh(args: argparse.Namespace) -> int:
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    done = refresh(units, now=now_utc())
    publish(now_utc())
    count = 0 if done is None else changed_count(done)
    say(
        f"Đã cập nhật nghĩa vụ của {len(units)} đơn vị: {count} kỳ thay đổi.",
        f"Refreshed the duties of {len(units)} units: {count} occurrences changed.",
    )
    return 0


def _set_interval(args: argparse.Namespace) -> int:
    act = Act(_ACTOR, now_utc())
    set_interval(
        unit_by_code(args.unit), args.duty, every=args.every, measure=args.measure,
        decision=args.decision, act=act,
    )  # fmt: skip
    publish(now_utc())
    say("Đã đặt chu kỳ.", "The interval is set.")
    return 0


def _hand_over(args: argparse.Namespace) -> int:
    person = user_by_name(args.to)
    unit = unit_by_code(args.unit)
    hand_over(unit, args.duty, person, reason=args.reason, act=Act(_ACTOR, now_utc()))
    publish(now_utc())
    say(f"Đã giao cho {person.username}.", f"Handed over to {person.username}.")
    return 0
