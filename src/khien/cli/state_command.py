"""khien state: what is met, failed or unknown, today or as it stood on a past day."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from khien.checks.selectors import ControlState, control_states, totals
from khien.cli.output import complain, painted, put, put_json, verdict_word
from khien.cli.words import day_argument
from khien.kernel.clock import VIETNAM, now_utc, vietnam_date
from khien.kernel.language import Text
from khien.norms.errors import NotBound
from khien.norms.library import load_library
from khien.norms.selectors import rulebook_of
from khien.org.selectors import all_units, unit_by_code


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--unit X] [--on DATE] [--verdict V] [--json]."""
    parser.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    parser.add_argument(
        "--on", type=day_argument, help=str(Text("vào cuối ngày", "at the end of the day"))
    )
    parser.add_argument(
        "--verdict",
        choices=("pass", "fail", "unknown", "not_applicable"),
        help=str(Text("chỉ kết luận này", "only this verdict")),
    )
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Print the state of one unit, or of all."""
    library = load_library()
    units = [unit_by_code(args.unit)] if args.unit else list(all_units())
    day = args.on or vietnam_date(now_utc())
    at = end_of_day(args.on) if args.on else None
    result = []
    for unit in units:
        try:
            rulebook = rulebook_of(unit, library=library, on=day)
        except NotBound as error:
            # Of many units one without documents must not hide the others.
            if args.unit:
                raise
            complain(error)
            continue
        states = control_states(unit, rulebook, library=library, at=at)
        kept = {c: s for c, s in states.items() if args.verdict in (None, s.verdict)}
        result.append({"unit": unit.code, "on": day.isoformat(), **_json(kept, totals(states))})
        if not args.json:
            put(painted(f"{unit} ({day:%d/%m/%Y})", "bold"))
            _print(kept)
    if args.json:
        put_json(result)
    return 0


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day in Viet Nam."""
    return datetime.combine(day, time.max, VIETNAM)


def _json(states: Mapping[str, ControlState], sums: Mapping[str, int]) -> dict[str, Any]:
    return {
        "totals": dict(sums),
        "controls": [
            {
                "id": control_id,
                "verdict": state.verdict,
                "known": state.known,
                "counts": dict(state.counts),
                "clauses": list(dict.fromkeys(c.anchor for c, _ in state.rule.sources)),
                "findings": [
                    {
                        "subject_kind": shown.finding.subject_kind,
                        "subject": shown.finding.subject,
                        "verdict": shown.finding.verdict,
                        "reason": shown.finding.reason,
                        "sentence": shown.sentence.as_dict(),
                        "from": shown.finding.from_at.isoformat(),
                        "to": shown.finding.to_at.isoformat() if shown.finding.to_at else None,
                    }
                    for shown in state.shown
                ],
            }
            for control_id, state in states.items()
        ],
    }


def _print(states: Mapping[str, ControlState]) -> None:
    for control_id, state in states.items():
        put(
            f"{verdict_word(state.verdict):<14} {painted(control_id, 'bold')} {state.control.title}"
        )
        for shown in state.shown[:3]:
            put(
                painted(
                    f"    {shown.host.name + ': ' if shown.host else ''}{shown.sentence}", "dim"
                )
            )
