"""A ward, its station and a stranger unit, with an officer and a row to write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings
from receiver import Receiver, receiving

from khien.exchange.models import Webhook
from khien.exchange.webhooks import make_webhook
from khien.kernel.clock import now_utc
from khien.org.models import Unit, User
from khien.org.services import ensure_officer, register_unit
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


@pytest.fixture
def house(db: None, tmp_path: Path) -> Iterator[House]:
    """The units, in a data folder of their own."""
    del db
    with override_settings(KHIEN_DATA=tmp_path):
        made = {}
        for code, parent in (("phuong", None), ("tram", "phuong"), ("xa-khac", None)):
            made[code] = register_unit(
                code, name_vi=code, name_en=code, kind="ward", place="Mẫu", now=now_utc(), parent=made.get(parent or "")
            )  # fmt: skip
        an, dung = (ensure_officer(made[code], now=now_utc()) for code in ("phuong", "xa-khac"))
        yield House(made["phuong"], made["tram"], made["xa-khac"], an, dung)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that accepts."""
    with receiving(Receiver()) as listening:
        yield listening
