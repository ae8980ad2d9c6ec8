"""The only writer of reports until they are reviewed: draft, texts, fresh figures; each with its record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.org.roles import ROLES, WRITE
from khien.registers.cleaning import clean_lines, one_line
from khien.registers.declarations import register_by_code
from khien.registers.errors import FieldProblem
from khien.registers.models import Row
from khien.reports import events
from khien.reports.conditions import judged
from khien.reports.definition_reading import definition_by_code, load_definitions
from khien.reports.definitions import Definition
from khien.reports.errors import (
    ReportFromElsewhere,
    ReportIsThere,
    ReportNeedsRow,
    ReportNotThere,
    ReportNotYours,
    ReportRefused,
    ReportWrittenMeanwhile,
    UnknownPeriod,
)
from khien.reports.freezing import FORM, Freezer
from khien.reports.models import Report, ReportSnapshot, ReportStep, ReportVersion
from khien.reports.periods import EVENT, ROW, Period, period_of, period_on
from khien.reports.reports_below import due_days
from khien.reports.standpoints import Stand
from khien.reports.template_selectors import standing_template
from khien.reports.written_texts import cleaned, initial_texts, merged, prompts_of
from khien.workflows.doers import Doer

State, What = Report.State, ReportVersion.What
STATES: Mapping[str, Text] = {
    State.DRAFT: Text("đang soạn", "being written"),
    State.REVIEWED: Text("đã duyệt", "reviewed"),
    State.SIGNED: Text("đã ký", "signed"),
    State.SENT: Text("đã gửi", "sent"),
    State.RECEIVED: Text("nơi nhận đã nhận", "received"),
    State.RETURNED: Text("trả lại", "returned"),
    State.CANCELLED: Text("đã hủy", "cancelled"),
}
OPEN = (State.DRAFT, State.RETURNED, State.REVIEWED)
_TITLE_LENGTH_MAX = 500
_NEEDS_REASON = Text("Ghi lý do hủy.", "State the reason.")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a definition's period (empty: the one of today), or the row it is about.

    `title` says what a report of an event is about; `takes_all`: reports below that were sent count too,
    not only those that were accepted.
    """

    definition: Definition
    period: str = ""
    subject: Row | None = None
    title: str = ""
    takes_all: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A step: to which state, under which kind of record, with what was given and what the record says."""

    state: str
    kind: str
    note: str = ""
    on: date | None = None
    given: Mapping[str, Json] = field(default_factory=dict)
    said: Mapping[str, Json] = field(default_factory=dict)


@transaction.atomic
def draft_report(order: Order, unit: Unit, doer: Doer) -> Report:
    """Begin a report of a unit: freeze its figures, and put both on record.

    Raises: ReportNotYours, ReportNotForUnit, UnknownPeriod, ReportNeedsRow: nothing is stored;
            ReportIsThere: one on the same thing was begun and not cancelled
    """
    definition = order.definition
    must_have(doer, (definition.maker, WRITE), Text("lập", "draft"))
    Unit.objects.select_for_update().get(pk=unit.pk)  # one report gets one number
    period = _period(order, vietnam_date(doer.now))
    key = _key(order, unit, period)
    stand = Stand(definition, unit, period, doer.now, order.subject,
                  one_line(order.title)[:_TITLE_LENGTH_MAX], order.takes_all)  # fmt: skip
    content = Freezer(stand).content()
    numbers = Report.objects.filter(unit=unit).aggregate(Max("number"))
    report = Report(
        unit=unit, definition=definition.code, key=key, period=period.key, subject=order.subject,
        title=str(content["title"])[:_TITLE_LENGTH_MAX], number=(numbers["number__max"] or 0) + 1,
        begins_on=_stored(period.begins), ends_on=_stored(period.ends),
        due_on=due_days([unit.pk], definition, stand).get(unit.pk),
        made_at=doer.now, made_by=doer.by,
    )  # fmt: skip
    report.save()
    keep_version(report, content, initial_texts(content), What.DRAFTED, doer)
    return report


@transaction.atomic
def write_texts(
    report: Report, given: Mapping[str, object], *, seen: int, doer: Doer
) -> ReportVersion:
    """Keep what a person wrote; texts that somebody else changed meanwhile are kept beside it.

    Args:    given: texts by code, those that are not there keep what they say; seen: the version the person saw
    Returns: the new version; the one that stands where nothing is different
    Raises:  ReportNotYours, ReportNotThere, ReportRefused; ReportWrittenMeanwhile: the same text was changed
    """
    report = locked(report)
    must_write(report, doer)
    must_stand(report, *OPEN)
    current = version_of(report, report.latest)
    base = version_of(report, seen) if seen <= report.latest else current
    content = json.loads(current.snapshot.content)
    mine = cleaned(content, given)
    texts, conflicts = merged(base.texts, current.texts, mine, prompts_of(content))
    if conflicts:
        raise moved_on(report, current, seen, conflicts)
    if texts == current.texts:
        return current
    return _next_version(report, current.snapshot, texts, What.WRITTEN, doer)


@transaction.atomic
def refresh_figures(
    report: Report, *, seen: int, doer: Doer, takes_all: bool | None = None
) -> ReportVersion:
    """Freeze the figures anew, before the report is signed; the texts stay as they are.

    Args:   takes_all: as `Order` has it; None: as it was
    Raises: ReportNotYours, ReportNotThere, ReportNotForUnit; ReportWrittenMeanwhile: not the newest version
    """
    report = locked(report)
    must_write(report, doer)
    must_stand(report, *OPEN)
    current = newest(report, seen)
    before = json.loads(current.snapshot.content)
    takes = bool(before["takes_all"]) if takes_all is None else takes_all
    stand = stand_of(report, doer, title=_title_of(before), takes_all=takes)
    content = Freezer(stand).content()
    report.title = str(content["title"])[:_TITLE_LENGTH_MAX]
    report.due_on = due_days([report.unit_id], stand.definition, stand).get(report.unit_id)
    known = prompts_of(content)
    texts = {code: text for code, text in current.texts.items() if code in known}
    return keep_version(report, content, texts, What.REFRESHED, doer)


@transaction.atomic
def cancel_report(report: Report, reason: str, *, seen: int, doer: Doer) -> Report:
    """Give a report up before it is signed; it keeps its number and can be read.

    Raises: ReportNotYours, ReportNotThere, ReportWrittenMeanwhile; ReportRefused: no reason
    """
    report = locked(report)
    must_write(report, doer)
    must_stand(report, *OPEN)
    version = newest(report, seen)
    note = clean_lines(reason)
    if not note:
        raise ReportRefused([FieldProblem("reason", _NEEDS_REASON)])
    keep_step(report, version, Moved(State.CANCELLED, events.CANCELLED, note), doer)
    return report


def keep_version(
    report: Report, content: Mapping[str, Json], texts: Mapping[str, str], what: str, doer: Doer
) -> ReportVersion:
    """Store a frozen content as a new snapshot, and a version of it with the texts."""
    frozen = canonical_bytes(content)
    snapshot = ReportSnapshot.objects.create(
        report=report, content=frozen.decode(), sha256=sha256_hex(frozen), form=FORM,
        library_sha256=load_library().digest, made_at=doer.now,
    )  # fmt: skip
    return _next_version(report, snapshot, dict(texts), what, doer)


def _next_version(
    report: Report, snapshot: ReportSnapshot, texts: dict[str, str], what: str, doer: Doer
) -> ReportVersion:
    number = 1 + (report.versions.aggregate(Max("number"))["number__max"] or 0)
    version = ReportVersion(
        report=report, number=number, snapshot=snapshot, texts=texts,
        template=standing_template(report.unit, report.definition),
        sha256=version_sha256(snapshot.sha256, texts), what=what, made_at=doer.now, made_by=doer.by,
    )  # fmt: skip
    kinds = {What.WRITTEN: events.WRITTEN, What.REFRESHED: events.REFRESHED}
    kind = kinds.get(What(what), events.DRAFTED)
    said = {"period": report.period, "snapshot_sha256": snapshot.sha256}
    version.ledger_index = record(kind, report, version, doer, said)
    version.save()
    report.latest, report.state = number, State.DRAFT
    report.save(update_fields=["latest", "state", "title", "due_on"])
    return version


def version_sha256(snapshot: str, texts: Mapping[str, str]) -> str:
    """Return the digest of a version: over its snapshot's digest and its texts."""
    return sha256_hex(canonical_bytes({"snapshot_sha256": snapshot, "texts": dict(texts)}))


