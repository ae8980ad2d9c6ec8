"""A sender whose keys and clock are fixed, so that its bundles are the same bytes on every machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from khien.exchange.submission_format import (
    DOCUMENT,
    ENTRIES,
    FINDINGS,
    REPORT,
    REPORT_FILE,
    Item,
    Manifest,
    Party,
    UnitSaid,
)
from khien.exchange.submission_notes import card_text
from khien.exchange.submission_proofs import proof_lines
from khien.exchange.submission_writing import Piece, entries_piece, piece_of, write_bundle
from khien.kernel.canonical import canonical_bytes, sha256_hex
from khien.kernel.clock import iso_utc
from khien.ledger.checkpoint import Checkpoint, sign_checkpoint
from khien.ledger.entry import NewEntry, entry_at
from khien.ledger.note import SigningKey, encode_base64
from khien.ledger.prover import Prover
from khien.ledger.tree import LeafHashes

MADE_AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
SENDER = "khien/00112233445566aa"
RECEIVER = "khien/ffeeddccbbaa9988"
REPORT_JSON = canonical_bytes({"figures": {"endpoints": 12}, "period": "2026-Q2"})
DOCX = b"PK\x03\x04 not really a docx, and nobody here needs to open it"


@dataclass
class FixedSender:
    """An instance made of two keys and a list of ledger lines."""

    unit: str = "phuong"
    instance: str = SENDER
    to: str = RECEIVER
    to_unit: str = "so"
    lines: list[bytes] = field(default_factory=list)
    leaves: bytearray = field(default_factory=bytearray)
    generation: int = 1

    @property
    def ledger_key(self) -> SigningKey:
        """The ledger's key; its seed is the name's."""
        return SigningKey(self.instance, bytes.fromhex(sha256_hex(self.instance.encode())))

    @property
    def key(self) -> SigningKey:
        """The submission key of the generation."""
        name = f"{self.instance}/gui-{self.generation}"
        return SigningKey(name, bytes.fromhex(sha256_hex(name.encode())))

    def card(self) -> str:
        """The card that is handed to the receiver."""
        party = Party(self.instance, self.unit, "Phường Mẫu", "Sample ward")
        return card_text(party, self.ledger_key, self.key, now=MADE_AT)

    def recorded(self, *digests: str, word: str = "x") -> int:
        """Put an entry into the ledger that names digests; return its index."""
        index = len(self.lines)
        body = {f"sha256_{n}": digest for n, digest in enumerate(digests)} | {"word": word}
        entry = entry_at(index, NewEntry("reports.produced", self.unit, body, MADE_AT))
        self.lines.append(entry.line)
        self.leaves += entry.leaf
        return index

    def prover(self) -> Prover:
        """The tree of the ledger."""
        return Prover(LeafHashes(self.leaves), len(self.lines))

    def checkpoint(self) -> Checkpoint:
        """The ledger, signed."""
        return sign_checkpoint(len(self.lines), self.prover().root(), self.ledger_key)

    def consistency(self, *sizes: int) -> dict[int, tuple[str, ...]]:
        """Proofs that the ledger continues older ones."""
        prover = self.prover()
        return {
            size: tuple(encode_base64(one) for one in prover.consistency(size)) for size in sizes
        }

    def report(self, *, unit: str = "", period: str = "2026-Q2") -> list[Piece]:
        """A report version with its file, and the ledger entry that names both."""
        about = {"report": "r-1", "definition": "RPT-01", "period": period, "version": 1}
        unit = unit or self.unit
        index = self.recorded(sha256_hex(REPORT_JSON), sha256_hex(DOCX))
        kinds = (
            (REPORT, "Báo cáo quý II.json", "application/json", REPORT_JSON),
            (REPORT_FILE, "Báo cáo quý II.docx", "application/octet-stream", DOCX),
        )
        return [
            piece_of(Item(kind, name, media, 0, "", unit=unit, entry=index, about=about), content)
            for kind, name, media, content in kinds
        ]

    def bundle(
        self,
        pieces: list[Piece] | None = None,
        *,
        sequence: int = 1,
        since: tuple[int, ...] = (),
        change: Any = None,
        made_at: datetime = MADE_AT,
    ) -> tuple[Manifest, bytes]:
        """A bundle; `change` may turn the manifest before it is signed."""
        pieces = self.report() if pieces is None else pieces
        indices = sorted({p.item.entry for p in pieces if p.item.entry is not None})
        entries = ((index, self.lines[index]) for index in indices)
        first = [entries_piece(b"".join(proof_lines(entries, self.prover())))] if indices else []
        manifest = Manifest(
            bundle=sha256_hex(f"{self.instance} {sequence}".encode())[:32],
            sequence=sequence,
            made_at=iso_utc(made_at),
            sender=Party(self.instance, self.unit, "Phường Mẫu", "Sample ward"),
            receiver=Party(self.to, self.to_unit, "Sở Mẫu"),
            checkpoint=self.checkpoint().note,
            items=(),
            consistency=self.consistency(*since),
            units=(UnitSaid(self.unit, "Phường Mẫu", "ward"),),
            software="0.0.0",
        )
        if change is not None:
            manifest = change(manifest)
        out = BytesIO()
        signed, _ = write_bundle(out, manifest, [*first, *pieces], self.key)
        return signed, out.getvalue()


def document(content: bytes, name: str = "Quyết định.pdf", **more: Any) -> Piece:
    """A document to send along."""
    return piece_of(Item(DOCUMENT, name, "application/pdf", 0, "", **more), content)


def findings(unit: str, failing: int) -> Piece:
    """The summary of a unit's findings."""
    content = canonical_bytes({"unit": unit, "verdicts": {"fail": failing, "pass": 10}})
    item = Item(FINDINGS, "Kết quả đánh giá.json", "application/json", 0, "", unit=unit)
    return piece_of(item, content)


class OfAnotherVersion(Manifest):
    """A manifest whose text was changed after it was put together."""

    __slots__ = ()

    swaps: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """Return the text, with words swapped."""
        found = super().text()
        for old, new in type(self).swaps:
            assert old in found
            found = found.replace(old, new)
        return found


def reworded(*swaps: tuple[str, str]) -> Any:
    """Return a change that swaps words of the manifest's text before it is signed."""

    class Reworded(OfAnotherVersion):
        __slots__ = ()

    Reworded.swaps = swaps

    def change(manifest: Manifest) -> Manifest:
        values = {name: getattr(manifest, name) for name in Manifest.__slots__}
        return Reworded(**values)

    return change


__all__ = [
    "DOCX",
    "ENTRIES",
    "MADE_AT",
    "RECEIVER",
    "REPORT_JSON",
    "SENDER",
    "FixedSender",
    "replace",
]
