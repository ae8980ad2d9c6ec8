"""The things a step works through: rows of registers, what machines show, things an earlier list left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from khien.facts.selectors import hosts_of, open_engine
from khien.kernel.canonical import Json
from khien.kernel.vietnamese import search_key
from khien.org.models import Unit
from khien.registers.declarations import Register, register_by_code
from khien.registers.models import Row
from khien.registers.proposals import HostReadings, Proposal
from khien.registers.references import reference_labels
from khien.registers.selectors import proposals_for
from khien.registers.values import said_text
from khien.workflows.declarations import ItemList, Source
from khien.workflows.models import CaseItem
from khien.workflows.world import World

MACHINES = "machines"
REGISTER = "register"
_NAME_MAX, _SEARCH_MAX = 300, 600
# Accounts of services, and those nobody can log in with: hundreds on each machine, they would hide the others.
_USED_BY_PEOPLE = (
    "NOT COALESCE(is_system, false) "
    "AND COALESCE(enabled OR key_login_possible, enabled, is_login_allowed, true)"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing as it stands now."""

    key: str
    row: Row | None
    source: str
    name: str
    words: str
    values: Mapping[str, Json]


def listed_now(items: ItemList, world: World) -> list[Listed]:
    """Return the things of a list as registers and machines show them now, each once."""
    found: dict[str, Listed] = {}
    for source in items.sources:
        for one in _from(source, world):
            found.setdefault(one.key, one)
    return list(found.values())


def missing_from(kept: list[CaseItem], listed: list[Listed]) -> list[Listed]:
    """Return the things that stand in the list now and were not in it when it was made."""
    known = {item.key for item in kept}
    return [one for one in listed if one.key not in known]


def _from(source: Source, world: World) -> Iterator[Listed]:
    if source.step is not None:
        chosen = CaseItem.objects.filter(
            case=world.case, step=source.step, decision__in=source.decided
        )
        for item in chosen.select_related("row"):
            yield Listed(item.key, item.row, item.source, item.name, item.search_key, item.values)
        return
    register = register_by_code(source.register)
    rows = world.rows_where(source.register, source.where)
    labels = reference_labels(register, [row.values for row in rows])
    for row in rows:
        words = " ".join(
            said_text(f, row.values.get(c), labels) for c, f in register.fields.items()
        )
        yield Listed(
            f"{register.code}/{row.pk}", row, REGISTER, row.name[:_NAME_MAX],
            search_key(f"{row.name} {words}")[:_SEARCH_MAX], dict(row.values),
        )  # fmt: skip
    if source.is_from_machines:
        for proposal in _seen_by_machines(register, world.unit, world.now):
            yield _as_listed(proposal)


def _as_listed(proposal: Proposal) -> Listed:
    name = f"{proposal.name} · {proposal.host_name}"[:_NAME_MAX]
    key = f"{MACHINES}/{proposal.host_id}/{proposal.name}"[:_NAME_MAX]
    return Listed(key, None, MACHINES, name, search_key(name)[:_SEARCH_MAX], dict(proposal.values))


def _seen_by_machines(register: Register, unit: Unit, now: datetime) -> list[Proposal]:
    tables = {f.host_fact[0] for f in register.fields.values() if f.host_fact}
    names = {host.host_uid: host.name for host in hosts_of([unit])}
    if not names or not tables:
        return []
    engine = open_engine(as_of=now, units=[unit], tables=sorted(tables))
    try:
        readings: dict[str, dict[str, list[dict[str, object]]]] = {uid: {} for uid in names}
        for table in sorted(tables):
            only = f"WHERE {_USED_BY_PEOPLE}" if table == "account" else ""
            asked = engine.sql.execute(f'SELECT * FROM "{table}" {only} ORDER BY ALL')  # noqa: S608  # registry names
            columns = [column[0] for column in asked.description or ()]
            for line in asked.fetchall():
                row = dict(zip(columns, line, strict=True))
                readings.get(str(row["host_id"]), {}).setdefault(table, []).append(row)
    finally:
        engine.close()
    given = [HostReadings(uid, names[uid], found) for uid, found in readings.items()]
    return proposals_for(unit, register, given)
