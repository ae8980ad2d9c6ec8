"""The only writer of register rows; each change leaves a version and a record in the ledger."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from khien.kernel.canonical import Json
from khien.kernel.clock import said_day, vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.models import Unit
from khien.registers import events
from khien.registers.cleaning import one_line
from khien.registers.collisions import (
    IDS_BATCH,
    conflict,
    must_be_new_key,
    must_have_own_keys,
    owners_of,
)
from khien.registers.declarations import Register, register_by_code
from khien.registers.errors import (
    ConfirmationRefused,
    FieldProblem,
    ImportHasProblems,
    ImportOutdated,
    InvalidRow,
    RowIsRetired,
)
from khien.registers.imports import ImportPreview
from khien.registers.models import CommittedImport, Confirmation, Row, RowCounter, RowVersion
from khien.registers.references import reference_labels
from khien.registers.selectors import import_confirmed
from khien.registers.values import (
    References,
    RowDraft,
    Values,
    key_digest_of,
    name_key_of,
    name_of,
    read_row,
    search_key_of,
    values_digest,
)

_BATCH = 500
_UPDATED = (
    "values",
    "name",
    "name_key",
    "search_key",
    "key_digest",
    "version",
    "is_retired",
    "changed_at",
    "changed_by",
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and when: the two things every record needs."""

    by: str
    now: datetime


@transaction.atomic
def add_row(draft: RowDraft, *, unit: Unit, act: Act, submission: str | None = None) -> Row:
    """Add a row to a unit's register.

    Args:    submission: a token of the form; sent twice it gives the row of the first time
    Raises:  InvalidRow: the draft has problems; DuplicateKey: an active row is the same thing
    """
    register = draft.register
    _must_be_good(draft)
    number = _lock(unit, register)
    if submission is not None:
        made = Row.objects.filter(unit=unit, register=register.code, submission=submission).first()
        if made is not None:
            return made
    row = Row(
        unit=unit, register=register.code, number=number, submission=submission, created_at=act.now
    )
    _fill([row], [draft.values], register, act)
    must_be_new_key(register, row)
    _take_numbers(unit, register, 1)
    row.save(force_insert=True)
    _record(events.ROW_ADDED, register, row, act)
    return row


@transaction.atomic
def add_rows(drafts: Sequence[RowDraft], *, unit: Unit, act: Act) -> list[Row]:
    """Add several rows of one register, all of them or none.

    Raises: InvalidRow, DuplicateKey: of the first that is refused
    """
    return [add_row(draft, unit=unit, act=act) for draft in drafts]


@transaction.atomic
def change_row(row: Row, draft: RowDraft, *, expected_version: int, act: Act) -> Row:
    """Give a row new values, if it still is at the version the person saw.

    Returns: the row; unchanged and without a record where the values are what it says already
    Raises:  InvalidRow; RowIsRetired; DuplicateKey; ConflictingEdit: somebody else changed it meanwhile
    """
    register = draft.register
    _must_be_good(draft)
    _lock(row.unit, register)
    current = Row.objects.select_related("unit").get(pk=row.pk)
    if current.values == dict(draft.values) and not current.is_retired:
        return current
    if current.is_retired:
        raise RowIsRetired(register=register.title.vi, number=current.number)
    if current.version != expected_version:
        raise conflict(register, current, expected_version, draft.values)
    current.version += 1
    _fill([current], [draft.values], register, act)
    must_be_new_key(register, current)
    current.save(update_fields=_UPDATED)
    _record(events.ROW_CHANGED, register, current, act)
    return current


@transaction.atomic
def retire_row(row: Row, *, act: Act) -> Row:
    """Take a row out of its register; it keeps its number and history and can be restored."""
    return _set_retired(row, events.ROW_RETIRED, act, is_retired=True)


@transaction.atomic
def restore_row(row: Row, *, act: Act) -> Row:
    """Put a retired row back, as it was.

    Raises: DuplicateKey: another active row has become the same thing
    """
    return _set_retired(row, events.ROW_RESTORED, act, is_retired=False)


def _set_retired(row: Row, kind: str, act: Act, *, is_retired: bool) -> Row:
    register = register_by_code(row.register)
    _lock(row.unit, register)
    current = Row.objects.select_related("unit").get(pk=row.pk)
    if current.is_retired == is_retired:
        return current
    if not is_retired:
        must_be_new_key(register, current)
    current.is_retired = is_retired
    current.version += 1
    current.changed_at, current.changed_by = act.now, act.by
    current.save(update_fields=["is_retired", "version", "changed_at", "changed_by"])
    _record(kind, register, current, act)
    return current


