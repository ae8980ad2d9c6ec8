"""Who is told of reports: late units, what came back or was accepted, what waits for a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.notices.kinds import DECISION, REPORT
from khien.notices.reminders import People, people_on
from khien.notices.services import Telling, tell
from khien.org.roles import LEADER, OFFICER
from khien.reports.definition_reading import load_definitions
from khien.reports.models import Report, ReportReminder, ReportStep

_RECENT: Final = timedelta(days=7)
_REMINDED = Text("Đề nghị nộp: {title} ({period})", "Please hand in: {title} ({period})")
_FROM = Text("{from_unit} nhắc.", "Asked for by {from_unit}.")
# What is said of a step, to whom, and of which kind the notice is.
_STEPS: Final = {
    ReportStep.What.RETURNED: (Text("Bị trả lại: {title}", "Returned: {title}"), OFFICER, REPORT),
    ReportStep.What.RECEIVED: (Text("Đã tiếp nhận: {title}", "Accepted: {title}"), OFFICER, REPORT),
    ReportStep.What.REVIEWED: (Text("Chờ ký: {title}", "To be signed: {title}"), LEADER, DECISION),
}


def tell_reports(*, now: datetime) -> int:
    """Tell units of what happened to their reports in the last days; return how many notices are new."""
    people = people_on(vietnam_date(now))
    return tell([*_reminders(people, now), *_steps(people, now)], now=now)


def _reminders(people: People, now: datetime) -> Iterator[Telling]:
    recent = ReportReminder.objects.filter(reminded_at__gte=now - _RECENT, unit__ended_on=None)
    for one in recent.select_related("unit", "from_unit"):
        words = _title(one.definition)
        for user_id in people.holding(one.unit_id, OFFICER, LEADER):
            yield Telling(
                user_id=user_id,
                kind=REPORT,
                about=f"report-reminder:{one.pk}",
                source=f"report-reminder:{one.pk}",
                title=Text(
                    _REMINDED.vi.format(title=words.vi, period=one.period),
                    _REMINDED.en.format(title=words.en, period=one.period),
                ),
                unit=one.unit,
                why=Text(
                    _FROM.vi.format(from_unit=one.from_unit.name_vi),
                    _FROM.en.format(from_unit=one.from_unit.name_en),
                ),
                place=(("kind", "reports"), ("unit", one.unit.code)),
            )


def _steps(people: People, now: datetime) -> Iterator[Telling]:
    recent = ReportStep.objects.filter(done_at__gte=now - _RECENT, what__in=_STEPS)
    for step in recent.select_related("report__unit"):
        report = step.report
        sentence, role, kind = _STEPS[ReportStep.What(step.what)]
        # Reviewed and signed meanwhile: it waits for nobody any more.
        if kind == DECISION and report.state != Report.State.REVIEWED:
            continue
        words = _title(report.definition)
        for user_id in people.holding(report.unit_id, role, LEADER):
            yield Telling(
                user_id=user_id,
                kind=kind,
                about=f"report:{report.pk}",
                source=f"report-step:{step.pk}",
                title=Text(sentence.vi.format(title=words.vi), sentence.en.format(title=words.en)),
                unit=report.unit,
                place=(("kind", "report"), ("unit", report.unit.code), ("number", report.number)),
            )


def _title(code: str) -> Text:
    definition = load_definitions().get(code)
    return definition.title if definition else Text(code, code)
