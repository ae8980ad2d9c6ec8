"""khien rulebook: the documents, controls and parameter values that bind a unit."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from khien.checks.sentences import said_value
from khien.cli.loading import database_module
from khien.cli.output import painted, put, put_json
from khien.cli.words import day_argument, names_argument
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.kernel.language import Text, current_language
from khien.norms.library import load_library
from khien.norms.model import MARKS, UNSURE, Clause, Duty, Library
from khien.norms.rulebook import Resolved, Rule, Rulebook, Sourced, build_rulebook


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: --unit X or --documents a,b; --on DATE; --json."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    which.add_argument(
        "--documents",
        type=names_argument,
        help=str(Text("các văn bản, cách nhau dấu phẩy", "documents, with commas between")),
    )
    parser.add_argument("--on", type=day_argument, help=str(Text("vào ngày", "on the day")))
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Print the rulebook."""
    library = load_library()
    on = args.on or vietnam_date(now_utc())
    if args.unit:
        rulebook = database_module("bound_rulebook").rulebook_of_code(args.unit, on=on)
    else:
        rulebook = build_rulebook(library, args.documents, on=on)
    if args.json:
        put_json(rulebook_json(rulebook, library))
    else:
        _print(rulebook, library)
    return 0


def rulebook_json(rulebook: Rulebook, library: Library) -> dict[str, Any]:
    """Return a rulebook for JSON: documents, then controls with sources and resolved parameters."""
    return {
        "on": rulebook.on.isoformat(),
        "documents": list(rulebook.documents),
        "controls": [_rule_json(rule, library) for rule in rulebook.rules.values()],
    }


def _rule_json(rule: Rule, library: Library) -> dict[str, Any]:
    control = library.controls[rule.control]
    return {
        "id": rule.control,
        "title": control.title.as_dict(),
        "theme": control.theme,
        "binding": rule.binding,
        "decided": control.decided,
        "sources": [
            {
                "document": clause.document,
                "path": clause.path,
                "duty": duty.id,
                "modality": duty.modality,
                "side": duty.side,
                "mark": duty.mark,
            }
            for clause, duty in rule.sources
        ],
        "parameters": {name: _resolved_json(item) for name, item in rule.parameters.items()},
    }


def _resolved_json(item: Resolved) -> dict[str, Any]:
    return {
        "value": _plain(item.value),
        "unit": item.parameter.unit,
        "sense": item.parameter.sense,
        "winners": [_sourced_json(source) for source in item.winners],
        "losers": [_sourced_json(source) for source in item.losers],
    }


def _sourced_json(source: Sourced) -> Mapping[str, Any]:
    return {
        "value": _plain(source.value),
        "document": source.document,
        "path": source.path,
        "duty": source.duty,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _said_anchor(clause: Clause, duty: Duty) -> str:
    return f"{clause.anchor} ({MARKS[UNSURE]})" if duty.is_unsure else clause.anchor


def _print(rulebook: Rulebook, library: Library) -> None:
    language = current_language()
    names = ", ".join(str(library.documents[name].short) for name in rulebook.documents) or "–"
    put(painted(str(Text("Văn bản", "Documents")), "bold") + f" ({said_day(rulebook.on)}): {names}")
    for rule in rulebook.rules.values():
        control = library.controls[rule.control]
        put(f"\n{painted(rule.control, 'bold')} {control.title}")
        said = dict.fromkeys(_said_anchor(clause, duty) for clause, duty in rule.sources)
        put(painted("  " + ", ".join(said), "dim"))
        for item in rule.parameters.values():
            unit = f" {library.label(item.parameter.unit)}" if item.parameter.unit else ""
            winners = ", ".join(source.anchor for source in item.winners)
            put(
                f"  {item.parameter.title}: {said_value(item.value, library, language)}{unit} ← {winners}"
            )
            for loser in item.losers:
                value = said_value(loser.value, library, language)
                put(painted(f"      {value} ← {loser.anchor}", "dim"))
