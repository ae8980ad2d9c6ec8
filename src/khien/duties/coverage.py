"""How every duty of the library is kept in view: counted by document and way; nothing may be left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from khien.duties.errors import DutiesUncovered
from khien.duties.plan import UNCOVERED, WAYS, ways
from khien.duties.proofs import ProofRules
from khien.norms.model import Library


@dataclass(frozen=True, slots=True)
class DutyCoverage:
    """Counts by regulation and way, the duties that nothing keeps in view, and how many the law above adds."""

    by_document: dict[str, dict[str, int]]
    uncovered: tuple[str, ...]
    law: dict[str, int]

    @property
    def total(self) -> dict[str, int]:
        """Return the counts by way over all regulations."""
        summed: Counter[str] = Counter()
        for counts in self.by_document.values():
            summed.update(counts)
        return {way: summed[way] for way in (*WAYS, UNCOVERED) if summed[way]}

    @property
    def count(self) -> int:
        """Return how many duties the regulations have."""
        return sum(self.total.values())

    def require_whole(self) -> None:
        """Make sure that every duty is kept in view.

        Raises: DutiesUncovered: some are not
        """
        if self.uncovered:
            shown = ", ".join(self.uncovered[:20])
            raise DutiesUncovered(count=len(self.uncovered), duties=shown)


def duty_coverage(library: Library, rules: ProofRules) -> DutyCoverage:
    """Return how the duties of a library are kept in view."""
    by_document: dict[str, Counter[str]] = {name: Counter() for name in library.documents}
    uncovered = []
    for clause, duty, way in ways(library, rules):
        by_document[clause.document][way] += 1
        if way == UNCOVERED:
            uncovered.append(duty.id)
    counted = {name: dict(counts) for name, counts in by_document.items()}
    own = {name: counts for name, counts in counted.items() if name in library.regulations}
    law = {name: sum(counts.values()) for name, counts in counted.items() if name not in own}
    return DutyCoverage(own, tuple(uncovered), law)
