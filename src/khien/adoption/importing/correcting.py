"""The only writer of corrections of a text's structure: made, undone, done again; each on record at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from khien.adoption.changing import mark_changed, open_text
from khien.adoption.importing import events
from khien.adoption.importing.errors import (
    LaterEditsDepend,
    NothingToRedo,
    NothingToUndo,
    UnknownAnomaly,
)
from khien.adoption.models import ImportedText, StructureEdit
from khien.adoption.structure import (
    edited_structure,
    live_edits,
    parsed_source,
    review_paths_moved,
)
from khien.kernel.canonical import Json
from khien.ledger import services as ledger
from khien.norms.text.editing import ACCEPT, Edit, Edited, apply_edits, try_edit
from khien.registers.services import Act


@transaction.atomic
def edit_structure(
    text: ImportedText,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    expected_version: int,
    act: Act,
) -> StructureEdit:
    """Make a correction of the structure; reviews of clauses whose path changes follow them.

    Args:   kind, arguments: see `norms.text.editing`
    Raises: EditRefused: it cannot be made; TextChangedMeanwhile; TextSettled
    """
    current = open_text(text, expected_version=expected_version)
    before = edited_structure(current)
    number = _next_number(current)
    new = Edit(number, kind, dict(arguments))
    after = try_edit(parsed_source(current), live_edits(current), new)
    row = StructureEdit.objects.create(
        text=current,
        number=number,
        kind=kind,
        arguments=dict(arguments),
        made_at=act.now,
        made_by=act.by,
    )
    _settle(current, before, after, act)
    line = str(arguments.get("node") or arguments.get("line") or "").partition(".")[0]
    body: dict[str, Json] = {
        "by": act.by,
        "number": number,
        "kind": kind,
        "line": line,
        "arguments": dict(arguments),
    }
    ledger.record(events.STRUCTURE_CORRECTED, subject=current.code, body=body, at=act.now)
    return row


@transaction.atomic
def accept_anomaly(
    text: ImportedText, line: int, code: str, *, expected_version: int, act: Act
) -> StructureEdit:
    """Accept an anomaly as it stands.

    Raises: UnknownAnomaly: there is none such at the line; TextChangedMeanwhile; TextSettled
    """
    places = {(one.line, one.code) for one in edited_structure(text).document.anomalies}
    places |= {(one["line"], one["code"]) for one in text.read_notes}
    if (line, code) not in places:
        raise UnknownAnomaly(line=line, what=code[:60])
    arguments = {"line": line, "code": code}
    return edit_structure(text, ACCEPT, arguments, expected_version=expected_version, act=act)


@transaction.atomic
def undo_edit(text: ImportedText, number: int, *, expected_version: int, act: Act) -> StructureEdit:
    """Undo a correction, also an earlier one; it stays to be seen with who undid it.

    Raises: NothingToUndo; LaterEditsDepend: a later correction builds on it; TextChangedMeanwhile; TextSettled
    """
    current = open_text(text, expected_version=expected_version)
    row = current.edits.filter(number=number, undone_at=None).first()
    if row is None:
        raise NothingToUndo(number=number)
    before = edited_structure(current)
    rest = [edit for edit in live_edits(current) if edit.number != number]
    after = apply_edits(parsed_source(current), rest)
    _must_all_apply(before, after, number)
    row.undone_at, row.undone_by = act.now, act.by
    row.save(update_fields=["undone_at", "undone_by"])
    _settle(current, before, after, act)
    body: dict[str, Json] = {"by": act.by, "number": number}
    ledger.record(events.CORRECTION_UNDONE, subject=current.code, body=body, at=act.now)
    return row


@transaction.atomic
def redo_edit(text: ImportedText, number: int, *, expected_version: int, act: Act) -> StructureEdit:
    """Do an undone correction again, at its place among the others.

    Raises: NothingToRedo; LaterEditsDepend: it no longer fits; TextChangedMeanwhile; TextSettled
    """
    current = open_text(text, expected_version=expected_version)
    row = current.edits.filter(number=number).exclude(undone_at=None).first()
    if row is None:
        raise NothingToRedo(number=number)
    before = edited_structure(current)
    again = Edit(row.number, row.kind, row.arguments)
    edits = sorted([*live_edits(current), again], key=lambda edit: edit.number)
    after = apply_edits(parsed_source(current), edits)
    _must_all_apply(before, after, number)
    row.undone_at, row.undone_by = None, ""
    row.save(update_fields=["undone_at", "undone_by"])
    _settle(current, before, after, act)
    body: dict[str, Json] = {"by": act.by, "number": number}
    ledger.record(events.CORRECTION_REDONE, subject=current.code, body=body, at=act.now)
    return row


def moved_paths(before: Edited, after: Edited) -> dict[str, str | None]:
    """Return where each clause of a structure stands in another: new path by old path, None where it is gone."""
    now = after.paths()
    return {path: now.get(anchor) for anchor, path in before.paths().items()}


def _settle(text: ImportedText, before: Edited, after: Edited, act: Act) -> None:
    review_paths_moved(text, moved_paths(before, after))
    text.structure += 1
    mark_changed(text, act, "structure")


def _must_all_apply(before: Edited, after: Edited, number: int) -> None:
    idle: Sequence[int] = sorted(set(after.idle) - set(before.idle))
    if idle:
        raise LaterEditsDepend(number=number, later=idle[0])


def _next_number(text: ImportedText) -> int:
    return (text.edits.aggregate(last=Max("number"))["last"] or 0) + 1
