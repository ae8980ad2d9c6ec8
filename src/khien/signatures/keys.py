"""The key of somebody without a token: a PKCS#12 file and its password."""

from __future__ import annotations

from pyhanko.sign.signers import Signer, SimpleSigner

from khien.signatures.errors import KeyFileUnusable

KEY_FILE_MAX = 2**20


def signer_from_file(content: bytes, password: str, *, name: str) -> Signer:
    """Return a signer with the key of a PKCS#12 file.

    Raises: KeyFileUnusable: wrong password, no such file, or no key and certificate in it
    """
    if len(content) > KEY_FILE_MAX:
        raise KeyFileUnusable(file=name)
    try:
        made: Signer = SimpleSigner.load_pkcs12_data(content, (), password.encode("utf-8"))
    except (ValueError, TypeError, AttributeError, NotImplementedError) as error:
        raise KeyFileUnusable(file=name) from error
    return made
