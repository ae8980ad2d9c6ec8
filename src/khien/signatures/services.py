"""The only writer of trusted certificates and of readings."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from django.db import transaction

from khien.kernel.canonical import Json
from khien.ledger import services as ledger
from khien.signatures.bounded import read_signatures
from khien.signatures.certificates import facts_of, is_root
from khien.signatures.events import FILE_READ, TRUST_ADDED, TRUST_REMOVED
from khien.signatures.models import KeptReading, TrustedCertificate
from khien.signatures.readings import FileReading, as_json
from khien.signatures.selectors import latest_readings, trust_now, trusted_certificates
from khien.signatures.trust import authorities_in

logger = logging.getLogger(__name__)


@transaction.atomic
def add_trust(content: bytes, *, name: str, by: str, now: datetime) -> list[TrustedCertificate]:
    """Trust the authorities whose certificates a file holds; those trusted already stay as they are.

    Args:   name: of the file, to say what was wrong with it
    Returns: the certificates that are new
    Raises: NotTrustable: none in it, broken, or one that is not an authority's
    """
    found = authorities_in(content, name)
    known = set(trusted_certificates().select_for_update().values_list("sha256", flat=True))
    made = []
    for certificate in found:
        facts = facts_of(certificate)
        if facts.sha256 in known:
            continue
        known.add(facts.sha256)
        row = TrustedCertificate.objects.create(
            sha256=facts.sha256,
            der=certificate.dump(),
            name=facts.name,
            issuer=facts.issuer,
            serial=facts.serial,
            not_before=facts.not_before,
            not_after=facts.not_after,
            is_root=is_root(certificate),
            added_at=now,
            added_by=by,
        )
        ledger.record(TRUST_ADDED, subject=facts.sha256, body=_body(row, by), at=now)
        made.append(row)
    return made


@transaction.atomic
def remove_trust(certificate: TrustedCertificate, *, by: str, now: datetime) -> None:
    """Stop trusting an authority; what was read before keeps what it was judged by."""
    current = TrustedCertificate.objects.select_for_update().get(pk=certificate.pk)
    if current.removed_at is not None:
        return
    current.removed_at, current.removed_by = now, by
    current.save(update_fields=["removed_at", "removed_by"])
    ledger.record(TRUST_REMOVED, subject=current.sha256, body=_body(current, by), at=now)


def _body(row: TrustedCertificate, by: str) -> dict[str, Json]:
    return {"name": row.name, "sha256": row.sha256, "is_root": row.is_root, "by": by}


def read_once(content: bytes, *, now: datetime) -> None:
    """Read a file unless it was read already by those who are trusted now."""
    digest = hashlib.sha256(content).hexdigest()
    known = latest_readings([digest]).get(digest)
    if known is None or not known.is_by_todays_trust:
        read_and_keep(content, now=now)


def read_and_keep(content: bytes, *, now: datetime) -> FileReading:
    """Read the signatures of a file by whom is trusted now, and keep what was found, never the file.

    Not inside a transaction: reading a hostile file may take as long as it is allowed to. A file without any
    signature leaves no line in the ledger.
    """
    digest = hashlib.sha256(content).hexdigest()
    trust = trust_now()
    reading = read_signatures(content, trust=trust, at=now)
    with transaction.atomic():
        index = None
        if reading.signatures or reading.problem:
            body: dict[str, Json] = {
                "count": len(reading.signatures),
                "broken": sum(one.is_broken for one in reading.signatures),
                "problem": reading.problem,
            }
            index = ledger.record(FILE_READ, subject=digest, body=body, at=now)
        KeptReading.objects.create(
            sha256=digest,
            read_at=now,
            trust=trust.digest,
            result=as_json(reading),
            ledger_index=index,
        )
    logger.info("signatures.read count=%d problem=%s", len(reading.signatures), reading.problem)
    return reading
