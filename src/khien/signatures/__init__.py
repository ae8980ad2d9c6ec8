"""Signatures of PDF files: made with a token, read back with no more claimed than was verified; no units here."""
