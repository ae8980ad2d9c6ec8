"""Shared set-up: the people of the tests, software tokens with their keys, and a time stamping authority on this machine."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import which

import pkcs11
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from made_up_authority import House, Made, build_house
from pkcs11 import Attribute
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

PIN = "482913"
_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


@pytest.fixture(scope="session")
def house() -> House:
    return build_house()


@dataclass(frozen=True)
class Tokens:
    """A PKCS#11 library whose tokens are folders."""

    module: str

    def make(self, label: str) -> pkcs11.Token:
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678"],
            check=True, capture_output=True,
        )  # fmt: skip
        library = pkcs11.lib(self.module)
        library.reinitialize()
        return next(
            slot.get_token()
            for slot in library.get_slots(token_present=True)
            if slot.get_token().label == label
        )

    def put(self, label: str, *owners: Made, keys: bool = True, public: bool = True) -> str:
        """Make a token with keys and certificates of people."""
        token = self.make(label)
        with token.open(user_pin=PIN, rw=True) as session:
            for number, owner in enumerate(owners, start=1):
                mark = bytes([number])
                if keys:
                    private = decode_rsa_private_key(_pkcs1(owner))
                    session.create_object(
                        {**private, Attribute.ID: mark, Attribute.LABEL: f"khoa {number}", Attribute.TOKEN: True,
                         Attribute.PRIVATE: True, Attribute.SIGN: True}
                    )  # fmt: skip
                certificate = decode_x509_certificate(owner.der)
                session.create_object(
                    {**certificate, Attribute.ID: mark, Attribute.LABEL: f"chung thu {number}",
                     Attribute.TOKEN: True, Attribute.PRIVATE: not public}
                )  # fmt: skip
        return label

    def wipe(self) -> None:
        library = pkcs11.lib(self.module)
        for slot in library.get_slots(token_present=True):
            token = slot.get_token()
            if token.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED:
                subprocess.run(
                    ["softhsm2-util", "--delete-token", "--token", token.label],
                    check=True, capture_output=True,
                )  # fmt: skip
        library.reinitialize()


def _pkcs1(owner: Made) -> bytes:
    from cryptography.hazmat.primitives import serialization as form

    return owner.key.private_bytes(
        form.Encoding.DER, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The library of SoftHSM, with a folder for its tokens that is thrown away."""
    module = next((place for place in _PLACES if Path(place).is_file()), "")
    if not module or which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed (Debian: apt-get install softhsm2)")
    folder = tmp_path_factory.mktemp("tokens")
    settings = folder / "softhsm2.conf"
    settings.write_text(
        f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n",
        encoding="utf-8",
    )
    os.environ["SOFTHSM2_CONF"] = str(settings)
    return module


@pytest.fixture
def tokens(softhsm: str) -> Iterator[Tokens]:
    made = Tokens(softhsm)
    made.wipe()
    yield made
    made.wipe()


@pytest.fixture
def stamping(house: House) -> Iterator[str]:
    """The address of a time stamping authority that answers on this machine (RFC 3161)."""
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(house.stamp.der),
        asn1_keys.PrivateKeyInfo.load(house.stamp.key_der),
        [asn1_x509.Certificate.load(house.authority.der)],
    )

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            made = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tsa"
    server.shutdown()
    thread.join()
    server.server_close()
