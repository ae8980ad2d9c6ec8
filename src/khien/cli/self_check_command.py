"""khien self-check: Khiên judged by the controls that bind it, in the same statements as any machine."""

from __future__ import annotations

import argparse

from khien.access.self_check import SelfCheck, SelfVerdict, check_khien, record_check
from khien.cli.output import put, put_json, put_wrapped, say, verdict_word
from khien.kernel.clock import iso_utc, now_utc
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.selectors import all_units, unit_by_code


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--unit X] [--json]."""
    parser.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Check, record, print.

    Returns: 0 nothing fails; 1 something does
    """
    now = now_utc()
    first = all_units().filter(parent=None).first()
    unit = first if first is not None and not args.unit else unit_by_code(args.unit or "")
    done = check_khien(unit, now=now)
    record_check(done, now=now)
    publish(now)
    if args.json:
        put_json(_json(done))
    else:
        _print(done)
    return 0 if done.is_clean else 1


def _print(done: SelfCheck) -> None:
    for one in done.verdicts:
        put(f"{one.control}  {verdict_word(one.verdict)}  {one.title}")
        put_wrapped(str(one.sentence))
        put_wrapped("; ".join(str(clause) for clause in one.clauses), colour="dim")
    counts = [done.count(v) for v in ("pass", "fail", "unknown", "not_applicable")]
    say(
        "{} đạt, {} không đạt, {} chưa rõ, {} không áp dụng.".format(*counts),
        "{} pass, {} fail, {} unknown, {} not applicable.".format(*counts),
    )


def _json(done: SelfCheck) -> dict[str, object]:
    return {
        "unit": done.unit.code,
        "at": iso_utc(done.at),
        "ok": done.is_clean,
        "measured": dict(done.measured),
        "measured_sha256": done.measured_sha256,
        "controls": [_said(one) for one in done.verdicts],
    }


def _said(one: SelfVerdict) -> dict[str, object]:
    return {
        "control": one.control,
        "title": one.title.as_dict(),
        "verdict": one.verdict,
        "reason": one.reason,
        "sentence": one.sentence.as_dict(),
        "clauses": [f"{document}/{path}" for document, path in one.sources],
    }
