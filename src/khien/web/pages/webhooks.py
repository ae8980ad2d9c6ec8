"""Webhooks as pages: kinds of events by room, and what a refused form had in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from khien.exchange.models import Webhook
from khien.exchange.selectors import webhooks_with_counts
from khien.exchange.webhooks import known_kinds
from khien.kernel.language import Text
from khien.org.models import Unit

ROOM_WORDS: Final[Mapping[str, Text]] = {
    "access": Text("Đăng nhập, mã truy cập", "Sign-in, access tokens"),
    "checks": Text("Đánh giá", "Assessment"),
    "exchange": Text("Webhook", "Webhooks"),
    "facts": Text("Số liệu máy", "Facts of machines"),
    "norms": Text("Văn bản", "Documents"),
    "org": Text("Đơn vị, người dùng, vai trò", "Units, users, roles"),
    "registers": Text("Sổ", "Registers"),
    "reports": Text("Báo cáo", "Reports"),
    "signatures": Text("Chữ ký số, chứng thư tin cậy", "Signatures, trusted certificates"),
    "workflows": Text("Quy trình", "Processes"),
}


@dataclass(frozen=True, slots=True)
class KindGroup:
    """The kinds of events of one room."""

    room: str
    text: Text
    kinds: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class WebhookShown:
    """One webhook with how many of its messages wait and were given up."""

    webhook: Webhook
    waiting_count: int
    dead_count: int


@dataclass(frozen=True, slots=True)
class WebhookPage:
    """Everything the page of a unit's webhooks shows."""

    webhooks: tuple[WebhookShown, ...]
    groups: tuple[KindGroup, ...]
    url: str


def webhook_page(unit: Unit, *, typed: QueryDict | None) -> WebhookPage:
    """Put the page of a unit's webhooks together; what was typed into a refused form stays."""
    given = typed or QueryDict()
    ticked = set(given.getlist("su_kien"))
    rooms: dict[str, list[tuple[str, bool]]] = {}
    for kind in known_kinds():
        room = kind.partition(".")[0]
        whole = [(f"{room}.*", f"{room}.*" in ticked)]
        rooms.setdefault(room, whole).append((kind, kind in ticked))
    return WebhookPage(
        webhooks=tuple(WebhookShown(one, *n) for one, n in webhooks_with_counts([unit])),
        groups=tuple(
            KindGroup(room, ROOM_WORDS.get(room, Text(room, room)), tuple(kinds))
            for room, kinds in rooms.items()
        ),
        url=given.get("dia_chi", ""),
    )
