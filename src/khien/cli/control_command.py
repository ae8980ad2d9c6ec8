"""khien control: run the cases of controls on the engine."""

from __future__ import annotations

import argparse

from khien.checks.casework import CaseResult, run_case
from khien.checks.catalogue import load_checks
from khien.cli.output import painted, put, say
from khien.facts.register_tables import check_tables
from khien.kernel.language import Text
from khien.norms.errors import UnknownControl
from khien.norms.library import load_library


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: test [ID ...]."""
    actions = parser.add_subparsers(dest="action", required=True)
    test = actions.add_parser("test", help=str(Text("chạy các ca", "run the cases")))
    test.add_argument(
        "ids", nargs="*", help=str(Text("mã biện pháp; bỏ trống là tất cả", "ids; none means all"))
    )


def run(args: argparse.Namespace) -> int:
    """Run the cases and name each promise that was not kept."""
    library, checks = load_library(), load_checks(has_cases=True)
    for control_id in args.ids:
        if control_id not in library.controls:
            raise UnknownControl(control=control_id)
    results = [
        run_case(check, case, tables=check_tables(), library=library)
        for control_id, check in checks.items()
        if not args.ids or control_id in args.ids
        for case in check.cases
    ]
    broken = [result for result in results if not result.is_kept]
    for result in broken:
        put(_said(result))
    say(
        f"{len(results)} ca, {len(broken)} ca sai.",
        f"{len(results)} cases, {len(broken)} broken.",
    )
    return 1 if broken else 0


def _said(result: CaseResult) -> str:
    case = result.case
    expected, got = dict(case.expect), {name: result.got.get(name) for name in case.expect}
    return f"{painted(case.control, 'bold')} {case.name}: {expected} ≠ {got}"
