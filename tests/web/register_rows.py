"""Rows of the endpoint register as forms bring them, for the tests of pages."""

from __future__ import annotations

import re
import secrets
from typing import Any

from khien.registers.models import Row

SO = "/don-vi/phuong/so/"
RAW = {"endpoint_name": "Máy", "kind": "desktop", "is_personal": "không"}


def raw(**more: str) -> dict[str, str]:
    """What the form of an endpoint sends."""
    return {**RAW, "lan-gui": secrets.token_hex(16), **more}


def add(cast: Any, **more: str) -> Any:
    """Add an endpoint through the form, and follow to its page."""
    answer = cast.client().post(f"{SO}endpoint/them/", raw(**more), follow=True)
    assert answer.redirect_chain, answer.content.decode()
    return answer


def new_row(cast: Any, **more: str) -> Row:
    """Add an endpoint through the form and return its row."""
    answer = add(cast, **more)
    return Row.objects.get(register="endpoint", number=int(answer.redirect_chain[-1][0].split("/")[-2]))  # fmt: skip


def row_of(name: str) -> Row:
    """Return the newest row of a name."""
    return Row.objects.filter(name=name).latest("pk")


def form(cast: Any, row: Row) -> dict[str, str]:
    """What the form of a change sends when nobody touches it."""
    page = cast.client().get(f"{SO}{row.register}/{row.number}/sua/").content.decode()
    sent = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page))
    sent.pop("csrfmiddlewaretoken", None)
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    return sent
