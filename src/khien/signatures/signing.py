"""Signing a PDF: PAdES as an addition to the file; its own bytes and earlier signatures stay as they are."""

from __future__ import annotations

import binascii
import io
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from asn1crypto import crl, x509
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from khien.kernel.language import Text
from khien.signatures.bounded import SIZE_MAX
from khien.signatures.certificates import common_name, why_unfit
from khien.signatures.errors import (
    NoRevocationFacts,
    NoTimeStamp,
    PdfNotSignable,
    UnfitCertificate,
)
from khien.signatures.placing import Place
from khien.signatures.trust import Trust

Role = Literal["leader", "organisation", "annex", "copy"]
Level = Literal["B-B", "B-T", "B-LT"]
ROLES: Final[dict[Role, Text]] = {
    "leader": Text("người có thẩm quyền ký", "the person who signs"),
    "organisation": Text("cơ quan, tổ chức (văn thư)", "the organisation (its clerk)"),
    "annex": Text("cơ quan ký tệp kèm theo", "the organisation, on an attached file"),
    "copy": Text("cơ quan ký bản sao điện tử", "the organisation, on an electronic copy"),
}
_FIELD: Final[dict[Role, str]] = {
    "leader": "KhienNguoiKy",
    "organisation": "KhienCoQuan",
    "annex": "KhienPhuLuc",
    "copy": "KhienBanSao",
}
_STAMP_SECONDS: Final = 15
_ENCRYPTED: Final = Text(
    "tệp đặt mật khẩu; lưu lại không có mật khẩu rồi ký",
    "it is encrypted; save it without and sign that",
)
_BROKEN: Final = Text("tệp hỏng hoặc không phải PDF", "it is broken, or no PDF")
_TOO_LARGE: Final = Text("lớn hơn 50 MB", "it is larger than 50 MB")
_FORBIDDEN: Final = Text(
    "chữ ký đã có trên tệp không cho thêm gì nữa", "a signature in it forbids any addition"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of a signature: a page of its own size, and where it is put."""

    page: bytes
    place: Place


@dataclass(frozen=True, slots=True)
class Proof:
    """What is added so that the signature can be judged later: time stamp, revocation lists."""

    level: Level = "B-B"
    stamper: TimeStamper | None = None
    address: str = ""
    trust: Trust = field(default_factory=Trust)
    crls: tuple[crl.CertificateList, ...] = ()


class _Page(PdfContent):
    """The first page of a PDF held in memory, as content of another."""

    def __init__(self, content: bytes) -> None:
        self._bytes = content
        super().__init__()

    def render(self) -> bytes:
        writer = self._ensure_writer
        taken = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._bytes)))
        name = "/Seen" + binascii.hexlify(uuid.uuid4().bytes).decode("ascii")
        self.resources.xobject[name] = taken
        x1, y1, x2, y2 = taken.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(x1 - x2), height=abs(y1 - y2))
        return name.encode("ascii") + b" Do"


def time_stamper(address: str) -> TimeStamper:
    """Return a client of a time stamping authority (RFC 3161) at an address."""
    return RequestsHTTPTimeStamper(address, timeout=_STAMP_SECONDS)


def sign_pdf(
    content: bytes,
    signer: Signer,
    *,
    role: Role,
    at: datetime,
    seen: Seen | None = None,
    proof: Proof | None = None,
) -> bytes:
    """Return the file with one more signature; what it was before stands unchanged at its beginning.

    Args:   at: aware; the moment of signing, by this machine's clock; seen: nothing is seen of it if None
    Raises: UnfitCertificate: it may not sign at that moment; PdfNotSignable; NoTimeStamp; NoRevocationFacts;
            what the signer raises (of tokens: see `khien.signatures.token`)
    """
    given = proof or Proof()
    must_be_fit(signer, at)
    writer, names = _writer(content)
    name = _free(_FIELD[role], names)
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        cades_signed_attr_spec=CAdESSignedAttrSpec(),
        embed_validation_info=given.level == "B-LT",
        validation_context=_context(given, at) if given.level == "B-LT" else None,
        signer_key_usage={"digital_signature", "non_repudiation"} & _uses(signer),
    )
    made = PdfSigner(
        metadata,
        signer,
        timestamper=given.stamper if given.level != "B-B" else None,
        stamp_style=_style(seen) if seen else None,
        new_field_spec=_field(name, seen),
    )
    return _signed(made, writer, given)


def _signed(made: PdfSigner, writer: IncrementalPdfFileWriter, given: Proof) -> bytes:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        return bytes(made.sign_pdf(writer).getvalue())
    except (TimestampRequestError, OSError) as error:
        raise NoTimeStamp(address=given.address, why=_first_line(error)) from error
    except SigningError as error:
        if given.level == "B-LT":
            raise NoRevocationFacts(why=_first_line(error)) from error
        raise PdfNotSignable("PDF", _FORBIDDEN) from error
    except (PathError, ValidationError) as error:
        raise NoRevocationFacts(why=_first_line(error)) from error
    except PdfError as error:
        raise PdfNotSignable("PDF", _BROKEN) from error


def must_be_fit(signer: Signer, at: datetime) -> None:
    """Refuse a certificate that may not sign at a moment, before anything is asked of its key.

    Raises: UnfitCertificate
    """
    certificate = _certificate(signer)
    why = why_unfit(certificate, at)
    if why is not None:
        raise UnfitCertificate(common_name(certificate.subject), why)


def places_signed(content: bytes) -> list[tuple[str, Place]]:
    """Return the frames in which earlier signatures are seen, with the names of their fields.

    Raises: PdfNotSignable: broken or encrypted
    """
    reader = _reader(content)
    pages = _page_numbers(reader)
    found = []
    for name, _value, widget_ref in enumerate_sig_fields(reader, filled_status=True):
        widget = widget_ref.get_object()
        try:
            left, bottom, right, top = (float(n) for n in widget["/Rect"])
            page = pages[widget.raw_get("/P").reference]
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
        if right > left and top > bottom:
            found.append((str(name), Place(page, left, bottom, right, top)))
    return found


def _page_numbers(reader: PdfFileReader) -> dict[object, int]:
    count = int(reader.root["/Pages"]["/Count"])
    return {reader.find_page_for_modification(n)[0].reference: n for n in range(min(count, 5000))}


def _reader(content: bytes) -> PdfFileReader:
    if len(content) > SIZE_MAX:
        raise PdfNotSignable("PDF", _TOO_LARGE)
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        is_encrypted = reader.encrypted
        reader.root  # noqa: B018  # reads the catalogue, which a broken file has not
    except (PdfError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise PdfNotSignable("PDF", _BROKEN) from error
    if is_encrypted:
        raise PdfNotSignable("PDF", _ENCRYPTED)
    return reader


def _writer(content: bytes) -> tuple[IncrementalPdfFileWriter, set[str]]:
    names = {str(name) for name, _, _ in enumerate_sig_fields(_reader(content))}
    try:
        return IncrementalPdfFileWriter(io.BytesIO(content), strict=False), names
    except (PdfError, ValueError) as error:
        raise PdfNotSignable("PDF", _BROKEN) from error


def _free(name: str, taken: set[str]) -> str:
    number = 1
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def _field(name: str, seen: Seen | None) -> SigFieldSpec:
    if seen is None:
        return SigFieldSpec(name)
    place = seen.place
    corners = (place.left, place.bottom, place.right, place.top)
    box = tuple(round(value, 2) for value in corners)
    return SigFieldSpec(name, on_page=place.page, box=box)  # type: ignore[arg-type]  # it takes fractions too


def _style(seen: Seen) -> StaticStampStyle:
    return StaticStampStyle(
        background=_Page(seen.page),
        border_width=0,
        background_opacity=1.0,
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID,
            y_align=layout.AxisAlignment.ALIGN_MID,
            margins=layout.Margins.uniform(0),
        ),
    )


def _certificate(signer: Signer) -> x509.Certificate:
    if signer.signing_cert is None:
        raise TypeError("a signer has a certificate")
    return signer.signing_cert


def _uses(signer: Signer) -> set[str]:
    value = _certificate(signer).key_usage_value
    return set(value.native) if value is not None else set()


def _context(given: Proof, at: datetime) -> ValidationContext:
    """Return what must hold now for long-term material: every certificate of the chain known not revoked."""
    return ValidationContext(
        trust_roots=list(given.trust.roots),
        other_certs=list(given.trust.between),
        allow_fetching=False,
        crls=list(given.crls),
        revocation_mode="require",
        # A list issued a minute ago is not from the future, though clocks differ a little.
        time_tolerance=timedelta(minutes=5),
        moment=at,
    )


def crls_in(contents: Sequence[bytes]) -> tuple[crl.CertificateList, ...]:
    """Return revocation lists from files, DER or PEM.

    Raises: NoRevocationFacts: one is no such list
    """
    try:
        return tuple(_crl(content) for content in contents)
    except (ValueError, TypeError) as error:
        raise NoRevocationFacts(why=_first_line(error)) from error


def _crl(content: bytes) -> crl.CertificateList:
    der = content
    if content.lstrip().startswith(b"-----BEGIN"):
        body = content.split(b"-----")[2]
        der = binascii.a2b_base64(body)
    made = crl.CertificateList.load(der, strict=True)
    made.native  # noqa: B018  # reading all of it shows whether it is broken
    return made


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
