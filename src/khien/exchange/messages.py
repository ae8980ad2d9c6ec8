"""What a message says: the kind of event, its moment, its unit, and where to read the rest; no personal data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from khien.checks.events import ASSESSED
from khien.checks.listing import newly_failing
from khien.kernel.canonical import Json, canonical_bytes
from khien.kernel.clock import iso_utc
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit

TEST: Final = "webhook.test"
FAILED: Final = "checks.findings_failed"
_CONTROLS_MAX: Final = 200
# Subjects of these rooms may be names of persons; the reader of the entry sees them by their right.
_PERSONAL_ROOMS: Final = ("org", "access")


@dataclass(frozen=True, slots=True)
class Message:
    """One event as it is sent: its kind, the source that makes it unique, its body."""

    kind: str
    source: str
    payload: str


def payload_of(kind: str, *, at: datetime, data: Mapping[str, Json]) -> str:
    """Return the body of a message: canonical JSON, the same bytes at every try."""
    body: dict[str, Json] = {"type": kind, "timestamp": iso_utc(at), "data": dict(data)}
    return canonical_bytes(body).decode()


def is_wanted(kind: str, wanted: Collection[str]) -> bool:
    """Say whether a webhook asks for a kind."""
    return "*" in wanted or kind in wanted or f"{kind.partition('.')[0]}.*" in wanted


def messages_of(
    entry: LedgerEntry, units: Collection[Unit], wanted: Collection[str], *, is_theirs: bool
) -> Iterator[Message]:
    """Yield what an entry of the ledger has to tell to a webhook of some units.

    Args: is_theirs: the entry speaks of these units alone
    """
    if is_theirs and is_wanted(entry.kind, wanted):
        payload = payload_of(entry.kind, at=entry.at, data=_data(entry))
        yield Message(entry.kind, str(entry.index), payload)
    if entry.kind == ASSESSED and is_wanted(FAILED, wanted):
        for unit, controls in newly_failing(entry.index, units).items():
            data: dict[str, Json] = {
                "unit": unit,
                "ledger_index": entry.index,
                "count": len(controls),
                "controls": controls[:_CONTROLS_MAX],
                "href": f"/api/v1/units/{unit}/findings?verdict=fail",
            }
            payload = payload_of(FAILED, at=entry.at, data=data)
            yield Message(FAILED, f"{entry.index}/{unit}", payload)


def _data(entry: LedgerEntry) -> dict[str, Json]:
    unit = entry.body.get("unit")
    data: dict[str, Json] = {
        "ledger_index": entry.index,
        "href": f"/api/v1/ledger/entries/{entry.index}",
    }
    if isinstance(unit, str):
        data["unit"] = unit
    if entry.kind.partition(".")[0] not in _PERSONAL_ROOMS:
        data["subject"] = entry.subject
    return data
