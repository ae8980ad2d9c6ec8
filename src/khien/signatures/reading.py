"""Reading the signatures of a PDF, in this process: bytes in, plain values out; nothing is fetched.

Only `khien.signatures.bounded` calls this for files of strangers: it gives a process of its own, and an end.
"""

from __future__ import annotations

import asyncio
import io
import logging
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    SignatureStatus,
)
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms

from khien.signatures.certificates import (
    CertificateFacts,
    common_name,
    facts_of,
    is_for_signing,
)
from khien.signatures.chains import Material, context_at, material_of, weaknesses
from khien.signatures.readings import (
    Chain,
    Changes,
    Coverage,
    FileReading,
    InForce,
    Revocation,
    SignatureReading,
    Stamp,
)
from khien.signatures.trust import Trust

SIGNATURES_MAX = 64
_LEVELS: dict[ModificationLevel, Changes] = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "archive",
    ModificationLevel.FORM_FILLING: "signatures",
    ModificationLevel.ANNOTATIONS: "comments",
}
_COVERAGE: dict[SignatureCoverageLevel | None, Coverage] = {
    SignatureCoverageLevel.ENTIRE_FILE: "whole_file",
    SignatureCoverageLevel.ENTIRE_REVISION: "revision",
}
_FROM_UNSIGNED = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    FormUpdatingRule(
        [SigFieldCreationRule(), SigFieldModificationRule(), GenericFieldModificationRule()],
        ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)
# What a hostile or broken file makes of the library's own code, besides its own errors.
FAULTS = (
    PdfError,
    ValidationError,
    PathError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)
# Which algorithms are weak is said beside the result; a weak one must not hide whether bytes were changed.
_ANY_ALGORITHM = CMSAlgorithmUsagePolicy.lift_policy(AcceptAllAlgorithms())
# So it is with what a certificate was issued for: said beside, not mixed up with who issued it.
_ANY_USE = KeyUsageConstraints(key_usage=set())


def read_here(content: bytes, *, trust: Trust, at: datetime) -> FileReading:
    """Return the signatures of a PDF, oldest first.

    Args: trust: the authorities an administrator loaded; at: aware; the moment of the reading
    """
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    at = at.replace(microsecond=0)
    try:
        return _read(content, trust, at, strict=True)
    except FAULTS:
        pass  # many programs write PDF that is not quite by the standard; that is said in the reading
    try:
        return _read(content, trust, at, strict=False)
    except FAULTS:
        return FileReading(problem="broken")


