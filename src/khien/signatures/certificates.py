"""Certificates as people read them: whose, from whom, from when until when, made for what."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, pem, x509

from khien.kernel.language import Text

CERTIFICATES_MAX = 100
_SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})
_EXPIRED = Text("hết hạn ngày {day}", "expired on {day}")
_NOT_YET = Text("chỉ có hiệu lực từ ngày {day}", "is valid only from {day}")
_WRONG_USE = Text(
    "không được cấp để ký văn bản (mục đích sử dụng khóa: {uses})",
    "was not issued for signing (key usage: {uses})",
)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself; that it says so proves nothing yet."""

    name: str
    organisation: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str
    uses: tuple[str, ...]


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """Return what a certificate says of itself.

    Raises: ValueError: its encoding is broken
    """
    return CertificateFacts(
        name=common_name(certificate.subject),
        organisation=_one(certificate.subject, "organization_name"),
        issuer=common_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        not_before=certificate.not_valid_before.astimezone(UTC),
        not_after=certificate.not_valid_after.astimezone(UTC),
        sha256=certificate.sha256.hex(),
        uses=tuple(sorted(uses_of(certificate))),
    )


def common_name(name: x509.Name) -> str:
    """Return the name people know somebody by: the common name, else the organisation, else all of it."""
    return (
        _one(name, "common_name")
        or _one(name, "organization_name")
        or shown(str(name.human_friendly))
        or "–"
    )


def shown(text: str) -> str:
    """Return words of a certificate as they may be shown: one line, no unseen letters, not endless."""
    clean = "".join(
        " " if unicodedata.category(letter).startswith(("C", "Z")) else letter
        for letter in unicodedata.normalize("NFC", text)
    )
    return " ".join(clean.split())[:200]


def _one(name: x509.Name, part: str) -> str:
    value = name.native.get(part)
    if isinstance(value, list):
        value = value[-1] if value else ""
    return shown(str(value)) if value else ""


def uses_of(certificate: x509.Certificate) -> frozenset[str]:
    """Return the key usages of a certificate; none where it does not limit them."""
    value = certificate.key_usage_value
    return frozenset(value.native) if value is not None else frozenset()


def is_for_signing(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may sign documents by its key usage."""
    uses = uses_of(certificate)
    return not uses or bool(uses & _SIGNING_USES)


def why_unfit(certificate: x509.Certificate, at: datetime) -> Text | None:
    """Return why a certificate may not sign at a moment; None if it may."""
    facts = facts_of(certificate)
    if at > facts.not_after:
        return _EXPIRED.fill({"day": f"{facts.not_after:%d/%m/%Y}"})
    if at < facts.not_before:
        return _NOT_YET.fill({"day": f"{facts.not_before:%d/%m/%Y}"})
    if not is_for_signing(certificate):
        return _WRONG_USE.fill({"uses": ", ".join(facts.uses) or "–"})
    return None


def is_authority(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may issue others."""
    constraints = certificate.basic_constraints_value
    return constraints is not None and bool(constraints["ca"].native)


def is_root(certificate: x509.Certificate) -> bool:
    """Say whether a certificate names itself as its issuer."""
    return bool(certificate.subject == certificate.issuer)


def certificates_in(content: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a file: PEM, DER, or a PKCS#7 collection (.p7b).

    Raises: ValueError: it holds none, or is broken, or holds too many
    """
    found = tuple(_all_in(content))
    if not found or len(found) > CERTIFICATES_MAX:
        raise ValueError("no certificate, or too many")
    for certificate in found:
        facts_of(certificate)  # a broken one is refused now, not when it is needed
    return found


def _all_in(content: bytes) -> Iterator[x509.Certificate]:
    if pem.detect(content):
        for kind, _headers, der in pem.unarmor(content, multiple=True):
            if kind == "PKCS7":
                yield from _of_collection(der)
            elif kind.endswith("CERTIFICATE"):
                yield x509.Certificate.load(der, strict=True)
        return
    try:
        yield x509.Certificate.load(content, strict=True)
    except ValueError:
        yield from _of_collection(content)


def _of_collection(der: bytes) -> Iterator[x509.Certificate]:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        raise ValueError("no collection of certificates")
    for choice in info["content"]["certificates"]:
        if choice.name == "certificate":
            yield choice.chosen
