"""What the API says of registers and rows, and how it reads what programs send."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from ninja import Schema

from khien.api.door import READ, Call
from khien.api.errors import FieldsInvalid, VersionNeeded
from khien.api.operations import Words, words
from khien.facts.selectors import hosts_of
from khien.kernel.clock import now_utc
from khien.org.models import Unit
from khien.registers.declarations import Field, Register
from khien.registers.models import Row
from khien.registers.references import VisibleReferences, reference_labels
from khien.registers.selectors import Filter
from khien.registers.services import Act

_ETAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')
_CONDITION = re.compile(r"([a-z][a-z0-9_]*):(is|has|contains|from|to|empty|filled)(?::(.*))?", re.S)
_KEY_MAX: Final = 200


class ChoiceOut(Schema):
    """A choice of a field: its code and its words."""

    code: str
    title: Words


class FieldOut(Schema):
    """A column of a register."""

    code: str
    type: str
    title: Words
    help: Words | None
    clause: str | None
    required: bool
    wanted: bool
    of: str | None
    min: int | None
    max: int | None
    unit: str | None
    choices: list[ChoiceOut]


class RegisterOut(Schema):
    """A register that texts ask for."""

    code: str
    title: Words
    row: Words
    why: Words
    kind: str
    demand: str
    group: str
    personal_data: bool
    clauses: list[str]
    name: list[str]
    key: list[str]


class RegisterDetail(RegisterOut):
    """A register with its columns."""

    fields: list[FieldOut]


class RegisterState(Schema):
    """How a unit keeps a register: rows, last change, the day up to which it is said to be complete."""

    register_code: str
    title: Words
    row_count: int
    changed_at: datetime | None
    confirmed_on: date | None
    confirmed_by: str | None


class RowOut(Schema):
    """A row: canonical values by field code, and what references are called."""

    unit: str
    register_code: str
    number: int
    version: int
    name: str
    is_retired: bool
    created_at: datetime
    changed_at: datetime
    changed_by: str
    values: dict[str, Any]
    labels: dict[str, str]


class RowPage(Schema):
    """Rows, and the cursor of the next page."""

    items: list[RowOut]
    next: str | None


class RowIn(Schema):
    """Values by field code, as a person would type them or canonical; null empties a field."""

    values: dict[str, Any]


class RowRef(Schema):
    """A row at the version that was seen."""

    number: int
    version: int


class BulkIn(Schema):
    """Rows, and the fields all of them get."""

    rows: list[RowRef]
    values: dict[str, Any]


class CountOut(Schema):
    """How many rows were changed."""

    count: int


class FieldChangeOut(Schema):
    """A field that a version changed."""

    field: str
    before: Any
    after: Any


class ChangeOut(Schema):
    """A step in a row's history."""

    version: int
    what: str
    by: str
    at: datetime
    ledger_index: int
    fields: list[FieldChangeOut]


class ConfirmationIn(Schema):
    """The word of a person that a register is complete as of a day."""

    confirmed_on: date
    note: str = ""


class ConfirmationOut(Schema):
    """A confirmation on record."""

    confirmed_on: date
    confirmed_at: datetime
    by: str
    note: str
    row_count: int
    ledger_index: int


def register_out(register: Register) -> RegisterOut:
    """Return a register for a response."""
    return RegisterOut(
        code=register.code,
        title=words(register.title),
        row=words(register.row),
        why=words(register.why),
        kind=register.kind,
        demand=register.demand,
        group=register.group,
        personal_data=register.has_personal_data,
        clauses=list(register.clauses),
        name=list(register.name),
        key=list(register.key),
    )


def field_out(field: Field) -> FieldOut:
    """Return a column for a response."""
    return FieldOut(
        code=field.code,
        type=field.type,
        title=words(field.title),
        help=words(field.help) if field.help else None,
        clause=field.clause,
        required=field.is_required,
        wanted=field.is_wanted,
        of=field.of,
        min=field.min,
        max=field.max,
        unit=field.unit,
        choices=[ChoiceOut(code=code, title=words(t)) for code, t in field.choices.items()],
    )


def rows_out(register: Register, rows: Sequence[Row], hosts: Mapping[str, str]) -> list[RowOut]:
    """Return rows for a response, references with their names."""
    labels = reference_labels(register, [row.values for row in rows], hosts=hosts)
    return [_row_out(row, labels) for row in rows]


def _row_out(row: Row, labels: Mapping[tuple[str, Any], str]) -> RowOut:
    named = {
        code: labels[code, value]
        for code, value in row.values.items()
        if isinstance(value, (str, int)) and (code, value) in labels
    }
    return RowOut(
        unit=row.unit.code,
        register_code=row.register,
        number=row.number,
        version=row.version,
        name=row.name,
        is_retired=row.is_retired,
        created_at=row.created_at,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        values=row.values,
        labels=named,
    )


def machine_names(units: Iterable[Unit]) -> dict[str, str]:
    """Return the names of machines of units by their ids, for references."""
    return dict(hosts_of(units).values_list("host_uid", "name"))


def references_of(request: Call, unit: Unit) -> VisibleReferences:
    """Return what references of a row may mean: only what the caller may read."""
    return VisibleReferences(request.auth.units(READ), home=unit, hosts=machine_names([unit]))


def act_of(request: Call) -> Act:
    """Return who does something, and when."""
    return Act(request.auth.name, now_utc())


def seen_version(request: Call) -> int:
    """Return the version that If-Match names.

    Raises: VersionNeeded: there is none, or it is no ETag of a row
    """
    found = _ETAG.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        raise VersionNeeded()
    return int(found[1])


def etag_of(row: Row) -> str:
    """Return the ETag of a row: its version."""
    return f'"{row.version}"'


def submission_of(request: Call, *place: str) -> str | None:
    """Return the token under which a row is added once; None where the caller sent no Idempotency-Key.

    Keys of different callers, units and registers never meet.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    whole = "\n".join((request.auth.user.username, *place, key[:_KEY_MAX]))
    return hashlib.sha256(whole.encode()).hexdigest()[:40]


def conditions_of(register: Register, wanted: Sequence[str]) -> list[Filter]:
    """Return conditions written field:how:value.

    Raises: FieldsInvalid: not written so, or no such field
    """
    found, wrong = [], []
    for word in wanted[:20]:
        parts = _CONDITION.fullmatch(word)
        if parts is None or parts[1] not in register.fields:
            wrong.append(("where", f"«{word[:60]}»: trường:cách:giá trị / field:how:value"))
            continue
        found.append(Filter(parts[1], parts[2], _typed(register.fields[parts[1]], parts[3])))
    if wrong:
        raise FieldsInvalid(wrong)
    return found


def _typed(field: Field, word: str | None) -> Any:
    if word is None:
        return None
    if field.type == "boolean":
        return word.lower() in ("true", "1")
    number = field.type in ("integer", "money", "percent") or field.is_reference
    if number and word.lstrip("-").isdecimal() and len(word) < 18:
        return int(word)
    return word
