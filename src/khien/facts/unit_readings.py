"""What was read from all machines of a unit at once, as registers take proposals from it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from typing import Any

from khien.facts.selectors import hosts_of, open_engine
from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.proposals import HostReadings


def readings_for(unit: Unit, register: Register, *, as_of: datetime) -> list[HostReadings]:
    """Return the newest readings that could fill a register, one for each machine of a unit, by name."""
    tables = sorted({f.host_fact[0] for f in register.fields.values() if f.host_fact})
    hosts = list(hosts_of([unit]).order_by("name", "pk"))
    if not tables or not hosts:
        return []
    by_host: dict[str, dict[str, list[dict[str, Any]]]] = {h.host_uid: {} for h in hosts}
    with closing(open_engine(as_of=as_of, units=[unit], tables=tables)) as engine:
        for table in tables:
            answer = engine.sql.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a declared table
            names = [column[0] for column in answer.description or ()]
            for row in _rows(names, answer.fetchall()):
                kept = by_host.get(str(row.get("host_id")))
                if kept is not None:
                    kept.setdefault(table, []).append(row)
    return [HostReadings(h.host_uid, h.name, by_host[h.host_uid]) for h in hosts]


def _rows(names: list[str], rows: Iterable[tuple[Any, ...]]) -> Iterable[dict[str, Any]]:
    return (dict(zip(names, row, strict=True)) for row in rows)
