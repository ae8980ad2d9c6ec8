"""khien restore: a backup put into an empty folder and proven there."""

from __future__ import annotations

import argparse
from pathlib import Path

from khien.access.restoring import restore
from khien.cli.output import put, say
from khien.kernel.language import Text


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: FILE --into FOLDER [--database ADDRESS]."""
    parser.add_argument("file", type=Path, help=str(Text("bản sao lưu", "the backup")))
    parser.add_argument(
        "--into", type=Path, required=True, help=str(Text("thư mục trống", "an empty folder"))
    )
    parser.add_argument(
        "--database",
        default="",
        metavar="ADDRESS",
        help=str(
            Text(
                "cơ sở dữ liệu PostgreSQL trống, nếu bản sao lưu là của máy chủ",
                "an empty PostgreSQL database, where the backup is of a server",
            )
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Restore and say what was proven."""
    found = restore(args.file, args.into, server=args.database)
    put(str(args.into))
    say(
        f"Phục hồi {len(found.files)} tệp; digest, cơ sở dữ liệu và {found.entries} bản ghi sổ cái đều khớp. "
        f"Chạy trên đó: KHIEN_DATA={args.into} ./khien serve",
        f"Restored {len(found.files)} files; digests, database and {found.entries} ledger entries agree. "
        f"Run on it: KHIEN_DATA={args.into} ./khien serve",
    )
    return 0
