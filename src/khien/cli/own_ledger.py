"""The ledger and the fact files of this instance, verified against its own database."""

from khien.facts.selectors import altered_evidence
from khien.ledger.selectors import verified

__all__ = ["altered_evidence", "verified"]