def changes_since(content: bytes, size_bytes: int) -> Changes:
    """Return what a PDF adds to its own first bytes, which are a whole PDF by themselves."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        first = PdfFileReader(io.BytesIO(content[:size_bytes]), strict=True)
        whole = PdfFileReader(io.BytesIO(content), strict=True)
        if whole.encrypted or first.encrypted:
            return "forbidden"
        base = whole.get_historical_resolver(first.xrefs.total_revisions - 1)
        if "/AcroForm" not in base.root:
            # The comparison knows forms that grow, not forms that begin: an empty one is as good as none.
            empty = generic.DictionaryObject({generic.pdf_name("/Fields"): generic.ArrayObject()})
            base.root[generic.pdf_name("/AcroForm")] = empty
        result = _FROM_UNSIGNED.review_file(whole, base)
    except FAULTS:
        return "forbidden"
    return _level(result)


def _read(content: bytes, trust: Trust, at: datetime, *, strict: bool) -> FileReading:
    reader = PdfFileReader(io.BytesIO(content), strict=strict)
    if reader.encrypted:
        return FileReading(problem="encrypted")
    fields = []
    for name, value, field in enumerate_sig_fields(reader, filled_status=True):
        fields.append((name, value, field))
        if len(fields) > SIGNATURES_MAX:
            return FileReading(problem="too_many")
    material = material_of(reader)
    read = [_one(reader, content, entry, material, (trust, at)) for entry in fields]
    read.sort(key=lambda one: one.signed_bytes)
    return FileReading(tuple(read), is_lenient=not strict)


def _one(
    reader: PdfFileReader,
    content: bytes,
    entry: tuple[str, Any, Any],
    material: Material,
    stand: tuple[Trust, datetime],
) -> SignatureReading:
    name, value, field = entry
    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        is_stamp = embedded.sig_object_type == "/DocTimeStamp"
        judge = _time_stamp if is_stamp else _signature
        return asyncio.run(judge(embedded, content, material, *stand))
    except FAULTS:
        return _unreadable(name, value, stand[1])


def _unreadable(name: str, value: Any, at: datetime) -> SignatureReading:
    del value
    return SignatureReading(
        field=str(name)[:100], kind="signature", form="", certificate=None, claimed_at=None,
        stamp="none", stamped_at=None, stamp_authority="", integrity="unreadable", coverage="partial",
        changes="forbidden", chain="unknown", root="", in_force="unknown", may_sign=True,
        revocation="not_checked", weak=(), judged_at=at, signed_bytes=0,
    )  # fmt: skip


async def _signature(
    embedded: EmbeddedPdfSignature, content: bytes, material: Material, trust: Trust, at: datetime
) -> SignatureReading:
    material = material.with_signature(embedded)
    status = await _status(embedded, trust, material, at)
    stamp, stamped_at, authority = _stamp_of(status)
    judged_at = stamped_at if stamp == "trusted" and stamped_at is not None else at
    facts = facts_of(status.signing_cert)
    # Dates are said by themselves; whether a loaded root issued it is judged while it was in force.
    inside = min(max(judged_at, facts.not_before), facts.not_after)
    if inside != at:
        status = await _status(embedded, trust, material, inside)
    is_intact = status.intact and status.valid and _covers_all_but_itself(embedded, content)
    is_trusted = status.trust_problem_indic is None and status.validation_path is not None
    revocation = await _revocation(embedded, trust, material, inside)
    return SignatureReading(
        field=embedded.field_name[:100],
        kind="signature",
        form=_form(embedded),
        certificate=facts,
        claimed_at=_aware(status.signer_reported_dt),
        stamp=stamp,
        stamped_at=stamped_at,
        stamp_authority=authority,
        integrity="intact" if is_intact else "altered",
        coverage=_COVERAGE.get(status.coverage, "partial"),
        changes=_changes(status, content),
        chain=_chain(trust, is_trusted=is_trusted or revocation == "revoked"),
        root=_root_of(status) if is_trusted else "",
        in_force=_in_force(facts, judged_at),
        may_sign=is_for_signing(status.signing_cert),
        revocation=revocation,
        weak=weaknesses(status),
        judged_at=judged_at,
        signed_bytes=_signed_bytes(embedded),
    )


async def _time_stamp(
    embedded: EmbeddedPdfSignature, content: bytes, material: Material, trust: Trust, at: datetime
) -> SignatureReading:
    """Read a time stamp over the whole document, which later ones renew."""
    context = context_at(trust, material, at)
    status = await async_validate_pdf_timestamp(embedded, context)
    facts = facts_of(status.signing_cert)
    is_intact = status.intact and status.valid and _covers_all_but_itself(embedded, content)
    is_trusted = is_intact and status.trusted
    return SignatureReading(
        field=embedded.field_name[:100],
        kind="time_stamp",
        form=_form(embedded),
        certificate=facts,
        claimed_at=None,
        stamp="trusted" if is_trusted else "untrusted" if is_intact else "broken",
        stamped_at=_aware(status.timestamp),
        stamp_authority=facts.name,
        integrity="intact" if is_intact else "altered",
        coverage=_COVERAGE.get(status.coverage, "partial"),
        changes=_level(status.diff_result),
        chain=_chain(trust, is_trusted=is_trusted),
        root=_root_of(status) if is_trusted else "",
        in_force=_in_force(facts, at),
        may_sign=True,
        revocation="revoked" if status.revoked else "not_checked",
        weak=weaknesses(status),
        judged_at=at,
        signed_bytes=_signed_bytes(embedded),
    )


async def _status(
    embedded: EmbeddedPdfSignature,
    trust: Trust,
    material: Material,
    at: datetime,
    *,
    must_know: bool = False,
) -> PdfSignatureStatus:
    for skip_diff in (False, True):
        try:
            return await async_validate_pdf_signature(
                embedded,
                context_at(trust, material, at, must_know=must_know),
                key_usage_settings=_ANY_USE,
                algorithm_policy=_ANY_ALGORITHM,
                skip_diff=skip_diff,
            )
        except FAULTS:
            # What was added cannot be compared (a broken later part); whether the signed bytes stand, can.
            if skip_diff:
                raise
    raise AssertionError("one of the two answers or raises")


async def _revocation(
    embedded: EmbeddedPdfSignature, trust: Trust, material: Material, at: datetime
) -> Revocation:
    """Return what lists inside the file say of every certificate of the chain; nothing is asked outside."""
    if not material.has_revocations:
        return "not_checked"
    status = await _status(embedded, trust, material, at, must_know=True)
    if status.revoked:
        return "revoked"
    is_known = status.trust_problem_indic is None and status.validation_path is not None
    return "good" if is_known else "not_checked"


def _covers_all_but_itself(embedded: EmbeddedPdfSignature, content: bytes) -> bool:
    """Check that the one gap in the signed bytes holds the signature itself, in hexadecimal, and no more."""
    if len(embedded.byte_range) != 4:
        return False
    start, before, after, length = (int(n) for n in embedded.byte_range)
    gap = content[before:after]
    if start != 0 or not 0 < before < after or after + length > len(content):
        return False
    if not gap.startswith(b"<") or not gap.endswith(b">"):
        return False
    return bytes.fromhex(gap[1:-1].decode("ascii")) == embedded.pkcs7_content


def _signed_bytes(embedded: EmbeddedPdfSignature) -> int:
    numbers = [int(n) for n in embedded.byte_range]
    return numbers[2] + numbers[3] if len(numbers) == 4 else 0


def _changes(status: PdfSignatureStatus, content: bytes) -> Changes:
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "none"
    if content[content.rfind(b"%%EOF") + 5 :].strip():
        return "forbidden"  # no reader should see these bytes; one that repairs files might
    return _level(status.diff_result) if status.docmdp_ok else "forbidden"


def _level(result: object) -> Changes:
    if not isinstance(result, DiffResult):
        return "forbidden"
    return _LEVELS.get(result.modification_level, "forbidden")


def _stamp_of(status: PdfSignatureStatus) -> tuple[Stamp, datetime | None, str]:
    found = status.timestamp_validity
    if found is None:
        return "none", None, ""
    authority = common_name(found.signing_cert.subject)
    if not (found.intact and found.valid):
        return "broken", _aware(found.timestamp), authority
    return "trusted" if found.trusted else "untrusted", _aware(found.timestamp), authority


def _chain(trust: Trust, *, is_trusted: bool) -> Chain:
    """Return whether a loaded root stands at the end, none was loaded, or those loaded do not."""
    if not trust.roots:
        return "unknown"
    return "trusted" if is_trusted else "untrusted"


def _in_force(facts: CertificateFacts, at: datetime) -> InForce:
    if at < facts.not_before:
        return "not_yet"
    return "expired" if at > facts.not_after else "in_force"


def _form(embedded: EmbeddedPdfSignature) -> str:
    return str(embedded.sig_object.get("/SubFilter", ""))[1:60]


def _root_of(status: SignatureStatus) -> str:
    path = status.validation_path
    return common_name(path.first.subject) if path is not None else ""


def _aware(moment: datetime | None) -> datetime | None:
    """Return a moment to the second; a clock without a zone tells no moment."""
    if moment is None or moment.tzinfo is None:
        return None
    return moment.replace(microsecond=0)