@transaction.atomic
def confirm_complete(
    unit: Unit, register: Register, *, confirmed_on: date, act: Act, note: str = ""
) -> Confirmation:
    """Record somebody's statement that a register is complete as of a day (no rows may be the truth).

    Raises: ConfirmationRefused: the day has not come
    """
    if confirmed_on > vietnam_date(act.now):
        raise ConfirmationRefused(day=said_day(confirmed_on))
    _lock(unit, register)
    count = Row.objects.filter(unit=unit, register=register.code, is_retired=False).count()
    body = {**_where(unit, register, act), "confirmed_on": confirmed_on.isoformat(), "count": count}
    subject = f"{unit.code}/{register.code}"
    index = ledger.record(events.REGISTER_CONFIRMED, subject=subject, body=body, at=act.now)
    return Confirmation.objects.create(
        unit=unit,
        register=register.code,
        confirmed_on=confirmed_on,
        confirmed_at=act.now,
        by=act.by,
        note=one_line(note)[:500],
        row_count=count,
        ledger_index=index,
    )


@transaction.atomic
def bulk_change(
    rows: Sequence[Row], raw: Mapping[str, object], *, references: References, act: Act
) -> int:
    """Give several rows of one register the same values in some fields; all of them or none.

    Args:    rows: at the versions the person saw; raw: only the fields to change
    Returns: how many rows differ from before
    Raises:  InvalidRow, RowIsRetired, DuplicateKey, ConflictingEdit: at the first row that refuses
    """
    count = 0
    for unit in {row.unit_id: row.unit for row in rows}.values():
        own = [row for row in rows if row.unit_id == unit.pk]
        register = register_by_code(own[0].register)
        drafts = [read_row(register, raw, references, base=row.values) for row in own]
        _must_all_be_good(own, drafts)
        changes = [
            _Rewrite(row.pk, row.version, draft.values)
            for row, draft in zip(own, drafts, strict=True)
            if dict(draft.values) != row.values
        ]
        if changes:
            _lock(unit, register)
            _rewrite(unit, register, changes, act, kind=events.ROWS_CHANGED)
            count += len(changes)
    return count


@transaction.atomic
def commit_import(preview: ImportPreview, *, expected_digest: str, act: Act) -> tuple[int, int]:
    """Carry out what a person saw in a preview and confirmed; confirmed again, it is not done again.

    Args:    expected_digest: of the preview the person confirmed
    Returns: how many rows were added and changed, at the first confirmation
    Raises:  ImportHasProblems: a cell is wrong; ImportOutdated: file or register changed since
    """
    register, unit = preview.register, preview.unit
    number = _lock(unit, register)
    done = import_confirmed(unit, register, expected_digest)
    if done is not None:
        return done.added_count, done.changed_count
    if preview.digest != expected_digest:
        raise ImportOutdated(register=register.title.vi)
    if preview.bad_count:
        raise ImportHasProblems(count=preview.bad_count)
    _must_still_fit(preview)
    changes = [_Rewrite(c.row_id, c.version, c.values) for c in preview.changed]
    digest = hashlib.sha256()
    rewritten = _write_changes(unit, register, changes, act) if changes else []
    added = [
        Row(unit=unit, register=register.code, number=number + place, created_at=act.now)
        for place in range(len(preview.new))
    ]
    _fill(added, [new.values for new in preview.new], register, act)
    _take_numbers(unit, register, len(added))
    Row.objects.bulk_create(added, batch_size=_BATCH)
    versions = _versions(added, "imported", act) + _versions(rewritten, "imported", act)
    for version in versions:
        digest.update(values_digest(version.salt, version.values).encode())
    body: dict[str, Json] = {
        **_where(unit, register, act),
        "added": len(added),
        "changed": len(rewritten),
        "file_sha256": preview.file_sha256,
        "digest": digest.hexdigest(),
    }
    _record_many(events.ROWS_IMPORTED, f"{unit.code}/{register.code}", body, versions, act)
    CommittedImport.objects.create(
        unit=unit,
        register=register.code,
        digest=preview.digest,
        file_sha256=preview.file_sha256,
        added_count=len(added),
        changed_count=len(rewritten),
        committed_at=act.now,
        committed_by=act.by,
    )
    return len(added), len(rewritten)


@dataclass(frozen=True, slots=True)
class _Rewrite:
    """New values for a row at a version."""

    row_id: int
    version: int
    values: Values


def _rewrite(
    unit: Unit, register: Register, changes: Sequence[_Rewrite], act: Act, *, kind: str
) -> None:
    current = {row.pk: row for row in _rows_by_id([change.row_id for change in changes])}
    for change in changes:
        row = current[change.row_id]
        if row.is_retired:
            raise RowIsRetired(register=register.title.vi, number=row.number)
        if row.version != change.version:
            raise conflict(register, row, change.version, change.values)
    rows = _write_changes(unit, register, changes, act)
    versions = _versions(rows, "changed", act)
    digest = hashlib.sha256()
    for version in versions:
        digest.update(values_digest(version.salt, version.values).encode())
    body = {**_where(unit, register, act), "count": len(rows), "digest": digest.hexdigest()}
    _record_many(kind, f"{unit.code}/{register.code}", body, versions, act)


