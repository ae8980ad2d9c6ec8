"""What became of reports that came in a bundle: accepted or returned, signed by who received them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from khien.exchange.models import ReceivedBundle, ReceivedItem, SentBundle
from khien.exchange.own_keys import own_instance, own_key
from khien.exchange.submission_errors import ReceiptRefused, SubmissionMalformed, VersionUnknown
from khien.exchange.submission_format import REPORT, Reader, json_after
from khien.exchange.submission_notes import NOT_A_RECEIPT, note_signed, unix_lines
from khien.kernel.canonical import Json
from khien.kernel.clock import iso_utc
from khien.ledger.errors import NoteMalformed, NoteNotSigned
from khien.ledger.note import VerifierKey, open_note
from khien.reports.models import ReportStep

ANSWER: Final = "khien-answer"
DECISIONS_MAX: Final = 500
_REMARKS_MAX: Final = 2000
_DECIDED: Final = (ReportStep.What.RECEIVED, ReportStep.What.RETURNED)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one report: its title and version there, accepted or returned, when, which remarks."""

    definition: str
    title: str
    version: int
    state: str
    on: str
    remarks: str


@dataclass(frozen=True, slots=True)
class BundleAnswer:
    """The decisions on the reports of one bundle, as they stood at a moment."""

    bundle: str
    sender: str
    at: str
    decisions: tuple[Decision, ...]


def answer_text(bundle: ReceivedBundle, *, by: str, now: datetime) -> str:
    """Return what was decided of a bundle's reports, signed; empty where nothing was."""
    decisions = decided(bundle)
    if not decisions:
        return ""
    said: dict[str, Json] = {
        "bundle": bundle.bundle,
        "sender": bundle.partner.instance,
        "instance": own_instance(now),
        "at": iso_utc(now),
        "decisions": [
            {
                "definition": one.definition,
                "title": one.title,
                "version": one.version,
                "state": one.state,
                "on": one.on,
                "remarks": one.remarks,
            }
            for one in decisions
        ],
    }
    return note_signed(ANSWER, said, own_key(by=by, now=now))


def decided(bundle: ReceivedBundle) -> list[Decision]:
    """Return the decisions on the reports that came in a bundle, those on these very versions only."""
    items = ReceivedItem.objects.filter(bundle=bundle, kind=REPORT, report__isnull=False)
    rows = list(items.select_related("report")[:DECISIONS_MAX])
    steps = ReportStep.objects.filter(report__in=[row.report_id for row in rows])
    found = {
        (step.report_id, step.version.sha256): step
        for step in steps.filter(what__in=_DECIDED).select_related("version").order_by("pk")
    }
    pairs = [(row, found.get((row.report_id or 0, row.sha256))) for row in rows]
    return [_decision(row, step) for row, step in pairs if step is not None]


def _decision(row: ReceivedItem, step: ReportStep) -> Decision:
    about = row.about or {}
    version = about.get("version")
    return Decision(
        definition=str(about.get("definition"))[:60],
        title=str(about.get("title"))[:200],
        version=version if isinstance(version, int) else 0,
        state=step.what,
        on=step.on.isoformat(),
        remarks=step.note[:_REMARKS_MAX],
    )


def read_answer(content: str, keys: Sequence[VerifierKey]) -> BundleAnswer:
    """Read an answer that one of the receiver's keys must have signed.

    Raises: ReceiptRefused
    """
    try:
        note, _ = open_note(unix_lines(content), keys)
        reader = Reader(json_after(note.text, ANSWER, 1))
        return BundleAnswer(
            bundle=reader.text("bundle", length=32),
            sender=reader.text("sender", length=80),
            at=reader.moment("at"),
            decisions=tuple(_read(one) for one in reader.objects("decisions", DECISIONS_MAX)),
        )
    except VersionUnknown as other:
        raise ReceiptRefused(other.text()) from other
    except (NoteMalformed, NoteNotSigned, SubmissionMalformed) as error:
        raise ReceiptRefused(NOT_A_RECEIPT) from error


def _read(reader: Reader) -> Decision:
    return Decision(
        definition=reader.text("definition", length=60),
        title=reader.text("title", length=200),
        version=reader.number("version"),
        state=reader.text("state", length=20),
        on=reader.text("on", length=10),
        remarks=reader.text("remarks", length=_REMARKS_MAX),
    )


def answered(sent: SentBundle) -> list[Decision]:
    """Return the decisions that were kept with a bundle made here."""
    if not sent.decisions:
        return []
    note = sent.decisions.rpartition("\n\n")[0] + "\n"
    reader = Reader(json_after(note, ANSWER, 1))
    return [_read(one) for one in reader.objects("decisions", DECISIONS_MAX)]
