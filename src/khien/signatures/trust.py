"""Whom the reader of signatures trusts: certificates that an administrator loaded, and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from asn1crypto import x509

from khien.kernel.language import Text
from khien.signatures.certificates import certificates_in, is_authority, is_root
from khien.signatures.errors import NotTrustable

TRUST_FILE_MAX = 2**20
_BROKEN = Text(
    "không phải tệp chứng thư đọc được (.cer, .crt, .pem, .p7b)",
    "it is no readable file of certificates (.cer, .crt, .pem, .p7b)",
)
_NOT_CA = Text(
    "chứng thư «{name}» không phải của tổ chức chứng thực, nên không dùng để tin người khác được",
    "certificate «{name}» is not a certification authority's, so nobody else is trusted through it",
)
_TOO_LARGE = Text("tệp lớn hơn 1 MB", "it is larger than 1 MB")


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates of authorities, as DER: the roots, and those between a root and a signer."""

    certificates: tuple[bytes, ...] = ()

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """Return those that name themselves as issuer: a chain must end at one of them."""
        return tuple(c for c in self._loaded() if is_root(c))

    @property
    def between(self) -> tuple[x509.Certificate, ...]:
        """Return the others: they help to find the way to a root."""
        return tuple(c for c in self._loaded() if not is_root(c))

    @property
    def digest(self) -> str:
        """Return one value that is the same for the same certificates: what a reading was judged by."""
        each = sorted(hashlib.sha256(der).hexdigest() for der in self.certificates)
        return hashlib.sha256("\n".join(each).encode()).hexdigest()

    def _loaded(self) -> Iterable[x509.Certificate]:
        return (x509.Certificate.load(der) for der in self.certificates)


def authorities_in(content: bytes, name: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of authorities that a file holds.

    Raises: NotTrustable: none, broken, or one that is not an authority's
    """
    if len(content) > TRUST_FILE_MAX:
        raise NotTrustable(name, _TOO_LARGE)
    try:
        found = certificates_in(content)
    except (ValueError, TypeError, KeyError) as error:
        raise NotTrustable(name, _BROKEN) from error
    for certificate in found:
        if not is_authority(certificate):
            subject = str(certificate.subject.human_friendly)[:120]
            raise NotTrustable(name, _NOT_CA.fill({"name": subject}))
    return found
