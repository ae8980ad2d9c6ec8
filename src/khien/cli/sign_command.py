"""khien sign: sign a PDF on this machine, where the token is plugged in; needs no database and no network."""

from __future__ import annotations

import argparse
import getpass
import importlib
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

from pyhanko.sign.signers import Signer

from khien.cli.output import put, put_json, say
from khien.cli.sign_looks import look_of
from khien.cli.signature_words import put_reading
from khien.cli.whole_files import require_writable, write_whole
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.signatures.bounded import read_signatures
from khien.signatures.certificates import common_name, why_unfit
from khien.signatures.errors import (
    CannotWriteSigned,
    FileUnreadable,
    NoTokenSupport,
    SecretNotAsked,
    SignedFileExists,
    UnfitCertificate,
)
from khien.signatures.keys import signer_from_file
from khien.signatures.signing import (
    ROLES,
    Level,
    Proof,
    crls_in,
    must_be_fit,
    sign_pdf,
    time_stamper,
)
from khien.signatures.trust import Trust, authorities_in

_LEVELS = ("B-B", "B-T", "B-LT")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add: FILE --as ROLE, whose key (--key-file, or --module --token --certificate), look, proof."""
    parser.add_argument(
        "file", nargs="?", type=Path, help=str(Text("tệp PDF cần ký", "the PDF to sign"))
    )
    parser.add_argument("--output", type=Path, help=str(Text("ghi vào tệp", "write to the file")))
    parser.add_argument(
        "--force", action="store_true", help=str(Text("ghi đè tệp đã có", "overwrite the file"))
    )
    parser.add_argument(
        "--as",
        dest="role",
        choices=tuple(ROLES),
        default="leader",
        help=str(Text("ký với tư cách nào", "in what role")),
    )
    _configure_key(parser)
    _configure_look(parser)
    _configure_proof(parser)


def _configure_key(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(str(Text("khóa", "key")))
    add = group.add_argument
    add("--list", action="store_true", help=str(Text("liệt kê thiết bị ký", "list the tokens")))
    add("--json", action="store_true", help=str(Text("in JSON", "print JSON")))
    add(
        "--module",
        default=os.environ.get("KHIEN_TOKEN_MODULE", ""),
        metavar=str(Text("THƯ_VIỆN", "LIBRARY")),
        help=str(Text("thư viện PKCS#11 của thiết bị", "the token's PKCS#11 library")),
    )
    add(
        "--token",
        default="",
        metavar=str(Text("TÊN", "NAME")),
        help=str(Text("tên hoặc số sê-ri thiết bị", "the token's name or serial number")),
    )
    add(
        "--certificate",
        default="",
        metavar=str(Text("TÊN", "NAME")),
        help=str(Text("tên hoặc số sê-ri chứng thư", "the certificate's name or serial number")),
    )
    add(
        "--key-file",
        type=Path,
        metavar=str(Text("TỆP", "FILE")),
        help=str(Text("ký bằng tệp .p12 thay thiết bị", "sign with a .p12 file, not a token")),
    )


def _configure_look(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(str(Text("hình thức trên văn bản", "what is seen")))
    add = group.add_argument
    add(
        "--picture",
        type=Path,
        metavar="PNG",
        help=str(Text("ảnh chữ ký hoặc dấu, nền trong suốt", "picture of signature or seal")),
    )
    add(
        "--name",
        help=str(Text("họ tên người ký như trên văn bản", "the signer's name as on the paper")),
    )
    add(
        "--at",
        metavar=str(Text("TRANG,TRÁI,TRÊN,RỘNG,CAO", "PAGE,LEFT,TOP,WIDTH,HEIGHT")),
        help=str(Text("khung đặt ảnh, milimét", "frame of the picture, millimetres")),
    )
    add(
        "--width",
        type=float,
        metavar="MM",
        help=str(Text("chiều rộng thật của ảnh, milimét", "real width of the picture, mm")),
    )
    add(
        "--number",
        default="",
        metavar=str(Text("SỐ_KÝ_HIỆU", "NUMBER")),
        help=str(Text("số, ký hiệu văn bản (annex, copy)", "number and symbol (annex, copy)")),
    )
    add(
        "--copy-form",
        default="",
        metavar=str(Text("HÌNH_THỨC", "FORM")),
        help=str(Text("hình thức sao, ví dụ «Sao y»", "form of the copy, for example «Sao y»")),
    )


def _configure_proof(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(str(Text("bằng chứng kèm theo", "proof inside the file")))
    add = group.add_argument
    add(
        "--tsa",
        default=os.environ.get("KHIEN_TSA", ""),
        metavar=str(Text("ĐỊA_CHỈ", "ADDRESS")),
        help=str(Text("nơi cấp dấu thời gian (RFC 3161)", "time stamping authority (RFC 3161)")),
    )
    add(
        "--level",
        choices=_LEVELS,
        help=str(Text("mức PAdES; có --tsa là B-T", "PAdES level; B-T where --tsa is given")),
    )
    for name, vi, en in (
        ("--trust", "chứng thư gốc, trung gian", "root and intermediate certificates"),
        ("--crl", "danh sách thu hồi (mức B-LT)", "revocation lists (level B-LT)"),
    ):
        add(
            name,
            type=Path,
            nargs="+",
            default=[],
            metavar=str(Text("TỆP", "FILE")),
            help=str(Text(vi, en)),
        )


def run(args: argparse.Namespace) -> int:
    """Sign one file, write it beside, and say what is read back from it."""
    if args.list:
        return _list(args)
    if args.file is None:
        raise FileUnreadable(file="PDF", why=Text("chưa ghi tệp cần ký", "no file was named"))
    now = now_utc()
    content = read_file(args.file)
    target = args.output or args.file.with_name(f"{args.file.stem}-da-ky.pdf")
    require_writable(target, force=args.force, cannot=CannotWriteSigned, exists=SignedFileExists)
    trust = Trust(tuple(trusted_in(args.trust)))
    proof = _proof(args, trust)
    with _signer(args, now) as signer:
        seen = look_of(args, content, signer, now)
        signed = sign_pdf(content, signer, role=args.role, at=now, seen=seen, proof=proof)
    write_whole(target, signed, cannot=CannotWriteSigned)
    reading = read_signatures(signed, trust=trust, at=now_utc())
    put_reading(reading)
    say(f"Đã ký: {target}", f"Signed: {target}")
    put(str(target))
    return 1 if any(one.is_broken for one in reading.signatures) or reading.problem else 0


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that was named.

    Raises: FileUnreadable
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=path, why=error.strerror or error) from error


def trusted_in(paths: list[Path]) -> Iterator[bytes]:
    """Yield the certificates of authorities that files hold, as DER."""
    for path in paths:
        yield from (one.dump() for one in authorities_in(read_file(path), path.name))


def _proof(args: argparse.Namespace, trust: Trust) -> Proof:
    level: Level = args.level or ("B-T" if args.tsa else "B-B")
    return Proof(
        level=level,
        stamper=time_stamper(args.tsa) if args.tsa and level != "B-B" else None,
        address=args.tsa,
        trust=trust,
        crls=crls_in([read_file(path) for path in args.crl]),
    )


@contextmanager
def _signer(args: argparse.Namespace, now: datetime) -> Iterator[Signer]:
    if args.key_file is None:
        with _token_module().signer_on_token(
            args.module,
            token=args.token,
            certificate=args.certificate,
            ask_pin=_ask_pin,
            check=lambda certificate: _must_be_fit(certificate, now),
        ) as signer:
            yield signer
        return
    content = read_file(args.key_file)
    password = _ask(Text("Mật khẩu tệp khóa: ", "Password of the key file: "))
    signer = signer_from_file(content, password, name=args.key_file.name)
    must_be_fit(signer, now)
    yield signer


def _must_be_fit(certificate: object, now: datetime) -> None:
    why = why_unfit(certificate, now)
    if why is not None:
        raise UnfitCertificate(common_name(certificate.subject), why)  # type: ignore[attr-defined]


def _ask_pin(token: str) -> str:
    return _ask(Text(f"Mã PIN của «{token}»: ", f"PIN of «{token}»: "))


def _ask(question: Text) -> str:
    """Ask a secret without showing it, or not at all.

    Raises: SecretNotAsked: there is no terminal that can hide it
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(str(question))
        except (getpass.GetPassWarning, EOFError) as error:
            raise SecretNotAsked from error


def _token_module() -> ModuleType:
    # The library that speaks with tokens is an extra of the package; a .p12 file must do without it.
    try:
        return importlib.import_module("khien.signatures.token")
    except ImportError as error:
        raise NoTokenSupport from error


def _list(args: argparse.Namespace) -> int:
    tokens = _token_module().tokens_of(args.module)
    if args.json:
        put_json(
            [
                {
                    "token": token.label,
                    "serial": token.serial,
                    "model": token.model,
                    "certificates": [one.said for one in token.certificates],
                }
                for token in tokens
            ]
        )
        return 0
    for token in tokens:
        put(f"{token.label} ({token.serial}, {token.model})")
        for one in token.certificates:
            put(f"    {one.said}")
        if not token.certificates:
            put(
                "    "
                + str(
                    Text(
                        "chưa thấy chứng thư (có thể cần PIN)",
                        "no certificate seen (a PIN may be needed)",
                    )
                )
            )
    if not tokens:
        say("Không có thiết bị ký nào đang cắm.", "No token is plugged in.")
    return 0 if tokens else 1
