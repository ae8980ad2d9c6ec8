"""Rows beside a row: those that have the same address, those that name it, its files, its person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.ledger.selectors import entries_of_kind
from khien.org.models import Unit, User
from khien.registers.declarations import Field, Register, load_registers
from khien.registers.errors import UnknownAttachment
from khien.registers.events import FILE_ADDED
from khien.registers.files import is_as_filed
from khien.registers.models import Attachment, PersonOfUser, Row
from khien.registers.references import register_of

RELATED_MAX = 100
_GONE = Text("Thiếu tệp «{name}» của dòng {row}.", "The file “{name}” of row {row} is missing.")
_CHANGED = Text(
    "Tệp «{name}» của dòng {row} đã bị sửa sau khi nộp.",
    "The file “{name}” of row {row} was changed after it was filed.",
)
_UNTOLD = Text(
    "Bản ghi {index} của sổ cái nói về một tệp đính kèm nay không còn hoặc mang mã khác.",
    "Entry {index} of the ledger tells of an attached file that is gone or has another digest.",
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A field in which another active row of the unit has the same value, where each should have its own."""

    field: Field
    row: Row


def likenesses(
    unit: Unit, register: Register, values: Mapping[str, Json], *, own: Row | None = None
) -> list[Likeness]:
    """Return the rows that have a value which should stand only once (MAC, IP), in the order of fields."""
    asked = [f for f in register.fields.values() if f.is_unique and values.get(f.code)]
    if not asked:
        return []
    rows = Row.objects.filter(unit=unit, register=register.code, is_retired=False)
    if own is not None:
        rows = rows.exclude(pk=own.pk)
    same = Q()
    for field in asked:
        same |= Q(**{f"values__{field.code}": values[field.code]})
    found = list(rows.filter(same).order_by("number")[:20])
    return [
        Likeness(field, row)
        for field in asked
        for row in found
        if row.values.get(field.code) == values[field.code]
    ]


@dataclass(frozen=True, slots=True)
class Related:
    """A row that names another one, and the field in which it does."""

    row: Row
    register: Register
    field: Field


def rows_naming(units: Iterable[Unit], row: Row) -> list[Related]:
    """Return the active rows of units that refer to a row, at most a hundred, newest change first."""
    places = [
        (register, field)
        for register in load_registers().values()
        for field in register.fields.values()
        if register_of(field) == row.register
    ]
    if not places:
        return []
    naming = Q()
    for register, field in places:
        naming |= Q(register=register.code, **{f"values__{field.code}": row.pk})
    rows = Row.objects.filter(naming, unit__in=units, is_retired=False).select_related("unit")
    return [
        Related(found, register, field)
        for found in rows.order_by("-changed_at", "-pk")[:RELATED_MAX]
        for register, field in places
        if found.register == register.code and found.values.get(field.code) == row.pk
    ]


def attachments_of(rows: Sequence[Row]) -> QuerySet[Attachment]:
    """Return the files of rows, those taken off too, in the order in which they were filed."""
    return Attachment.objects.filter(row__in=rows).select_related("row__unit").order_by("pk")


def attachment_of(row: Row, number: int) -> Attachment:
    """Return one file of a row by its id.

    Raises: UnknownAttachment: the row has none such
    """
    found = attachments_of([row]).filter(pk=number).first()
    if found is None:
        raise UnknownAttachment
    return found


def altered_attachments() -> Iterator[Text]:
    """Yield a sentence for every filed document whose bytes or record are gone or changed."""
    state: dict[str, bool | None] = {}
    for one in Attachment.objects.select_related("row__unit").iterator():
        if one.sha256 not in state:
            state[one.sha256] = is_as_filed(one.sha256)
        if not state[one.sha256]:
            said = {
                "name": one.name,
                "row": f"{one.row.unit.code}/{one.row.register}/{one.row.number}",
            }
            yield (_GONE if state[one.sha256] is None else _CHANGED).fill(said)
    kept = dict(Attachment.objects.values_list("ledger_index", "sha256"))
    for entry in entries_of_kind(FILE_ADDED):
        if kept.get(entry.index) != entry.body.get("sha256"):
            yield _UNTOLD.fill({"index": entry.index})


def person_of(user: User) -> Row | None:
    """Return the row of the register of persons that a user is; None where nobody said so, or it was retired."""
    link = PersonOfUser.objects.filter(user=user).select_related("row__unit").first()
    return None if link is None or link.row.is_retired else link.row


def user_of(person: Row) -> User | None:
    """Return the active user who is a person of the register; the one tied last if there are several."""
    link = (
        PersonOfUser.objects.filter(row=person, user__is_active=True).select_related("user").last()
    )
    return None if link is None else link.user


def places_of_rows(ids: Iterable[int]) -> dict[int, tuple[int, str, int]]:
    """Return where rows stand, by their id: unit id, register, number."""
    rows = Row.objects.filter(pk__in=set(ids)).values_list("pk", "unit_id", "register", "number")
    return {pk: (unit, register, number) for pk, unit, register, number in rows}
