"""What was found out about the signatures of a file: plain values that can be kept and shown years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

from khien.kernel.clock import iso_utc, parse_iso
from khien.signatures.certificates import CertificateFacts

Integrity = Literal["intact", "altered", "unreadable"]
Coverage = Literal["whole_file", "revision", "partial"]
Changes = Literal["none", "archive", "signatures", "comments", "forbidden"]
Chain = Literal["trusted", "untrusted", "unknown"]
InForce = Literal["in_force", "expired", "not_yet", "unknown"]
Revocation = Literal["good", "revoked", "not_checked"]
Stamp = Literal["none", "trusted", "untrusted", "broken"]
Standing = Literal["verified", "partly", "failed"]
Problem = Literal["", "encrypted", "broken", "too_many", "too_large", "too_slow"]

_MOMENTS = ("claimed_at", "stamped_at", "judged_at")


@dataclass(frozen=True, slots=True)
class SignatureReading:
    """One signature: who, when, intact or not, what was added after it, and how far its signer is known.

    `claimed_at` is what the signer's clock said; `stamped_at` is said by a time stamping authority.
    `judged_at` is the moment at which the certificate was judged: that of a trusted stamp, else of the reading.
    """

    field: str
    kind: Literal["signature", "time_stamp"]
    form: str
    certificate: CertificateFacts | None
    claimed_at: datetime | None
    stamp: Stamp
    stamped_at: datetime | None
    stamp_authority: str
    integrity: Integrity
    coverage: Coverage
    changes: Changes
    chain: Chain
    root: str
    in_force: InForce
    may_sign: bool
    revocation: Revocation
    weak: tuple[str, ...]
    judged_at: datetime
    signed_bytes: int

    @property
    def standing(self) -> Standing:
        """Return the short of it: verified only where nothing was left unchecked."""
        if self.is_broken or self.chain == "untrusted" or self.revocation == "revoked":
            return "failed"
        if self.in_force in ("expired", "not_yet") or not self.may_sign:
            return "failed" if self.in_force == "not_yet" or not self.may_sign else "partly"
        if self.chain != "trusted" or self.revocation != "good" or self.weak:
            return "partly"
        return "partly" if self.stamp in ("untrusted", "broken") else "verified"

    @property
    def is_broken(self) -> bool:
        """Say whether the file can no longer stand for what was signed."""
        return (
            self.integrity != "intact" or self.coverage == "partial" or self.changes == "forbidden"
        )

    @property
    def signer(self) -> str:
        """Return the name in the certificate; empty where there is none to read."""
        return self.certificate.name if self.certificate else ""

    @property
    def said_at(self) -> datetime | None:
        """Return when it was signed: by a trusted time stamp if there is one, else as the signer said."""
        return self.stamped_at if self.stamp == "trusted" else self.claimed_at


@dataclass(frozen=True, slots=True)
class FileReading:
    """The signatures of one file, or why they could not be read."""

    signatures: tuple[SignatureReading, ...] = ()
    problem: Problem = ""
    is_lenient: bool = False


def as_json(reading: FileReading) -> dict[str, Any]:
    """Return a reading as values of JSON."""
    made: dict[str, Any] = {"problem": reading.problem, "is_lenient": reading.is_lenient}
    made["signatures"] = [_plain(asdict(one)) for one in reading.signatures]
    return made


def from_json(value: Mapping[str, Any]) -> FileReading:
    """Return the reading that `as_json` made.

    Raises: KeyError, TypeError, ValueError: it was not made by it
    """
    return FileReading(
        signatures=tuple(_signature(one) for one in value["signatures"]),
        problem=value["problem"],
        is_lenient=value["is_lenient"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso_utc(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _signature(value: Mapping[str, Any]) -> SignatureReading:
    given = {one.name: value[one.name] for one in fields(SignatureReading)}
    for name in _MOMENTS:
        given[name] = parse_iso(given[name]) if given[name] else None
    given["weak"] = tuple(given["weak"])
    if (facts := given["certificate"]) is not None:
        given["certificate"] = CertificateFacts(
            **{
                **facts,
                "not_before": parse_iso(facts["not_before"]),
                "not_after": parse_iso(facts["not_after"]),
                "uses": tuple(facts["uses"]),
            }
        )
    return SignatureReading(**given)
