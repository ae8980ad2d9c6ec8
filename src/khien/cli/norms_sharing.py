"""khien norms export, verify, read-shared: texts in forms that others read, and such forms read back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from khien.cli.loading import database_module
from khien.kernel.language import Text

FORMS = ("folder", "package", "oscal", "ciso", "xlsx")


def configure_sharing(actions: Any) -> None:
    """Add: export DOC --as FORM -o PATH [--force]; verify PACKAGE [--json]; read-shared PATH [--json]."""
    export = actions.add_parser(
        "export", help=str(Text("xuất một văn bản cho nơi khác dùng", "write a text for others"))
    )
    export.add_argument("document", metavar="DOC", help=str(Text("mã văn bản", "document")))
    export.add_argument(
        "--as",
        dest="form",
        required=True,
        choices=FORMS,
        help=str(
            Text(
                "thư mục thư viện, gói ký, OSCAL, thư viện CISO Assistant hoặc sổ tính",
                "library folder, signed package, OSCAL, CISO Assistant library or workbook",
            )
        ),
    )
    export.add_argument(
        "-o", "--out", type=Path, required=True, help=str(Text("ghi vào đâu", "where to"))
    )
    export.add_argument(
        "--mapped-to",
        metavar="DOC",
        help=str(
            Text(
                "ghi bảng đối chiếu với văn bản này (chỉ với ciso)",
                "write the mapping to that text instead (ciso only)",
            )
        ),
    )
    export.add_argument(
        "--force", action="store_true", help=str(Text("ghi đè", "overwrite what is there"))
    )
    verify = actions.add_parser(
        "verify", help=str(Text("kiểm tra một gói ký", "verify a signed package"))
    )
    verify.add_argument("package", type=Path, help=str(Text("tệp gói", "the package")))
    verify.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    read = actions.add_parser(
        "read-shared",
        help=str(
            Text(
                "đọc và kiểm tra một văn bản nhận được, không lưu gì",
                "read and check a text one was given; nothing is stored",
            )
        ),
    )
    read.add_argument("path", type=Path, help=str(Text("tệp hoặc thư mục", "file or folder")))
    read.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def _act(name: str) -> Callable[[argparse.Namespace], int]:
    def run(args: argparse.Namespace) -> int:
        # Own texts and keys lie in the data folder; the other actions of this verb do without one.
        return int(getattr(database_module("norms_shared_files"), name)(args))

    return run


SHARING_ACTS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "export": _act("export"),
    "verify": _act("verify"),
    "read-shared": _act("read"),
}
