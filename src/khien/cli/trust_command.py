"""khien trust: whose certificates this instance trusts when it reads signatures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from khien.cli.output import painted, put, put_json, say
from khien.cli.sign_command import read_file
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.signatures.selectors import trust_now, trusted_by_fingerprint, trusted_certificates
from khien.signatures.services import add_trust, remove_trust
from khien.signatures.trust import Trust

_ACTOR = "khien trust"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: add FILE, list, remove FINGERPRINT."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser(
        "add", help=str(Text("tin một tổ chức chứng thực", "trust a certification authority"))
    )
    add.add_argument(
        "file", type=Path, help=str(Text("tệp chứng thư (.cer, .pem, .p7b)", "its certificates"))
    )
    show = actions.add_parser(
        "list", help=str(Text("liệt kê chứng thư đang tin", "list the trusted certificates"))
    )
    show.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    remove = actions.add_parser("remove", help=str(Text("thôi tin", "stop trusting one")))
    remove.add_argument(
        "fingerprint", help=str(Text("SHA-256, hoặc 8 chữ đầu", "SHA-256, or its first 8 letters"))
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"add": _add, "list": _list, "remove": _remove}[args.action](args)


def trust_of_this_instance() -> Trust:
    """Return whom this instance trusts now."""
    return trust_now()


def _add(args: argparse.Namespace) -> int:
    made = add_trust(read_file(args.file), name=args.file.name, by=_ACTOR, now=now_utc())
    publish(now_utc())
    for one in made:
        put(f"{one.sha256[:16]} {one.name}")
    say(
        f"Đã nạp {len(made)} chứng thư. So dấu vân tay SHA-256 với dấu vân tay nơi cấp công bố trước khi dùng.",
        f"Loaded {len(made)} certificate(s). Compare the SHA-256 with what the authority publishes before use.",
    )
    return 0


def _list(args: argparse.Namespace) -> int:
    rows: list[dict[str, Any]] = [
        {
            "sha256": one.sha256,
            "name": one.name,
            "issuer": one.issuer,
            "is_root": one.is_root,
            "not_after": one.not_after,
            "added_at": one.added_at,
            "added_by": one.added_by,
        }
        for one in trusted_certificates()
    ]
    if args.json:
        put_json(rows)
        return 0
    for row in rows:
        kind = Text("gốc", "root") if row["is_root"] else Text("trung gian", "intermediate")
        put(
            f"{row['sha256'][:16]} {painted(row['name'], 'bold')} ({kind}) {row['not_after']:%d/%m/%Y}"
        )
    if not rows:
        say("Chưa nạp chứng thư nào.", "No certificate was loaded.")
    return 0


def _remove(args: argparse.Namespace) -> int:
    certificate = trusted_by_fingerprint(args.fingerprint)
    remove_trust(certificate, by=_ACTOR, now=now_utc())
    publish(now_utc())
    say(f"Đã thôi tin «{certificate.name}».", f"«{certificate.name}» is no longer trusted.")
    return 0
