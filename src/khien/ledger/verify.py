"""The verifier: rebuilds a ledger from its lines and trusts nothing the writer left behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from khien.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint_text
from khien.ledger.compare import differences
from khien.ledger.errors import LedgerKeyUnreadable, NoteMalformed, NoteNotSigned
from khien.ledger.findings import Findings, VerifyResult, limit
from khien.ledger.layout import Layout, split_history
from khien.ledger.note import ED25519, VerifierKey, parse_note, parse_verifier_key
from khien.ledger.rows import DatabaseRow, compare_rows
from khien.ledger.scan import Scan, roots_of, scan_entries
from khien.ledger.tree import HASH_BYTES, LeafHashes


@dataclass(frozen=True, slots=True)
class _Signed:
    number: int
    checkpoint: Checkpoint


@dataclass(slots=True)
class _Case:
    """Everything read from a ledger folder, and what is wanted of it."""

    scan: Scan
    leaves: LeafHashes
    ragged: bool
    signed: list[_Signed]
    trusted: list[Checkpoint | None]
    found: Findings

    @property
    def last(self) -> Checkpoint:
        return self.signed[-1].checkpoint

    @property
    def sealed(self) -> int:
        return self.last.size


def verify_directory(
    directory: Path,
    *,
    public_key: str | None = None,
    trusted_checkpoints: Sequence[str] = (),
    database_rows: Iterable[DatabaseRow] | None = None,
) -> VerifyResult:
    """Rebuild a ledger from its entries and say what does not hold, and where exactly.

    Args: public_key: verifier key text from a source other than the folder; None takes the folder's own
          trusted_checkpoints: signed checkpoints kept elsewhere (parent unit, printed report)
          database_rows: the instance's own rows, by index; they name the exact entry of any difference
    """
    found, layout = Findings(), Layout(directory)
    if not directory.is_dir():
        found.add("ledger.missing")
        return VerifyResult(False, 0, "", tuple(found.problems))
    # Checkpoints are read before entries: a writer at work only adds entries after them.
    latest, history = _content(layout.latest), _content(layout.history) or b""
    key = _key(_content(layout.public_key), public_key, found)
    records = split_history(history).records
    signed = _history(history, latest, key, found)
    believed = [_opened(note.encode(), key) for note in trusted_checkpoints]
    sizes = {item.checkpoint.size for item in signed} | {item.size for item in believed if item}
    raw = _content(layout.leaves) or b""
    case = _Case(
        scan_entries(layout.entries, sizes), LeafHashes(raw), len(raw) % HASH_BYTES > 0,
        signed, believed, found,
    )  # fmt: skip
    trusted_size = 0
    if signed:
        trusted_size = _judge(case, sizes)
    elif records or latest is not None or case.scan.hashes:
        found.add("checkpoint.none")
    else:
        found.add("ledger.empty")
    if database_rows is not None:
        compare_rows(database_rows, case.scan.leaves, case.sealed if signed else 0, found)
    return _result(case, trusted_size)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _key(beside: bytes | None, given: str | None, found: Findings) -> VerifierKey | None:
    own = (beside or b"").decode("utf-8", "replace").strip()
    if given and beside is not None and own != given.strip():
        found.add("key.other")
    try:
        key = parse_verifier_key(given or own)
    except LedgerKeyUnreadable:
        key = None
    if key is None or key.kind != ED25519:
        if given or beside is not None:
            found.add("key.missing")
        return None
    if not given:
        found.add("key.own")
    return key


def _history(
    history: bytes, latest: bytes | None, key: VerifierKey | None, found: Findings
) -> list[_Signed]:
    split = split_history(history)
    signed: list[_Signed] = []
    for number, record in enumerate(split.records, 1):
        opened = _opened(record, key)
        if opened is None:
            found.add("checkpoint.invalid", number=number)
            continue
        if signed and opened.size < signed[-1].checkpoint.size:
            found.add("checkpoint.order", number=number)
        signed.append(_Signed(number, opened))
    if split.torn:
        found.add("checkpoint.torn")
    if split.records and latest != split.records[-1]:
        before = split.records[-2] if len(split.records) > 1 else None
        found.add("latest.behind" if latest == before else "latest.wrong")
    return signed


def _opened(record: bytes, key: VerifierKey | None) -> Checkpoint | None:
    """Return a good checkpoint, else None; without a key its form alone is checked."""
    try:
        content = record.decode("utf-8")
        if key:
            return open_checkpoint(content, key)
        origin, size, root = parse_checkpoint_text(parse_note(content).text)
    except (NoteMalformed, NoteNotSigned, UnicodeDecodeError):
        return None
    return Checkpoint(origin, size, root, content)


def _judge(case: _Case, sizes: set[int]) -> int:
    """Decide which of entries and leaves the last signature vouches for, and name what differs.

    Returns: how many entries a trusted checkpoint vouches for
    """
    roots, root = case.scan.roots, case.last.root
    if roots.get(case.sealed) == root:
        _forks(case, roots)
        _wrong_leaves(case)
        _odd_lines(case, set())
        _tail(case)
        return _trusted(case, roots)
    leaf_roots = roots_of(case.leaves, sizes)
    if leaf_roots.get(case.sealed) == root:
        _forks(case, leaf_roots)
        _odd_lines(case, _wrong_entries(case))
        return _trusted(case, leaf_roots)
    _odd_lines(case, _wrong_entries(case))
    _interval(case, roots)
    return _trusted(case, roots)


def _forks(case: _Case, roots: dict[int, bytes]) -> None:
    for item in case.signed:
        if roots.get(item.checkpoint.size) != item.checkpoint.root:
            case.found.add("checkpoint.fork", number=item.number, size=item.checkpoint.size)


def _wrong_leaves(case: _Case) -> None:
    if case.leaves[: case.sealed] == case.scan.leaves[: case.sealed]:
        return
    wrong = differences(case.scan.leaves, case.leaves)
    case.found.add_places([("leaf.wrong", place) for _, place in wrong if place < case.sealed])


def _wrong_entries(case: _Case) -> set[int]:
    """Name the entries that differ from the recorded leaves; a missing end is one problem."""
    wrong = [item for item in differences(case.leaves, case.scan.leaves) if item[1] < case.sealed]
    end = case.sealed
    while wrong and wrong[-1] == ("dropped", end - 1):
        wrong.pop()
        end -= 1
    end = min(end, max(len(case.scan.leaves), len(case.leaves)))
    case.found.add_places([(f"entry.{change}", place) for change, place in wrong])
    if end < case.sealed:
        case.found.add("entries.truncated", end, last=case.sealed - 1)
    return {place for _, place in wrong}


def _odd_lines(case: _Case, explained: set[int]) -> None:
    odd = [place for place in case.scan.malformed if place < case.sealed]
    case.found.add_places([("entry.malformed", place) for place in odd if place not in explained])
    place, index = case.scan.misplaced or (case.sealed, 0)
    if place < case.sealed and not explained:
        case.found.add("entry.index", place, found=index)


def _interval(case: _Case, roots: dict[int, bytes]) -> None:
    """Neither entries nor leaves are what was signed: name the checkpoints they changed between."""
    first = 0
    for item in case.signed:
        size = item.checkpoint.size
        if size in roots and roots[size] != item.checkpoint.root:
            place = first if first == size - 1 else None
            case.found.add("checkpoint.root", place, first=first, last=size - 1, size=size)
            return
        first = size


def _tail(case: _Case) -> None:
    entries, leaves, sealed = case.scan.leaves, case.leaves, case.sealed
    if len(entries) > sealed:
        case.found.add("tail.unsigned", sealed, last=len(entries) - 1)
    bad = [place for place in case.scan.malformed if place >= sealed]
    if case.scan.misplaced and case.scan.misplaced[0] >= sealed:
        bad.append(case.scan.misplaced[0])
    shorter = min(len(entries), len(leaves))
    bad += [place for place in range(sealed, shorter) if entries[place] != leaves[place]]
    if case.scan.torn or case.ragged or len(entries) != len(leaves):
        bad.append(max(sealed, shorter))
    if bad:
        case.found.add("tail.torn", min(bad))


def _trusted(case: _Case, roots: dict[int, bytes]) -> int:
    vouched = 0
    for number, item in enumerate(case.trusted, 1):
        if item is None:
            case.found.add("trusted.invalid", number=number)
        elif item.size > case.sealed:
            case.found.add("trusted.rollback", case.sealed, number=number, size=item.size)
        elif roots.get(item.size) != item.root:
            case.found.add("trusted.fork", number=number, size=item.size)
        else:
            vouched = max(vouched, item.size)
    return vouched


def _result(case: _Case, trusted_size: int) -> VerifyResult:
    last = case.signed[-1] if case.signed else None
    return VerifyResult(
        ok=not case.found.failed,
        size=last.checkpoint.size if last else 0,
        root=last.checkpoint.root.hex() if last else "",
        problems=tuple(case.found.problems),
        entries=len(case.scan.leaves),
        checkpoints=len(case.signed),
        trusted_size=trusted_size,
        limits=(limit("limit.trusted" if trusted_size else "limit.alone", {"size": trusted_size}),),
    )
