"""khien library: validate everything at once, or show how much of it is decided and how."""

from __future__ import annotations

import argparse
from pathlib import Path

from khien.checks.catalogue import read_checks
from khien.cli.output import painted, put, put_json, say
from khien.duties.validation import duty_problems
from khien.kernel.language import Text
from khien.norms.coverage import Coverage, coverage_of
from khien.norms.figures import read_figures
from khien.norms.library import LIBRARY, load_library, read_library
from khien.norms.library_format import unformatted_files, unreadable_files, write_canonical
from khien.norms.located_yaml import Problem
from khien.registers.declarations import read_registers
from khien.reports.definition_reading import read_definitions
from khien.workflows.reading import read_workflows


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: check, coverage [--json], fmt [--check]; all take --folder."""
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help=str(Text("kiểm tra toàn bộ", "validate everything")))
    cover = actions.add_parser(
        "coverage", help=str(Text("độ phủ theo văn bản", "coverage by document"))
    )
    cover.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    form = actions.add_parser(
        "fmt", help=str(Text("viết lại YAML theo chuẩn", "write YAML canonically"))
    )
    form.add_argument("--check", action="store_true", help=str(Text("chỉ kiểm tra", "only check")))
    for sub in (check, cover, form):
        sub.add_argument(
            "--folder", type=Path, default=LIBRARY, help=str(Text("thư mục", "folder"))
        )


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    folder: Path = args.folder.resolve()
    if args.action == "check":
        return _check(folder)
    if args.action == "fmt":
        return _format(folder, only_check=args.check)
    coverage = coverage_of(load_library(folder))
    if args.json:
        put_json(coverage.as_dict())
    else:
        _print_coverage(coverage)
    return 0


def all_problems(folder: Path) -> list[Problem]:
    """Return everything wrong with a library: norms, controls, fact tables, checks and cases."""
    library, problems = read_library(folder)
    _, check_problems = read_checks(library, folder, is_deep=True, known=problems)
    anchors = {c.anchor for d in library.documents.values() for c in d.clauses.values()}
    registers, _ = read_registers(folder, anchors=anchors)
    workflows, workflow_problems = read_workflows(folder, library, registers)
    _, report_problems = read_definitions(folder / "reports", library, registers, workflows)
    _, figure_problems = read_figures(folder)
    found = [*problems, *check_problems, *workflow_problems, *report_problems, *figure_problems]
    if (folder / "duties").is_dir():
        found += duty_problems(folder, library, registers)
    return list(dict.fromkeys(found))


def _check(folder: Path) -> int:
    problems = all_problems(folder)
    for problem in problems:
        put(str(problem))
    if problems:
        say(f"{len(problems)} chỗ sai.", f"{len(problems)} problems.")
        return 3
    library = load_library(folder)
    for dispute in library.disputes:
        put(str(dispute))
    own, above = len(library.regulations), len(library.documents) - len(library.regulations)
    say(
        f"Thư viện đúng: {own} quy chế, {above} luật và tiêu chuẩn cấp trên, {len(library.controls)} biện pháp.",
        f"The library is in order: {own} regulations, {above} laws and standards above them, "
        f"{len(library.controls)} controls.",
    )
    return 0


def _format(folder: Path, *, only_check: bool) -> int:
    unreadable = unreadable_files(folder)
    for problem in unreadable:
        put(str(problem))
    if unreadable:
        return 3
    changed = unformatted_files(folder)
    for path in changed:
        put(str(path))
        if not only_check:
            write_canonical(path)
    return 1 if changed and only_check else 0


def _print_coverage(coverage: Coverage) -> None:
    heads = [str(t) for t in coverage.heads]
    put("".ljust(14) + "".join(head.rjust(13) for head in heads))
    for title, rows in coverage.sections:
        put(painted(str(title), "bold"))
        for name, counts in rows.items():
            put(name.ljust(14) + "".join(str(count).rjust(13) for count in counts))
    for title, listed in coverage.lists:
        put(painted(str(title), "bold"))
        for one in listed:
            why = ", ".join(str(text) for text in one.why)
            put(f"{one.control.id}  {one.control.title}: {why}")
