"""What the tests of signatures share."""

from soft_tokens import house, softhsm, stamping, tokens

__all__ = ["house", "softhsm", "stamping", "tokens"]
