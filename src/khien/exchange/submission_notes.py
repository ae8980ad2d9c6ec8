"""The small signed texts around a bundle: key card, announcement of an upload, receipt of the receiver."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from khien.exchange.submission_errors import (
    CardRefused,
    ReceiptRefused,
    SubmissionMalformed,
    VersionUnknown,
)
from khien.exchange.submission_format import Party, Reader, is_bundle_id, json_after
from khien.kernel.canonical import Json, canonical_bytes
from khien.kernel.clock import iso_utc
from khien.kernel.language import Text
from khien.ledger.errors import LedgerKeyUnreadable, NoteMalformed, NoteNotSigned
from khien.ledger.note import (
    ED25519,
    SigningKey,
    VerifierKey,
    open_note,
    parse_note,
    parse_verifier_key,
    signed_note,
)

CARD: Final = "khien-card"
UPLOAD: Final = "khien-upload"
RECEIPT: Final = "khien-receipt"
NOTE_LENGTH_MAX: Final = 64 * 1024
GROUPS: Final = 8
_SHA256 = re.compile(r"[0-9a-f]{64}")
_INSTANCE = re.compile(r"[^\s+]{1,80}")
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")

_NO_CARD = Text(
    "tệp không phải thẻ khóa của Khiên, hoặc đã bị sửa; lấy lại thẻ từ bên kia",
    "the file is no key card of Khiên, or was altered; fetch it again from the other side",
)
NOT_A_RECEIPT = Text(
    "tệp không phải phiếu nhận của Khiên, hoặc không do nơi nhận ký",
    "the file is no receipt of Khiên, or was not signed by the receiver",
)


@dataclass(frozen=True, slots=True)
class Card:
    """What another instance shows of itself: its unit and its two public keys; both keys signed it."""

    party: Party
    ledger_key: VerifierKey
    key: VerifierKey

    @property
    def fingerprint(self) -> str:
        """Return what two people read to each other."""
        return fingerprint_of(self.ledger_key, self.key)


def fingerprint_of(ledger_key: VerifierKey, key: VerifierKey) -> str:
    """Return eight groups of five digits (132 bits) that stand for the two keys."""
    digest = hashlib.sha512(f"{CARD}/1\n{ledger_key}\n{key}\n".encode()).digest()
    numbers = [int.from_bytes(digest[at : at + 8], "big") for at in range(0, GROUPS * 8, 8)]
    return " ".join(f"{number % 100_000:05d}" for number in numbers)


def card_text(party: Party, ledger_key: SigningKey, key: SigningKey, *, now: datetime) -> str:
    """Return the card of this instance."""
    said: dict[str, Json] = {
        "instance": party.instance,
        "unit": party.unit,
        "name_vi": party.name_vi,
        "name_en": party.name_en,
        "ledger_key": str(ledger_key.verifier),
        "key": str(key.verifier),
        "made_at": iso_utc(now),
    }
    return note_signed(CARD, said, key, ledger_key)


def read_card(content: str) -> Card:
    """Read a card; whose it really is, only people can say.

    Raises: CardRefused
    """
    try:
        note = parse_note(unix_lines(content))
        reader = Reader(json_after(note.text, CARD, 1))
        ledger_key = parse_verifier_key(reader.text("ledger_key", length=300))
        key = parse_verifier_key(reader.text("key", length=300))
        signers = open_note(unix_lines(content), [ledger_key, key])[1]
        party = _party(reader)
    except VersionUnknown as other:
        raise CardRefused(other.text()) from other
    except (NoteMalformed, NoteNotSigned, LedgerKeyUnreadable, SubmissionMalformed) as error:
        raise CardRefused(_NO_CARD) from error
    is_ours = ledger_key.name == party.instance and key.name.startswith(f"{party.instance}/")
    if {ledger_key, key} != set(signers) or {ledger_key.kind, key.kind} != {ED25519} or not is_ours:
        raise CardRefused(_NO_CARD)
    return Card(party, ledger_key, key)


def _party(reader: Reader) -> Party:
    return Party(
        instance=reader.text("instance", _INSTANCE),
        unit=reader.text("unit", _CODE),
        name_vi=reader.line("name_vi"),
        name_en=reader.line("name_en"),
    )


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a sender says before it sends the bytes of a bundle."""

    bundle: str
    sha256: str
    size: int
    sequence: int
    unit: str
    receiver: str
    at: str


