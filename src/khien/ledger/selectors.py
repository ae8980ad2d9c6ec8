"""Reading what was recorded: by subject, by kind, with its proof; and the whole, verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from khien.kernel.language import Text
from khien.ledger import reader
from khien.ledger.checkpoint import Checkpoint
from khien.ledger.events import say
from khien.ledger.findings import VerifyResult
from khien.ledger.layout import Layout
from khien.ledger.lock import FileLock
from khien.ledger.log import LOCK_SECONDS
from khien.ledger.models import LedgerEntry
from khien.ledger.services import ledger_directory
from khien.ledger.verify import verify_directory

# The largest integer a database column holds; an address may name a larger one.
_INDEX_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry with what proves it: its place, the signed checkpoint, the proof as a file."""

    entry: LedgerEntry
    sentence: Text
    checkpoint: Checkpoint
    proof_text: str


def entries_about(subject: str) -> QuerySet[LedgerEntry]:
    """Return the entries about one subject, newest first."""
    return LedgerEntry.objects.filter(subject=subject).order_by("-index")


def entries_of_kind(kind: str) -> QuerySet[LedgerEntry]:
    """Return the entries of one kind, newest first."""
    return LedgerEntry.objects.filter(kind=kind).order_by("-index")


def recent_entries(before: int | None = None) -> QuerySet[LedgerEntry]:
    """Return the ledger's entries, newest first; with `before`, those under that index."""
    entries = LedgerEntry.objects.order_by("-index")
    return entries if before is None else entries.filter(index__lt=min(before, _INDEX_MAX))


def entries_listed(
    *, before: int | None = None, kind: str = "", subject: str = ""
) -> QuerySet[LedgerEntry]:
    """Return entries newest first: under an index, of one kind, about one subject, as far as asked for."""
    entries = recent_entries(before)
    for name, value in (("kind", kind), ("subject", subject)):
        entries = entries.filter(**{name: value}) if value else entries
    return entries


def entries_from(index: int) -> QuerySet[LedgerEntry]:
    """Return the entries from an index on, oldest first: what a follower has not read yet."""
    return LedgerEntry.objects.filter(index__gte=min(index, _INDEX_MAX)).order_by("index")


def has_waiting_entries() -> bool:
    """Say whether anything recorded and committed is not in the files yet."""
    return LedgerEntry.objects.filter(published_at__isnull=True).exists()


def entry_at(index: int) -> LedgerEntry | None:
    """Return one entry, or None where there is none; any number may be asked for."""
    return LedgerEntry.objects.filter(pk=index).first() if index <= _INDEX_MAX else None


def sentence_of(entry: LedgerEntry) -> Text:
    """Return what an entry says, in both languages."""
    return say(entry.kind, entry.subject, entry.body)


def checkpoint() -> Checkpoint | None:
    """Return the last published checkpoint; None before the first."""
    return reader.latest_checkpoint(ledger_directory())


def verifier_key_text() -> str:
    """Return the public key to print or hand out; empty before the first publication."""
    key = reader.public_key(ledger_directory())
    return str(key) if key else ""


def inclusion_proof_text(index: int) -> str:
    """Return the proof of one entry as text to take away (C2SP tlog-proof).

    Raises: EntryNotSealed: not published yet
    """
    return reader.inclusion_proof_text(ledger_directory(), index)


def proven_entry(index: int) -> ProvenEntry:
    """Return an entry with its proof.

    Raises: LedgerEntry.DoesNotExist: no such entry; EntryNotSealed: not published yet
    """
    entry = LedgerEntry.objects.get(pk=index)
    proof = inclusion_proof_text(index)
    standing = checkpoint()
    if standing is None:
        raise AssertionError("a proof was made from a checkpoint")
    return ProvenEntry(entry, sentence_of(entry), standing, proof)


def verified(
    *, public_key: str | None = None, trusted_checkpoints: Sequence[str] = ()
) -> VerifyResult:
    """Verify this instance's ledger against its own database too; publishing waits meanwhile.

    Raises: LedgerBusy: another process is publishing for too long
    """
    directory = ledger_directory()
    if not directory.is_dir():
        return verify_directory(directory)
    lock = FileLock(Layout(directory).lock, LOCK_SECONDS)
    try:
        return verify_directory(
            directory,
            public_key=public_key,
            trusted_checkpoints=trusted_checkpoints,
            database_rows=LedgerEntry.objects.order_by("index").iterator(chunk_size=2000),
        )
    finally:
        lock.release()
