"""A ward, its station and a stranger unit, and ways to make something happen in them."""

from __future__ import annotations

from dataclasses import dataclass

from khien.exchange.models import Webhook
from khien.exchange.webhooks import make_webhook
from khien.kernel.clock import now_utc
from khien.org.models import Unit, User
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row


@dataclass(frozen=True)
class House:
    """Units, and ways to make something happen in them."""

    ward: Unit
    station: Unit
    strange: Unit
    an: User
    dung: User

    def add(self, unit: Unit, name: str = "PC-01") -> Row:
        """Add a row, which is an event."""
        raw = {
            "endpoint_name": name,
            "kind": "laptop",
            "is_personal": False,
            "holder": "Nguyễn Văn Bí Mật",
        }
        draft = read_row(register_by_code("endpoint"), raw, VisibleReferences([unit], home=unit))
        return add_row(draft, unit=unit, act=Act("an", now_utc()))

    def webhook(
        self, url: str, *kinds: str, unit: Unit | None = None, allows_private: bool = True
    ) -> tuple[Webhook, str]:
        """Open a webhook for rows that are added, unless other kinds are named."""
        return make_webhook(
            unit or self.ward,
            url=url,
            kinds=kinds or ("registers.row_added",),
            by="an",
            now=now_utc(),
            allows_private=allows_private,
        )
