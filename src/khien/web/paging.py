"""Links to the pages of a long list, keeping what else the address asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

_AROUND = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of a list: its number and address; number 0 stands for pages left out."""

    number: int
    address: str


def asked_page(request: HttpRequest, name: str = "trang") -> int:
    """Return the number of the page that an address asks for; 1 if it asks for none."""
    asked = request.GET.get(name, "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def page_links(request: HttpRequest, page_count: int, *, name: str = "trang") -> Sequence[PageLink]:
    """Return links to the first, the last and the near pages; nothing where there is one page."""
    if page_count < 2:
        return ()
    here = min(max(1, asked_page(request, name)), page_count)
    kept = {key: value for key, value in request.GET.items() if key != name}
    near = range(max(1, here - _AROUND), min(page_count, here + _AROUND) + 1)
    links: list[PageLink] = []
    last = 0
    for number in sorted({1, *near, page_count}):
        if number > last + 1:
            links.append(PageLink(0, ""))
        links.append(PageLink(number, "?" + urlencode(kept | {name: str(number)})))
        last = number
    return links
