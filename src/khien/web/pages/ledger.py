"""The ledger as pages: what a reader may see of each entry, and the proof that it stands there."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khien.adoption.importing.selectors import texts_of
from khien.facts.selectors import hosts_of
from khien.kernel.language import Text
from khien.ledger.checkpoint import Checkpoint
from khien.ledger.errors import EntryNotSealed
from khien.ledger.models import LedgerEntry
from khien.ledger.selectors import checkpoint, inclusion_proof_text, sentence_of
from khien.norms.events import LIBRARY_LOADED
from khien.org.models import Unit, User
from khien.org.selectors import users_of, visible_to
from khien.signatures.events import TRUST_ADDED, TRUST_REMOVED

ENTRIES_MAX = 50
# What is of the whole instance: the library, and whose certificates are trusted.
_EVERYBODYS = (LIBRARY_LOADED, TRUST_ADDED, TRUST_REMOVED)
# Their subject is the code of an imported text, which a person chose: it may be called like another unit.
_OF_TEXTS = "adoption."


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry as one reader sees it: of other units only its place and hash."""

    entry: LedgerEntry
    is_mine: bool
    sentence: Text | None

    @property
    def leaf_hex(self) -> str:
        """Return the entry's leaf hash."""
        return bytes(self.entry.leaf_hash).hex()

    @property
    def body(self) -> str:
        """Return what was recorded, as it stands in the ledger; nothing of another unit's."""
        if not self.is_mine:
            return ""
        return json.dumps(json.loads(bytes(self.entry.line)), ensure_ascii=False, indent=2)


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof that an entry stands in the signed log: sibling hashes up to the root."""

    steps: tuple[str, ...]
    text: str
    checkpoint: Checkpoint


class Reader:
    """A signed-in person as a reader of the ledger: knows which subjects are theirs to see."""

    def __init__(self, user: User) -> None:
        units: Iterable[Unit] = visible_to(user)
        self._codes = {unit.code for unit in units}
        self._hosts = set(hosts_of(units).values_list("host_uid", flat=True))
        self._names = set(users_of(units).values_list("username", flat=True))
        self._texts = set(texts_of(units).values_list("code", flat=True))

    def seen(self, entries: Iterable[LedgerEntry]) -> list[SeenEntry]:
        """Return the entries as this reader sees them."""
        return [self._seen(entry) for entry in entries]

    def _seen(self, entry: LedgerEntry) -> SeenEntry:
        is_mine = self._may_see(entry)
        return SeenEntry(entry, is_mine, sentence_of(entry) if is_mine else None)

    def _may_see(self, entry: LedgerEntry) -> bool:
        if entry.kind in _EVERYBODYS:
            return True
        listed = entry.body.get("units")
        if isinstance(listed, Sequence) and not isinstance(listed, str) and listed:
            return (
                entry.body.get("unit_count", len(listed)) == len(listed)
                and set(listed) <= self._codes
            )
        if entry.kind.startswith(_OF_TEXTS):
            return entry.subject in self._texts
        return entry.subject in self._codes | self._hosts | self._names


def proof_of(index: int) -> Proof | None:
    """Return the proof of an entry under the standing checkpoint; None before it is sealed."""
    standing = checkpoint()
    if standing is None:
        return None
    try:
        text = inclusion_proof_text(index)
    except EntryNotSealed:
        return None
    steps = text.partition("\n\n")[0].split("\n")[2:]
    return Proof(tuple(base64.b64decode(step).hex() for step in steps), text, standing)
