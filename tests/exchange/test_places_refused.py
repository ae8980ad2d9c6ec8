"""Where nothing is sent: names and numbers that lead into the house, and what is no address."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from khien.exchange import places
from khien.exchange.errors import AddressRefused
from khien.exchange.places import place_at, resolved
from khien.exchange.sending import send


@pytest.mark.parametrize(
    "url",
    [
        "", "vd.gov.vn", "ftp://vd.gov.vn/", "file:///etc/passwd", "https://", "https:///x", "https://a:b@vd.gov.vn/",
        "https://vd.gov.vn/#x", "https://vd.gov.vn:99999/", "https://vd.gov.vn:0/", "https://vd.gov.vn/\r\nHost: x",
        "https://vd.gov.vn/a b", "https://đơn-vị.vn/", "gopher://x", "https://vd.gov.vn\\@x/", "https://" + "a" * 600,
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_receiver_is_refused(url: str) -> None:
    for allows_private in (False, True):
        with pytest.raises(AddressRefused):
            place_at(url, allows_private=allows_private)


def test_plain_http_needs_the_owners_leave() -> None:
    with pytest.raises(AddressRefused):
        place_at("http://vd.gov.vn/", allows_private=False)
    assert place_at("http://10.0.0.7:81/a?b=c", allows_private=True).path == "/a?b=c"


INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.1.1",
    "172.16.0.9",
    "[::1]",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
]
NEVER = ["169.254.169.254", "[fe80::1]", "0.0.0.0", "[::]", "224.0.0.1", "[ff02::1]", "[::ffff:169.254.169.254]",  # noqa: S104  # refused, not bound
         "255.255.255.255", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]"]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_inside_the_house_needs_the_owners_leave(host: str) -> None:
    with pytest.raises(AddressRefused):
        resolved(place_at(f"https://{host}/", allows_private=False), allows_private=False)
    assert resolved(place_at(f"https://{host}/", allows_private=True), allows_private=True)


@pytest.mark.parametrize("host", NEVER)
def test_a_special_address_is_never_sent_to(host: str) -> None:
    for allows_private in (False, True):
        place = place_at(f"https://{host}/", allows_private=True)
        with pytest.raises(AddressRefused):
            resolved(place, allows_private=allows_private)


@pytest.mark.parametrize("number", ["2130706433", "0x7f000001", "017700000001", "127.1"])
def test_odd_spellings_of_loopback_are_loopback(number: str) -> None:
    with pytest.raises(AddressRefused):
        resolved(place_at(f"https://{number}/", allows_private=False), allows_private=False)


def found(*addresses: str) -> Any:
    def look_up(*_: object, **__: object) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (address, 443)) for address in addresses]

    return look_up


def test_a_name_with_one_foot_in_the_house_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.socket, "getaddrinfo", found("1.1.1.1", "10.0.0.1"))
    with pytest.raises(AddressRefused):
        resolved(place_at("https://vd.gov.vn/", allows_private=False), allows_private=False)
    monkeypatch.setattr(places.socket, "getaddrinfo", found("1.1.1.1"))
    place = place_at("https://vd.gov.vn/", allows_private=False)
    assert resolved(place, allows_private=False) == "1.1.1.1"


def test_plain_http_never_leaves_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.socket, "getaddrinfo", found("1.1.1.1"))
    with pytest.raises(AddressRefused):
        resolved(place_at("http://vd.gov.vn/", allows_private=True), allows_private=True)


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    connected: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", ("1.1.1.1" if len(asked) == 1 else "127.0.0.1", 443))]

    def connect(address: tuple[str, int], *_: object) -> socket.socket:
        connected.append(address[0])
        raise OSError

    monkeypatch.setattr(places.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    answer = send("https://vd.gov.vn/", b"{}", {}, allows_private=False)
    assert (answer.status, asked, connected) == (0, ["vd.gov.vn"], ["1.1.1.1"])
