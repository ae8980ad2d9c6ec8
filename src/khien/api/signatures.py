"""What was read of the signatures of a file, for programs."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from khien.api.operations import Words, words
from khien.signatures.readings import SignatureReading
from khien.signatures.selectors import latest_readings
from khien.signatures.sentences import about_file, details, headline


class SignatureOut(Schema):
    """One signature. `standing` is `verified` only where nothing was left unchecked."""

    signer: str
    organisation: str
    issuer: str
    serial: str
    kind: str
    claimed_at: datetime | None
    stamped_at: datetime | None
    stamp: str
    standing: str
    integrity: str
    coverage: str
    changes: str
    chain: str
    root: str
    in_force: str
    may_sign: bool
    revocation: str
    weak: list[str]
    judged_at: datetime
    sentences: list[Words]


class SignaturesOut(Schema):
    """The latest reading of a file; `read_at` is null where it was never read."""

    sha256: str
    read_at: datetime | None
    is_by_todays_trust: bool
    problem: str
    sentences: list[Words]
    signatures: list[SignatureOut]


def signatures_out(sha256: str) -> SignaturesOut:
    """Return the latest reading of a file by its digest."""
    then = latest_readings([sha256]).get(sha256)
    if then is None:
        return SignaturesOut(
            sha256=sha256,
            read_at=None,
            is_by_todays_trust=False,
            problem="",
            sentences=[],
            signatures=[],
        )
    return SignaturesOut(
        sha256=sha256,
        read_at=then.read_at,
        is_by_todays_trust=then.is_by_todays_trust,
        problem=then.reading.problem,
        sentences=[words(one) for one in about_file(then.reading)],
        signatures=[_out(one) for one in then.reading.signatures],
    )


def _out(one: SignatureReading) -> SignatureOut:
    facts = one.certificate
    return SignatureOut(
        signer=one.signer,
        organisation=facts.organisation if facts else "",
        issuer=facts.issuer if facts else "",
        serial=facts.serial if facts else "",
        kind=one.kind,
        claimed_at=one.claimed_at,
        stamped_at=one.stamped_at,
        stamp=one.stamp,
        standing=one.standing,
        integrity=one.integrity,
        coverage=one.coverage,
        changes=one.changes,
        chain=one.chain,
        root=one.root,
        in_force=one.in_force,
        may_sign=one.may_sign,
        revocation=one.revocation,
        weak=list(one.weak),
        judged_at=one.judged_at,
        sentences=[words(headline(one)), *(words(text) for text in details(one))],
    )
