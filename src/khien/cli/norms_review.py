"""The arguments of `khien norms review`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from khien.cli.loading import database_module
from khien.kernel.language import Text


def configure_review(actions: Any) -> None:
    """Add: review CODE [--sweep [--chapter CHAPTER]] [--user NAME] [--json]."""
    review = actions.add_parser(
        "review",
        help=str(
            Text("xem tiến độ rà soát một văn bản nhập", "show how far a text's review has come")
        ),
    )
    review.add_argument("code", help=str(Text("mã văn bản nhập", "the text's code")))
    review.add_argument(
        "--sweep",
        action="store_true",
        help=str(Text("xác nhận mọi gợi ý chắc chắn", "confirm every sure suggestion")),
    )
    review.add_argument(
        "--chapter", help=str(Text("chỉ chương này, như C.II", "only this chapter, like C.II"))
    )
    review.add_argument("--user", help=str(Text("tên người dùng đứng tên", "the user who does it")))
    review.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def _review(args: argparse.Namespace) -> int:
    result: int = database_module("norms_reviewing").run_review(args)
    return result


REVIEW_ACTS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {"review": _review}
