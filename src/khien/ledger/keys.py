"""The ledger's Ed25519 key: made on first use, kept by its owner, named after the instance."""

from __future__ import annotations

import secrets
from pathlib import Path

from khien.ledger.errors import LedgerKeyUnreadable
from khien.ledger.note import SigningKey, parse_signing_key
from khien.ledger.storage import Storage, replace_file

ORIGIN_PREFIX = "khien/"


def new_origin() -> str:
    """Return the name of a new ledger: khien/ and sixteen random hexadecimal digits."""
    return ORIGIN_PREFIX + secrets.token_hex(8)


def load_key(path: Path, storage: Storage) -> SigningKey:
    """Read the private key.

    Raises: LedgerKeyUnreadable: not the form of a private key
    """
    try:
        content = storage.read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise LedgerKeyUnreadable(where=path) from error
    return parse_signing_key(content, where=str(path))


def make_key(path: Path, origin: str | None, storage: Storage) -> SigningKey:
    """Make a private key, put it where only its owner reads it (mode 0600), durably."""
    key = SigningKey(origin or new_origin(), secrets.token_bytes(32))
    storage.make_directory(path.parent, private=True)
    replace_file(storage, path, f"{key.secret_text()}\n".encode(), private=True)
    return key
