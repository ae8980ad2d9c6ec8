"""What may be put into a bundle: reports with their files, how units stand, registers, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from khien.checks.standing import standing_rows, theme_matrix, verdict_counts
from khien.exchange.submission_format import (
    DOCUMENT,
    FINDINGS,
    REGISTER,
    REPORT,
    REPORT_FILE,
    SNAPSHOT,
    Item,
)
from khien.exchange.submission_writing import Piece, piece_of
from khien.exchange.submitting import Contents
from khien.kernel.canonical import Json, canonical_bytes
from khien.org.history import subtree
from khien.org.models import Unit
from khien.registers.beside import attachments_of
from khien.registers.declarations import Register, register_by_code
from khien.registers.files import place_of
from khien.registers.models import Attachment
from khien.registers.selectors import rows_of
from khien.reports.models import Report, ReportSnapshot, ReportVersion
from khien.reports.written_services import State, version_of

JSON_TYPE: Final = "application/json"
DOCUMENTS: Final = "document"
# Reports that are finished by their unit; drafts never leave it.
SENDABLE: Final = (State.SIGNED, State.SENT, State.RETURNED, State.RECEIVED)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose to send of a unit and those below it."""

    reports: Sequence[int] = ()
    registers: Sequence[str] = ()
    with_findings: bool = False
    with_documents: bool = False


def contents_of(unit: Unit, choice: Choice) -> Contents:
    """Put together what was chosen; what is not of the unit or below is passed over.

    Raises: SubmissionTooLarge
    """
    units = subtree(unit)
    reports = list(sendable_reports(units).filter(pk__in=choice.reports))
    registers = [register_by_code(code) for code in choice.registers]
    pieces: list[Piece] = []
    for report in reports:
        pieces += _report_pieces(report)
    if choice.with_findings:
        pieces += _findings_pieces(units)
    for register in registers:
        pieces += _register_pieces(units, register)
    if choice.with_documents:
        pieces += _document_pieces(units)
    summary: dict[str, Json] = {
        "reports": [report.pk for report in reports],
        "titles": [report.title[:120] for report in reports[:20]],
        "registers": [register.code for register in registers],
        "findings": choice.with_findings,
        "documents": choice.with_documents,
    }
    return Contents(pieces, summary)


def sendable_reports(units: Iterable[Unit]) -> QuerySet[Report]:
    """Return the reports of units that may leave them: those that were signed."""
    found = Report.objects.filter(unit__in=units, state__in=SENDABLE, origin="")
    return found.select_related("unit", "document").order_by("-made_at", "-pk")


def about_report(report: Report, version: ReportVersion) -> dict[str, Json]:
    """Return what a receiver must know of a report to put it beside those of its own units."""
    days = {
        name: day.isoformat() if day else None
        for name, day in (
            ("begins_on", report.begins_on),
            ("ends_on", report.ends_on),
            ("due_on", report.due_on),
            ("sent_on", report.sent_on),
        )
    }
    said: Mapping[str, Json] = {
        "definition": report.definition,
        "key": report.key,
        "period": report.period,
        "title": report.title,
        "number": report.number,
        "state": report.state,
        "version": version.number,
        "snapshot_sha256": version.snapshot.sha256,
        "form": version.snapshot.form,
        "library_sha256": version.snapshot.library_sha256,
    }
    return {**said, **days}


def _report_pieces(report: Report) -> Iterator[Piece]:
    """Yield a report's texts, figures and files; each is the bytes whose digest its ledger entry holds."""
    version = version_of(report, report.latest)
    about, code = about_report(report, version), report.unit.code
    stem = report.title[:120].replace("/", "-").replace("\\", "-") or report.definition
    texts: dict[str, Json] = {"snapshot_sha256": version.snapshot.sha256, "texts": version.texts}
    yield _json_piece(REPORT, f"{stem}.json", texts, code, version.ledger_index, about)
    content = version.snapshot.content.encode()
    item = Item(
        SNAPSHOT,
        f"{stem} - số liệu.json",
        JSON_TYPE,
        0,
        "",
        unit=code,
        entry=_frozen_at(version.snapshot),
        about=about,
    )
    yield piece_of(item, content)
    if report.document is not None:
        for file in attachments_of([report.document]).filter(is_retired=False):
            yield _file_piece(REPORT_FILE, file, code, about)


def _frozen_at(snapshot: ReportSnapshot) -> int:
    first = snapshot.versions.order_by("number").first()
    return first.ledger_index if first else 0


def _findings_pieces(units: Sequence[Unit]) -> Iterator[Piece]:
    """Yield how each unit stands: controls by verdict, by theme, and which fail."""
    counts, themes = verdict_counts(units), theme_matrix(units)
    failing: dict[int, list[Json]] = {}
    for row in standing_rows(units, "fail"):
        line: dict[str, Json] = {"control": row.control, "subjects": row.subject_count}
        failing.setdefault(row.unit_id, []).append(line)
    for unit in units:
        if unit.pk in counts:
            said: dict[str, Json] = {
                "unit": unit.code,
                "verdicts": counts[unit.pk],
                "themes": {theme: dict(n) for theme, n in themes.get(unit.pk, {}).items()},
                "failing": failing.get(unit.pk, []),
            }
            yield _json_piece(FINDINGS, f"Kết quả {unit.code}.json", said, unit.code)


def _register_pieces(units: Sequence[Unit], register: Register) -> Iterator[Piece]:
    """Yield the rows of a register, a piece for each unit that has any."""
    by_unit: dict[str, list[Json]] = {}
    for row in rows_of(units, register).select_related("unit").order_by("unit__code", "number"):
        line: dict[str, Json] = {
            "number": row.number,
            "version": row.version,
            "values": row.values,
        }
        by_unit.setdefault(row.unit.code, []).append(line)
    for code, rows in by_unit.items():
        said: dict[str, Json] = {"unit": code, "register": register.code, "rows": rows}
        about: dict[str, Json] = {"register": register.code, "rows": len(rows)}
        yield _json_piece(REGISTER, f"Sổ {register.code} {code}.json", said, code, about=about)


def _document_pieces(units: Sequence[Unit]) -> Iterator[Piece]:
    """Yield the files of the register of documents."""
    rows = list(rows_of(units, register_by_code(DOCUMENTS)).select_related("unit"))
    for file in attachments_of(rows).filter(is_retired=False).iterator():
        about: dict[str, Json] = {"register": DOCUMENTS, "number": file.row.number}
        yield _file_piece(DOCUMENT, file, file.row.unit.code, about)


def _file_piece(kind: str, file: Attachment, unit: str, about: Mapping[str, Json]) -> Piece:
    item = Item(
        kind, file.name[-200:], file.media_type, 0, "", unit=unit, entry=file.ledger_index, about=about
    )  # fmt: skip
    return piece_of(item, place_of(file.sha256))


def _json_piece(
    kind: str,
    name: str,
    said: Mapping[str, Json],
    unit: str,
    entry: int | None = None,
    about: Mapping[str, Json] | None = None,
) -> Piece:
    item = Item(kind, name, JSON_TYPE, 0, "", unit=unit, entry=entry, about=about)
    return piece_of(item, canonical_bytes(said))
