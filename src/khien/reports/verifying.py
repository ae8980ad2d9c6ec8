"""Whether stored reports are what went on record: figures, texts and remarks against the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from khien.kernel.canonical import sha256_hex
from khien.kernel.language import Text
from khien.ledger.models import LedgerEntry
from khien.ledger.selectors import entries_of_kind
from khien.reports import events
from khien.reports.models import ReportStep, ReportVersion
from khien.reports.written_services import version_sha256

_ALTERED = Text(
    "Bản {version} của báo cáo {report} khác với lúc ghi vào sổ cái.",
    "Version {version} of report {report} differs from what the ledger recorded.",
)
_REMARKS = Text(
    "Ý kiến ở một bước của báo cáo {report} khác với lúc ghi vào sổ cái.",
    "The remarks at a step of report {report} differ from what the ledger recorded.",
)
_GONE = Text(
    "Bản ghi {index} của sổ cái nói về một bản báo cáo nay không còn.",
    "Entry {index} of the ledger tells of a version of a report that is gone.",
)
_VERSIONS = (events.DRAFTED, events.WRITTEN, events.REFRESHED, events.TAKEN_IN)
_BATCH = 200


def altered_reports() -> Iterator[Text]:
    """Yield a sentence for every version or step of a report that is gone or no longer as it was recorded."""
    told = {
        entry.index: entry
        for kind in (*_VERSIONS, events.RETURNED, events.CANCELLED)
        for entry in entries_of_kind(kind)
    }
    seen: set[int] = set()
    versions = ReportVersion.objects.select_related("snapshot", "report__unit")
    for version in versions.iterator(chunk_size=_BATCH):
        seen.add(version.ledger_index)
        if not _is_as_recorded(version, told.get(version.ledger_index)):
            yield _ALTERED.fill({"version": version.number, "report": _name(version)})
    for step in ReportStep.objects.exclude(note="").select_related("report__unit", "version"):
        entry = told.get(step.ledger_index)
        is_told = entry is not None and entry.body.get("note_sha256") == sha256_hex(
            step.note.encode()
        )
        if step.what in (ReportStep.What.RETURNED, ReportStep.What.CANCELLED) and not is_told:
            yield _REMARKS.fill({"report": _name(step.version)})
    for index, entry in sorted(told.items()):
        if entry.kind in _VERSIONS and index not in seen:
            yield _GONE.fill({"index": index})


def _is_as_recorded(version: ReportVersion, entry: LedgerEntry | None) -> bool:
    snapshot = version.snapshot
    return (
        entry is not None
        and entry.subject == _name(version)
        and sha256_hex(snapshot.content.encode()) == snapshot.sha256
        and version_sha256(snapshot.sha256, version.texts) == version.sha256
        and entry.body.get("sha256") == version.sha256
    )


def _name(version: ReportVersion) -> str:
    report = version.report
    return f"{report.unit.code}/{report.number}"
