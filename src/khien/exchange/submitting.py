"""The only writer of bundles made here: put together, signed, kept, and their receipts taken back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO, Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from khien import __version__
from khien.exchange import events
from khien.exchange.answers import ANSWER, BundleAnswer, answered, read_answer
from khien.exchange.models import Partner, PartnerKey, SentBundle
from khien.exchange.own_keys import own_instance, own_key, own_party
from khien.exchange.partners import ABOVE
from khien.exchange.submission_errors import ReceiptRefused, SubmissionNotMade
from khien.exchange.submission_format import PROOFS_MAX, Manifest, Party, UnitSaid
from khien.exchange.submission_notes import Receipt, read_receipt, receipt_is_about, unix_lines
from khien.exchange.submission_proofs import proof_lines
from khien.exchange.submission_store import new_file, sent_path, settle
from khien.exchange.submission_writing import Piece, entries_piece, write_bundle
from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc, parse_iso
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.ledger.checkpoint import Checkpoint, parse_checkpoint_text
from khien.ledger.errors import NoteMalformed, NoteNotSigned
from khien.ledger.layout import Layout
from khien.ledger.models import LedgerEntry
from khien.ledger.note import (
    COSIGNATURE_V1,
    VerifierKey,
    encode_base64,
    open_note,
    parse_verifier_key,
)
from khien.ledger.prover import Prover
from khien.ledger.selectors import verifier_key_text
from khien.ledger.tree import LeafHashes
from khien.org.history import subtree
from khien.org.models import Unit

_TRIES: Final = 5
_DIGESTS_AN_ENTRY: Final = 500
State = SentBundle.State
_NOT_ABOVE = Text(
    "nơi này không phải nơi nhận gói của đơn vị, hoặc đã kết thúc",
    "this partner is no receiver of the unit, or was ended",
)
_NO_KEY = Text(
    "chưa đăng ký khóa còn hiệu lực của nơi nhận", "no valid key of the receiver is registered"
)
_EMPTY = Text("chọn ít nhất một nội dung để gửi", "choose something to send")
_BUSY = Text("nhiều gói được lập cùng lúc; thử lại", "several bundles are being made; try again")
_NO_SUCH = Text("phiếu của một gói không lập ở đây", "it is about a bundle that was not made here")
_OTHER_BYTES = Text(
    "phiếu nói về nội dung khác với gói đã gửi", "it speaks of other bytes than were sent"
)
_NOT_OURS = Text(
    "mốc sổ cái được đồng ký không phải của sổ cái ở đây; giữ phiếu lại và báo người phụ trách",
    "the co-signed checkpoint is not of the ledger here; keep the receipt and tell who is in charge",
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a bundle: its pieces, and a word on them for the list of bundles."""

    pieces: Sequence[Piece]
    summary: dict[str, Json] = field(default_factory=dict)


def make_bundle(partner: Partner, contents: Contents, *, by: str, now: datetime) -> SentBundle:
    """Make a bundle for a receiver, sign it and keep it; it is sent by itself where there is an address.

    Publishes the ledger first, so it must not run inside a transaction.
    Raises: SubmissionNotMade, SubmissionTooLarge: nothing is kept
    """
    if partner.direction != ABOVE or partner.ended_at is not None:
        raise SubmissionNotMade(_NOT_ABOVE)
    if not PartnerKey.objects.filter(partner=partner, revoked_at=None).exists():
        raise SubmissionNotMade(_NO_KEY)
    if not contents.pieces:
        raise SubmissionNotMade(_EMPTY)
    own_key(by=by, now=now)
    frozen = Contents(_entered(partner, contents.pieces, by=by, now=now), contents.summary)
    checkpoint = ledger.publish(now)
    for _ in range(_TRIES):
        try:
            return _made(partner, frozen, checkpoint, by=by, now=now)
        except IntegrityError:
            continue
    raise SubmissionNotMade(_BUSY)


@transaction.atomic
def _entered(partner: Partner, pieces: Sequence[Piece], *, by: str, now: datetime) -> list[Piece]:
    """Put the digests of pieces that no entry of the ledger names on record, so that each is proven."""
    loose = [piece for piece in pieces if piece.item.entry is None]
    entries: dict[str, int] = {}
    for at in range(0, len(loose), _DIGESTS_AN_ENTRY):
        digests = [piece.item.sha256 for piece in loose[at : at + _DIGESTS_AN_ENTRY]]
        body: dict[str, Json] = {
            "unit": partner.unit.code,
            "count": len(digests),
            "digests": digests,
            "by": by,
        }
        index = ledger.record(events.EXTRACTS_FROZEN, subject=partner.unit.code, body=body, at=now)
        entries.update(dict.fromkeys(digests, index))
    return [
        piece
        if piece.item.entry is not None
        else replace(piece, item=replace(piece.item, entry=entries[piece.item.sha256]))
        for piece in pieces
    ]