def _write_changes(
    unit: Unit, register: Register, changes: Sequence[_Rewrite], act: Act
) -> list[Row]:
    """Write many rows at once; keys may pass from one row to another within the same change."""
    rows = _rows_by_id([change.row_id for change in changes])
    values = {change.row_id: change.values for change in changes}
    before = {row.pk: row.key_digest for row in rows}
    for row in rows:
        row.version += 1
    _fill(rows, [values[row.pk] for row in rows], register, act)
    moved = [row for row in rows if row.key_digest != before[row.pk]]
    ids = [row.pk for row in moved]
    for start in range(0, len(ids), IDS_BATCH):
        Row.objects.filter(pk__in=ids[start : start + IDS_BATCH]).update(key_digest=None)
    must_have_own_keys(unit, register, moved)
    Row.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(_UPDATED),
    )
    return rows


def _rows_by_id(ids: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for start in range(0, len(ids), IDS_BATCH):
        rows.extend(Row.objects.filter(pk__in=ids[start : start + IDS_BATCH]).order_by("number"))
    return rows


def _fill(rows: Sequence[Row], values: Sequence[Values], register: Register, act: Act) -> None:
    """Give rows their values and all that follows from them."""
    labels = reference_labels(register, values)
    for row, new in zip(rows, values, strict=True):
        row.values = dict(new)
        row.name = name_of(register, new, labels) or f"{register.row.vi} {row.number}"
        row.name_key = name_key_of(row.name)
        row.search_key = search_key_of(register, new, labels)
        row.key_digest = key_digest_of(register, new)
        row.changed_at, row.changed_by = act.now, act.by


def _lock(unit: Unit, register: Register) -> int:
    """Hold other writers of a unit's register until the transaction ends, and return the next free number."""
    counters = RowCounter.objects.filter(unit=unit, register=register.code)
    if not counters.update(next_number=F("next_number")):
        first = RowCounter(unit=unit, register=register.code)
        RowCounter.objects.bulk_create([first], ignore_conflicts=True)
        counters.update(next_number=F("next_number"))
    return counters.values_list("next_number", flat=True).get()


def _take_numbers(unit: Unit, register: Register, count: int) -> None:
    counters = RowCounter.objects.filter(unit=unit, register=register.code)
    counters.update(next_number=F("next_number") + count)


def _must_be_good(draft: RowDraft) -> None:
    if draft.problems:
        raise InvalidRow(draft.problems)


def _must_all_be_good(rows: Sequence[Row], drafts: Sequence[RowDraft]) -> None:
    problems = [
        FieldProblem(
            problem.field,
            Text(
                vi=f"Dòng {row.number}: {problem.text.vi}",
                en=f"Row {row.number}: {problem.text.en}",
            ),
        )
        for row, draft in zip(rows, drafts, strict=True)
        for problem in draft.problems
    ]
    if problems:
        raise InvalidRow(problems)


def _must_still_fit(preview: ImportPreview) -> None:
    """Refuse an import when a row it changes, or a key it adds, is no longer as it was seen."""
    register, unit = preview.register, preview.unit
    ids = [change.row_id for change in preview.changed]
    versions: dict[int, int] = {}
    for start in range(0, len(ids), IDS_BATCH):
        rows = Row.objects.filter(pk__in=ids[start : start + IDS_BATCH], is_retired=False)
        versions.update(rows.values_list("pk", "version"))
    keys = [key for new in preview.new if (key := key_digest_of(register, new.values))]
    fits = all(versions.get(c.row_id) == c.version for c in preview.changed)
    if not fits or owners_of(unit, register, keys):
        raise ImportOutdated(register=register.title.vi)


def _where(unit: Unit, register: Register, act: Act) -> dict[str, Json]:
    return {
        "unit": unit.code,
        "register": register.code,
        "title_vi": register.title.vi,
        "title_en": register.title.en,
        "by": act.by,
    }


def _record(kind: str, register: Register, row: Row, act: Act) -> None:
    """Keep a row's new state as a version, and put its digest on record."""
    salt = secrets.token_hex(16)
    body: dict[str, Json] = {
        **_where(row.unit, register, act),
        "number": row.number,
        "version": row.version,
        "digest": values_digest(salt, row.values),
    }
    subject = f"{row.unit.code}/{register.code}/{row.number}"
    index = ledger.record(kind, subject=subject, body=body, at=act.now)
    RowVersion.objects.create(
        row=row,
        version=row.version,
        values=row.values,
        what=kind.rpartition("_")[2],
        changed_at=act.now,
        changed_by=act.by,
        salt=salt,
        ledger_index=index,
    )


def _versions(rows: Sequence[Row], what: str, act: Act) -> list[RowVersion]:
    return [
        RowVersion(
            row=row,
            version=row.version,
            values=row.values,
            what=what,
            changed_at=act.now,
            changed_by=act.by,
            salt=secrets.token_hex(16),
        )
        for row in rows
    ]


def _record_many(
    kind: str, subject: str, body: Mapping[str, Json], versions: Sequence[RowVersion], act: Act
) -> None:
    """Put one record for many rows, and keep their versions; the digest runs over them in this order."""
    index = ledger.record(kind, subject=subject, body=body, at=act.now)
    for version in versions:
        version.ledger_index = index
    RowVersion.objects.bulk_create(versions, batch_size=_BATCH)
