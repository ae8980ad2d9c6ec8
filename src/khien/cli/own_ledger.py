"""The ledger of this instance, verified against its own database."""

from khien.ledger.selectors import verified

__all__ = ["verified"]
