"""Reading of command-line words: days, lists of documents."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from khien.kernel.language import Text


def day_argument(word: str) -> date:
    """Read a day written yyyy-mm-dd or dd/mm/yyyy.

    Raises: argparse.ArgumentTypeError: neither
    """
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(word, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    text = Text(f"«{word}» không phải ngày (30/06/2026)", f"«{word}» is not a day (2026-06-30)")
    raise argparse.ArgumentTypeError(str(text))


def names_argument(word: str) -> list[str]:
    """Read a list of names with commas between."""
    return [name.strip() for name in word.split(",") if name.strip()]