def _made(
    partner: Partner, contents: Contents, checkpoint: Checkpoint, *, by: str, now: datetime
) -> SentBundle:
    last = SentBundle.objects.filter(partner=partner).aggregate(n=Max("sequence"))["n"] or 0
    sequence = max(last, partner.last_sequence) + 1
    prover = Prover(_leaves(), checkpoint.size)
    manifest = _manifest(partner, checkpoint, prover, sequence, now=now)
    pieces = [*_entries(contents.pieces, prover), *contents.pieces]
    with new_file("sent") as out:
        hashing = _Hashing(out)
        signed, size = write_bundle(hashing, manifest, pieces, own_key(by=by, now=now))
        made = SentBundle(
            partner=partner,
            bundle=signed.bundle,
            sequence=sequence,
            made_at=now,
            made_by=by,
            sha256=hashing.digest.hexdigest(),
            size_bytes=size,
            item_count=len(signed.items),
            contents=contents.summary,
            checkpoint_size=checkpoint.size,
            state=State.WAITING if partner.address else State.BY_HAND,
            next_at=now,
        )
        _keep(made, now=now)
        settle(out, sent_path(made))
    return made


class _Hashing:
    """A file that is hashed while it is written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.digest = out, hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        """Write and hash."""
        self.digest.update(chunk)
        return self._out.write(chunk)


def _leaves() -> LeafHashes:
    return LeafHashes(Layout(ledger.ledger_directory()).leaves.read_bytes())


def _manifest(
    partner: Partner, checkpoint: Checkpoint, prover: Prover, sequence: int, *, now: datetime
) -> Manifest:
    party = own_party(partner.unit, now)
    receiver = Party(partner.instance, partner.their_unit, partner.name_vi, partner.name_en)
    return Manifest(
        bundle=secrets.token_hex(16),
        sequence=sequence,
        made_at=iso_utc(now),
        sender=party,
        receiver=receiver,
        checkpoint=checkpoint.note,
        items=(),
        consistency={
            size: tuple(encode_base64(one) for one in prover.consistency(size))
            for size in _sizes_seen(partner, checkpoint.size)
        },
        units=tuple(
            UnitSaid(one.code, one.name_vi, one.kind, one.parent.code if one.parent else "")
            for one in subtree(partner.unit)
        ),
        software=__version__,
    )


def _sizes_seen(partner: Partner, size: int) -> list[int]:
    """Return the sizes the receiver may have co-signed last: the last it told us of, and all sent since."""
    sent = SentBundle.objects.filter(partner=partner, checkpoint_size__lte=size)
    known = sent.exclude(cosigned="").order_by("-sequence").first()
    since = sent.filter(sequence__gte=known.sequence) if known else sent
    sizes = since.order_by("-sequence").values_list("checkpoint_size", flat=True)
    return sorted(set(sizes[: PROOFS_MAX - 1]) | ({known.checkpoint_size} if known else set()))


def _entries(pieces: Iterable[Piece], prover: Prover) -> list[Piece]:
    named = {piece.item.entry for piece in pieces if piece.item.entry is not None}
    if not named:
        return []
    return [entries_piece(b"".join(proof_lines(_lines(sorted(named)), prover)))]


def _lines(indices: Sequence[int]) -> Iterable[tuple[int, bytes]]:
    for at in range(0, len(indices), 500):
        found = LedgerEntry.objects.filter(index__in=indices[at : at + 500]).order_by("index")
        yield from ((index, bytes(line)) for index, line in found.values_list("index", "line"))


@transaction.atomic
def _keep(made: SentBundle, *, now: datetime) -> None:
    body: dict[str, Json] = {
        "unit": made.partner.unit.code,
        "sequence": made.sequence,
        "receiver": made.partner.name_vi or made.partner.their_unit,
        "items": made.item_count,
        "sha256": made.sha256,
        "by": made.made_by,
    }
    made.ledger_index = ledger.record(events.BUNDLE_MADE, subject=made.bundle, body=body, at=now)
    made.save()


def take_receipt(content: str, *, by: str, now: datetime, unit: Unit | None = None) -> SentBundle:
    """Take the receipt of a bundle made here; once is enough, twice changes nothing.

    Args:   unit: whose bundle it must be about; any unit's where none is named
    Raises: ReceiptRefused
    """
    bundle = SentBundle.objects.select_related("partner__unit")
    sent = bundle.filter(bundle=receipt_is_about(content)).first()
    if sent is None or (unit is not None and sent.partner.unit_id != unit.pk):
        raise ReceiptRefused(_NO_SUCH)
    rows = PartnerKey.objects.filter(partner=sent.partner, is_compromised=False)
    keys = [parse_verifier_key(row.public) for row in rows]
    receipt, signer = read_receipt(content, keys)
    if (receipt.sha256, receipt.sequence) != (sent.sha256, sent.sequence):
        raise ReceiptRefused(_OTHER_BYTES)
    if receipt.sender != own_instance(now):
        raise ReceiptRefused(_NO_SUCH)
    size = _cosigned_size(receipt, signer)
    return _receipt_kept(sent, content, receipt, size, by=by, now=now)


def _cosigned_size(receipt: Receipt, signer: VerifierKey) -> int:
    """Return the size of the checkpoint a receipt co-signs, 0 where it co-signs none.

    Raises: ReceiptRefused: not our checkpoint, or not co-signed by the receiver
    """
    if not receipt.cosigned:
        return 0
    own = parse_verifier_key(verifier_key_text())
    witness = VerifierKey(signer.name, signer.public, COSIGNATURE_V1)
    try:
        note, signers = open_note(receipt.cosigned, [own, witness])
        origin, size, root = parse_checkpoint_text(note.text)
    except (NoteMalformed, NoteNotSigned) as error:
        raise ReceiptRefused(_NOT_OURS) from error
    leaves = _leaves()
    is_ours = size <= len(leaves) and origin == own.name and set(signers) == {own, witness}
    if not is_ours or Prover(leaves, size).root() != root:
        raise ReceiptRefused(_NOT_OURS)
    return size


@transaction.atomic
def _receipt_kept(
    sent: SentBundle, content: str, receipt: Receipt, size: int, *, by: str, now: datetime
) -> SentBundle:
    current = SentBundle.objects.select_for_update().select_related("partner").get(pk=sent.pk)
    if current.receipt:
        return current
    current.state, current.answer = State.RECEIVED, ""
    current.offset = current.size_bytes
    current.receipt, current.receipt_at = content, now
    current.continuity, current.cosigned = receipt.continuity, receipt.cosigned
    current.cosigned_at = parse_iso(receipt.received_at) if receipt.cosigned else None
    current.save()
    partner = Partner.objects.select_for_update().get(pk=current.partner_id)
    partner.last_sequence = max(partner.last_sequence, receipt.last_sequence)
    partner.save(update_fields=["last_sequence"])
    body: dict[str, Json] = {
        "unit": sent.partner.unit.code,
        "receiver": sent.partner.name_vi or sent.partner.their_unit,
        "sequence": sent.sequence,
        "size": size,
        "continuity": receipt.continuity,
        "receipt_sha256": hashlib.sha256(content.encode()).hexdigest(),
        "by": by,
    }
    ledger.record(events.RECEIPT_TAKEN, subject=sent.bundle, body=body, at=now)
    return current


def take_answer(content: str, *, by: str, now: datetime, unit: Unit | None = None) -> SentBundle:
    """Take what a receiver decided of the reports in a bundle made here; an older answer changes nothing.

    Raises: ReceiptRefused
    """
    about = receipt_is_about(content, ANSWER)
    sent = SentBundle.objects.select_related("partner__unit").filter(bundle=about).first()
    if sent is None or (unit is not None and sent.partner.unit_id != unit.pk):
        raise ReceiptRefused(_NO_SUCH)
    rows = PartnerKey.objects.filter(partner=sent.partner, is_compromised=False)
    answer = read_answer(content, [parse_verifier_key(row.public) for row in rows])
    if answer.sender != own_instance(now):
        raise ReceiptRefused(_NO_SUCH)
    return _answer_kept(sent, unix_lines(content), answer, by=by, now=now)


@transaction.atomic
def _answer_kept(
    sent: SentBundle, content: str, answer: BundleAnswer, *, by: str, now: datetime
) -> SentBundle:
    current = SentBundle.objects.select_for_update().select_related("partner__unit").get(pk=sent.pk)
    is_new = list(answer.decisions) != answered(current)
    if not is_new or (current.answered_at and parse_iso(answer.at) < current.answered_at):
        return current
    current.decisions, current.answered_at = content, parse_iso(answer.at)
    current.save(update_fields=["decisions", "answered_at"])
    body: dict[str, Json] = {
        "unit": current.partner.unit.code,
        "receiver": current.partner.name_vi or current.partner.their_unit,
        "sequence": current.sequence,
        "accepted": sum(one.state == "received" for one in answer.decisions),
        "returned": sum(one.state == "returned" for one in answer.decisions),
        "answer_sha256": hashlib.sha256(content.encode()).hexdigest(),
        "by": by,
    }
    ledger.record(events.ANSWER_TAKEN, subject=current.bundle, body=body, at=now)
    return current


@transaction.atomic
def send_again(sent: SentBundle, *, now: datetime) -> SentBundle:
    """Put a bundle back into the queue: one that was refused, given up, or carried by hand so far."""
    current = SentBundle.objects.select_for_update().select_related("partner").get(pk=sent.pk)
    if current.state != State.RECEIVED and current.partner.address:
        current.state, current.next_at, current.attempts = State.WAITING, now, 0
        current.save(update_fields=["state", "next_at", "attempts"])
    return current
