"""Pages leave the machine encrypted only: with a certificate of our own, or behind a declared proxy."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_directory_passwords import certificate

from khien.access.arrival import where_from
from khien.access.config import ServeSettings, load_access_settings
from khien.access.errors import NotBeyondLoopback

ROOT = Path(__file__).resolve().parents[2]


def test_another_address_without_tls_is_refused() -> None:
    for address in ("0.0.0.0", "::", "10.0.0.5"):  # noqa: S104
        with pytest.raises(NotBeyondLoopback):
            ServeSettings(address=address).require_safe()
    ServeSettings().require_safe()
    ServeSettings(address="10.0.0.5", proxies=("10.0.0.1",)).require_safe()


def ran(data: Path, *words: str, port: int) -> subprocess.Popen[str]:
    env = os.environ | {
        "KHIEN_DATA": str(data),
        "KHIEN_PORT": str(port),
        "PYTHONPATH": str(ROOT / "src"),
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "khien", *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_says_why_it_does_not_listen_in_the_clear(tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text('[serve]\naddress = "0.0.0.0"\n')
    done = ran(tmp_path, "serve", port=free_port())
    _, said = done.communicate(timeout=120)
    assert done.returncode == 2
    assert "KHIEN-ACC-011" in said


def test_with_a_certificate_pages_answer_over_tls_with_secure_cookies(tmp_path: Path) -> None:
    cert, port = certificate(tmp_path), free_port()
    (tmp_path / "access.toml").write_text(
        '[serve]\naddress = "127.0.0.1"\nhosts = ["127.0.0.1"]\ncertificate = "cert.pem"\nprivate_key = "key.pem"\n'
    )
    server = ran(tmp_path, "serve", port=port)
    try:
        answer = asked(port, ssl.create_default_context(cafile=str(cert)))
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert answer.startswith("HTTP/1.1 200"), answer[:600]
    assert re.search(r"(?im)^set-cookie: *csrftoken=.*; Secure", answer)
    assert "strict-transport-security" in answer.lower()


def asked(port: int, context: ssl.SSLContext) -> str:
    for _ in range(900):
        try:
            with (
                socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname="127.0.0.1") as safe,
            ):
                safe.sendall(
                    b"GET /dang-nhap/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                )
                return b"".join(iter(lambda: safe.recv(65536), b"")).decode()
        except (ConnectionError, OSError):
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address", "is_local"),
    [
        ("127.0.0.1", None, "127.0.0.1", True),
        ("10.0.0.9", None, "10.0.0.9", False),
        ("10.0.0.9", "127.0.0.1", "10.0.0.9", False),
        ("127.0.0.1", "10.0.0.7", "127.0.0.1", False),
        ("10.0.0.1", "127.0.0.1, 10.0.0.7", "10.0.0.7", False),
        ("10.0.0.1", "nonsense", "10.0.0.1", False),
    ],
)
def test_an_address_is_believed_from_a_declared_proxy_only(
    settings, rf, tmp_path: Path, peer: str, forwarded: str | None, address: str, is_local: bool
) -> None:  # type: ignore[no-untyped-def]
    settings.KHIEN_DATA = tmp_path
    (tmp_path / "access.toml").write_text('[serve]\nproxies = ["10.0.0.1"]\n')
    assert load_access_settings().serve.proxies == ("10.0.0.1",)
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    place = where_from(rf.get("/", REMOTE_ADDR=peer, **more))
    assert (place.address, place.is_local) == (address, is_local)
