"""Which dated duties appear and vanish with a text, each with its days in the first year; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from khien.adoption.impact.model import DutyChange
from khien.duties.plan import DutyPlan, dated_duties
from khien.duties.proofs import ProofRules
from khien.duties.windows import calendar_windows
from khien.kernel.calendar import WorkingDays
from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.model import Library
from khien.norms.rulebook import duties_in_force

_YEAR = timedelta(days=364)
_DAYS_MAX = 12
_MEASURES: Mapping[str, Text] = {
    "hour": Text("giờ", "hours"),
    "day": Text("ngày", "days"),
    "month": Text("tháng", "months"),
}


def changed_duties(
    library: Library,
    rules: ProofRules,
    before: Iterable[str],
    after: Iterable[str],
    *,
    on: date,
    working: WorkingDays,
) -> tuple[tuple[DutyChange, ...], tuple[DutyChange, ...]]:
    """Return the dated duties that appear and those that vanish on a day."""
    old, new = (_plans(library, rules, names, on) for names in (before, after))
    appear = tuple(_told(plan, on, working) for name, plan in new.items() if name not in old)
    vanish = tuple(_told(plan, on, working) for name, plan in old.items() if name not in new)
    return appear, vanish


def _plans(
    library: Library, rules: ProofRules, names: Iterable[str], on: date
) -> dict[str, DutyPlan]:
    chosen = set(names)
    held = [d for d in library.documents.values() if d.id in chosen and d.in_force_on(on)]
    asked = {duty.id for _, duty in duties_in_force(held)}
    plans = dated_duties(library, rules)
    return {
        plan.duty.id: plan
        for document in held
        for plan in plans.get(document.id, ())
        if plan.duty.id in asked
    }


def _told(plan: DutyPlan, on: date, working: WorkingDays) -> DutyChange:
    days = tuple(_days(plan, on, working))
    return DutyChange(
        duty=plan.duty.id,
        document=plan.document,
        path=plan.clause.path,
        title=plan.duty.text,
        kind=plan.schedule.kind,
        when=_when(plan, days),
        days=days,
    )


def _days(plan: DutyPlan, on: date, working: WorkingDays) -> Iterator[date]:
    schedule = plan.schedule
    if schedule.kind == "once" and schedule.due is not None:
        yield schedule.due
    elif schedule.kind == "calendar":
        windows = calendar_windows(schedule, working, on, on + _YEAR, lead_days=None)
        yield from (window.due_on for window in windows)


def _when(plan: DutyPlan, days: Sequence[date]) -> Text:
    schedule = plan.schedule
    match schedule.kind:
        case "calendar" | "once":
            listed = ", ".join(said_day(day) for day in days[:_DAYS_MAX])
            more = f" … ({len(days)})" if len(days) > _DAYS_MAX else ""
            said = f"{listed}{more}"
            return Text(f"hạn {said}", f"due {said}") if days else Text("không có kỳ", "no day")
        case "rolling":
            measure = _MEASURES[schedule.measure]
            return Text(
                f"{schedule.every} {measure.vi} một lần, tính từ lần trước",
                f"every {schedule.every} {measure.en} after the last time",
            )
        case "event":
            if schedule.within:
                measure = _MEASURES[schedule.measure]
                return Text(
                    f"trong {schedule.within} {measure.vi} kể từ khi phát sinh",
                    f"within {schedule.within} {measure.en} of the event",
                )
            return Text("khi phát sinh", "when the event happens")
        case _:
            return Text("chu kỳ do đơn vị đặt", "at the unit's own interval")
