"""All registers of a unit by group: how many rows, confirmed when, who asks for them, what checks say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from khien.checks.catalogue import load_checks, tables_used
from khien.checks.scoping import CONFIRMED_DAYS
from khien.checks.selectors import ControlState
from khien.facts.register_tables import REGISTER_PREFIX
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.library import per_library
from khien.norms.model import VERDICTS
from khien.org.models import Unit
from khien.registers.declarations import Register, load_registers
from khien.registers.groups import GROUPS
from khien.registers.models import Confirmation
from khien.registers.selectors import RegisterCount, confirmations, counts


@dataclass(frozen=True, slots=True)
class RegisterShown:
    """One register in the list: its rows, its last confirmation, clauses that bind the unit, and verdicts."""

    register: Register
    count: RegisterCount
    confirmation: Confirmation | None
    clauses: tuple[tuple[str, str], ...]
    verdicts: Mapping[str, int]
    is_confirmation_old: bool

    @property
    def has_verdicts(self) -> bool:
        """Say whether any check that binds the unit reads it."""
        return any(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group of registers under its name; `code` is its anchor in the page."""

    code: str
    title: Text
    registers: tuple[RegisterShown, ...]


def groups_of(
    unit: Unit,
    *,
    documents: Iterable[str],
    states: Mapping[str, ControlState],
    now: datetime,
    words: str = "",
) -> list[GroupShown]:
    """Return the registers of a unit by group; `words`: only those whose name or row has them."""
    numbers, stated = counts([unit]), confirmations([unit])
    verdicts, bound, today = _verdicts(states), set(documents), vietnam_date(now)
    groups: dict[str, list[RegisterShown]] = {code: [] for code in GROUPS}
    for register in load_registers().values():
        if not _is_meant(register, words):
            continue
        place = (unit.pk, register.code)
        shown = RegisterShown(
            register,
            numbers.get(place, RegisterCount(0, None)),
            stated.get(place),
            clauses_asking(register, bound),
            verdicts.get(register.code, {}),
            is_old(stated.get(place), today),
        )
        groups.setdefault(register.group, []).append(shown)
    return [
        GroupShown(code, GROUPS.get(code, Text(code, code)), tuple(_ordered(shown)))
        for code, shown in groups.items()
        if shown
    ]


def _is_meant(register: Register, words: str) -> bool:
    from_words = f"{register.title.vi} {register.title.en} {register.row.vi} {register.row.en}"
    key = search_key(from_words)
    return all(word in key for word in search_key(words).split())


def _ordered(shown: list[RegisterShown]) -> list[RegisterShown]:
    """Return those the unit's texts ask for first, in the order of the library."""
    return sorted(shown, key=lambda s: not s.clauses)


def clauses_asking(register: Register, documents: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the clauses that ask for a register, as (document, path); only of the documents named."""
    bound = set(documents)
    parts = (anchor.partition("/") for anchor in register.clauses)
    return tuple((document, path) for document, _, path in parts if document in bound)


def is_old(confirmation: Confirmation | None, today: date) -> bool:
    """Say whether a confirmation no longer counts: checks take a register for complete for a year."""
    if confirmation is None:
        return False
    return confirmation.confirmed_on < today - timedelta(days=CONFIRMED_DAYS)


def controls_reading(register: Register) -> tuple[str, ...]:
    """Return the controls whose checks read a register."""
    return _readers().get(register.code, ())


def _verdicts(states: Mapping[str, ControlState]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for code, controls in _readers().items():
        numbers: dict[str, int] = dict.fromkeys(VERDICTS, 0)
        for control in controls:
            if control in states:
                numbers[states[control].verdict] += 1
        found[code] = numbers
    return found


@per_library
def _readers() -> Mapping[str, tuple[str, ...]]:
    """Return the controls that read each register, by its code."""
    tables = [f"{REGISTER_PREFIX}{code}" for code in load_registers()]
    readers: dict[str, list[str]] = {}
    for check in load_checks().values():
        for table in sorted(tables_used(check, tables)):
            if table.startswith(REGISTER_PREFIX):
                readers.setdefault(table.removeprefix(REGISTER_PREFIX), []).append(check.control.id)
    return {code: tuple(controls) for code, controls in readers.items()}
