"""The only writer of occurrences: makes those that are due, closes by proof, opens again; many units at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q

from khien.duties import events
from khien.duties.amending import asked_of
from khien.duties.comparing import (
    CHANGED,
    CLOSED,
    REOPENED,
    REPLACED,
    Bound,
    Change,
    Compared,
    Created,
    Had,
    compare,
    proof_fields,
)
from khien.duties.deciding import Deciding
from khien.duties.evidence import Evidence
from khien.duties.holidays import working_days
from khien.duties.law import bound_by_kind
from khien.duties.models import Occurrence, Refresh
from khien.duties.plan import DATED, DutyPlan, dated_duties
from khien.duties.proofs import ProofRules, load_proofs
from khien.duties.reminding import load_reminding
from khien.duties.selectors import charges_of, intervals_of
from khien.duties.windows import Reach, anchor_in
from khien.kernel.canonical import Json, canonical_bytes
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.model import Library
from khien.norms.models import Binding
from khien.org.models import Unit, User

_BATCH = 1000
_COLUMNS = (
    "pk", "unit_id", "duty", "period", "state", "opens_on", "due_on", "due_at", "act_on", "remark",
    "kind", "subject_id", "proof", "proof_row_id", "proof_version", "proof_on", "proof_at",
)  # fmt: skip
_CHANGEABLE = (
    "period", "state", "opens_on", "due_on", "due_at", "act_on", "remark", "proof", "proof_row",
    "proof_version", "proof_finding", "proof_on", "proof_at", "reason", "closed_at", "settled_by",
)  # fmt: skip


@dataclass(slots=True)
class Scope:
    """What one refresh looks at."""

    units: list[Unit]
    library: Library
    now: datetime
    since: date | None = None
    rules: ProofRules = field(default_factory=load_proofs)

    @property
    def today(self) -> date:
        """Return the day it is in Viet Nam."""
        return vietnam_date(self.now)


def refresh(
    units: Iterable[Unit],
    *,
    now: datetime,
    library: Library | None = None,
    since: date | None = None,
) -> Refresh | None:
    """Bring the occurrences of units up to date: make, close by proof, open again, replace; all in bulk.

    Reading and deciding take seconds for a thousand units; only the writing is a transaction.
    Args:    since: occurrences are made whose last day is not before; by default a few months back
    Returns: what was changed, on record in the ledger; None where nothing was
    """
    scope = Scope(list(units), library or load_library(), now, since)
    if not scope.units:
        return None
    newest = Refresh.objects.order_by("-pk").first()
    compared = _compared(scope, newest)
    if compared.is_empty:
        return None
    return _store(scope, compared, seen=newest)


def _compared(scope: Scope, newest: Refresh | None) -> Compared:
    reminding = load_reminding()
    seen = max(scope.now, newest.as_of) if newest is not None else scope.now
    horizon = scope.today - timedelta(days=reminding.look_back_days)
    made_since = scope.since or _catch_up(scope, newest, reminding.catch_up_days)
    horizon = min(horizon, made_since)
    bound = _bound(scope)
    plans = dated_duties(scope.library, scope.rules)
    asked = [plan for one in {b.document for b in bound} for plan in plans.get(one, ())]
    existing = _existing(scope.units, horizon)
    deciding = Deciding(
        evidence=_evidence(scope.units, asked),
        working=working_days(),
        now=scope.now,
        seen=seen,
        since=horizon,
        until=scope.today + timedelta(days=reminding.look_ahead_days),
        intervals=intervals_of(scope.units),
        prior=_prior(existing),
    )
    wanted = {
        (one.unit.pk, plan.duty.id): (
            plan,
            one,
            list(deciding.wanted(one.unit.pk, plan, one.reach)),
        )
        for one, plan in asked_of(bound, plans, scope.library)
    }
    return compare(wanted, existing, made_since=made_since, until=deciding.until, today=scope.today)


def _catch_up(scope: Scope, newest: Refresh | None, days: int) -> date:
    """Return since when occurrences are made: a few months back, or since the last refresh if that is older."""
    since = scope.today - timedelta(days=days)
    return min(since, vietnam_date(newest.as_of)) if newest is not None else since


def _evidence(units: Sequence[Unit], plans: Sequence[DutyPlan]) -> Evidence:
    rules = {id(rule): rule for plan in plans for rule in plan.rules}
    registers = {
        name for plan in plans for name in (plan.schedule.register, plan.schedule.each) if name
    }
    return Evidence(units, rules.values(), registers=registers)


def _bound(scope: Scope) -> list[Bound]:
    by_id = {unit.pk: unit for unit in scope.units}
    found = []
    rows = Binding.objects.filter(unit__in=scope.units).order_by("unit_id", "document")
    for unit_id, name, begins, ends in rows.values_list(
        "unit_id", "document", "bound_from", "bound_to"
    ):
        unit, document = by_id[unit_id], scope.library.documents.get(name)
        if document is None:
            continue
        days = [day for day in (ends, document.in_force_to, unit.ended_on) if day is not None]
        reach = Reach(max(begins, document.in_force_from), min(days, default=None))
        found.append(Bound(unit, name, reach))
    # Last, so that such a duty counts from the text's first day also where the text was bound later.
    return [*found, *bound_by_kind(scope.library, scope.units)]


def _existing(units: Sequence[Unit], horizon: date) -> list[Had]:
    asked = Q(state=Occurrence.State.PENDING) | Q(due_on__gte=horizon) | Q(kind="once")
    done = (Occurrence.State.DONE, Occurrence.State.DONE_LATE)
    asked |= Q(kind__in=("rolling", "own")) & ~Q(state__in=done)
    rows = Occurrence.objects.filter(asked, unit__in=units, kind__in=DATED).order_by()
    return [Had(*row) for row in rows.values_list(*_COLUMNS).iterator(chunk_size=_BATCH * 10)]


def _prior(existing: Iterable[Had]) -> dict[tuple[int, str, int], list[date]]:
    """Return when the duties of single rows were done before: a row itself knows only the last time."""
    found: dict[tuple[int, str, int], list[date]] = {}
    for had in existing:
        if had.subject is not None and had.kind == "rolling":
            days = (had.proof_on, anchor_in(had.period))
            place = (had.unit, had.duty, had.subject)
            found.setdefault(place, []).extend(day for day in days if day is not None)
    return found


@transaction.atomic
def _store(scope: Scope, compared: Compared, *, seen: Refresh | None) -> Refresh | None:
    """Write what differs; decided anew where another refresh came first."""
    # Of two refreshes of a unit at once the second waits, and then sees what the first has stored.
    list(
        Unit.objects.select_for_update(no_key=True)
        .filter(pk__in=[unit.pk for unit in scope.units])
        .order_by("pk")
        .values_list("pk")
    )
    newest = Refresh.objects.order_by("-pk").first()
    if newest != seen:
        compared = _compared(scope, newest)
    changes = _still_true(compared.changes)
    if not compared.created and not changes:
        return None
    run = _run_of(scope, compared, changes, newest)
    _create(scope, compared.created, run)
    _change(changes, run, now=scope.now)
    run.ledger_index = _record(scope, compared, changes, run)
    run.save(update_fields=["ledger_index"])
    return run


def _run_of(
    scope: Scope, compared: Compared, changes: Sequence[Change], newest: Refresh | None
) -> Refresh:
    counted = Counter(change.what for change in changes)
    created_closed = sum(1 for one in compared.created if one.wanted.found is not None)
    return Refresh.objects.create(
        as_of=max(scope.now, newest.as_of) if newest is not None else scope.now,
        library_sha256=scope.library.digest,
        unit_count=len(scope.units),
        created_count=len(compared.created),
        closed_count=counted[CLOSED] + created_closed,
        reopened_count=counted[REOPENED],
        changed_count=counted[CHANGED],
        replaced_count=counted[REPLACED],
    )


def _still_true(changes: Sequence[Change]) -> list[Change]:
    """Return the changes whose occurrence nobody changed meanwhile, such as a leader who set it aside."""
    ids = [change.had.pk for change in changes]
    states: dict[int, str] = {}
    for start in range(0, len(ids), _BATCH):
        batch = Occurrence.objects.select_for_update(of=("self",)).filter(
            pk__in=ids[start : start + _BATCH]
        )
        states.update(batch.order_by("pk").values_list("pk", "state"))
    return [change for change in changes if states.get(change.had.pk) == change.had.state]


def _create(scope: Scope, created: Sequence[Created], run: Refresh) -> None:
    people = charges_of(scope.units, on=scope.today)
    rows = (_occurrence(one, run, people, now=scope.now) for one in created)
    while batch := list(islice(rows, _BATCH)):
        # One older than what is looked at anew stays as it is.
        Occurrence.objects.bulk_create(batch, ignore_conflicts=True)


def _occurrence(
    one: Created, run: Refresh, people: Mapping[tuple[int, str], User], *, now: datetime
) -> Occurrence:
    plan, window, found = one.plan, one.wanted.window, one.wanted.found
    duty = plan.duty
    return Occurrence(
        unit_id=one.unit,
        document=plan.document,
        clause=plan.clause.path,
        duty=duty.id,
        control=duty.control,
        kind=plan.schedule.kind,
        period=window.key,
        opens_on=window.opens_on,
        due_on=window.due_on,
        due_at=window.due_at,
        act_on=window.act_on,
        remark=window.remark,
        subject_id=window.subject,
        state=one.state,
        role=plan.role,
        person=people.get((one.unit, duty.id)) or people.get((one.unit, "")),
        made_by=run,
        settled_by=run if found is not None else None,
        closed_at=now if found is not None else None,
        **(proof_fields(found) if found is not None else {}),
    )


def _change(changes: Sequence[Change], run: Refresh, *, now: datetime) -> None:
    by_id = {change.had.pk: change for change in changes}
    ids = list(by_id)
    for start in range(0, len(ids), _BATCH):
        batch = list(Occurrence.objects.filter(pk__in=ids[start : start + _BATCH]))
        for row in batch:
            change = by_id[row.pk]
            for name, value in change.fields.items():
                setattr(row, name, value)
            if "state" in change.fields:
                is_open = row.state == Occurrence.State.PENDING
                row.settled_by = None if is_open else run
                row.closed_at = None if is_open else now
        Occurrence.objects.bulk_update(batch, _CHANGEABLE, batch_size=200)


def _record(scope: Scope, compared: Compared, changes: Sequence[Change], run: Refresh) -> int:
    told: list[Json] = [
        [one.unit, one.plan.duty.id, one.wanted.window.key, one.state] for one in compared.created
    ]
    told += [
        [change.had.unit, change.had.duty, change.had.period, str(change.fields.get("state", change.what))]
        for change in changes
    ]  # fmt: skip
    body: dict[str, Json] = {
        "library": run.library_sha256,
        "unit_count": run.unit_count,
        "created": run.created_count,
        "closed": run.closed_count,
        "reopened": run.reopened_count,
        "changed": run.changed_count,
        "replaced": run.replaced_count,
        "changes_sha256": hashlib.sha256(canonical_bytes(sorted(told, key=str))).hexdigest(),
    }
    return ledger.record(events.REFRESHED, subject=str(run.pk), body=body, at=run.as_of)
