"""From a signer's certificate to a root an administrator loaded: what is known, inside the file and here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms

from khien.signatures.trust import Trust

_EACH_MAX = 200
_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})
_RSA_BITS_MIN = 2048


@dataclass(frozen=True, slots=True)
class Material:
    """What a file brings for judging its signatures: certificates, lists of revoked ones, answers about one."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()

    @property
    def has_revocations(self) -> bool:
        """Say whether there is anything about revocation."""
        return bool(self.crls or self.ocsps)

    def with_signature(self, embedded: EmbeddedPdfSignature) -> Material:
        """Return it with what the signature itself carries (adbe-revocationInfoArchival)."""
        carried = [
            value
            for attribute in embedded.signer_info["signed_attrs"]
            if attribute["type"].native == "adobe_revocation_info_archival"
            for value in attribute["values"]
        ]
        lists = [one for value in carried for one in _some(value["crl"])]
        answers = [one for value in carried for one in _some(value["ocsp"])]
        return replace(self, crls=(*self.crls, *lists), ocsps=(*self.ocsps, *answers))


def material_of(reader: PdfFileReader) -> Material:
    """Return what the document security store of a file holds; what is broken in it is passed over."""
    return Material(
        certificates=tuple(_stored(reader, "/Certs", x509.Certificate)),
        crls=tuple(_stored(reader, "/CRLs", crl.CertificateList)),
        ocsps=tuple(_stored(reader, "/OCSPs", ocsp.OCSPResponse)),
    )


def _stored(reader: PdfFileReader, name: str, kind: Any) -> Iterator[Any]:
    try:
        listed = reader.root["/DSS"][name]
    except (KeyError, PdfError):
        return
    for entry in islice(listed, _EACH_MAX):
        try:
            made = kind.load(entry.get_object().data, strict=True)
            made.native  # noqa: B018  # reading all of it now shows whether it is broken
        except (PdfError, ValueError, TypeError, AttributeError):
            continue
        yield made


def _some(values: Iterable[Any]) -> Iterator[Any]:
    return islice(values or (), _EACH_MAX)


def context_at(
    trust: Trust, material: Material, at: datetime, *, must_know: bool = False
) -> ValidationContext:
    """Return the view of certificates at a moment: only loaded roots are trusted, nothing is fetched.

    Args: must_know: a certificate about whose revocation nothing is known fails
    """
    return ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=[*trust.between, *material.certificates],
        moment=at,
        allow_fetching=False,
        crls=list(material.crls),
        ocsps=list(material.ocsps),
        revocation_mode="require" if must_know else "soft-fail",
        algorithm_usage_policy=AcceptAllAlgorithms(),
    )


def weaknesses(status: SignatureStatus) -> tuple[str, ...]:
    """Return which algorithms of a signature and of its chain are no longer strong, by name."""
    found = set()
    if status.md_algorithm.lower() in _WEAK_DIGESTS:
        found.add(status.md_algorithm.upper())
    path = status.validation_path
    chain = list(path.iter_certs(include_root=False)) if path is not None else []
    for certificate in {status.signing_cert, *chain}:
        if certificate.hash_algo in _WEAK_DIGESTS:
            found.add(certificate.hash_algo.upper())
        key = certificate.public_key
        if key.algorithm == "rsa" and key.bit_size < _RSA_BITS_MIN:
            found.add(f"RSA-{key.bit_size}")
    return tuple(sorted(found))