def announcement_text(said: Announcement, key: SigningKey) -> str:
    """Return an announcement, signed."""
    body: dict[str, Json] = {
        "bundle": said.bundle,
        "sha256": said.sha256,
        "size": said.size,
        "sequence": said.sequence,
        "unit": said.unit,
        "receiver": said.receiver,
        "at": said.at,
    }
    return note_signed(UPLOAD, body, key)


def read_announcement(text: str) -> Announcement:
    """Read the signed text of an announcement; its signature is checked by the caller.

    Raises: SubmissionMalformed, VersionUnknown
    """
    reader = Reader(json_after(text, UPLOAD, 1))
    bundle = reader.text("bundle", length=32)
    if not is_bundle_id(bundle):
        raise SubmissionMalformed(where="bundle")
    return Announcement(
        bundle=bundle,
        sha256=reader.text("sha256", _SHA256),
        size=reader.number("size", least=1),
        sequence=reader.number("sequence", least=1),
        unit=reader.text("unit", _CODE),
        receiver=reader.text("receiver", _INSTANCE),
        at=reader.moment("at"),
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver says of a bundle: when it came, what was verified, and the co-signed checkpoint."""

    bundle: str
    sha256: str
    sequence: int
    sender: str
    receiver: Party
    received_at: str
    facts: tuple[str, ...]
    continuity: str
    last_sequence: int
    missing: tuple[int, ...]
    cosigned: str


def receipt_text(said: Receipt, key: SigningKey) -> str:
    """Return a receipt, signed."""
    body: dict[str, Json] = {
        "bundle": said.bundle,
        "sha256": said.sha256,
        "sequence": said.sequence,
        "sender": said.sender,
        "instance": said.receiver.instance,
        "unit": said.receiver.unit,
        "name_vi": said.receiver.name_vi,
        "name_en": said.receiver.name_en,
        "received_at": said.received_at,
        "facts": list(said.facts),
        "continuity": said.continuity,
        "last_sequence": said.last_sequence,
        "missing": list(said.missing),
        "cosigned": said.cosigned or None,
    }
    return note_signed(RECEIPT, body, key)


def read_receipt(content: str, keys: Sequence[VerifierKey]) -> tuple[Receipt, VerifierKey]:
    """Read a receipt that one of the receiver's keys must have signed.

    Raises: ReceiptRefused
    """
    try:
        note, signers = open_note(unix_lines(content), keys)
        reader = Reader(json_after(note.text, RECEIPT, 1))
        return _receipt(reader), signers[0]
    except VersionUnknown as other:
        raise ReceiptRefused(other.text()) from other
    except (NoteMalformed, NoteNotSigned, SubmissionMalformed) as error:
        raise ReceiptRefused(NOT_A_RECEIPT) from error


def receipt_is_about(content: str, name: str = RECEIPT) -> str:
    """Return the id of the bundle a receipt, or an answer, speaks of, before anything of it is believed.

    Raises: ReceiptRefused
    """
    try:
        reader = Reader(json_after(parse_note(unix_lines(content)).text, name, 1))
        return reader.text("bundle", length=32)
    except VersionUnknown as other:
        raise ReceiptRefused(other.text()) from other
    except (NoteMalformed, SubmissionMalformed) as error:
        raise ReceiptRefused(NOT_A_RECEIPT) from error


def _receipt(reader: Reader) -> Receipt:
    facts, missing = reader.raw("facts"), reader.raw("missing")
    if not isinstance(facts, list) or not isinstance(missing, list):
        raise SubmissionMalformed(where="facts")
    return Receipt(
        bundle=reader.text("bundle", length=32),
        sha256=reader.text("sha256", _SHA256),
        sequence=reader.number("sequence", least=1),
        sender=reader.text("sender", _INSTANCE),
        receiver=_party(reader),
        received_at=reader.moment("received_at"),
        facts=tuple(str(one)[:40] for one in facts[:50]),
        continuity=reader.text("continuity", length=20),
        last_sequence=reader.number("last_sequence"),
        missing=tuple(one for one in missing[:500] if isinstance(one, int)),
        cosigned=reader.text("cosigned", length=8192) if reader.raw("cosigned") else "",
    )


def note_signed(name: str, said: dict[str, Json], *keys: SigningKey) -> str:
    """Return a note of ours: its format, canonical JSON, signatures."""
    return str(signed_note(f"{name}/1\n{canonical_bytes(said).decode()}\n", keys))


def unix_lines(content: str) -> str:
    """Return a text with the line ends of a note: editors and mail programs turn them."""
    text = content.lstrip("\ufeff").replace("\r\n", "\n").strip("\n")
    return f"{text[:NOTE_LENGTH_MAX]}\n"
