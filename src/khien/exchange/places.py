"""Where a message may go: https to the open network; inside the house only with the owner's leave."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from khien.exchange.errors import AddressRefused
from khien.kernel.language import Text

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
URL_LENGTH = 500

_NOT_A_URL = Text(
    "cần dạng https://máy-chủ/đường-dẫn, không kèm tên người dùng, mật khẩu hay #",
    "it must be https://host/path without user name, password or #",
)
_NOT_HTTPS = Text(
    "phải là https; http chỉ dùng được trong mạng nội bộ khi chủ hệ thống cho phép bằng --allow-private",
    "it must be https; http works inside the house only, if the owner allows it with --allow-private",
)
_NO_SUCH_HOST = Text("không tìm thấy máy chủ «{host}»", "the host “{host}” was not found")
_INSIDE = Text(
    "«{host}» nằm trong mạng nội bộ; chủ hệ thống cho phép ở dòng lệnh, bằng --allow-private",
    "“{host}” is inside the house; the owner allows it at the command line, with --allow-private",
)
_NEVER = Text(
    "«{host}» là địa chỉ đặc biệt, không bao giờ gửi tới",
    "“{host}” is a special address, never sent to",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A receiver taken apart: scheme, host, port, path with its query."""

    scheme: str
    host: str
    port: int
    path: str


def place_at(url: str, *, allows_private: bool) -> Place:
    """Return what a URL names, without asking the network.

    Raises: AddressRefused: not a URL of ours, or not https where it must be
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(_NOT_A_URL) from error
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    is_bare = parts.username is None and parts.password is None and not parts.fragment
    if not is_plain or not is_bare or not parts.hostname or len(url) > URL_LENGTH or port == 0:
        raise AddressRefused(_NOT_A_URL)
    if parts.scheme != "https" and not (parts.scheme == "http" and allows_private):
        raise AddressRefused(_NOT_HTTPS if parts.scheme == "http" else _NOT_A_URL)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    usual = 443 if parts.scheme == "https" else 80
    return Place(parts.scheme, parts.hostname, port or usual, path)


def resolved(place: Place, *, allows_private: bool) -> str:
    """Ask once where a host is, and return the one address to connect to.

    Every address it has must be allowed: a name that also points inside the house is refused.
    Raises: AddressRefused
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_NO_SUCH_HOST.fill({"host": place.host})) from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not addresses:
        raise AddressRefused(_NO_SUCH_HOST.fill({"host": place.host}))
    for text in addresses:
        _must_be_allowed(ipaddress.ip_address(text), place.host, allows_private=allows_private)
    if place.scheme == "http" and any(ipaddress.ip_address(one).is_global for one in addresses):
        raise AddressRefused(_NOT_HTTPS)
    return addresses[0]


def _must_be_allowed(address: Address, host: str, *, allows_private: bool) -> None:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    for one in (mapped,) if mapped else (address, *_hidden_in(address)):
        is_never = one.is_link_local or one.is_multicast or one.is_unspecified
        if is_never or (one.is_reserved and not one.is_global and not one.is_loopback):
            raise AddressRefused(_NEVER.fill({"host": host}))
        if not one.is_global and not (allows_private and (one.is_private or one.is_loopback)):
            raise AddressRefused(_INSIDE.fill({"host": host}))


def _hidden_in(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address carries inside: 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address] = []
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found.extend(address.teredo)
    if address in ipaddress.ip_network("64:ff9b::/96"):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found
