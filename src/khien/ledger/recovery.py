"""What a writer finds when it opens a ledger: signed content checked, a torn tail cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from khien.kernel.canonical import Json, canonical_bytes
from khien.ledger.checkpoint import Checkpoint, open_checkpoint
from khien.ledger.entry import LINE_BYTES_MAX, parse_entry
from khien.ledger.errors import LedgerError, SignedContentDamaged
from khien.ledger.layout import SIGNATURES, Layout, split_history
from khien.ledger.note import VerifierKey
from khien.ledger.storage import Storage, replace_file
from khien.ledger.tree import HASH_BYTES, CompactRange, leaf_hash

_CHUNK = 1024 * 1024
_HISTORY_TAIL = 256 * 1024


@dataclass(slots=True)
class Tip:
    """Where the next entry goes: the tree so far and the length of `entries.jsonl`."""

    range: CompactRange
    entries_bytes: int


def recover(layout: Layout, key: VerifierKey, storage: Storage) -> tuple[Tip, Checkpoint | None]:
    """Bring the files of a ledger back to a state that can be written on.

    Returns: the tip after the last complete entry, and the last signed checkpoint
    Raises:  SignedContentDamaged: what a checkpoint signed is not all there
    """
    checkpoint = _recover_history(layout, key, storage)
    sealed = checkpoint.size if checkpoint else 0
    if (storage.size(layout.leaves) or 0) < sealed * HASH_BYTES:
        raise _damaged(
            layout.leaves, f"không đủ {sealed} giá trị băm", f"fewer than {sealed} hashes"
        )
    tip = _cached_tip(layout, checkpoint, storage) or _scanned_tip(layout, checkpoint, storage)
    _recover_tail(layout, tip, storage)
    return tip, checkpoint


def publish_latest(layout: Layout, checkpoint: Checkpoint, storage: Storage) -> None:
    """Put a checkpoint in place as the latest."""
    replace_file(storage, layout.latest, checkpoint.note.encode())


def keep_tip(layout: Layout, tip: Tip, storage: Storage) -> None:
    """Leave the tip for the next writer; a cache, so it need not survive a crash."""
    data: dict[str, Json] = {
        "size": tip.range.size,
        "entries_bytes": tip.entries_bytes,
        "nodes": [node.hex() for node in tip.range.nodes],
    }
    temporary = layout.tip.with_name("tip.new")
    storage.write_new(temporary, canonical_bytes(data))
    storage.rename(temporary, layout.tip)


def _recover_history(layout: Layout, key: VerifierKey, storage: Storage) -> Checkpoint | None:
    length = storage.size(layout.history) or 0
    offset = max(0, length - _HISTORY_TAIL)
    data = storage.read(layout.history, offset) if length else b""
    if offset:  # begin at a whole record: after the line feed that follows signatures
        data = data[data.index(b"\n\n", data.index(b"\n" + SIGNATURES)) + 2 :]
    history = split_history(data)
    published = _published(layout, key, storage)
    if not history.records:
        # The checkpoint of the empty log comes before any entry.
        if published or storage.size(layout.entries):
            raise _damaged(layout.history, "không còn mốc ký nào", "no checkpoint is left in it")
        storage.truncate(layout.history, 0)
        return None
    last = _opened(history.records[-1], key, layout.history)
    if published and (published.size, published.root) != (last.size, last.root):
        if published.size >= last.size:
            raise _damaged(
                layout.history, "cũ hơn tệp checkpoint", "older than the file checkpoint"
            )
        published = None
    if history.torn:
        storage.truncate(layout.history, length - len(history.torn))
    if not published:
        _write_last_again(layout, history.records[-1], storage)
        publish_latest(layout, last, storage)
    return last


def _write_last_again(layout: Layout, record: bytes, storage: Storage) -> None:
    # After a failed fsync the kernel may believe pages clean that never reached the disk.
    # Written anew they are dirty again, and this fsync is true.
    length = storage.size(layout.history) or 0
    storage.truncate(layout.history, length - len(record) - 1)
    storage.append(layout.history, record + b"\n")
    storage.sync(layout.history)


def _published(layout: Layout, key: VerifierKey, storage: Storage) -> Checkpoint | None:
    if storage.size(layout.latest) is None:
        return None
    return _opened(storage.read(layout.latest), key, layout.latest)


def _opened(note: bytes, key: VerifierKey, path: Path) -> Checkpoint:
    try:
        return open_checkpoint(note.decode("utf-8"), key)
    except (LedgerError, UnicodeDecodeError) as error:
        raise _damaged(
            path, "mốc ký sai dạng hoặc sai chữ ký", "a checkpoint has a wrong form or signature"
        ) from error


def _cached_tip(layout: Layout, checkpoint: Checkpoint | None, storage: Storage) -> Tip | None:
    """Return the tip the last writer left, if it leads to the signed root and a line end."""
    if storage.size(layout.tip) is None or checkpoint is None or checkpoint.size == 0:
        return None
    try:
        data = json.loads(storage.read(layout.tip))
        nodes = [bytes.fromhex(node) for node in data["nodes"]]
        tip = Tip(CompactRange(data["size"], nodes), int(data["entries_bytes"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if (tip.range.size, tip.range.root()) != (checkpoint.size, checkpoint.root):
        return None
    line = _line_before(layout, tip.entries_bytes, storage)
    signed = storage.read(layout.leaves, (checkpoint.size - 1) * HASH_BYTES, HASH_BYTES)
    return tip if line is not None and leaf_hash(line) == signed else None


def _line_before(layout: Layout, end: int, storage: Storage) -> bytes | None:
    if end < 2 or end > (storage.size(layout.entries) or 0):
        return None
    start = max(0, end - _CHUNK - 65)
    data = storage.read(layout.entries, start, end - start)
    return data[:-1].rpartition(b"\n")[2] if data.endswith(b"\n") else None


def _scanned_tip(layout: Layout, checkpoint: Checkpoint | None, storage: Storage) -> Tip:
    """Read all that was signed and compare it with the leaves and the root."""
    tip = Tip(CompactRange(), 0)
    if checkpoint is None or checkpoint.size == 0:
        return tip
    leaves = storage.read(layout.leaves, 0, checkpoint.size * HASH_BYTES)
    for line in _lines(layout.entries, 0, storage):
        index = tip.range.size
        leaf = leaf_hash(line)
        if leaf != leaves[index * HASH_BYTES : (index + 1) * HASH_BYTES]:
            raise _damaged(
                layout.entries, f"bản ghi {index} không khớp tệp leaves",
                f"entry {index} differs from the file leaves",
            )  # fmt: skip
        tip.range.append(leaf)
        tip.entries_bytes += len(line) + 1
        if tip.range.size == checkpoint.size:
            break
    if (tip.range.size, tip.range.root()) != (checkpoint.size, checkpoint.root):
        raise _damaged(
            layout.entries, f"không khớp mốc ký {checkpoint.size} bản ghi",
            f"differs from the checkpoint of {checkpoint.size} entries",
        )  # fmt: skip
    return tip


def _recover_tail(layout: Layout, tip: Tip, storage: Storage) -> None:
    """Keep the complete unsigned entries that both files agree on; write them anew, cut the rest."""
    sealed_bytes, sealed = tip.entries_bytes, tip.range.size
    leaves = storage.read(layout.leaves, sealed * HASH_BYTES)
    torn = storage.size(layout.entries) != sealed_bytes or bool(leaves)
    if not torn:
        return
    kept: list[bytes] = []
    for line in _lines(layout.entries, sealed_bytes, storage):
        leaf, at = leaf_hash(line), len(kept) * HASH_BYTES
        entry = parse_entry(line)
        if leaf != leaves[at : at + HASH_BYTES] or not entry or entry.index != tip.range.size:
            break
        kept.append(line)
        tip.range.append(leaf)
    tail = b"".join(line + b"\n" for line in kept)
    storage.truncate(layout.entries, sealed_bytes)
    storage.truncate(layout.leaves, sealed * HASH_BYTES)
    storage.append(layout.entries, tail)
    storage.append(layout.leaves, leaves[: len(kept) * HASH_BYTES])
    tip.entries_bytes += len(tail)


def _lines(path: Path, offset: int, storage: Storage) -> Iterator[bytes]:
    """Yield the complete lines of a file from an offset, without their line feeds."""
    rest = b""
    while chunk := storage.read(path, offset, _CHUNK):
        offset += len(chunk)
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield from lines
        if len(rest) > LINE_BYTES_MAX:
            return


def _damaged(path: Path, what_vi: str, what_en: str) -> SignedContentDamaged:
    return SignedContentDamaged(file=path, what_vi=what_vi, what_en=what_en)
