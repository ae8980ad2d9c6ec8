"""The arguments of `khien norms import` and `khien norms texts`; the database is opened when they run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from khien.cli.loading import database_module
from khien.kernel.language import Text


def configure_import(actions: Any) -> None:
    """Add: import FILE --unit CODE [--code ID] [--again] [--json]; texts [--unit CODE] [--json]."""
    bring = actions.add_parser(
        "import", help=str(Text("nhập văn bản của đơn vị", "bring in a regulation of a unit"))
    )
    bring.add_argument(
        "file", type=Path, help=str(Text("tệp .txt, .docx hoặc .pdf", ".txt, .docx or .pdf"))
    )
    bring.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    bring.add_argument(
        "--code",
        help=str(Text("mã văn bản; để trống thì tự đề xuất", "the text's code; proposed if empty")),
    )
    bring.add_argument(
        "--again",
        action="store_true",
        help=str(Text("đây là bản mới của văn bản đã có", "a new version of a text held already")),
    )
    bring.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    texts = actions.add_parser(
        "texts", help=str(Text("liệt kê văn bản đã nhập", "list the imported texts"))
    )
    texts.add_argument("--unit", help=str(Text("mã đơn vị", "the unit's code")))
    texts.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def _import(args: argparse.Namespace) -> int:
    result: int = database_module("norms_import").run_import(args)
    return result


def _texts(args: argparse.Namespace) -> int:
    result: int = database_module("norms_import").run_texts(args)
    return result


IMPORT_ACTS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "import": _import,
    "texts": _texts,
}
