"""Security keys and passkeys (WebAuthn): challenges made and answers checked, on the library fido2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from khien.access.errors import FactorRefused

# What the library raises for an answer that is not in order; all of it is the answer's fault.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are: the name a key is bound to, and the address a browser shows."""

    host: str
    origin: str

    @property
    def can_use_keys(self) -> bool:
        """Say whether browsers let a page here talk to keys: a name, not a number, and TLS or localhost."""
        if self.host == "localhost":
            return True
        is_number = self.host.replace(".", "").isdigit() or ":" in self.host
        return self.origin.startswith("https://") and not is_number


def begin_registration(
    site: Site, *, user_id: int, username: str, known: Sequence[Mapping[str, str]]
) -> tuple[dict[str, Any], Any]:
    """Return what the page hands to the browser, and the state to keep until the answer."""
    options, state = _server(site).register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user_id).encode(), name=username, display_name=username
        ),
        credentials=[_credential(kept) for kept in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def registered(site: Site, state: Any, answer: Mapping[str, Any]) -> tuple[dict[str, str], int]:
    """Return what to keep of a new key, and its counter.

    Raises: FactorRefused: not an answer to this challenge at this site
    """
    try:
        response = RegistrationResponse.from_dict(answer)
        data = _server(site).register_complete(state, response)
        if data.credential_data is None:
            raise FactorRefused()
        return {"credential": websafe_encode(bytes(data.credential_data))}, data.counter
    except _BROKEN as error:
        raise FactorRefused() from error


def begin_proof(site: Site, known: Sequence[Mapping[str, str]]) -> tuple[dict[str, Any], Any]:
    """Return what the page hands to the browser, and the state to keep until the answer."""
    options, state = _server(site).authenticate_begin(
        credentials=[_credential(kept) for kept in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def proven(
    site: Site, state: Any, answer: Mapping[str, Any], known: Sequence[Mapping[str, str]]
) -> tuple[int, int]:
    """Return which of the known keys answered, and its counter.

    Raises: FactorRefused: none did, or not to this challenge at this site
    """
    credentials = [_credential(kept) for kept in known]
    try:
        response = AuthenticationResponse.from_dict(answer)
        found = _server(site).authenticate_complete(state, credentials, response)
        counter = response.response.authenticator_data.counter
    except _BROKEN as error:
        raise FactorRefused() from error
    ids = [credential.credential_id for credential in credentials]
    return ids.index(found.credential_id), counter


def _credential(kept: Mapping[str, str]) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(kept["credential"]))


def _server(site: Site) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=site.host, name="Khiên"),
        verify_origin=lambda origin: origin == site.origin,
    )
