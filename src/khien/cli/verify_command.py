"""khien verify: rebuild the ledger from its leaves, trusting nothing that was computed before."""

from __future__ import annotations

import argparse
from pathlib import Path

from khien.cli.loading import database_module
from khien.cli.output import painted, put, put_json, say
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.findings import VerifyResult
from khien.ledger.verify import verify_directory


class UnreadableCheckpoint(KhienError):
    """An earlier checkpoint that cannot be read from its file."""

    code = "KHIEN-CLI-005"
    sentence = Text(
        vi="Không đọc được mốc sổ cái {file}: {why}. Chỉ đúng tệp đã lưu rồi chạy lại.",
        en="The checkpoint {file} cannot be read: {why}. Name the file that was kept, then run again.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: [--ledger DIR] [--key KEY] [--checkpoint FILE ...] [--json]."""
    parser.add_argument(
        "--ledger",
        type=Path,
        help=str(
            Text(
                "thư mục sổ cái của nơi khác (không dùng cơ sở dữ liệu)",
                "another ledger's folder (no database)",
            )
        ),
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
    result, evidence, cosigned = _verified(args)
    if args.json:
        said = {"evidence": evidence, "cosigned": cosigned}
        told = {name: [sentence.as_dict() for sentence in listed] for name, listed in said.items()}
        put_json({**_json(result), **told})
        return 0 if result.ok and not evidence else 1
    for problem in result.problems:
        is_failure = problem.severity == "failure"
        put(f"{painted('✗', 'fail') if is_failure else painted('!', 'unknown')} {problem.message}")
    for sentence in evidence:
        put(f"{painted('✗', 'fail')} {sentence}")
    for sentence in cosigned:
        put(f"{painted('✓', 'pass')} {sentence}")
    for limit in result.limits:
        put(painted(f"· {limit}", "dim"))
    if result.ok and evidence:
        say(
            f"Sổ cái nguyên vẹn, nhưng {len(evidence)} chỗ của số liệu đã khác lúc ghi.",
            f"The ledger is intact, but {len(evidence)} things about the facts differ from the record.",
        )
        return 1
    if result.ok:
        say(
            f"Sổ cái nguyên vẹn: {result.size} bản ghi, gốc {result.root}.",
            f"The ledger is intact: {result.size} entries, root {result.root}.",
        )
        return 0
    failures = sum(problem.severity == "failure" for problem in result.problems)
    say(
        f"Sổ cái KHÔNG nguyên vẹn: {failures} chỗ sai.",
        f"The ledger is NOT intact: {failures} failures.",
    )
    return 1


def _verified(args: argparse.Namespace) -> tuple[VerifyResult, list[Text], list[Text]]:
    trusted = [_checkpoint(path) for path in args.checkpoint]
    if args.ledger is not None:
        alone = verify_directory(args.ledger, public_key=args.key, trusted_checkpoints=trusted)
        return alone, [], []
    # An inspector's copy needs no database; this instance's own ledger is compared with its own.
    own = database_module("own_ledger")
    cosigned = own.cosigned()
    # What a unit above co-signed vouches as a checkpoint kept elsewhere does: the owner cannot make it.
    trusted += [note for _, note, is_valid in cosigned if is_valid]
    result: VerifyResult = own.verified(public_key=args.key, trusted_checkpoints=trusted)
    false = [sentence for sentence, _, is_valid in cosigned if not is_valid]
    standing = [sentence for sentence, _, is_valid in cosigned if is_valid]
    return result, [*own.altered(), *false], standing


def _checkpoint(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableCheckpoint(file=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise UnreadableCheckpoint(file=path, why=error.reason) from error


def _json(result: VerifyResult) -> dict[str, object]:
    return {
        "ok": result.ok,
        "size": result.size,
        "root": result.root,
        "entries": result.entries,
        "checkpoints": result.checkpoints,
        "trusted_size": result.trusted_size,
        "problems": [
            {
                "code": problem.code,
                "severity": problem.severity,
                "index": problem.index,
                "message": problem.message.as_dict(),
            }
            for problem in result.problems
        ],
        "limits": [limit.as_dict() for limit in result.limits],
    }
