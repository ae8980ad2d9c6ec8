"""khien backup: everything Khiên holds in one archive, with digests."""

from __future__ import annotations

import argparse
from pathlib import Path

from khien.access.backup import make_backup
from khien.cli.output import put, say
from khien.kernel.clock import now_utc
from khien.kernel.language import Text


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: FILE."""
    parser.add_argument(
        "file", type=Path, help=str(Text("tệp sẽ ghi (.zip)", "the file to write (.zip)"))
    )


def run(args: argparse.Namespace) -> int:
    """Write the backup and say what it holds."""
    made = make_backup(args.file.resolve(), now=now_utc())
    put(str(args.file))
    say(
        f"{len(made.files)} tệp, gồm cả khóa: cất bản sao ở nơi khóa, khác máy này. Thử phục hồi: "
        f"khien restore {args.file} --into THƯ_MỤC",
        f"{len(made.files)} files, keys among them: keep the copy locked away, off this machine. Try it: "
        f"khien restore {args.file} --into FOLDER",
    )
    return 0
