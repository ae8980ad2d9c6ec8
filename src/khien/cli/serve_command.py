"""khien serve: the pages, on loopback unless access.toml says where else and how they are encrypted."""

from __future__ import annotations

import argparse
import multiprocessing
import socket

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from khien.access.config import load_access_settings
from khien.cli.background import Background
from khien.cli.output import say
from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class PortTaken(KhienError):
    """Another program listens where the pages should be."""

    code = "KHIEN-CLI-003"
    sentence = Text(
        vi="Cổng {port} đang có chương trình khác dùng (có thể là Khiên đã chạy). "
        "Dừng nó, hoặc chọn cổng khác: KHIEN_PORT=8766 ./khien up.",
        en="Port {port} is used by another program (perhaps Khiên is running). "
        "Stop it, or choose another port: KHIEN_PORT=8766 ./khien up.",
    )


class NotAPort(KhienError):
    """KHIEN_PORT is not the number of a port."""

    code = "KHIEN-CLI-008"
    sentence = Text(
        vi="KHIEN_PORT không phải số cổng (1 đến 65535). Đặt lại, ví dụ: KHIEN_PORT=8766 ./khien up.",
        en="KHIEN_PORT is not the number of a port (1 to 65535). Set it anew: KHIEN_PORT=8766 ./khien up.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: the port is KHIEN_PORT (8765)."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    del args
    require_free_port()
    serve()
    return 0


def require_free_port() -> None:
    """Make sure that the pages can be served.

    Raises: PortTaken: something listens there; NotAPort: KHIEN_PORT is no port
    """
    if not settings.KHIEN_PORT:
        raise NotAPort()
    where = load_access_settings().serve
    where.require_safe()
    family = socket.AF_INET6 if ":" in where.address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((where.address, settings.KHIEN_PORT))
        except OSError as error:
            raise PortTaken(port=settings.KHIEN_PORT) from error


def own_address() -> str:
    """Return scheme, name and port under which the pages answer."""
    where = load_access_settings().serve
    name = where.hosts[0] if where.hosts and where.has_tls else "127.0.0.1"
    if where.proxies and where.hosts:
        return f"https://{name}"
    return f"{'https' if where.certificate else 'http'}://{name}:{settings.KHIEN_PORT}"


def serve() -> None:
    """Serve the pages with one worker, jobs beside them, until the process is told to stop.

    Raises: NotBeyondLoopback: access.toml names another address and no TLS
    """
    where = load_access_settings().serve
    where.require_safe()
    say(
        f"Trang đang mở tại {own_address()}/ (Ctrl+C để dừng).",
        f"Pages are at {own_address()}/ (Ctrl+C stops).",
    )
    # The jobs beside the pages use the database too: a forked worker would inherit SQLite's idea of which
    # locks are held, for ever if a job was writing at that moment. A spawned one starts from nothing.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "khien.project.wsgi:application",
        address=where.address,
        port=settings.KHIEN_PORT,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
        ssl_cert=where.certificate,
        ssl_key=where.private_key,
    )
    with Background():
        server.serve()
