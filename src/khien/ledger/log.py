"""The writer: appends entries, signs checkpoints, and survives a crash at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType

from khien.kernel.canonical import Json
from khien.ledger.checkpoint import Checkpoint, sign_checkpoint
from khien.ledger.entry import Entry, NewEntry, entry_at, parse_entry
from khien.ledger.errors import (
    LedgerKeyMismatch,
    LedgerKeyMissing,
    LedgerMustReopen,
    LedgerWriteFailed,
)
from khien.ledger.keys import load_key, make_key
from khien.ledger.layout import Layout
from khien.ledger.note import SigningKey, VerifierKey
from khien.ledger.recovery import Tip, keep_tip, publish_latest, recover
from khien.ledger.storage import Lock, RealStorage, Storage, replace_file

LOCK_SECONDS = 30.0
_BUFFER_BYTES = 1024 * 1024


class Ledger:
    """The one writer of a ledger folder; made by `Ledger.open`, held until closed."""

    def __init__(self, layout: Layout, storage: Storage, lock: Lock, key: SigningKey) -> None:
        self._layout, self._storage, self._lock, self._key = layout, storage, lock, key
        self._lines: list[bytes] = []
        self._leaves: list[bytes] = []
        self._buffered_bytes = 0
        self._tip: Tip
        self._checkpoint: Checkpoint | None
        self._tip, self._checkpoint = recover(layout, key.verifier, storage)
        self._usable = True

    @classmethod
    def open(
        cls,
        directory: Path,
        key_path: Path,
        origin: str | None = None,
        *,
        storage: Storage | None = None,
        lock_seconds: float = LOCK_SECONDS,
    ) -> Ledger:
        """Open a ledger for writing; make it, and its key, on first use.

        Args:   origin: name of a new ledger (random when None); an old one keeps the name of its key
        Raises: LedgerBusy: another process writes; SignedContentDamaged: signed entries are not intact;
                LedgerKeyMissing, LedgerKeyMismatch, LedgerKeyUnreadable: not the key of this ledger
        """
        layout, files = Layout(directory), storage or RealStorage()
        with _writing(directory):
            files.make_directory(directory)
            lock = files.lock(layout.lock, lock_seconds)
        opened = False
        try:
            with _writing(directory):
                key = _key_of(layout, key_path, origin, files)
                _make_files(layout, key.verifier, files)
                ledger = cls(layout, files, lock, key)
                if ledger._checkpoint is None:
                    ledger.seal()
            opened = True
            return ledger
        finally:
            if not opened:
                files.close()
                lock.release()

    @property
    def size(self) -> int:
        """Return how many entries there are, signed or not."""
        return self._tip.range.size

    @property
    def sealed_size(self) -> int:
        """Return how many entries the last checkpoint signs."""
        return self._checkpoint.size if self._checkpoint else 0

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Return the last signed checkpoint."""
        return self._checkpoint

    @property
    def verifier_key(self) -> VerifierKey:
        """Return the public key to hand to those who verify."""
        return self._key.verifier

    def append(self, kind: str, subject: str, body: Mapping[str, Json], at: datetime) -> Entry:
        """Add one entry; it is promised to anybody only by the next `seal`.

        Raises: EntryTooLarge: longer than a line may be; LedgerMustReopen: closed or broken
        """
        return self.append_many([NewEntry(kind, subject, body, at)])[0]

    def append_many(self, news: Iterable[NewEntry]) -> list[Entry]:
        """Add entries in their order; all of them or, when one is refused, none."""
        self._must_be_usable()
        added = [entry_at(self.size + place, new) for place, new in enumerate(news)]
        for entry in added:
            self._add(entry.line, entry.leaf)
        return added

    def append_lines(self, lines: Iterable[bytes]) -> None:
        """Add entries that already have their form and their place.

        Raises: ValueError: a line is not a canonical entry, or not the next one
        """
        for line in lines:
            self._must_be_usable()
            entry = parse_entry(line)
            if entry is None or entry.index != self.size:
                raise ValueError(f"not the canonical entry {self.size}")
            self._add(line, entry.leaf)

    def seal(self) -> Checkpoint:
        """Make all entries durable, sign a checkpoint over them and publish it.

        Returns: the checkpoint; the last one when nothing was added since
        Raises:  LedgerWriteFailed: the system refused; LedgerMustReopen: closed or broken
        """
        self._must_be_usable()
        if self._checkpoint and self._checkpoint.size == self.size:
            return self._checkpoint
        layout, storage = self._layout, self._storage
        with self._all_or_broken():
            self._flush()
            storage.sync(layout.entries)
            storage.sync(layout.leaves)
            checkpoint = sign_checkpoint(self.size, self._tip.range.root(), self._key)
            storage.append(layout.history, checkpoint.note.encode() + b"\n")
            storage.sync(layout.history)
            publish_latest(layout, checkpoint, storage)
        self._checkpoint = checkpoint
        return checkpoint

    def close(self) -> None:
        """Write what is buffered, without signing it, and let the next writer in."""
        try:
            if self._usable:
                with self._all_or_broken():
                    self._flush()
                    if self.size == self.sealed_size:
                        keep_tip(self._layout, self._tip, self._storage)
        finally:
            self._usable = False
            self._storage.close()
            self._lock.release()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _add(self, line: bytes, leaf: bytes) -> None:
        self._lines.append(line)
        self._leaves.append(leaf)
        self._tip.range.append(leaf)
        self._buffered_bytes += len(line)
        if self._buffered_bytes > _BUFFER_BYTES:
            with self._all_or_broken():
                self._flush()

    def _flush(self) -> None:
        if not self._lines:
            return
        data = b"\n".join(self._lines) + b"\n"
        self._storage.append(self._layout.entries, data)
        self._storage.append(self._layout.leaves, b"".join(self._leaves))
        self._tip.entries_bytes += len(data)
        self._lines, self._leaves, self._buffered_bytes = [], [], 0

    def _must_be_usable(self) -> None:
        if not self._usable:
            raise LedgerMustReopen(directory=self._layout.directory)

    @contextmanager
    def _all_or_broken(self) -> Iterator[None]:
        # Half a write leaves memory and disk apart; only opening anew brings them together.
        self._usable = False
        with _writing(self._layout.directory):
            yield
        self._usable = True


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerWriteFailed(directory=directory, reason=error.strerror or error) from error


def _key_of(layout: Layout, path: Path, origin: str | None, storage: Storage) -> SigningKey:
    if storage.size(path) is not None:
        return load_key(path, storage)
    if any(storage.size(file) for file in (layout.public_key, layout.latest, layout.history)):
        raise LedgerKeyMissing(key_path=path, directory=layout.directory)
    return make_key(path, origin, storage)


def _make_files(layout: Layout, verifier: VerifierKey, storage: Storage) -> None:
    if storage.size(layout.public_key) is None:
        replace_file(storage, layout.public_key, f"{verifier}\n".encode())
    named = storage.read(layout.public_key).decode("utf-8", "replace").strip()
    if named != str(verifier):
        raise LedgerKeyMismatch(
            key_path=layout.public_key, directory=layout.directory, expected=named, found=verifier
        )
    missing = [
        path
        for path in (layout.entries, layout.leaves, layout.history)
        if storage.size(path) is None
    ]
    for path in missing:
        storage.append(path, b"")
    if missing:
        storage.sync_directory(layout.directory)
