"""Ledger entries that travel with a bundle, each with the proof that it stands in the sender's ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from khien.exchange.submission_errors import SubmissionMalformed
from khien.exchange.submission_format import Item, Reader, hashes_of
from khien.kernel.canonical import Json, canonical_bytes
from khien.ledger.checkpoint import Checkpoint
from khien.ledger.note import decode_base64, encode_base64
from khien.ledger.prover import Prover
from khien.ledger.tree import leaf_hash, verify_inclusion

LINE_BYTES_MAX: Final = 4 * 2**20


def proof_lines(entries: Iterable[tuple[int, bytes]], prover: Prover) -> Iterator[bytes]:
    """Yield one line for each entry (index, line): the entry itself and its audit path."""
    for index, line in entries:
        path = [encode_base64(one) for one in prover.inclusion(index)]
        said: dict[str, Json] = {"index": index, "line": line.decode(), "proof": path}
        yield canonical_bytes(said) + b"\n"


@dataclass(slots=True)
class ProofReader:
    """Takes the lines of a bundle's entries as they come, and says which items they prove.

    An item is proven where the entry it names stands under the checkpoint and holds the item's digest.
    """

    checkpoint: Checkpoint
    waiting: Mapping[int, list[tuple[int, str]]]
    proven: set[int] = field(default_factory=set)
    is_sound: bool = True
    _rest: bytes = b""

    @classmethod
    def of(cls, checkpoint: Checkpoint, items: Iterable[Item]) -> ProofReader:
        """Return a reader that knows which items name which entries."""
        waiting: dict[int, list[tuple[int, str]]] = {}
        for place, item in enumerate(items, 1):
            if item.entry is not None:
                waiting.setdefault(item.entry, []).append((place, item.sha256))
        return cls(checkpoint, waiting)

    def take(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises: SubmissionMalformed
        """
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LINE_BYTES_MAX:
            raise SubmissionMalformed(where="ledger.entries")
        for line in lines:
            self._line(line)

    def _line(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SubmissionMalformed(where="ledger.entries") from error
        if not isinstance(said, dict):
            raise SubmissionMalformed(where="ledger.entries")
        reader = Reader(said, "ledger.entries.")
        index, entry = reader.number("index"), reader.text("line", length=LINE_BYTES_MAX)
        path = [decode_base64(one) or b"" for one in hashes_of(reader)]
        leaf, mark = leaf_hash(entry.encode()), self.checkpoint
        if not verify_inclusion(index, mark.size, leaf=leaf, proof=path, root=mark.root):
            self.is_sound = False
            return
        for place, digest in self.waiting.get(index, ()):
            if f'"{digest}"' in entry:
                self.proven.add(place)
