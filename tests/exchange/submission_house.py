"""A department that takes bundles in, with a ward and a hospital below it that run their own Khiên."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from submission_cases import MADE_AT, FixedSender

from khien.exchange.models import Partner, PartnerKey, ReceivedBundle
from khien.exchange.own_keys import own_instance
from khien.exchange.partners import BELOW, register_key
from khien.exchange.receiving import Arrival, receive_file
from khien.exchange.submission_notes import read_card
from khien.org.models import Unit, User

SOON = MADE_AT + timedelta(hours=1)


@dataclass(frozen=True)
class Department:
    """The receiving side."""

    department: Unit
    ward: Unit
    station: Unit
    hospital: Unit
    strange: Unit
    overseer: User
    officer: User
    administrator: User
    stranger: User

    def sender(self, unit: str = "phuong", **more: object) -> FixedSender:
        """An instance that sends to us."""
        digits = {"phuong": SENDER_DIGITS, "benh-vien": "khien/00000000000000bb"}[unit]
        return FixedSender(unit=unit, instance=digits, to=own_instance(SOON), **more)

    def paired(self, sender: FixedSender, *, now: datetime = MADE_AT) -> PartnerKey:
        """Register the sender's key, as two people do."""
        unit = {"phuong": self.ward, "benh-vien": self.hospital}[sender.unit]
        card = sender.card()
        return register_key(
            unit,
            BELOW,
            card,
            number=read_card(card).fingerprint,
            read_by="Trần Thị Bình",
            by="quan-tri",
            now=now,
        )

    def take(
        self, content: bytes, *, now: datetime = SOON, at: Unit | None = None
    ) -> ReceivedBundle:
        """Take a file in."""
        return receive_file(BytesIO(content), Arrival(now, "theo-doi"), at=at)

    def partner(self) -> Partner:
        """The one partner there is."""
        return Partner.objects.get()


SENDER_DIGITS = "khien/00112233445566aa"
