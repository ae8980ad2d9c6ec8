"""A row's page: what it says, what it lacks, its files, what checks found, who names it, how it came to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from khien.checks.about import findings_about
from khien.checks.shown import Shown
from khien.kernel.canonical import Json
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.rulebook import Rulebook
from khien.org.selectors import names_of_users
from khien.registers.beside import (
    Likeness,
    Related,
    attachments_of,
    likenesses,
    places_of_rows,
    rows_naming,
)
from khien.registers.declarations import Field, Register
from khien.registers.errors import ConflictingEdit
from khien.registers.files import PDF
from khien.registers.models import Attachment, Row
from khien.registers.references import reference_labels, register_of
from khien.registers.selectors import Change, history_of
from khien.signatures.selectors import ReadingThen, latest_readings
from khien.web.pages.register_form import Difference, differences
from khien.web.pages.register_list import said
from khien.web.pages.register_place import Place


@dataclass(frozen=True, slots=True)
class ValueShown:
    """One field of a row: what it says, and the row it leads to if it names one that may be seen."""

    field: Field
    text: str
    leads_to: tuple[str, str, int] | None

    @property
    def is_missing(self) -> bool:
        """Say whether a text asks for it and it is empty."""
        return not self.text and (self.field.is_wanted or self.field.is_required)

    @property
    def clause(self) -> tuple[str, str] | None:
        """Return the clause that names the field."""
        document, _, path = (self.field.clause or "").partition("/")
        return (document, path) if path else None


@dataclass(frozen=True, slots=True)
class FieldStep:
    """One field that a version changed, in words."""

    field: Field
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a row: what was done, by whom, when, where it stands in the ledger, what changed."""

    what: str
    by: str
    at: datetime
    version: int
    ledger_index: int
    fields: tuple[FieldStep, ...]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """What a check found at a row."""

    control: Control
    shown: Shown


@dataclass(frozen=True, slots=True)
class RowPage:
    """Everything that belongs to a row."""

    row: Row
    values: list[ValueShown]
    empty: list[Field]
    missing: list[ValueShown]
    files: list[Attachment]
    retired_files: list[Attachment]
    readings: Mapping[str, ReadingThen]
    findings: list[FindingShown]
    related: list[Related]
    like: list[Likeness]
    steps: list[Step]


def row_page(place: Place, row: Row, rules: Rulebook) -> RowPage:
    """Return the page of a row, as the person may see it."""
    register = place.register
    changes = history_of(row)
    everything = [row.values, *(change.values for change in changes)]
    labels = reference_labels(register, everything, hosts=place.hosts)
    leads = _leads(register, row, {unit.pk: unit.code for unit in place.units})
    shown = [
        ValueShown(one, said(one, row.values.get(code), labels), leads.get(code))
        for code, one in register.fields.items()
    ]
    files = list(attachments_of([row]))
    like = [] if row.is_retired else likenesses(row.unit, register, row.values, own=row)
    return RowPage(
        row=row,
        values=[v for v in shown if v.text or v.is_missing],
        empty=[v.field for v in shown if not v.text and not v.is_missing],
        missing=[v for v in shown if v.is_missing],
        files=[f for f in files if not f.is_retired],
        retired_files=[f for f in files if f.is_retired],
        readings=latest_readings(f.sha256 for f in files if f.media_type == PDF),
        findings=_findings(row, rules),
        related=rows_naming(place.units, row),
        like=like,
        steps=_steps(register, changes, labels),
    )


def _leads(
    register: Register, row: Row, units: Mapping[int, str]
) -> dict[str, tuple[str, str, int]]:
    """Return where references of a row lead: (unit code, register, number) by field."""
    wanted = {
        code: value
        for code, one in register.fields.items()
        if register_of(one) and isinstance(value := row.values.get(code), int)
    }
    places = places_of_rows(set(wanted.values()))
    found = {}
    for code, pk in wanted.items():
        place = places.get(pk)
        if place is not None and place[0] in units:
            found[code] = (units[place[0]], place[1], place[2])
    return found


def _findings(row: Row, rules: Rulebook) -> list[FindingShown]:
    library = load_library()
    found = findings_about(row.unit, row.register, str(row.pk), rulebook=rules, library=library)
    return [FindingShown(library.controls[one.finding.control], one) for one in found]


def _steps(
    register: Register, changes: Sequence[Change], labels: Mapping[tuple[str, Json], str]
) -> list[Step]:
    names = names_of_users(change.by for change in changes)
    return [
        Step(
            what=change.what,
            by=names.get(change.by, change.by),
            at=change.at,
            version=change.version,
            ledger_index=change.ledger_index,
            fields=tuple(
                FieldStep(one, said(one, f.before, labels), said(one, f.after, labels))
                for f in change.fields
                if (one := register.fields.get(f.field)) is not None
            ),
        )
        for change in changes
    ]


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Two persons' changes to one row, and what the second typed, so that none of it is lost."""

    error: ConflictingEdit
    by: str
    contested: list[Difference]
    fitting: list[Difference]
    mine: list[tuple[str, str]]


def conflict_page(
    place: Place, row: Row, conflict: ConflictingEdit, raw: Mapping[str, object]
) -> ConflictPage:
    """Return what to choose between; fields only one of the two changed fit together by themselves."""
    del row
    versions = (conflict.base, conflict.theirs, conflict.mine)
    labels = reference_labels(place.register, versions, hosts=place.hosts)
    shown = differences(place.register, conflict.fields, labels)
    mine = [
        (code, str(part))
        for code, given in raw.items()
        for part in ((given or [""]) if isinstance(given, list) else [given])
    ]
    return ConflictPage(
        error=conflict,
        by=names_of_users([conflict.by]).get(conflict.by, conflict.by),
        contested=[d for d in shown if d.is_contested],
        fitting=[d for d in shown if not d.is_contested],
        mine=mine,
    )
