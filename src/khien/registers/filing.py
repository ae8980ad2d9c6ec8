"""The only writer of what stands beside rows: their files, what was left out, and which person a user is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import count

from django.db import transaction

from khien.kernel.canonical import Json
from khien.ledger import services as ledger
from khien.org.models import Unit, User
from khien.registers import events
from khien.registers.cleaning import one_line
from khien.registers.declarations import Register, register_by_code
from khien.registers.errors import NotAPerson, RowIsRetired
from khien.registers.files import PDF, keep, looked_at
from khien.registers.models import Attachment, Dismissal, PersonOfUser, Row
from khien.registers.proposals import Proposal
from khien.registers.services import Act
from khien.signatures.services import read_once

PERSON_REGISTER = "person"


@transaction.atomic
def add_attachment(row: Row, content: bytes, *, name: str, act: Act) -> Attachment:
    """File a document's bytes beside a row; its digest goes on record. Signatures of a PDF are read afterwards.

    Returns: the attachment; the one that is there already where the row has these very bytes
    Raises:  AttachmentRefused: too large, empty, macros, or no kind of document; RowIsRetired
    """
    file = looked_at(content, name)
    register = register_by_code(row.register)
    if row.is_retired:
        raise RowIsRetired(register=register.title.vi, number=row.number)
    same = Attachment.objects.select_for_update().filter(row=row, sha256=file.sha256).first()
    if same is not None:
        return _set_retired(same, act, is_retired=False)
    keep(file)
    if file.media_type == PDF:
        # Reading a hostile file may take long; nobody waits for it with a transaction open.
        transaction.on_commit(partial(read_once, content, now=act.now), robust=True)
    body = {**_where(row.unit, register, act), "number": row.number, "sha256": file.sha256}
    index = ledger.record(events.FILE_ADDED, subject=_subject(row), body=body, at=act.now)
    return Attachment.objects.create(
        row=row,
        sha256=file.sha256,
        size_bytes=len(content),
        media_type=file.media_type,
        name=_free_name(row, file.name),
        added_at=act.now,
        added_by=act.by,
        ledger_index=index,
    )


@transaction.atomic
def retire_attachment(attachment: Attachment, *, act: Act) -> Attachment:
    """Take a file off its row; its bytes are kept, and it can be put back."""
    return _set_retired(attachment, act, is_retired=True)


@transaction.atomic
def restore_attachment(attachment: Attachment, *, act: Act) -> Attachment:
    """Put a file back to its row."""
    return _set_retired(attachment, act, is_retired=False)


def _set_retired(attachment: Attachment, act: Act, *, is_retired: bool) -> Attachment:
    if attachment.is_retired == is_retired:
        return attachment
    row = attachment.row
    register = register_by_code(row.register)
    kind = events.FILE_RETIRED if is_retired else events.FILE_RESTORED
    body = {**_where(row.unit, register, act), "number": row.number, "sha256": attachment.sha256}
    ledger.record(kind, subject=_subject(row), body=body, at=act.now)
    attachment.is_retired = is_retired
    attachment.save(update_fields=["is_retired"])
    return attachment


@transaction.atomic
def link_person(user: User, row: Row, *, act: Act) -> PersonOfUser:
    """Say which person of the register of persons a user is; a later word replaces an earlier one.

    Raises: NotAPerson: the row is of another register, or was taken out of it
    """
    if row.register != PERSON_REGISTER or row.is_retired:
        raise NotAPerson(name=row.name)
    body: dict[str, Json] = {
        "user": user.username,
        "unit": row.unit.code,
        "number": row.number,
        "by": act.by,
    }
    ledger.record(events.PERSON_LINKED, subject=_subject(row), body=body, at=act.now)
    link, _ = PersonOfUser.objects.update_or_create(
        user=user, defaults={"row": row, "linked_at": act.now, "linked_by": act.by}
    )
    return link


@transaction.atomic
def dismiss_proposal(
    unit: Unit, register: Register, proposal: Proposal, *, act: Act, reason: str = ""
) -> Dismissal:
    """Leave something a machine showed out of a register, so that it is not proposed again."""
    made = Dismissal.objects.filter(
        unit=unit, register=register.code, identity=proposal.identity
    ).first()
    if made is not None:
        return made
    body = {**_where(unit, register, act), "identity": proposal.identity}
    subject = f"{unit.code}/{register.code}"
    index = ledger.record(events.PROPOSAL_DISMISSED, subject=subject, body=body, at=act.now)
    return Dismissal.objects.create(
        unit=unit,
        register=register.code,
        identity=proposal.identity,
        name=proposal.name,
        reason=one_line(reason)[:300],
        dismissed_at=act.now,
        dismissed_by=act.by,
        ledger_index=index,
    )


def _subject(row: Row) -> str:
    return f"{row.unit.code}/{row.register}/{row.number}"


def _where(unit: Unit, register: Register, act: Act) -> dict[str, Json]:
    said: Mapping[str, Json] = {
        "unit": unit.code,
        "register": register.code,
        "title_vi": register.title.vi,
        "title_en": register.title.en,
        "by": act.by,
    }
    return dict(said)


def _free_name(row: Row, name: str) -> str:
    """Return a name no other file of the row has: people tell files apart by it."""
    taken = set(Attachment.objects.filter(row=row).values_list("name", flat=True))
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f"{dot}{ending}") if stem else (name, "")
    tried = (name if n == 1 else f"{stem[:230]} ({n}){ending}" for n in count(1))
    return next(word for word in tried if word not in taken)
