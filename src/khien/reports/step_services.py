"""The only writer of a report's way once it is written: reviewed, returned, signed, sent, received, reminded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from khien.kernel.canonical import Json
from khien.kernel.clock import VIETNAM, iso_utc, said_day, vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.capabilities import capabilities_at
from khien.org.models import Unit, User
from khien.org.roles import APPROVE, REVIEW, WRITE
from khien.registers.cleaning import clean_lines, one_line
from khien.registers.declarations import register_by_code
from khien.registers.errors import FieldProblem
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import add_row, change_row
from khien.registers.values import read_row
from khien.reports import events
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import LEFT_NAME, RIGHT_NAME, Definition
from khien.reports.errors import ReportLacks, ReportNotYours, ReportRefused
from khien.reports.gaps import gaps_of
from khien.reports.models import Report, ReportReminder, ReportStep, ReportVersion
from khien.reports.periods import Period
from khien.reports.written_services import (
    Moved,
    keep_step,
    locked,
    must_have,
    must_stand,
    newest,
)
from khien.workflows.doers import Doer

State = Report.State
# Papers that leave without a number of văn thư.
UNNUMBERED = ("minutes", "slip")
_REMARKS = Text("Ghi ý kiến để người soạn biết phải sửa gì.", "Say what has to be changed.")
_NUMBER = Text("Ghi số, ký hiệu do văn thư cấp.", "State the number given by the registry.")
_SIGNER = Text("Ghi họ tên người ký.", "State who signed.")
_FILE = Text("Đính kèm tệp PDF đã ký số, hoặc bản quét bản giấy đã ký.",
             "Attach the signed PDF, or a scan of the signed paper.")  # fmt: skip
_LATER = Text("Ngày {day} chưa tới.", "The day {day} has not come yet.")
_BEFORE = Text(
    "Ngày gửi {day} trước ngày ký {signed}.", "Sent on {day}, before it was signed on {signed}."
)
_BEGAN = Text("Ghi thời điểm bắt đầu lập biên bản.", "State when the minutes began.")
_APPROVED = Text(
    "Lãnh đạo chưa duyệt bản này: trình lãnh đạo duyệt rồi ghi nhận chữ ký.",
    "No leader approved this version: have it reviewed by a leader, then record the signature.",
)
_NOBODY = Text("Chưa rõ gửi cho ai.", "It is not known to whom it goes.")


@dataclass(frozen=True, slots=True)
class Signing:
    """What is known of a signed paper: the number văn thư gave it, its day, who signed as what, and its file.

    `reading` is what was read of the signatures in the file (`signatures.readings.as_json`), or None: a paper
    that was signed by hand; `is_intact`: at least one of them still stands for the file. `began_at`: of minutes,
    when they began.
    """

    signed_on: date
    signer: str
    file_name: str
    file: bytes
    number: str = ""
    capacity: str = ""
    reading: Mapping[str, Json] | None = None
    is_intact: bool = False
    began_at: datetime | None = None


@transaction.atomic
def review_report(report: Report, *, seen: int, doer: Doer, note: str = "") -> ReportStep:
    """Say that a report is right and may be signed: a leader, an overseer, or an officer who did not write it.

    Raises: ReportNotYours, ReportNotThere, ReportWrittenMeanwhile; ReportLacks: what must stand in it does not
    """
    report = locked(report)
    must_stand(report, State.DRAFT, State.RETURNED)
    version = newest(report, seen)
    _must_review(version, doer)
    _must_be_whole(version)
    given: dict[str, Json] = {"by_leader": APPROVE in doer.may}
    moved = Moved(State.REVIEWED, events.REVIEWED, clean_lines(note), given=given)
    return keep_step(report, version, moved, doer)


@transaction.atomic
def return_report(report: Report, remarks: str, *, seen: int, doer: Doer) -> ReportStep:
    """Give a report back with remarks: inside the unit before it is signed, from the unit above once it was sent.

    Raises: ReportNotYours, ReportNotThere, ReportWrittenMeanwhile; ReportRefused: no remarks
    """
    report = locked(report)
    must_stand(report, State.DRAFT, State.REVIEWED, State.SENT)
    version = newest(report, seen)
    if report.state == State.SENT:
        must_receive(report, doer, Text("trả lại", "return"))
    else:
        _must_review(version, doer)
    note = clean_lines(remarks)
    if not note:
        raise ReportRefused([FieldProblem("remarks", _REMARKS)])
    return keep_step(report, version, Moved(State.RETURNED, events.RETURNED, note), doer)


@transaction.atomic
def sign_report(report: Report, signing: Signing, *, seen: int, doer: Doer) -> ReportStep:
    """Record that a report was signed, and file it in the register of documents with its file.

    A leader's yes stands behind every signature: the review of this version, or the leader records it.
    Raises: ReportNotYours, ReportNotThere, ReportWrittenMeanwhile, ReportLacks; ReportRefused: what was given;
            InvalidRow, DuplicateKey, AttachmentRefused: the registers refuse; nothing is stored
    """
    report = locked(report)
    must_have(doer, (WRITE, APPROVE), Text("ghi nhận chữ ký của", "record the signature of"))
    must_stand(report, State.DRAFT, State.REVIEWED, State.RETURNED)
    version = newest(report, seen)
    content = json.loads(version.snapshot.content)
    _must_be_whole(version)
    _must_be_signable(version, signing, content, doer)
    row = _file_document(report, signing, content, doer)
    kept = add_attachment(row, signing.file, name=signing.file_name, act=doer.act)
    report.document = row
    if content["report"]["minutes_as"]:
        _file_minutes(version, row, signing, content, doer)
    _set_subject(report, "signed", signing.signed_on, doer)
    given: dict[str, Json] = {
        "number": one_line(signing.number), "signer": one_line(signing.signer),
        "capacity": signing.capacity, "signed_on": signing.signed_on.isoformat(),
        "file_sha256": kept.sha256, "document": row.pk,
        "reading": dict(signing.reading) if signing.reading is not None else None,
    }  # fmt: skip
    said: dict[str, Json] = {"file_sha256": kept.sha256, "document": row.number}
    moved = Moved(State.SIGNED, events.SIGNED, on=signing.signed_on, given=given, said=said)
    return keep_step(report, version, moved, doer)


@transaction.atomic
def send_report(
    report: Report, *, sent_on: date, doer: Doer, seen: int, channel: str = ""
) -> ReportStep:
    """Record that a signed report went to its recipients: a row in the dispatch register for each body.

    A recipient that is a unit of this instance finds the report on its board from now on.
    Raises: ReportNotYours, ReportNotThere, ReportWrittenMeanwhile, ReportRefused; InvalidRow: the register refuses
    """
    report = locked(report)
    must_have(doer, (WRITE, APPROVE), Text("gửi", "send"))
    must_stand(report, State.SIGNED)
    version = newest(report, seen)
    _must_be_day(report, sent_on, doer)
    content = json.loads(version.snapshot.content)
    units = Unit.objects.filter(code__in=[one["unit"] for one in content["to"] if one["unit"]])
    known = {unit.code: unit for unit in units}
    dispatches = _dispatch(report, content["to"], sent_on, channel, doer)
    addressed = [one for one in content["to"] if not one["is_copy"]]
    report.sent_to = next((known[o["unit"]] for o in addressed if o["unit"] in known), None)
    report.sent_on = sent_on
    _set_subject(report, "sent", sent_on, doer)
    given: dict[str, Json] = {
        "channel": channel,
        "dispatches": dispatches,
        "to": [str(one["name"]) for one in content["to"]],
    }
    moved = Moved(State.SENT, events.SENT, on=sent_on, given=given)
    return keep_step(report, version, moved, doer)


@transaction.atomic
def receive_report(
    report: Report, *, received_on: date, doer: Doer, seen: int, note: str = ""
) -> ReportStep:
    """Record that a sent report was received: by the unit above if it is of this instance, else by the sender.

    Raises: ReportNotYours, ReportNotThere, ReportWrittenMeanwhile, ReportRefused
    """
    report = locked(report)
    must_stand(report, State.SENT)
    if report.sent_to is not None:
        must_receive(report, doer, Text("tiếp nhận", "accept"))
    else:
        must_have(doer, (WRITE, APPROVE), Text("ghi nhận đã nhận", "record the receipt of"))
    version = newest(report, seen)
    _must_be_day(report, received_on, doer)
    sent = report.steps.filter(what=State.SENT).last()
    for pk in sent.given["dispatches"] if sent is not None else ():
        _change(Row.objects.get(pk=pk), {"received_on": received_on.isoformat()}, doer)
    moved = Moved(State.RECEIVED, events.RECEIVED, clean_lines(note), on=received_on)
    return keep_step(report, version, moved, doer)


@transaction.atomic
def remind_units(
    units: Iterable[Unit], definition: Definition, period: Period, from_unit: Unit, doer: Doer,
    note: str = "",
) -> list[ReportReminder]:  # fmt: skip
    """Record that units below were reminded of a report; how the word reaches them is another room's.

    Args:   doer: acting at `from_unit`
    Raises: ReportNotYours
    """
    must_have(doer, (REVIEW,), Text("nhắc nộp", "remind of"))
    listed = list(units)
    body: dict[str, Json] = {
        "unit": from_unit.code, "report": definition.code, "title_vi": definition.title.vi,
        "title_en": definition.title.en, "period": period.key, "count": len(listed),
        "units": [unit.code for unit in listed][:50], "by": doer.by,
    }  # fmt: skip
    index = ledger.record(events.REMINDED, subject=from_unit.code, body=body, at=doer.now)
    return ReportReminder.objects.bulk_create(
        ReportReminder(
            unit=unit,
            from_unit=from_unit,
            definition=definition.code,
            period=period.key,
            note=one_line(note)[:500],
            reminded_at=doer.now,
            reminded_by=doer.by,
            ledger_index=index,
        )
        for unit in listed
    )


def must_receive(report: Report, doer: Doer, what: Text) -> None:
    """Refuse who does not look after what reaches the unit that a report was sent to.

    Raises: ReportNotYours
    """
    must_have(doer, (REVIEW,), what)
    user = User.objects.filter(username=doer.by).first()
    above = report.sent_to
    # To review what is below is not enough: one's own unit does not accept its own report.
    if above is None or user is None or REVIEW not in capabilities_at(user, above):
        must_have(Doer(doer.by, doer.now, frozenset(), None, doer.references), (REVIEW,), what)


def _must_review(version: ReportVersion, doer: Doer) -> None:
    """Refuse a review by who wrote the version, unless it is a leader."""
    if doer.may.intersection((APPROVE, REVIEW)):
        return
    what = Text("duyệt", "review")
    must_have(doer, (WRITE,), what)
    if version.made_by == doer.by:
        raise ReportNotYours(
            what_vi="tự duyệt", what_en="review on your own", who_vi="lãnh đạo, hoặc người khác",
            who_en="a leader, or another person",
        )  # fmt: skip


def _must_be_whole(version: ReportVersion) -> None:
    lacking = [gap.sentence for gap in gaps_of(version) if gap.is_blocking]
    if lacking:
        raise ReportLacks(lacking)


def _must_be_signable(
    version: ReportVersion, signing: Signing, content: Mapping[str, Any], doer: Doer
) -> None:
    problems = []
    paper = content["report"]
    if paper["kind"] not in UNNUMBERED and not one_line(signing.number):
        problems.append(FieldProblem("number", _NUMBER))
    if not one_line(signing.signer):
        problems.append(FieldProblem("signer", _SIGNER))
    if not signing.file:
        problems.append(FieldProblem("file", _FILE))
    if signing.signed_on > vietnam_date(doer.now):
        problems.append(
            FieldProblem("signed_on", _LATER.fill({"day": said_day(signing.signed_on)}))
        )
    if paper["minutes_as"] and signing.began_at is None:
        problems.append(FieldProblem("began_at", _BEGAN))
    reviewed = version.steps.filter(what=State.REVIEWED).last()
    is_approved = reviewed is not None and reviewed.given.get("by_leader") is True
    # Who makes a paper in person signs it in person.
    if content["signer"] == "head" and APPROVE not in doer.may and not is_approved:
        problems.append(FieldProblem(None, _APPROVED))
    if problems:
        raise ReportRefused(problems)


def _must_be_day(report: Report, day: date, doer: Doer) -> None:
    if day > vietnam_date(doer.now):
        raise ReportRefused([FieldProblem("on", _LATER.fill({"day": said_day(day)}))])
    signed = report.steps.filter(what=State.SIGNED).last()
    if signed is not None and day < signed.on:
        said = {"day": said_day(day), "signed": said_day(signed.on)}
        raise ReportRefused([FieldProblem("on", _BEFORE.fill(said))])


def _file_document(report: Report, signing: Signing, content: Mapping[str, Any], doer: Doer) -> Row:
    subject, paper = report.subject, content["report"]
    values: dict[str, Json] = {
        "kind": paper["files_as"],
        "title": f"{paper['title']}: {report.title}"[:300],
        "number": one_line(signing.number) or None,
        "issuer": str(content["unit"]["name"]),
        "period": report.period,
        "issued_on": signing.signed_on.isoformat(),
        "is_approved": True,
        "signer": one_line(signing.signer),
        "signed_capacity": signing.capacity or None,
        "is_digitally_signed": signing.is_intact or None,
        "clauses_answered": "\n".join(str(one["words"]) for one in content["basis"]) or None,
        "system": subject.pk if subject is not None and subject.register == "system" else None,
    }
    return _filed("document", report.unit, values, doer)


def _file_minutes(
    version: ReportVersion, document: Row, signing: Signing, content: Mapping[str, Any], doer: Doer
) -> None:
    report = version.report
    began = signing.began_at or datetime.combine(signing.signed_on, time(), VIETNAM)
    values: dict[str, Json] = {
        "title": report.title[:300],
        "kind": content["report"]["minutes_as"],
        "began_at": iso_utc(began),
        "chair": version.texts.get(RIGHT_NAME) or one_line(signing.signer),
        "secretary": version.texts.get(LEFT_NAME) or None,
        "document": document.pk,
    }
    _filed("minutes", report.unit, values, doer)


def _filed(register: str, unit: Unit, values: Mapping[str, Json], doer: Doer) -> Row:
    known = {code: value for code, value in values.items() if value is not None}
    draft = read_row(register_by_code(register), known, VisibleReferences([unit], home=unit))
    return add_row(draft, unit=unit, act=doer.act)


def _dispatch(
    report: Report, to: Sequence[Mapping[str, Any]], sent_on: date, channel: str, doer: Doer
) -> list[Json]:
    """Add a row to the dispatch register for each body that the register of authorities knows."""
    if not any(one["name"] for one in to if not one["is_copy"]):
        raise ReportRefused([FieldProblem(None, _NOBODY)])
    answers = report.subject if report.subject and report.subject.register == "request" else None
    made: list[Json] = []
    for one in to:
        if not one["row"]:
            continue
        row = Row.objects.get(pk=one["row"][0])
        references = VisibleReferences([report.unit, row.unit], home=report.unit)
        values = {
            "document": report.document_id, "authority": row.pk, "sent_on": sent_on.isoformat(),
            "channel": channel or None, "answers": answers.pk if answers else None,
        }  # fmt: skip
        known = {code: value for code, value in values.items() if value is not None}
        draft = read_row(register_by_code("dispatch"), known, references)
        made.append(add_row(draft, unit=report.unit, act=doer.act).pk)
    return made


def _set_subject(report: Report, moment: str, day: date, doer: Doer) -> None:
    """Set the fields of the row a report is about that its being signed or sent decides.

    A day or moment that somebody stated stands: a later paper does not move an earlier word by telephone.
    """
    definition = load_definitions().get(report.definition)
    values = definition.sets.get(moment) if definition is not None else None
    if not values or report.subject is None:
        return
    meanings: dict[str, Json] = {
        "$document": report.document_id,
        "$day": day.isoformat(),
        "$moment": iso_utc(doer.now),
    }
    row = Row.objects.select_related("unit").get(pk=report.subject.pk)
    fresh = {
        code: meanings.get(str(value), value)
        for code, value in values.items()
        if value not in ("$day", "$moment") or row.values.get(code) is None
    }
    if fresh:
        _change(row, fresh, doer)


def _change(row: Row, values: Mapping[str, Json], doer: Doer) -> None:
    register = register_by_code(row.register)
    draft = read_row(
        register, values, VisibleReferences([row.unit], home=row.unit), base=row.values
    )
    change_row(row, draft, expected_version=row.version, act=doer.act)
