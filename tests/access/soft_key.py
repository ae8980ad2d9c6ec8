"""A security key in software: answers challenges as a browser with a FIDO2 key would."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class SoftKey:
    def __init__(self, origin: str, rp: str = "localhost") -> None:
        self.origin, self.rp, self.counter = origin, rp, 0
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)

    def create(self, options: dict[str, Any]) -> str:
        numbers = self.private.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(cose)
        data = self._data(0x41) + attested
        client = self._client("webauthn.create", options)
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(made)})

    def get(self, options: dict[str, Any]) -> str:
        self.counter += 1
        data, client = self._data(0x01), self._client("webauthn.get", options)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"authenticatorData": data, "clientDataJSON": client, "signature": signed}
        return self._answer({name: _text(value) for name, value in said.items()})

    def _data(self, flags: int) -> bytes:
        place = hashlib.sha256(self.rp.encode()).digest()
        return place + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["publicKey"]["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": _text(self.id),
                "rawId": _text(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
