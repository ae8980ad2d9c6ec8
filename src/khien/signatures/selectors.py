"""The only door through which trusted certificates and kept readings are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from khien.signatures.errors import UnknownTrust
from khien.signatures.models import KeptReading, TrustedCertificate
from khien.signatures.readings import FileReading, from_json
from khien.signatures.trust import Trust

_FINGERPRINT_MIN = 8


@dataclass(frozen=True, slots=True)
class ReadingThen:
    """The latest reading of a file: what was found, when, and by the certificates trusted today or others."""

    sha256: str
    read_at: datetime
    reading: FileReading
    is_by_todays_trust: bool


def trusted_certificates() -> QuerySet[TrustedCertificate]:
    """Return the certificates that are trusted now, by name."""
    return TrustedCertificate.objects.filter(removed_at=None)


def trust_now() -> Trust:
    """Return whom this instance trusts now."""
    return Trust(tuple(bytes(der) for der in trusted_certificates().values_list("der", flat=True)))


def trusted_by_fingerprint(fingerprint: str) -> TrustedCertificate:
    """Return a trusted certificate by its SHA-256, or by its first letters where they tell which.

    Raises: UnknownTrust: none, or several
    """
    asked = fingerprint.strip().lower().replace(":", "")
    found = list(trusted_certificates().filter(sha256__startswith=asked)[:2])
    if len(asked) < _FINGERPRINT_MIN or len(found) != 1:
        raise UnknownTrust(fingerprint=fingerprint[:64])
    return found[0]


def latest_readings(digests: Iterable[str]) -> dict[str, ReadingThen]:
    """Return the latest reading of each file that was ever read, by SHA-256."""
    wanted, found = set(digests), dict[str, ReadingThen]()
    if not wanted:
        return found
    today = trust_now().digest
    rows = KeptReading.objects.filter(sha256__in=wanted).order_by("read_at", "pk")
    for row in rows:
        found[row.sha256] = ReadingThen(
            row.sha256, row.read_at, from_json(row.result), row.trust == today
        )
    return found
