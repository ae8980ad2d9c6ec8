"""What the data folder itself shows: who may read it, since when it is there, how far its log goes back."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from khien.kernel.clock import VIETNAM
from khien.ledger.models import LedgerEntry

_STAMP = "%Y-%m-%d %H:%M:%S"


def is_private() -> bool:
    """Say whether only the owner may open the data folder and what is secret in it."""
    folder = Path(settings.KHIEN_DATA)
    secret = [folder / "keys", folder / "khien.sqlite3", *(folder / "keys").glob("*.key")]
    places = [folder, *(place for place in secret if place.exists())]
    if os.name != "posix":
        return True
    if stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0:
        return True
    return all(stat.S_IMODE(place.stat().st_mode) & 0o077 == 0 for place in places[1:])


def installed_at() -> datetime | None:
    """Return when this instance began: the time of its first entry in the ledger."""
    return LedgerEntry.objects.order_by("index").values_list("at", flat=True).first()


def oldest_line_at(log: Path) -> datetime | None:
    """Return the time of the oldest line that the log and its older files still hold."""
    found = [_first_stamp(path) for path in log.parent.glob(f"{log.name}*") if path.is_file()]
    return min((moment for moment in found if moment is not None), default=None)


def _first_stamp(path: Path) -> datetime | None:
    with path.open(encoding="utf-8", errors="replace") as lines:
        first = lines.readline()
    try:
        # The log is written in the time of the project, which is Vietnam's.
        moment = datetime.strptime(first[:19], _STAMP)  # noqa: DTZ007  # the zone follows
    except ValueError:
        return None
    return moment.replace(tzinfo=VIETNAM).astimezone(UTC)
