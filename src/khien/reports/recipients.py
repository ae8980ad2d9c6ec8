"""To whom a report goes today: bodies the texts name, found in the register of authorities, and units above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khien.kernel.canonical import Json
from khien.kernel.vietnamese import search_key
from khien.org.history import ancestors
from khien.org.models import Unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import reference_labels
from khien.reports.cleaning import plain
from khien.reports.definitions import Addressee
from khien.reports.said_values import said_in_document
from khien.reports.standpoints import Stand

AUTHORITY = "authority"
SUPERIOR = "superior"
_NAME_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who receives: its name of the day, the row that says so, the unit of this instance that it is.

    An empty name: nobody said yet which body this is today; `asked` says what the texts call it.
    """

    name: str
    asked: tuple[str, ...]
    row: tuple[int, int] | None
    unit: str
    is_copy: bool
    is_internal: bool

    def frozen(self) -> dict[str, Json]:
        """Return it as a snapshot keeps it."""
        return {
            "name": self.name,
            "asked": list(self.asked),
            "row": list(self.row) if self.row else None,
            "unit": self.unit,
            "is_copy": self.is_copy,
            "is_internal": self.is_internal,
        }


def recipients_of(stand: Stand, documents: Sequence[str]) -> list[Recipient]:
    """Return the recipients of a report in their order, each once.

    Args: documents: those that bind the unit on the day
    """
    above = ancestors(stand.unit)
    known = _authorities([stand.unit, *above], stand.today)
    found: dict[tuple[str, ...], Recipient] = {}
    for addressee in stand.definition.to:
        if addressee.clause and addressee.clause.partition("/")[0] not in documents:
            continue
        recipient = _recipient(addressee, stand, known, above)
        identity = (recipient.name or "|".join(recipient.asked),)
        found.setdefault(identity, recipient)
    return list(found.values())


def _authorities(units: Sequence[Unit], day: date) -> list[Row]:
    """Return the bodies in use on a day, those of the own unit first, then of the nearest above."""
    place = {unit.pk: n for n, unit in enumerate(units)}
    rows = Row.objects.filter(unit__in=units, register=AUTHORITY, is_retired=False)
    standing = [row for row in rows if _is_used(row, day.isoformat())]
    return sorted(standing, key=lambda row: (place[row.unit_id], row.number))


def _is_used(row: Row, day: str) -> bool:
    begins, ends = str(row.values.get("used_from", "")), row.values.get("ended_on")
    return begins <= day and (ends is None or str(ends) > day)


def _recipient(
    asked: Addressee, stand: Stand, known: Sequence[Row], above: Sequence[Unit]
) -> Recipient:
    via = f" ({asked.via.vi})" if asked.via else ""
    if asked.is_leader:
        name = f"Lãnh đạo {stand.unit_name}"
        return Recipient(name, (), None, "", asked.is_copy, is_internal=True)
    if asked.is_parent:
        named = _named(known, stand.parent_name) if stand.parent_name else None
        row = named or _standing_for(known, (SUPERIOR,))
        unit = stand.parent.code if stand.parent is not None else ""
        name = stand.parent_name or (str(row.values["body_name"]) if row is not None else "")
        return _made(name + via if name else "", (SUPERIOR,), row, unit, asked)
    if asked.row:
        return _of_rows(asked, stand, via)
    if asked.words is not None:
        return _made(f"{asked.words.vi}{via}", (), None, "", asked)
    row = _standing_for(known, asked.authority)
    if row is None:
        return _made("", asked.authority, None, "", asked)
    name = plain(str(row.values["body_name"]), _NAME_LENGTH_MAX)
    unit = next((u.code for u in above if search_key(u.name_vi) == search_key(name)), "")
    return _made(name + via, asked.authority, row, unit, asked)


def _made(
    name: str, asked: tuple[str, ...], row: Row | None, unit: str, addressee: Addressee
) -> Recipient:
    at = (row.pk, row.version) if row is not None else None
    return Recipient(name, asked, at, unit, addressee.is_copy, is_internal=False)


def _of_rows(asked: Addressee, stand: Stand, via: str) -> Recipient:
    """Return whom the first of some fields names that is filled; the last one where none is."""
    for path in asked.row:
        found = _of_row(asked, path, stand, via)
        if found.name:
            break
    return found


def _of_row(asked: Addressee, path: str, stand: Stand, via: str) -> Recipient:
    """Return who a field of the row names: a supplier, a person, a body."""
    code = path.partition(".")[2]
    subject = stand.subject
    if subject is None or not code:
        return _made(f"{subject.name}{via}" if subject else "", (), None, "", asked)
    register = register_by_code(subject.register)
    field = register.fields[code]
    value = subject.values.get(code)
    name = said_in_document(field, value, reference_labels(register, [subject.values]))
    row = None
    if field.of == AUTHORITY and isinstance(value, int):
        row = Row.objects.filter(pk=value).first()
    return _made(f"{name}{via}" if name else "", (), row, "", asked)


def _standing_for(known: Sequence[Row], names: Sequence[str]) -> Row | None:
    """Return the first body that stands for one of some names, in the order of the names."""
    for name in names:
        for row in known:
            stands = row.values.get("stands_for")
            if isinstance(stands, list) and name in stands:
                return row
    return None


def _named(known: Sequence[Row], name: str) -> Row | None:
    wanted = search_key(name)
    return next((r for r in known if search_key(str(r.values["body_name"])) == wanted), None)
