"""khien signatures: read the signatures of a PDF: who, when, intact or not, how far checked."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from khien.cli.loading import database_module
from khien.cli.output import put_json
from khien.cli.sign_command import read_file, trusted_in
from khien.cli.signature_words import put_reading
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.signatures.bounded import read_signatures
from khien.signatures.errors import SignaturesNotRead
from khien.signatures.readings import as_json
from khien.signatures.sentences import PROBLEM_WORDS, headline
from khien.signatures.trust import Trust


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: FILE [--trust FILE …] [--json]."""
    parser.add_argument("file", type=Path, help=str(Text("tệp PDF", "the PDF")))
    parser.add_argument(
        "--trust",
        type=Path,
        nargs="+",
        default=[],
        metavar=str(Text("TỆP", "FILE")),
        help=str(
            Text(
                "chứng thư gốc để kiểm, thay cho kho đã nạp",
                "root certificates to check by, instead of those loaded",
            )
        ),
    )
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Read and say; 0 where every signature is intact, 1 where one is not or there is none."""
    content = read_file(args.file)
    trust = Trust(tuple(trusted_in(args.trust))) if args.trust else _trust_of_this_machine()
    reading = read_signatures(content, trust=trust, at=now_utc())
    if reading.problem:
        raise SignaturesNotRead(args.file.name, PROBLEM_WORDS[reading.problem])
    if args.json:
        said = [headline(one).as_dict() for one in reading.signatures]
        put_json({**as_json(reading), "sentences": said})
    else:
        put_reading(reading)
    is_good = bool(reading.signatures) and not any(one.is_broken for one in reading.signatures)
    return 0 if is_good else 1


def _trust_of_this_machine() -> Trust:
    """Return whom the instance here trusts; nobody where there is none, and none is made for it."""
    if not Path(os.environ.get("KHIEN_DATA", "var/data")).is_dir():
        return Trust()
    trust: Trust = database_module("trust_command").trust_of_this_instance()
    return trust
