"""A certification authority of the tests: a root, one below it, people, organisations, and who stamps the time."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
_SIGN = {"digital_signature", "content_commitment"}


@dataclass(frozen=True)
class Made:
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_der(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def key_file(self, password: str, *others: Made) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"khoa",
            self.key,
            self.certificate,
            [other.certificate for other in others],
            serialization.BestAvailableEncryption(password.encode()),
        )


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    del number
    return rsa.generate_private_key(65537, 2048)


_made: list[int] = []


def issued(
    name: str,
    *,
    by: Made | None = None,
    organisation: str = "Sở Mẫu",
    since: datetime = NOW - 30 * DAY,
    until: datetime = NOW + 300 * DAY,
    is_authority: bool = False,
    uses: set[str] | None = None,
    for_time: bool = False,
    crl: str = "http://127.0.0.1:9/ca.crl",
    digest: hashes.HashAlgorithm | None = None,
) -> Made:
    """Issue a certificate; by itself if nobody is named."""
    _made.append(1)
    key = _key(len(_made))
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    issuer_key, issuer = (by.key, by.certificate.subject) if by else (key, subject)
    wanted = {"key_cert_sign", "crl_sign"} if is_authority else uses if uses is not None else _SIGN
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{one: one in wanted for one in names}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if for_time:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    if by and crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Made(key, builder.sign(issuer_key, digest or hashes.SHA256()))


def revocations(by: Made, *revoked: Made, since: datetime = NOW - DAY) -> bytes:
    """Return the authority's list of revoked certificates, as DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(since)
        .next_update(NOW + 7 * DAY)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
    )
    for one in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(one.certificate.serial_number)
            .revocation_date(since - DAY)
            .build()
        )
        builder = builder.add_revoked_certificate(entry)
    made = builder.sign(by.key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class House:
    """The people of the tests and who issued their certificates."""

    root: Made
    authority: Made
    an: Made
    clerk: Made
    stamp: Made

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.root.der, self.authority.der


def build_house() -> House:
    root = issued("Chứng thực gốc Mẫu", is_authority=True, until=NOW + 3000 * DAY)
    authority = issued("Chứng thực Mẫu", by=root, is_authority=True, until=NOW + 2000 * DAY, crl="")
    return House(
        root=root,
        authority=authority,
        an=issued("Nguyễn Văn An", by=authority),
        clerk=issued("SỞ Y TẾ MẪU", by=authority, organisation="Ủy ban nhân dân tỉnh Mẫu"),
        stamp=issued("Dấu thời gian Mẫu", by=authority, uses={"digital_signature"}, for_time=True),
    )


PAPER = """
#set page(paper: "a4", margin: (left: 30mm, right: 15mm, top: 20mm, bottom: 20mm))
#set text(font: ("TeX Gyre Termes", "Libertinus Serif"), size: 14pt, lang: "vi")
#set document(title: "Báo cáo")
= BÁO CÁO
Tình hình bảo đảm an toàn thông tin mạng.
#v(20mm)
#grid(columns: (66mm, 99mm),
  [*_Nơi nhận:_* \\ - Như trên;],
  align(center)[*GIÁM ĐỐC* #v(32mm) *Nguyễn Văn An*])
"""


@cache
def paper(source: str = PAPER) -> bytes:
    """Return a made-up official document as PDF/A."""
    made = typst.compile(
        source.encode(), format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=1_700_000_000
    )
    assert isinstance(made, bytes)
    return made


def png(width: int, height: int, colour: str, *, dpi: int = 300, alpha: bool = True) -> bytes:
    """Return a picture: an oval line on nothing, as a hand or a seal would leave it."""
    drawn = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 3pt, fill: "
        f"{'none' if alpha else 'white'})\n#ellipse(width: 100%, height: 100%, stroke: 4pt + {colour})"
    )
    made = typst.compile(drawn.encode(), format="png", ppi=72)
    assert isinstance(made, bytes)
    return with_resolution(made, dpi)


def with_resolution(content: bytes, dpi: int) -> bytes:
    """Put a resolution into a PNG that has none."""
    import struct
    import zlib

    per_metre = round(dpi / 0.0254)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    target = io.BytesIO(content[:33])
    return target.getvalue() + chunk + content[33:]
