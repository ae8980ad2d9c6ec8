"""khien intake: take in files of the collector that were carried from other machines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from khien.cli.output import painted, put, say
from khien.facts.errors import BundleError
from khien.facts.models import Host, Intake
from khien.facts.services import CheckedBundle, check_bundle, take_in_all
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org.models import Unit
from khien.org.selectors import unit_by_code

SIZE_MAX = 50 * 2**20
_BATCH_MAX = 200
_BATCH_BYTES_MAX = 64 * 2**20


class UnreadableBundle(KhienError):
    """The file is not a collector's bundle."""

    code = "KHIEN-CLI-002"
    sentence = Text(
        vi="Không nạp được tệp {file}: {why}. Chạy lại bộ thu thập và chép tệp mới.",
        en="The file {file} cannot be taken in: {why}. Run the collector again and copy the new file.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: FILE|FOLDER --unit X [--kind]."""
    parser.add_argument(
        "file",
        type=Path,
        help=str(
            Text(
                "tệp của bộ thu thập, hoặc thư mục chứa các tệp .json",
                "the collector's file, or a folder of .json files",
            )
        ),
    )
    parser.add_argument("--unit", required=True, help=str(Text("mã đơn vị", "the unit's code")))
    parser.add_argument(
        "--kind", choices=Host.Kind.values, help=str(Text("máy dùng làm gì", "used as"))
    )


def run(args: argparse.Namespace) -> int:
    """Take the file in, or all files of a folder; 1 where one of them was refused."""
    unit = unit_by_code(args.unit)
    if args.file.is_dir():
        return _take_in_folder(args.file, unit, kind=args.kind)
    bundle = _checked(args.file)
    (intake,) = _take_in([bundle], unit, kind=args.kind)
    say(
        f"Đã nạp {intake.table_count} bảng của máy {intake.host}.",
        f"Took in {intake.table_count} tables of {intake.host}.",
    )
    return 0


def _take_in_folder(folder: Path, unit: Unit, *, kind: str | None) -> int:
    """Take in what is good, many files at once, and name what is not; doing it again changes nothing."""
    refused: list[UnreadableBundle] = []
    hosts: set[int] = set()
    count = 0
    for some in _batches(sorted(folder.glob("*.json")), refused):
        taken = _take_in(some, unit, kind=kind)
        count += len(taken)
        hosts.update(intake.host.pk for intake in taken)
    for error in refused:
        put(f"{painted('✗', 'fail')} {error}")
    say(
        f"Đã nạp {count} tệp của {len(hosts)} máy; {len(refused)} tệp không nạp được.",
        f"Took in {count} files of {len(hosts)} machines; {len(refused)} files were refused.",
    )
    return 1 if refused else 0


def _batches(
    paths: Iterable[Path], refused: list[UnreadableBundle]
) -> Iterator[list[CheckedBundle]]:
    """Yield good bundles, so many that they fit in memory; add what is wrong with the others."""
    some: list[CheckedBundle] = []
    size = 0
    for path in paths:
        try:
            bundle = _checked(path)
        except UnreadableBundle as error:
            refused.append(error)
            continue
        some.append(bundle)
        size += path.stat().st_size
        if len(some) == _BATCH_MAX or size > _BATCH_BYTES_MAX:
            yield some
            some, size = [], 0
    if some:
        yield some


def _take_in(bundles: Iterable[CheckedBundle], unit: Unit, *, kind: str | None) -> list[Intake]:
    return take_in_all(
        bundles, unit=unit, now=now_utc(), actor="khien intake", channel="file", kind=kind
    )


def _checked(path: Path) -> CheckedBundle:
    try:
        return check_bundle(_read(path))
    except BundleError as error:
        raise UnreadableBundle(file=path, why=error) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > SIZE_MAX:
            raise UnreadableBundle(file=path, why="> 50 MiB")
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableBundle(file=path, why=error.strerror) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, a number without end
        raise UnreadableBundle(file=path, why=error) from error
    if not isinstance(value, dict):
        raise UnreadableBundle(file=path, why="JSON {…}")
    return value
