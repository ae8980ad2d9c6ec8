"""khien verify: rebuild the ledger from its leaves, trusting nothing that was computed before."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from khien.cli.output import painted, put, put_json, say
from khien.kernel.language import Text
from khien.ledger.verify import VerifyResult, verify_directory


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--ledger DIR] [--key KEY] [--checkpoint FILE ...] [--json]."""
    parser.add_argument(
        "--ledger", type=Path, help=str(Text("thư mục sổ cái", "the ledger's folder"))
    )
    parser.add_argument(
        "--key", help=str(Text("khóa công khai đã biết trước", "public key known beforehand"))
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        help=str(Text("mốc cũ giữ ở nơi khác", "an earlier checkpoint kept elsewhere")),
    )
    parser.add_argument("--json", action="store_true", help=str(Text("in JSON", "print JSON")))


def run(args: argparse.Namespace) -> int:
    """Verify, name every problem, and say what could not be found out."""
    result = _verified(args)
    if args.json:
        put_json(_json(result))
        return 0 if result.ok else 1
    for problem in result.problems:
        mark = painted("✗", "fail") if problem.severity == "failure" else painted("!", "unknown")
        put(f"{mark} {problem.message}")
    if result.ok:
        say(
            f"Sổ cái nguyên vẹn: {result.size} bản ghi, gốc {result.root}.",
            f"The ledger is intact: {result.size} entries, root {result.root}.",
        )
        return 0
    say(
        f"Sổ cái KHÔNG nguyên vẹn: {len(result.problems)} vấn đề.",
        f"The ledger is NOT intact: {len(result.problems)} problems.",
    )
    return 1


def _verified(args: argparse.Namespace) -> VerifyResult:
    trusted = [path.read_text(encoding="utf-8") for path in args.checkpoint]
    folder = args.ledger or Path(os.environ.get("KHIEN_DATA", "var/data")) / "ledger"
    return verify_directory(folder, public_key=args.key, trusted_checkpoints=trusted)


def _json(result: VerifyResult) -> dict[str, object]:
    return {
        "ok": result.ok,
        "size": result.size,
        "root": str(result.root),
        "problems": [
            {"code": p.code, "index": p.index, "message": p.message.as_dict()}
            for p in result.problems
        ],
    }
