"""Whose an entry of the ledger is: the units it speaks of, so that others learn nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from khien.facts.selectors import hosts_of
from khien.ledger.models import LedgerEntry
from khien.norms.events import LIBRARY_LOADED
from khien.org.models import Unit
from khien.org.selectors import users_of

EVERYBODYS = (LIBRARY_LOADED,)


class EntryReader:
    """Knows which entries speak of nothing but some units, their machines and their users."""

    def __init__(self, units: Iterable[Unit]) -> None:
        listed = list(units)
        self._codes = {unit.code for unit in listed}
        self._hosts = set(hosts_of(listed).values_list("host_uid", flat=True))
        self._names = set(users_of(listed).values_list("username", flat=True))

    def may_read(self, entry: LedgerEntry) -> bool:
        """Say whether an entry is about these units only, or about no unit at all and for everybody."""
        if entry.kind in EVERYBODYS:
            return True
        body = entry.body
        listed = body.get("units")
        if isinstance(listed, Sequence) and not isinstance(listed, str) and listed:
            is_whole = body.get("unit_count", len(listed)) == len(listed)
            return is_whole and set(listed) <= self._codes
        unit = body.get("unit")
        if isinstance(unit, str):
            return unit in self._codes
        return entry.subject in self._codes | self._hosts | self._names
