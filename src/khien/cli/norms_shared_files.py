"""What khien norms export, verify and read-shared do, with the data folder open."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from khien.adoption.sharing.ciso_reading import Skeleton
from khien.adoption.sharing.forms import (
    CISO,
    IN_FOLDERS,
    PACKAGE,
    Exported,
    SharedText,
    exported,
    mapped,
    read_shared,
    verify_package,
)
from khien.adoption.sharing.keys import trust_here
from khien.adoption.sharing.package import Verified
from khien.adoption.sharing.packing import unpacked
from khien.adoption.sharing.services import sign_as_operator
from khien.cli.output import painted, put, put_json, say
from khien.cli.whole_files import require_writable, write_whole
from khien.kernel.clock import iso_utc, now_utc, said_moment
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.norms.library import load_library

ACTOR = "khien norms"


class SharedFileUnusable(KhienError):
    """A place a shared text cannot be written to."""

    code = "KHIEN-CLI-060"
    sentence = Text(
        vi="Không ghi được {path}: {why}. Chọn chỗ khác rồi chạy lại.",
        en="{path} cannot be written: {why}. Choose another place, then run again.",
    )


class SharedFileExists(KhienError):
    """A file or folder that is there already."""

    code = "KHIEN-CLI-061"
    sentence = Text(
        vi="{path} đã có. Thêm --force để ghi đè.",
        en="{path} is there already. Add --force to overwrite it.",
    )


def export(args: argparse.Namespace) -> int:
    """Write a text in a form; one of several files goes into a folder, or a zip where the path says so."""
    as_folder = args.form in IN_FOLDERS and args.out.suffix.lower() != ".zip"
    if not as_folder:
        require_writable(
            args.out, force=args.force, cannot=SharedFileUnusable, exists=SharedFileExists
        )
    elif args.out.exists() and not args.out.is_dir():
        raise SharedFileUnusable(path=args.out, why=args.out.name)
    elif args.out.exists() and any(args.out.iterdir()) and not args.force:
        raise SharedFileExists(path=args.out)
    made = _made(args)
    if as_folder:
        _write_folder(args.out, made)
    else:
        write_whole(args.out, made.data, cannot=SharedFileUnusable)
    say(
        f"Đã ghi {args.document} vào {args.out} ({len(made.data)} byte).",
        f"Wrote {args.document} to {args.out} ({len(made.data)} bytes).",
    )
    return 0


def _made(args: argparse.Namespace) -> Exported:
    library = load_library()
    if args.form == CISO and args.mapped_to:
        return mapped(library, args.document, args.mapped_to)
    if args.form != PACKAGE:
        return exported(library, args.document, args.form)
    now = now_utc()
    made = sign_as_operator(args.document, by=ACTOR, now=now)
    publish(now)
    return made


def _write_folder(target: Path, made: Exported) -> None:
    for name, content in unpacked(made.data, made.name).items():
        path = target / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SharedFileUnusable(path=path, why=error.strerror or error) from error
        write_whole(path, content, cannot=SharedFileUnusable)


def verify(args: argparse.Namespace) -> int:
    """Say what holds of a package; 1 where its key is not trusted here."""
    found = verify_package(args.package, trust_here)
    if args.json:
        put_json(_seal_json(found))
    else:
        _put_seal(found)
    return 0 if found.is_trusted else 1


def _put_seal(found: Verified) -> None:
    good, bad = painted("✓", "pass"), painted("✗", "fail")
    put(f"{good} {Text('Nguyên vẹn, chữ ký đúng', 'Intact, the signature holds')}")
    put(f"{good} {len(found.files)} {Text('tệp khớp bảng kê', 'files fit the manifest')}")
    put(
        f"{good if found.is_trusted else bad} {Text('Khóa', 'Key')}: {found.key.name}+{found.key.key_id.hex()}"
    )
    if found.distrust is not None:
        put(f"  {Text('Không tin khóa này', 'Not trusted')}: {found.distrust}")
    put(f"  {found.document}: {found.title} ({found.number or '–'})")
    put(f"  {Text('Nơi ban hành', 'Issuer')}: {found.issuer}")
    put(f"  {Text('Hiệu lực từ', 'In force from')}: {found.in_force_from}")
    when = f"{said_moment(found.packed_at)}, {found.packed_by}, Khiên {found.software}"
    put(f"  {Text('Đóng gói', 'Packed')}: {when}")


def _seal_json(found: Verified) -> dict[str, Any]:
    return {
        "intact": True,
        "trusted": found.is_trusted,
        "distrust": found.distrust.as_dict() if found.distrust else None,
        "key": str(found.key),
        "document": found.document,
        "title": found.title.as_dict(),
        "number": found.number,
        "issuer": found.issuer.as_dict(),
        "in_force_from": found.in_force_from,
        "in_force_to": found.in_force_to,
        "packed_at": iso_utc(found.packed_at),
        "packed_by": found.packed_by,
        "software": found.software,
        "files": dict(found.files),
    }


def read(args: argparse.Namespace) -> int:
    """Say what a shared text holds."""
    got = read_shared(args.path, load_library(), trust=trust_here)
    if isinstance(got, Skeleton):
        return _put_skeleton(got, as_json=args.json)
    if args.json:
        put_json(_text_json(got))
        return 0
    if got.seal is not None:
        _put_seal(got.seal)
    document = got.document
    put(f"{painted(document.id, 'bold')}  {document.title}  [{got.form}]")
    duties = sum(1 for _ in document.duties())
    say(
        f"{len(document.clauses)} điều khoản, {duties} nghĩa vụ, {len(got.own_controls)} biện pháp tự lập. "
        "Đã kiểm tra, chưa lưu gì.",
        f"{len(document.clauses)} clauses, {duties} duties, {len(got.own_controls)} own controls. "
        "Checked; nothing was stored.",
    )
    for code, control in got.own_controls.items():
        put(f"  {code}  {control.title}")
    return 0


def _put_skeleton(got: Skeleton, *, as_json: bool) -> int:
    proposals = sum(len(clause.proposals) for clause in got.clauses)
    if as_json:
        clauses = [asdict(clause) for clause in got.clauses]
        about = {"form": got.form, "id": got.id, "title": got.title.as_dict()}
        put_json(about | {"clauses": clauses})
        return 0
    put(f"{painted(got.id, 'bold')}  {got.title}  [{got.form}]")
    say(
        f"{len(got.clauses)} điều khoản, {proposals} gợi ý biện pháp. "
        "Dạng này không chứa đủ một văn bản: phải rà soát.",
        f"{len(got.clauses)} clauses, {proposals} proposals. "
        "This form holds too little of a text: review it first.",
    )
    return 0


def _text_json(got: SharedText) -> dict[str, Any]:
    document = got.document
    return {
        "form": got.form,
        "id": document.id,
        "title": document.title.as_dict(),
        "clauses": len(document.clauses),
        "duties": sum(1 for _ in document.duties()),
        "controls": {code: c.title.as_dict() for code, c in got.own_controls.items()},
        "files": got.files.files,
        "seal": _seal_json(got.seal) if got.seal else None,
    }