def keep_step(report: Report, version: ReportVersion, moved: Moved, doer: Doer) -> ReportStep:
    """Move a report to a state, and keep the step with its record."""
    day = moved.on or vietnam_date(doer.now)
    body: dict[str, Json] = {"on": day.isoformat(), **moved.said}
    if moved.note:
        body["note_sha256"] = sha256_hex(moved.note.encode())
    step = ReportStep(
        report=report, version=version, what=moved.state, on=day, note=moved.note,
        given=dict(moved.given), done_at=doer.now, done_by=doer.by,
        ledger_index=record(moved.kind, report, version, doer, body),
    )  # fmt: skip
    step.save()
    report.state = moved.state
    report.save(update_fields=["state", "sent_to", "sent_on", "document"])
    return step


def record(
    kind: str, report: Report, version: ReportVersion, doer: Doer, said: Mapping[str, Json]
) -> int:
    """Put what happened to a report on record, under the title it was frozen with."""
    paper = json.loads(version.snapshot.content)["report"]
    body: dict[str, Json] = {
        "unit": report.unit.code, "report": report.definition, "title_vi": paper["title"],
        "title_en": paper.get("title_en", paper["title"]), "number": report.number, "version": version.number,
        "sha256": version.sha256, "by": doer.by, **said,
    }  # fmt: skip
    subject = f"{report.unit.code}/{report.number}"
    return ledger.record(kind, subject=subject, body=body, at=doer.now)


