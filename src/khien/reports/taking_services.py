"""The only writer of reports that came from another instance: checked, kept beside those written here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.org.models import Unit
from khien.registers.services import Act
from khien.reports import events
from khien.reports.errors import SubmittedReportRefused
from khien.reports.models import Report, ReportSnapshot, ReportVersion
from khien.reports.rendering import COMPOSERS
from khien.reports.written_services import version_sha256
from khien.reports.written_texts import prompts_of

SENT: Final = Report.State.SENT
_ALTERED = Text(
    "số liệu không khớp mã đã ghi", "its figures do not have the digest that stands for them"
)
_STRANGE = Text("nội dung không đúng dạng", "its content is not in its form")
_NEWER = Text(
    "báo cáo lập bằng bản Khiên mới hơn (dạng {form}); cập nhật Khiên",
    "it was made by a newer Khiên (form {form}); update Khiên",
)
_OTHERS = Text(
    "đơn vị đã có báo cáo này từ nguồn khác", "the unit has this report from another source already"
)
_LENGTHS: Mapping[str, int] = {"definition": 60, "key": 60, "period": 20, "title": 500}


@dataclass(frozen=True, slots=True)
class SubmittedReport:
    """A report as another instance sent it: what it says of itself, its frozen content and its texts.

    `about` as `exchange.submission_contents.about_report` has it; `origin`: the sending instance.
    """

    about: Mapping[str, Any]
    content: bytes
    texts: Mapping[str, str]
    origin: str


@transaction.atomic
def take_in_report(submitted: SubmittedReport, *, unit: Unit, to: Unit, act: Act) -> Report:
    """Keep a report that a unit sent from its own instance; it then stands on the board like any other.

    Taken in again it is the same report; a newer version of it becomes its newest version here.
    Args:   unit: the sender as it is registered here; to: the unit it was sent to
    Raises: SubmittedReportRefused: it does not hold together; nothing is stored
    """
    content = _checked(submitted)
    about = submitted.about
    Unit.objects.select_for_update().get(pk=unit.pk)
    mine = {"unit": unit, "definition": about["definition"], "key": about["key"]}
    report = Report.objects.filter(**mine).exclude(state=Report.State.CANCELLED).first()
    if report is not None and report.origin != submitted.origin:
        raise SubmittedReportRefused(_OTHERS)
    digest = version_sha256(sha256_hex(submitted.content), submitted.texts)
    if report is None:
        report = _new_report(submitted, unit, act)
    elif report.versions.filter(sha256=digest).exists():
        return report
    report.title, report.sent_to, report.sent_on = about["title"], to, _day(about["sent_on"])
    report.state, report.due_on = SENT, _day(about["due_on"])
    version = _new_version(report, submitted, digest, act)
    report.latest = version.number
    body: dict[str, Json] = {
        "unit": unit.code, "report": report.definition, "title_vi": content["report"]["title"],
        "title_en": content["report"]["title"], "number": report.number, "version": version.number,
        "sha256": digest, "origin": submitted.origin, "by": act.by,
    }  # fmt: skip
    subject = f"{unit.code}/{report.number}"
    version.ledger_index = ledger.record(events.TAKEN_IN, subject=subject, body=body, at=act.now)
    version.save()
    report.save()
    return report


def _new_report(submitted: SubmittedReport, unit: Unit, act: Act) -> Report:
    about = submitted.about
    numbers = Report.objects.filter(unit=unit).aggregate(Max("number"))
    report = Report(
        unit=unit, definition=about["definition"], key=about["key"], period=about["period"],
        begins_on=_day(about["begins_on"]), ends_on=_day(about["ends_on"]), title=about["title"],
        number=(numbers["number__max"] or 0) + 1, origin=submitted.origin, made_at=act.now,
        made_by=act.by,
    )  # fmt: skip
    report.save()
    return report


def _new_version(
    report: Report, submitted: SubmittedReport, digest: str, act: Act
) -> ReportVersion:
    snapshot = ReportSnapshot.objects.create(
        report=report, content=submitted.content.decode(), sha256=sha256_hex(submitted.content),
        form=submitted.about["form"], library_sha256=str(submitted.about["library_sha256"])[:64],
        made_at=act.now,
    )  # fmt: skip
    last = report.versions.aggregate(Max("number"))["number__max"] or 0
    return ReportVersion(
        report=report, number=last + 1, snapshot=snapshot, texts=dict(submitted.texts),
        sha256=digest, what=ReportVersion.What.TAKEN_IN, made_at=act.now, made_by=act.by,
    )  # fmt: skip


def _checked(submitted: SubmittedReport) -> Mapping[str, Any]:
    """Return the content, once everything that is said of it holds."""
    about = submitted.about
    if sha256_hex(submitted.content) != about.get("snapshot_sha256"):
        raise SubmittedReportRefused(_ALTERED)
    form = about.get("form")
    if not isinstance(form, int) or form not in COMPOSERS:
        raise SubmittedReportRefused(_NEWER.fill({"form": form}))
    try:
        content: Mapping[str, Any] = json.loads(submitted.content)
        is_sound = canonical_bytes(content) == submitted.content
        # A report that cannot be laid out here is of no use to who receives it.
        COMPOSERS[form](content, submitted.texts, None)
        is_known = set(submitted.texts) <= set(prompts_of(content))
        days = [_day(about[name]) for name in ("begins_on", "ends_on", "due_on", "sent_on")]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise SubmittedReportRefused(_STRANGE) from error
    words = [(about.get(name), limit) for name, limit in _LENGTHS.items()]
    is_said = all(isinstance(word, str) and 0 < len(word) <= limit for word, limit in words)
    is_text = all(isinstance(text, str) for text in submitted.texts.values())
    if not (is_sound and is_known and is_said and is_text and len(days)):
        raise SubmittedReportRefused(_STRANGE)
    if content["report"]["code"] != about["definition"]:
        raise SubmittedReportRefused(_STRANGE)
    return content


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
