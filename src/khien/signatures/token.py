"""Tokens that hold a key and never give it away (PKCS#11): found, chosen, opened with a PIN asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from asn1crypto import x509
from pkcs11 import Attribute, ObjectClass, TokenFlag
from pkcs11.exceptions import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserPinNotInitialized,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer

from khien.kernel.language import Text
from khien.signatures.certificates import common_name, facts_of, is_authority, shown
from khien.signatures.errors import (
    CertificateAmbiguous,
    ModuleUnusable,
    NoCertificateToSign,
    TokenAmbiguous,
    TokenFailed,
    TokenNotFound,
    WrongPin,
)
from khien.signatures.errors import PinLocked as TokenLocked

_NONE = "–"
_LAST_TRY = Text(
    "Chỉ còn MỘT lần thử: nhập sai nữa thiết bị sẽ khóa. Hỏi lại mã PIN trước khi thử.",
    "ONE try is left: another wrong PIN locks the token. Make sure of the PIN before trying.",
)
_FEWER = Text(
    "Thiết bị báo số lần thử đã giảm, không báo còn mấy lần; nhập sai nhiều lần thiết bị sẽ khóa.",
    "The token says that tries were used up, not how many are left; too many lock it.",
)
_NOT_SAID = Text(
    "Thiết bị không báo còn mấy lần thử; nhập sai nhiều lần thiết bị sẽ khóa.",
    "The token does not say how many tries are left; too many wrong ones lock it.",
)


@dataclass(frozen=True, slots=True)
class CertificateOnToken:
    """A certificate on a token that could sign, and the identity of its key there."""

    certificate: x509.Certificate
    key_id: bytes
    label: str

    @property
    def said(self) -> str:
        """Return how a person tells it from others."""
        facts = facts_of(self.certificate)
        return f"{facts.name} (số sê-ri {facts.serial}, {facts.issuer}, {facts.not_after:%d/%m/%Y})"


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token that is plugged in, and what of it can be seen without a PIN."""

    label: str
    serial: str
    model: str
    certificates: tuple[CertificateOnToken, ...]


def tokens_of(module: str) -> list[TokenShown]:
    """Return the tokens that are plugged in, with the certificates that show without a PIN.

    Raises: ModuleUnusable, TokenFailed
    """
    return [_shown(token) for token in _tokens(module)]


@contextmanager
def signer_on_token(
    module: str,
    *,
    token: str,
    certificate: str,
    ask_pin: Callable[[str], str],
    check: Callable[[x509.Certificate], None],
) -> Iterator[PKCS11Signer]:
    """Give a signer whose key stays on its token; the PIN is asked once, after all else was looked at.

    Args:   token: its name or serial number, empty for the only one; certificate: a name, a label or a serial
            number, empty for the only one that can sign; ask_pin: called with the token's name;
            check: called with the chosen certificate before the PIN is asked; raises if it is unfit
    Raises: ModuleUnusable, TokenNotFound, TokenAmbiguous, NoCertificateToSign, CertificateAmbiguous,
            WrongPin, PinLocked, TokenFailed
    """
    found = _chosen_token(_tokens(module), token)
    name = _label(found)
    visible = _certificates(found)
    chosen = _chosen_certificate(visible, certificate, name) if visible else None
    if chosen is not None:
        check(chosen.certificate)
    session = _opened(found, ask_pin(name))
    try:
        if chosen is None:  # some tokens show nothing before the PIN
            chosen = _chosen_certificate(_certificates_in(session), certificate, name)
            check(chosen.certificate)
        _must_have_key(session, chosen, name, certificate)
        others = [one.certificate for one in visible if one is not chosen]
        yield PKCS11Signer(
            session, signing_cert=chosen.certificate, key_id=chosen.key_id, ca_chain=others
        )
    except (PKCS11Error, SigningError) as error:
        raise TokenFailed(token=name, why=_why(error)) from error
    finally:
        session.close()


