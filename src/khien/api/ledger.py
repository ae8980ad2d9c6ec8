"""The ledger: entries as their readers may see them, the signed checkpoint, and proofs to take away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema

from khien.api.door import READ, Call
from khien.api.errors import NothingHere
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, cursor_of, cut, place_of
from khien.exchange.readers import EntryReader
from khien.ledger.models import LedgerEntry
from khien.ledger.selectors import (
    checkpoint,
    entries_listed,
    entry_at,
    inclusion_proof_text,
    sentence_of,
    verifier_key_text,
)

router = Router(tags=["ledger"])


class EntryOut(Schema):
    """An entry; of other units only its place and hash."""

    index: int
    leaf_hash: str
    is_yours: bool
    is_published: bool
    at: datetime | None
    kind: str | None
    subject: str | None
    sentence: Words | None
    body: dict[str, Any] | None


class EntryPage(Schema):
    """Entries, newest first, and the cursor of the next page."""

    items: list[EntryOut]
    next: str | None


class CheckpointOut(Schema):
    """The signed checkpoint that stands, and the key that verifies it."""

    size: int
    root_hash: str
    note: str
    verifier_key: str


class ProofOut(Schema):
    """The proof that an entry stands in the signed log, as a file to take away."""

    index: int
    proof: str


@operation(
    router,
    "GET /ledger/entries",
    READ,
    "Các bản ghi, mới nhất trước",
    gives=EntryPage,
)
def list_entries(
    request: Call,
    kind: Annotated[str, Query("", max_length=64, description="Chỉ loại này / only this kind")],
    subject: Annotated[
        str, Query("", max_length=255, description="Chỉ về đối tượng này / only about this subject")
    ],
    cursor: Cursor,
    limit: Limit,
) -> EntryPage:
    """Entries, newest first."""
    place = place_of(cursor, int)
    before = place[0] if place else None
    rows = list(entries_listed(before=before, kind=kind, subject=subject)[: limit + 1])
    shown, following = cut(rows, limit, lambda entry: cursor_of(entry.index))
    reader = EntryReader(request.auth.units())
    # Asked for by kind or subject, an entry of others would tell what it is by being there at all.
    seen = [one for one in shown if not (kind or subject) or reader.may_read(one)]
    return EntryPage(items=[_entry_out(one, reader) for one in seen], next=following)


@operation(
    router,
    "GET /ledger/entries/{index}",
    READ,
    "Một bản ghi",
    gives=EntryOut,
)
def show_entry(request: Call, index: int) -> EntryOut:
    """One entry."""
    return _entry_out(_entry(index), EntryReader(request.auth.units()))


@operation(
    router,
    "GET /ledger/entries/{index}/proof",
    READ,
    "Chứng minh bản ghi nằm trong sổ cái đã ký (C2SP tlog-proof)",
    gives=ProofOut,
)
def show_proof(request: Call, index: int) -> ProofOut:
    """The proof that an entry stands in the signed log (C2SP tlog-proof)."""
    entry = _entry(index)
    return ProofOut(index=entry.index, proof=inclusion_proof_text(entry.index))


@operation(
    router,
    "GET /ledger/checkpoint",
    READ,
    "Mốc ký hiện hành",
    gives=CheckpointOut,
)
def show_checkpoint(request: Call) -> CheckpointOut:
    """The signed checkpoint that stands."""
    standing = checkpoint()
    if standing is None:
        raise NothingHere()
    return CheckpointOut(
        size=standing.size,
        root_hash=standing.root.hex(),
        note=str(standing.note),
        verifier_key=verifier_key_text(),
    )


def _entry(index: int) -> LedgerEntry:
    found = entry_at(index) if index >= 0 else None
    if found is None:
        raise NothingHere()
    return found


def _entry_out(entry: LedgerEntry, reader: EntryReader) -> EntryOut:
    is_mine = reader.may_read(entry)
    return EntryOut(
        index=entry.index,
        leaf_hash=bytes(entry.leaf_hash).hex(),
        is_yours=is_mine,
        is_published=entry.published,
        at=entry.at if is_mine else None,
        kind=entry.kind if is_mine else None,
        subject=entry.subject if is_mine else None,
        sentence=words(sentence_of(entry)) if is_mine else None,
        body=dict(entry.body) if is_mine else None,
    )
