"""The decision behind a change of units or accounts (quyết định): number, day, and who issued it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from khien.kernel.canonical import Json
from khien.kernel.clock import said_day
from khien.kernel.vietnamese import nfc

NUMBER_LENGTH = 100
AUTHORITY_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Decision:
    """A deciding document; each part may be missing where nobody knows it any more."""

    number: str = ""
    on: date | None = None
    authority: str = ""

    def __str__(self) -> str:
        day = said_day(self.on) if self.on else ""
        return ", ".join(part for part in (self.clean_number, day, self.clean_authority) if part)

    @property
    def clean_number(self) -> str:
        """Return the number as it is kept."""
        return _line(self.number)[:NUMBER_LENGTH]

    @property
    def clean_authority(self) -> str:
        """Return who issued it as it is kept."""
        return _line(self.authority)[:AUTHORITY_LENGTH]

    def body(self) -> dict[str, Json]:
        """Return it for the ledger."""
        return {
            "number": self.clean_number,
            "on": self.on.isoformat() if self.on else None,
            "authority": self.clean_authority,
        }


NO_DECISION = Decision()


def _line(text: str) -> str:
    return nfc(" ".join(text.split()))