def _tokens(module: str) -> list[pkcs11.Token]:
    if not module:
        raise ModuleUnusable(module=_NONE, why="--module")
    if not Path(module).is_file():
        raise ModuleUnusable(module=module, why=Text("không có tệp này", "there is no such file"))
    try:
        library = pkcs11.lib(module)
        slots = library.get_slots(token_present=True)
        tokens = [slot.get_token() for slot in slots]
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise ModuleUnusable(module=module, why=_why(error)) from error
    return [token for token in tokens if token.flags & TokenFlag.TOKEN_INITIALIZED]


def _label(token: pkcs11.Token) -> str:
    return shown(token.label) or _serial(token)


def _serial(token: pkcs11.Token) -> str:
    return shown(token.serial.decode("ascii", errors="replace"))


def _shown(token: pkcs11.Token) -> TokenShown:
    try:
        certificates = tuple(_certificates(token))
    except PKCS11Error as error:
        raise TokenFailed(token=_label(token), why=_why(error)) from error
    return TokenShown(_label(token), _serial(token), shown(token.model), certificates)


def _chosen_token(tokens: Sequence[pkcs11.Token], asked: str) -> pkcs11.Token:
    known = ", ".join(f"{_label(token)} ({_serial(token)})" for token in tokens) or _NONE
    fitting = [t for t in tokens if not asked or asked in (_label(t), _serial(t))]
    if not fitting:
        raise TokenNotFound(token=asked or "PKCS#11", known=known)
    if len(fitting) > 1:
        raise TokenAmbiguous(known=known)
    return fitting[0]


def _certificates(token: pkcs11.Token) -> list[CertificateOnToken]:
    session = token.open()
    try:
        return list(_certificates_in(session))
    finally:
        session.close()


def _certificates_in(session: pkcs11.Session) -> list[CertificateOnToken]:
    found = []
    for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            certificate = x509.Certificate.load(bytes(entry[Attribute.VALUE]), strict=True)
            facts_of(certificate)
        except (ValueError, TypeError):
            continue
        found.append(
            CertificateOnToken(certificate, bytes(entry[Attribute.ID]), str(entry[Attribute.LABEL]))
        )
    return found


def _chosen_certificate(
    found: Sequence[CertificateOnToken], asked: str, place: str
) -> CertificateOnToken:
    ends = [one for one in found if not is_authority(one.certificate)]
    fitting = [one for one in ends if not asked or _is_asked(one, asked)]
    known = "; ".join(one.said for one in ends) or _NONE
    if not fitting:
        raise NoCertificateToSign(place=place, asked=asked or "*", known=known)
    if len(fitting) > 1:
        raise CertificateAmbiguous(place=place, known=known)
    return fitting[0]


def _is_asked(one: CertificateOnToken, asked: str) -> bool:
    facts = facts_of(one.certificate)
    words = (facts.name.casefold(), one.label.casefold(), facts.serial.casefold())
    return asked.casefold() in words


def _opened(token: pkcs11.Token, pin: str) -> pkcs11.Session:
    name = _label(token)
    try:
        return token.open(user_pin=pin)
    except PinLocked as error:
        raise TokenLocked(token=name) from error
    except (PinIncorrect, PinInvalid, PinLenRange) as error:
        said = _tries_left(token)
        if said is None:
            raise TokenLocked(token=name) from error
        raise WrongPin(token=name, tries_vi=said.vi, tries_en=said.en) from error
    except (PinExpired, UserPinNotInitialized, PKCS11Error) as error:
        raise TokenFailed(token=name, why=_why(error)) from error


def _tries_left(token: pkcs11.Token) -> Text | None:
    """Return what the token says of the tries left; None where none is left. PKCS#11 tells no number."""
    try:
        flags = token.slot.get_token().flags
    except PKCS11Error:
        return _NOT_SAID
    if flags & TokenFlag.USER_PIN_LOCKED:
        return None
    if flags & TokenFlag.USER_PIN_FINAL_TRY:
        return _LAST_TRY
    return _FEWER if flags & TokenFlag.USER_PIN_COUNT_LOW else _NOT_SAID


def _must_have_key(
    session: pkcs11.Session, chosen: CertificateOnToken, place: str, asked: str
) -> None:
    query = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: chosen.key_id}
    if len(list(session.get_objects(query))) != 1:
        raise NoCertificateToSign(
            place=place, asked=asked or "*", known=common_name(chosen.certificate.subject)
        )


def _why(error: BaseException) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]
