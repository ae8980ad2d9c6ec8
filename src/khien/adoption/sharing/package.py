"""The signed package of a text: what its manifest says, and the verification of everything it names.

A package is a zip of library files with one signed note before them. The note is that of the ledger (C2SP signed
notes, Ed25519), the key is the one that signs bundles; nothing here is cryptography of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeAlias

from khien import __version__
from khien.adoption.sharing.contents import TextFiles
from khien.adoption.sharing.errors import PackageAltered, PackageKeyNotTrusted
from khien.adoption.sharing.packing import packed
from khien.exchange.submission_errors import SubmissionRefused
from khien.exchange.submission_format import Reader, has_odd_letters, json_after
from khien.kernel.canonical import Json, canonical_bytes
from khien.kernel.clock import iso_utc, parse_iso
from khien.kernel.language import Text
from khien.ledger.errors import LedgerKeyUnreadable, NoteMalformed
from khien.ledger.note import (
    Note,
    SigningKey,
    VerifierKey,
    parse_note,
    parse_verifier_key,
    signed_note,
)
from khien.norms.model import Document

FORMAT: Final = "khien-text"
MAJOR: Final = 1
MANIFEST: Final = "MANIFEST.khien"
ENDING: Final = ".khien-text"
MEDIA_TYPE: Final = "application/vnd.khien.text+zip"
_FILES_MAX: Final = 1_000
_LINE_MAX: Final = 1_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# Why a key is not trusted; None where it is.
Trust: TypeAlias = Callable[[VerifierKey, datetime], Text | None]

_NO_NOTE = Text("bảng kê không đọc được", "the manifest cannot be read")
_BAD_SIGNATURE = Text("chữ ký không đúng với bảng kê", "the signature does not fit the manifest")
_OTHER_KEY = Text(
    "khóa ghi trong bảng kê không phải khóa đã ký",
    "the key in the manifest is not the one that signed",
)
_MISSING = Text("thiếu tệp {name}", "the file {name} is missing")
_CHANGED = Text("tệp {name} không khớp bảng kê", "the file {name} does not fit the manifest")
_STRANGE = Text("có tệp {name} mà bảng kê không kể", "the file {name} is not in the manifest")


@dataclass(frozen=True, slots=True)
class Seal:
    """Who seals a package, with which key, when."""

    key: SigningKey
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """What was verified of a package, and nothing more: whole, unaltered, signed by this key.

    distrust: why the key is not trusted here; None: it is. What the manifest says of itself (title, by whom, when)
    is as true as its signer.
    """

    document: str
    title: Text
    number: str
    issuer: Text
    in_force_from: str
    in_force_to: str
    packed_at: datetime
    packed_by: str
    software: str
    key: VerifierKey
    files: Mapping[str, str]
    distrust: Text | None = None

    @property
    def is_trusted(self) -> bool:
        """Say whether this installation trusts the key."""
        return self.distrust is None


def sealed(files: TextFiles, document: Document, seal: Seal) -> bytes:
    """Return the package of a text; the same text, key and moment give the same bytes."""
    contents = {name: text.encode() for name, text in files.files.items()}
    ends = document.in_force_to
    said: dict[str, Json] = {
        "format": FORMAT,
        "software": __version__,
        "document": document.id,
        "title": {"vi": _line(document.title.vi), "en": _line(document.title.en)},
        "number": _line(document.number or "")[:200],
        "issuer": {"vi": _line(document.issuer.vi), "en": _line(document.issuer.en)},
        "in_force_from": document.in_force_from.isoformat(),
        "in_force_to": ends.isoformat() if ends else "",
        "packed_at": iso_utc(seal.at),
        "packed_by": _line(seal.by)[:200],
        "key": str(seal.key.verifier),
        "files": [
            {"path": name, "size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in contents.items()
        ],
    }
    text = f"{FORMAT}/{MAJOR}\n{canonical_bytes(said).decode()}\n"
    note = str(signed_note(text, [seal.key])).encode()
    return packed({MANIFEST: note, **contents})


def is_package(files: Mapping[str, bytes]) -> bool:
    """Say whether files claim to be a signed package."""
    return MANIFEST in files


def verified(files: Mapping[str, bytes], trust: Trust) -> Verified:
    """Verify a package: its signature, then each file, then that there is no other.

    Whether the key is trusted stands in the result; see `trusted`.
    Raises: PackageAltered: says what is not as it was signed
    """
    note = _note(files[MANIFEST])
    try:
        reader = Reader(json_after(note.text, FORMAT, MAJOR))
        key = parse_verifier_key(reader.text("key", length=300))
        result = _read(reader, key)
    except SubmissionRefused as error:
        raise PackageAltered(error.text()) from error
    except LedgerKeyUnreadable as error:
        raise PackageAltered(_OTHER_KEY) from error
    lines = [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    if not lines:
        raise PackageAltered(_OTHER_KEY)
    if not all(key.verifies(note.text, line) for line in lines):
        raise PackageAltered(_BAD_SIGNATURE)
    _must_match(files, result.files)
    return replace(result, distrust=trust(key, result.packed_at))


def trusted(found: Verified) -> Verified:
    """Return what was verified, if its key is trusted.

    Raises: PackageKeyNotTrusted
    """
    if found.distrust is not None:
        raise PackageKeyNotTrusted(
            key=found.key.name, number=found.key.key_id.hex(), why=found.distrust
        )
    return found


def _note(content: bytes) -> Note:
    try:
        return parse_note(content.decode("utf-8"))
    except (UnicodeDecodeError, NoteMalformed) as error:
        raise PackageAltered(_NO_NOTE) from error


def _read(reader: Reader, key: VerifierKey) -> Verified:
    title, issuer = reader.inside("title"), reader.inside("issuer")
    return Verified(
        document=reader.text("document", _ID),
        title=Text(title.line("vi", length=_LINE_MAX), title.line("en", length=_LINE_MAX)),
        number=reader.line("number"),
        issuer=Text(issuer.line("vi", length=_LINE_MAX), issuer.line("en", length=_LINE_MAX)),
        in_force_from=reader.text("in_force_from", _DAY),
        in_force_to=reader.line("in_force_to", length=10),
        packed_at=parse_iso(reader.moment("packed_at")),
        packed_by=reader.line("packed_by"),
        software=reader.line("software", length=40),
        key=key,
        files={
            one.text("path"): one.text("sha256", _SHA256)
            for one in reader.objects("files", _FILES_MAX)
        },
    )


def _must_match(files: Mapping[str, bytes], said: Mapping[str, str]) -> None:
    for name, digest in said.items():
        if name not in files:
            raise PackageAltered(_MISSING.fill({"name": name}))
        if sha256(files[name]).hexdigest() != digest:
            raise PackageAltered(_CHANGED.fill({"name": name}))
    for name in files:
        if name != MANIFEST and name not in said:
            raise PackageAltered(_STRANGE.fill({"name": name}))


def _line(text: str) -> str:
    return "".join(" " if has_odd_letters(letter) else letter for letter in text)[:_LINE_MAX]
