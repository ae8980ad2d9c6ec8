"""Sending of one message: to the address that was checked, without redirects, and never for long."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from khien.exchange.errors import AddressRefused
from khien.exchange.places import Place, place_at, resolved
from khien.kernel.language import Text

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
_AGENT = "khien-webhook/1"
_SLOW = Text("nơi nhận trả lời quá chậm", "the receiver answers too slowly")
_NO_TLS = Text(
    "chứng chỉ TLS của nơi nhận không hợp lệ", "the TLS certificate of the receiver is not valid"
)
_NO_ANSWER = Text("không kết nối được nơi nhận", "the receiver cannot be reached")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, or 0 and a word for why there is none."""

    status: int
    word: str

    @property
    def is_accepted(self) -> bool:
        """Say whether the receiver took the message; a redirect is no acceptance."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Reply(Answer):
    """An answer with the beginning of its body, and in both languages why there is none."""

    body: bytes = b""
    why: Text | None = None


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allows_private: bool,
    seconds: float = WHOLE_SECONDS,
) -> Answer:
    """Send a body to a receiver; what goes wrong comes back as an answer, never as an exception."""
    reply = call("POST", url, body, headers, allows_private=allows_private, seconds=seconds)
    return Answer(reply.status, reply.word)


def call(  # one keyword for each thing a call is
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allows_private: bool,
    seconds: float = WHOLE_SECONDS,
    answer_max: int = 4096,
) -> Reply:
    """Call an address that was checked, and return what it answers; nothing is raised."""
    try:
        place = place_at(url, allows_private=allows_private)
        address = resolved(place, allows_private=allows_private)
    except AddressRefused as refused:
        return Reply(0, refused.why.en[:100], why=refused.why)
    connection = _connection(place, address)
    watch = threading.Timer(seconds, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, place.path, body, {"User-Agent": _AGENT, **headers})
        answer = connection.getresponse()
        content = answer.read(answer_max)
    except TimeoutError:
        return Reply(0, "timeout", why=_SLOW)
    except ssl.SSLError as error:
        return Reply(0, f"tls: {error.reason or 'failed'}"[:100], why=_NO_TLS)
    except (OSError, http.client.HTTPException) as error:
        return Reply(0, type(error).__name__, why=_NO_ANSWER)
    finally:
        watch.cancel()
        connection.close()
    return Reply(answer.status, f"HTTP {answer.status}", content)


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was looked up before; the name only goes into the Host header."""

    def __init__(self, place: Place, address: str) -> None:
        super().__init__(place.host, place.port, timeout=CONNECT_SECONDS)
        self.address = address

    def connect(self) -> None:
        """Connect to the address that was checked."""
        self.sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)


class _Secure(_Plain):
    """The same with TLS: the certificate must be the name's."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Connect and make sure who answers."""
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _connection(place: Place, address: str) -> _Plain:
    return (_Secure if place.scheme == "https" else _Plain)(place, address)


def _cut(connection: _Plain) -> None:
    """End a connection that takes too long, however slowly it still drips."""
    held = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            held.close()
