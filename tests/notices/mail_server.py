"""A mail server for the tests: it speaks SMTP on a socket, keeps what it took, and can be told to say no."""

from __future__ import annotations

import base64
import email
import email.policy
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Friday, 20 November 2026, 08:00 in Viet Nam: the moment of the tests of notices.
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


class MailServer(socketserver.ThreadingTCPServer):
    """What the server took, and how it answers: `answers` maps a command to a line said instead."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, *, tls: ssl.SSLContext | None = None, password: str = "") -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.tls = tls
        self.password = password
        self.connection_count = 0
        self.raw: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Talk)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer
    timeout = 10

    def handle(self) -> None:
        self.server.connection_count += 1
        self.sender, self.to = "", []
        self.is_signed_in = not self.server.password
        self.say("220 thu.mau ESMTP")
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word.partition(" ")[0].upper()
            told = self.server.answers.get(verb)
            if told == "drop":
                return
            if told:
                self.say(told)
                continue
            if not getattr(self, f"do_{verb.lower()}", self.unknown)(word):
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: str) -> bool:
        self.wfile.write(f"{line}\r\n".encode())
        return True

    def unknown(self, _word: str) -> bool:
        return self.say("502 5.5.2 what?")

    def do_ehlo(self, _word: str) -> bool:
        more = ["STARTTLS"] if self.server.tls else []
        more += ["AUTH PLAIN"] if self.server.password else []
        lines = ["thu.mau", "8BITMIME", *more]
        for line in lines[:-1]:
            self.say(f"250-{line}")
        return self.say(f"250 {lines[-1]}")

    def do_starttls(self, _word: str) -> bool:
        self.say("220 go on")
        assert self.server.tls is not None
        try:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        return True

    def do_auth(self, word: str) -> bool:
        given = base64.b64decode(word.split()[2]).split(b"\0")[2].decode()
        self.is_signed_in = given == self.server.password
        return self.say("235 fine" if self.is_signed_in else "535 5.7.8 wrong password")

    def do_mail(self, word: str) -> bool:
        if not self.is_signed_in:
            return self.say("530 5.7.0 sign in first")
        self.sender, self.to = word.partition(":")[2].split(">")[0].strip("< "), []
        return self.say("250 ok")

    def do_rcpt(self, word: str) -> bool:
        self.to.append(word.partition(":")[2].strip("<> "))
        return self.say("250 ok")

    def do_data(self, _word: str) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line)
        self.server.raw.append(b"".join(lines))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.server.taken.append((self.sender, self.to, message))
        return self.say(self.server.answers.get("END", "250 taken"))

    def do_rset(self, _word: str) -> bool:
        return self.say("250 ok")

    def do_quit(self, _word: str) -> bool:
        self.say("221 bye")
        return False


@contextmanager
def serving(**more: Any) -> Iterator[MailServer]:
    with MailServer(**more) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)  # fmt: skip
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)


def nobody_listens() -> int:
    """Return a port on which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate_of(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for 127.0.0.1 that signs itself; return the server's side and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    trusted, secret = folder / "ca.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return context, trusted