def locked(report: Report) -> Report:
    """Return a report as it stands, held until the transaction ends."""
    Report.objects.select_for_update().get(pk=report.pk)
    related = Report.objects.select_related("unit", "subject", "document", "sent_to")
    return related.get(pk=report.pk)


def version_of(report: Report, number: int) -> ReportVersion:
    """Return a version of a report by its number."""
    return report.versions.select_related("snapshot").get(number=number)


def newest(report: Report, seen: int) -> ReportVersion:
    """Return the newest version, if it is the one a person saw.

    Raises: ReportWrittenMeanwhile: it is not
    """
    current = version_of(report, report.latest)
    if seen != report.latest:
        raise moved_on(report, current, seen)
    return current


def moved_on(
    report: Report, current: ReportVersion, seen: int, conflicts: Any = ()
) -> ReportWrittenMeanwhile:
    """Return the failure that shows a person what another one changed meanwhile."""
    return ReportWrittenMeanwhile(
        by=current.made_by, number=report.number, seen=seen, current=current.number,
        conflicts=conflicts,
    )  # fmt: skip


def stand_of(report: Report, doer: Doer, *, title: str = "", takes_all: bool = False) -> Stand:
    """Return where a report stands now, for its figures to be frozen again."""
    definition = definition_by_code(report.definition)
    period = known_period(definition, report.period, vietnam_date(doer.now))
    return Stand(definition, report.unit, period, doer.now, report.subject, title, takes_all)


def must_write(report: Report, doer: Doer) -> None:
    """Refuse who may not write this report: it takes what its maker has, or an officer."""
    definition = load_definitions().get(report.definition)
    makers = (definition.maker, WRITE) if definition is not None else (WRITE,)
    must_have(doer, makers, Text("sửa", "change"))


def must_have(doer: Doer, wanted: tuple[str, ...], what: Text) -> None:
    """Refuse who has none of some capabilities at the unit.

    Raises: ReportNotYours
    """
    if not doer.may.intersection(wanted):
        who = [role.title for role in ROLES.values() if any(w in role.reach for w in wanted)]
        raise ReportNotYours(
            what_vi=what.vi, what_en=what.en, who_vi=" / ".join(t.vi for t in who),
            who_en=" / ".join(t.en for t in who),
        )  # fmt: skip


def must_stand(report: Report, *states: str) -> None:
    """Refuse a step that a report has not come to, or has passed.

    Raises: ReportNotThere; ReportFromElsewhere: it came from another instance, and the step is not an answer to it
    """
    if report.origin and State.SENT not in states:
        raise ReportFromElsewhere(number=report.number)
    if report.state not in states:
        state, needed = STATES[report.state], [STATES[s] for s in states]
        raise ReportNotThere(
            number=report.number, state_vi=state.vi, state_en=state.en,
            needed_vi=", ".join(t.vi for t in needed), needed_en=", ".join(t.en for t in needed),
        )  # fmt: skip


def _period(order: Order, today: date) -> Period:
    rhythm = order.definition.rhythm
    if rhythm.every == ROW or not order.period:
        return period_on(rhythm, today)
    return known_period(order.definition, order.period, today)


def known_period(definition: Definition, key: str, today: date) -> Period:
    """Return the period of a report by its key.

    Raises: UnknownPeriod: it is none of this report's
    """
    found = period_of(definition.rhythm, key)
    if found is None:
        example = period_on(definition.rhythm, today).key
        raise UnknownPeriod(report=definition.title.vi, period=key, example=example)
    return found


def _key(order: Order, unit: Unit, period: Period) -> str:
    """Return what keeps two reports apart; events of one day are counted, the rest must not be there twice."""
    definition, subject = order.definition, order.subject
    standing = Report.objects.filter(unit=unit, definition=definition.code)
    standing = standing.exclude(state=State.CANCELLED)
    if definition.rhythm.every == EVENT:
        taken = set(standing.filter(key__startswith=period.key).values_list("key", flat=True))
        names = (period.key, *(f"{period.key}.{n}" for n in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)
    if definition.rhythm.every == ROW:
        _must_be_subject(definition, subject, unit, order, period)
    key = f"row-{subject.pk}" if subject is not None else period.key
    there = standing.filter(key=key).first()
    if there is not None:
        raise ReportIsThere(report=definition.title.vi, period=period.label.vi, number=there.number)
    return key


def _must_be_subject(
    definition: Definition, subject: Row | None, unit: Unit, order: Order, period: Period
) -> None:
    register = register_by_code(str(definition.about))
    is_fit = (
        subject is not None
        and subject.register == definition.about
        and subject.unit_id == unit.pk
        and not subject.is_retired
    )
    if subject is not None and is_fit:
        meaning = Stand(definition, unit, period, subject.changed_at, subject).meaning
        is_fit = judged(subject.values, definition.about_where, meaning) is not False
    if not is_fit:
        raise ReportNeedsRow(
            report=definition.title.vi, register_vi=register.title.vi, register_en=register.title.en
        )


def _stored(day: date) -> date | None:
    return None if day in (date.min, date.max) else day


def _title_of(content: Mapping[str, Any]) -> str:
    return str(content.get("about_words", ""))
