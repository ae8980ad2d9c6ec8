"""What stands in the way of a change: the same thing twice, or somebody else's change meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.errors import ConflictingEdit, DuplicateKey, FieldConflict
from khien.registers.models import Row, RowVersion
from khien.registers.values import Values

IDS_BATCH = 5_000


def must_be_new_key(register: Register, row: Row) -> None:
    """Refuse a row whose key another active row of its unit has.

    Raises: DuplicateKey
    """
    if row.key_digest is not None:
        _refuse_taken(row.unit, register, [row.key_digest], own=row.pk)


def must_have_own_keys(unit: Unit, register: Register, rows: Sequence[Row]) -> None:
    """Refuse keys that two of the rows share, or that an active row of the unit has.

    Raises: DuplicateKey
    """
    seen: dict[str, Row] = {}
    for row in rows:
        if row.key_digest is not None and seen.setdefault(row.key_digest, row) is not row:
            raise _duplicate(register, seen[row.key_digest])
    keys = list(seen)
    for start in range(0, len(keys), IDS_BATCH):
        _refuse_taken(unit, register, keys[start : start + IDS_BATCH], own=None)


def owners_of(unit: Unit, register: Register, keys: Sequence[str]) -> set[int]:
    """Return the ids of active rows that have one of the keys."""
    found: set[int] = set()
    for start in range(0, len(keys), IDS_BATCH):
        chunk = keys[start : start + IDS_BATCH]
        found.update(_holders(unit, register, chunk).values_list("pk", flat=True))
    return found


def conflict(register: Register, current: Row, seen_version: int, mine: Values) -> ConflictingEdit:
    """Return the failure that shows a person what another one changed meanwhile."""
    seen = RowVersion.objects.filter(row=current, version=seen_version).first()
    base: Values = seen.values if seen is not None else {}
    theirs: Values = current.values
    fields = [
        FieldConflict(code, field.title, base.get(code), theirs.get(code), mine.get(code))
        for code, field in register.fields.items()
        if theirs.get(code) != mine.get(code)
    ]
    return ConflictingEdit(
        register=register.title.vi,
        number=current.number,
        by=current.changed_by,
        current_version=current.version,
        base=base,
        theirs=theirs,
        mine=mine,
        fields=fields,
    )


def _holders(unit: Unit, register: Register, keys: Iterable[str]) -> QuerySet[Row]:
    return Row.objects.filter(
        unit=unit, register=register.code, is_retired=False, key_digest__in=keys
    )


def _refuse_taken(unit: Unit, register: Register, keys: Sequence[str], *, own: int | None) -> None:
    holders = _holders(unit, register, keys)
    other = (holders if own is None else holders.exclude(pk=own)).first()
    if other is not None:
        raise _duplicate(register, other)


def _duplicate(register: Register, other: Row) -> DuplicateKey:
    fields = [register.fields[code] for code in register.key]
    return DuplicateKey(
        register=register.title.vi,
        number=other.number,
        name=other.name,
        key_vi=", ".join(field.title.vi for field in fields),
        key_en=", ".join(field.title.en for field in fields),
    )
