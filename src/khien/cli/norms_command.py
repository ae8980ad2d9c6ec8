"""khien norms: parse a regulation, suggest what its clauses feed, or show what changes between two texts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from khien.cli.norms_comparison import COMPARISON_ACTS, configure_comparison
from khien.cli.norms_force import FORCE_ACTS, configure_force
from khien.cli.norms_import_words import IMPORT_ACTS, configure_import
from khien.cli.norms_review import REVIEW_ACTS, configure_review
from khien.cli.norms_sharing import SHARING_ACTS, configure_sharing
from khien.cli.norms_suggest import suggest
from khien.cli.output import painted, put, put_json, say
from khien.cli.words import day_argument
from khien.kernel.language import Text
from khien.norms.difference import ControlChange, compare_documents
from khien.norms.library import load_library
from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import as_json, parse_text
from khien.norms.text.reading import read_file


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: parse FILE [--json]; suggest FILE [--json]; diff A B [--on DATE] [--json]."""
    actions = parser.add_subparsers(dest="action", required=True)
    parse = actions.add_parser(
        "parse",
        help=str(Text("đọc một tệp văn bản thành cấu trúc", "read a file into its structure")),
    )
    parse.add_argument(
        "file", type=Path, help=str(Text("tệp .txt, .docx hoặc .pdf", ".txt, .docx or .pdf"))
    )
    parse.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    suggest = actions.add_parser(
        "suggest",
        help=str(
            Text("gợi ý biện pháp cho từng quy định", "suggest controls for the clauses of a text")
        ),
    )
    suggest.add_argument(
        "file", type=Path, help=str(Text("tệp .txt, .docx hoặc .pdf", ".txt, .docx or .pdf"))
    )
    suggest.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    configure_import(actions)
    configure_comparison(actions)
    configure_sharing(actions)
    configure_review(actions)
    configure_force(actions)
    diff = actions.add_parser(
        "diff", help=str(Text("B thay A thì đổi gì", "what changes when B replaces A"))
    )
    diff.add_argument("old", metavar="A", help=str(Text("văn bản cũ", "old document")))
    diff.add_argument("new", metavar="B", help=str(Text("văn bản mới", "new document")))
    diff.add_argument("--on", type=day_argument, help=str(Text("xét ngày", "as on the day")))
    diff.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    acts = {
        "parse": _parse,
        "suggest": suggest,
        "diff": _diff,
        **COMPARISON_ACTS,
        **FORCE_ACTS,
        **IMPORT_ACTS,
        **REVIEW_ACTS,
        **SHARING_ACTS,
    }
    return acts[args.action](args)


def _parse(args: argparse.Namespace) -> int:
    source = read_file(args.file)
    document = parse_text(source.text)
    result = as_json(document)
    result["anomalies"] = [_anomaly(item) for item in source.anomalies] + list(result["anomalies"])
    if args.json:
        put_json(result)
    else:
        _print_structure(document, result)
    return 0


def _anomaly(item: Any) -> dict[str, Any]:
    return {
        "line": item.line,
        "code": item.code,
        "message": item.message.vi,
        "message_en": item.message.en,
    }


def _print_structure(document: ParsedDocument, result: dict[str, Any]) -> None:
    about = result["document"]
    for name, value in about.items():
        if value and not isinstance(value, (list, dict)):
            put(f"{painted(name, 'dim')}: {value}")
    put(" ".join(f"{name} {count}" for name, count in result["counts"].items()))
    for node in document.nodes:
        depth = node.path.count(".")
        words = (node.title or node.text or "").split()
        short = " ".join(words[:14]) + (" …" if len(words) > 14 else "")
        put(f"{'  ' * depth}{painted(node.path, 'bold')}  {short}")
    say(
        f"{len(result['anomalies'])} chỗ bất thường (xem --json để biết dòng).",
        f"{len(result['anomalies'])} anomalies (--json shows their lines).",
    )


def _diff(args: argparse.Namespace) -> int:
    library = load_library()
    changes = compare_documents(library, args.old, args.new, on=args.on)
    if args.json:
        put_json([change.as_dict() for change in changes])
        return 0
    for change in changes:
        put(_said(change, library.controls[change.control].title))
    return 0


def _said(change: ControlChange, title: Text) -> str:
    marks = {"added": "+", "dropped": "-", "changed": "~", "same": "="}
    line = f"{marks[change.kind]} {painted(change.control, 'bold')} {title}"
    for parameter in change.parameters:
        line += f"\n    {parameter.name}: {parameter.old} → {parameter.new} ({parameter.direction})"
    return line
