"""khien serve: the pages, on loopback only."""

from __future__ import annotations

import argparse
import socket

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

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
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.KHIEN_PORT))
        except OSError as error:
            raise PortTaken(port=settings.KHIEN_PORT) from error


def serve() -> None:
    """Serve the pages on loopback with one worker, jobs beside them, until the process is told to stop."""
    say(
        f"Trang đang mở tại http://127.0.0.1:{settings.KHIEN_PORT}/ (Ctrl+C để dừng).",
        f"Pages are at http://127.0.0.1:{settings.KHIEN_PORT}/ (Ctrl+C stops).",
    )
    server = Granian(
        "khien.project.wsgi:application",
        address="127.0.0.1",
        port=settings.KHIEN_PORT,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_level=LogLevels.warning,
    )
    with Background():
        server.serve()
