"""Signatures of files as pages: what was read, in words; what a row could take from it, if a person agrees."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from khien.kernel.clock import said_day, vietnam_date
from khien.kernel.language import Text
from khien.registers.beside import attachment_of
from khien.registers.errors import UnknownAttachment
from khien.registers.files import PDF
from khien.registers.models import Attachment, Row
from khien.signatures.readings import FileReading, SignatureReading
from khien.signatures.selectors import ReadingThen, latest_readings
from khien.signatures.sentences import STANDING_WORDS, about_file, details, headline
from khien.web.pages.register_place import Place

PROPOSED = gettext_lazy(
    "The form holds what the signature says. Compare it with the paper, then save: nothing was changed yet."
)
_VERDICTS = {"verified": "pass", "partly": "unknown", "failed": "fail"}


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """One signature in words."""

    number: int
    read: SignatureReading

    @property
    def tone(self) -> str:
        """Return the colour of its standing, as of a verdict."""
        return _VERDICTS[self.read.standing]

    @property
    def word(self) -> Text:
        """Return its standing in a word."""
        return STANDING_WORDS[self.read.standing]

    @property
    def headline(self) -> Text:
        """Return the one sentence that says how things stand."""
        return headline(self.read)

    @property
    def details(self) -> list[Text]:
        """Return the further sentences."""
        return details(self.read)


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file with the latest reading of its signatures."""

    file: Attachment
    then: ReadingThen | None
    signatures: list[SignatureShown]
    sentences: list[Text]
    may_propose: bool

    @property
    def is_pdf(self) -> bool:
        """Say whether it can hold signatures at all."""
        return self.file.media_type == PDF


def shown(reading: FileReading) -> list[SignatureShown]:
    """Return the signatures of a reading as pages show them."""
    return [SignatureShown(number, one) for number, one in enumerate(reading.signatures, start=1)]


def file_page(place: Place, file: Attachment) -> FilePage:
    """Return what a page shows of the signatures of a file."""
    then = latest_readings([file.sha256]).get(file.sha256)
    return FilePage(
        file=file,
        then=then,
        signatures=shown(then.reading) if then else [],
        sentences=about_file(then.reading) if then else [],
        may_propose=place.may_write
        and "signer" in place.register.fields
        and _leader(then) is not None,
    )


def proposed_by_signature(place: Place, row: Row, file: str) -> dict[str, object]:
    """Return what a row of documents could take from the signatures of one of its files; nothing is written.

    Args: file: the number of the file as the address has it; anything else proposes nothing
    """
    if not file.isdecimal() or len(file) > 18 or "signer" not in place.register.fields:
        return {}
    try:
        attachment = attachment_of(row, int(file))
    except UnknownAttachment:
        return {}
    then = latest_readings([attachment.sha256]).get(attachment.sha256)
    leader = _leader(then)
    if leader is None:
        return {}
    found: dict[str, object] = {"signer": leader.signer, "is_digitally_signed": "có"}
    if leader.said_at is not None and not row.values.get("issued_on"):
        found["issued_on"] = said_day(vietnam_date(leader.said_at))
    return {code: value for code, value in found.items() if code in place.register.fields}


def _leader(then: ReadingThen | None) -> SignatureReading | None:
    """Return the first signature that nothing speaks against; the organisation signs after the person."""
    if then is None:
        return None
    sound = [
        one
        for one in then.reading.signatures
        if one.kind == "signature" and one.standing != "failed" and one.signer
    ]
    return sound[0] if sound else None
