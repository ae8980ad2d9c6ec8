"""Every address of the product, found by the resolver itself and filled with values of the cast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import own_text
from django.urls import URLPattern, URLResolver, get_resolver

from khien.ledger.models import LedgerEntry

_PLACE = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
OWN_MODULE = "khien."


def values_of(cast: Any) -> dict[str, object]:
    """What stands in an address, by the converter's name: things of An's unit, the ward.

    A new converter gets its value here. Where one name means different things in different addresses,
    `values_at` says which.
    """
    return {
        "code": cast.ward.code,
        "document": "do-son",
        "control": "PWD-01",
        "host_uid": cast.host.host_uid,
        "index": LedgerEntry.objects.filter(kind="facts.collected").latest("index").index,
        "file_format": "docx",
        "secret": "khong-co",
        "register": "endpoint",
        "number": 1,
        "field": "holder",
        "file": 1,
        "username": cast.an.username,
        "delivery": 1,
        "fingerprint": "0" * 64,
        "rest": "khong-co/",
        "workflow": "joiner",
        "step": "briefing",
        "definition": "annual_security",
        "sender": cast.station.code,
        "act": "duyet",
        "figure": "khong-co",
        "version": 1,
        "bundle": 1,
        "text": own_text.CODE,
        "path": "D2.k1",
        "chapter": "C.II",
        "form": "thu-muc",
        "token": "0" * 32,
    }


def values_at(cast: Any) -> dict[str, dict[str, object]]:
    """Values of single addresses, by the address's name, that go before those for all."""
    del cast
    return {"register-preview": {"token": "0" * 32}, "register-file": {"file_format": "csv"}}


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Yield the whole route and the pattern of every address that is ours, however deep it is included."""
    yield from _walked("", get_resolver())


def _walked(before: str, resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walked(route, entry)
        elif isinstance(entry, URLPattern) and _is_ours(entry):
            yield route, entry


def _is_ours(entry: URLPattern) -> bool:
    view = getattr(entry.callback, "view_class", entry.callback)
    return str(getattr(view, "__module__", "")).startswith(OWN_MODULE)


def every_address(cast: Any, *, is_strict: bool = True) -> dict[str, str]:
    """Fill every address of the product; a value that is missing fails with a sentence, or is passed over."""
    common, single = values_of(cast), values_at(cast)
    found = {}
    for route, entry in patterns():
        name = str(entry.name)
        values = common | single.get(name, {})
        if not is_strict and set(_PLACE.findall(route)) - set(values):
            continue
        found[name] = "/" + filled(route, values, name=name)
    return found


def filled(route: str, values: Mapping[str, object], *, name: str) -> str:
    """Put values into a route."""
    missing = [place for place in _PLACE.findall(route) if place not in values]
    assert not missing, (
        f"address {name!r} ({route}) has places without a value: {missing}; "
        "add them to values_of (or values_at) in tests/web/every_address.py"
    )
    return _PLACE.sub(lambda place: str(values[place[1]]), route)
