"""The one door through which other rooms put something on record, and the publisher behind it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from khien.kernel.canonical import Json
from khien.ledger.checkpoint import Checkpoint
from khien.ledger.entry import NewEntry, entry_at
from khien.ledger.errors import DatabaseDisagrees
from khien.ledger.events import say
from khien.ledger.layout import Layout
from khien.ledger.log import Ledger
from khien.ledger.models import LedgerCounter, LedgerEntry
from khien.ledger.tree import HASH_BYTES

logger = logging.getLogger(__name__)
_BATCH = 2000
_COUNTER = 1


def ledger_directory() -> Path:
    """Return the folder of this instance's ledger."""
    return Path(settings.KHIEN_DATA) / "ledger"


def key_path() -> Path:
    """Return where this instance's private ledger key is kept."""
    return Path(settings.KHIEN_DATA) / "keys" / "ledger.key"


@transaction.atomic
def record(kind: str, *, subject: str, body: Mapping[str, Json], at: datetime) -> int:
    """Put an event on record, in the transaction of the change it tells.

    Args:    kind: registered with `events.register`; body: small, canonical JSON; at: aware
    Returns: the index of the entry; files and signature follow with `publish`
    Raises:  EntryTooLarge: longer than a line may be; UnknownKind, KeyError, ValueError: a mistake of
             the caller (kind not registered, body without what its sentence needs, naive time)
    """
    say(kind, subject, body)
    index = _next_index()
    entry = entry_at(index, NewEntry(kind, subject, body, at))
    LedgerEntry.objects.create(
        index=index, at=at, kind=kind, subject=subject, line=entry.line, leaf_hash=entry.leaf
    )
    return index


def publish(now: datetime) -> Checkpoint:
    """Move what was recorded and committed into the ledger files, and sign it.

    Idempotent, and resumes after a crash between commit and file. Not inside a transaction: what is
    published must be committed.
    Args:   now: aware, UTC; kept with the entries as the time of publication
    Raises: DatabaseDisagrees: files and database tell different stories; what Ledger.open raises
    """
    _make_commits_durable()
    with Ledger.open(ledger_directory(), key_path()) as ledger:
        before = ledger.sealed_size
        _must_agree(ledger)
        while lines := _committed_lines(ledger.size):
            ledger.append_lines(lines)
        checkpoint = ledger.seal()
    LedgerEntry.objects.filter(index__lt=checkpoint.size, published_at__isnull=True).update(
        published_at=now
    )
    logger.info("ledger.published size=%d new=%d", checkpoint.size, checkpoint.size - before)
    return checkpoint


def _next_index() -> int:
    # The UPDATE takes the row's lock on every database, so indices follow the order of commits.
    if not LedgerCounter.objects.filter(pk=_COUNTER).update(next_index=F("next_index") + 1):
        last = LedgerEntry.objects.order_by("-index").values_list("index", flat=True).first()
        first = LedgerCounter(pk=_COUNTER, next_index=0 if last is None else last + 1)
        LedgerCounter.objects.bulk_create([first], ignore_conflicts=True)
        LedgerCounter.objects.filter(pk=_COUNTER).update(next_index=F("next_index") + 1)
    return LedgerCounter.objects.values_list("next_index", flat=True).get(pk=_COUNTER) - 1


def _make_commits_durable() -> None:
    """See that no power loss takes back from SQLite what the files will have signed.

    With WAL and synchronous=NORMAL a commit may be lost; one commit under FULL syncs all before it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return  # inside a transaction nothing is committed; reading the rows will refuse it
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    with transaction.atomic(durable=True):
        LedgerCounter.objects.update(next_index=F("next_index"))


def _committed_lines(start: int) -> list[bytes]:
    with transaction.atomic(durable=True):
        rows = LedgerEntry.objects.filter(index__gte=start, index__lt=start + _BATCH)
        return [bytes(line) for line in rows.values_list("line", flat=True)]


def _must_agree(ledger: Ledger) -> None:
    """Compare the last leaf in the files, and all unsigned ones, with the rows of the database."""
    start = max(0, ledger.sealed_size - 1)
    with Layout(ledger_directory()).leaves.open("rb") as file:
        file.seek(start * HASH_BYTES)
        tail = file.read()
    rows = LedgerEntry.objects.filter(index__gte=start, index__lt=ledger.size)
    stored = {index: bytes(leaf) for index, leaf in rows.values_list("index", "leaf_hash")}
    for index in range(start, ledger.size):
        at = (index - start) * HASH_BYTES
        if stored.get(index) != tail[at : at + HASH_BYTES]:
            raise DatabaseDisagrees(index=index)
