"""What follows by itself from texts in force: units judged anew on the day, units founded later bound as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from khien.adoption.force.errors import ForceRefused
from khien.adoption.force.scope import SUBTREE, scope_from, units_in
from khien.adoption.models import Publication
from khien.checks.models import Assessment
from khien.checks.services import assess
from khien.kernel.calendar import day_begins
from khien.kernel.clock import vietnam_date
from khien.norms.library import load_library
from khien.norms.models import Binding
from khien.norms.services import bind_units
from khien.org.models import Unit

_BY = "khien"
# A text that took effect longer ago was followed by an assessment, or nobody judges the unit.
_LOOK_BACK = timedelta(days=14)


def follow_texts(now: datetime) -> int:
    """Bind units that came into the scope of a text, and judge anew where the law changed since; a job does.

    Returns: how many units were touched
    """
    bound = sum(_bind_newcomers(one, now) for one in _standing_subtrees(vietnam_date(now)))
    changed = units_with_new_law(now)
    if changed:
        assess(changed, library=load_library(), now=now)
    return bound + len(changed)


def units_with_new_law(now: datetime) -> list[Unit]:
    """Return the living units, judged before, for which a text began or ended since they were last judged."""
    today = vietnam_date(now)
    days = _days_of_change(today)
    judged = dict(
        Assessment.objects.filter(units__in=list(days))
        .values_list("units")
        .annotate(at=Max("as_of"))
    )
    late = [pk for pk, day in days.items() if pk in judged and judged[pk] < day_begins(day)]
    return list(Unit.objects.filter(pk__in=late, ended_on=None).order_by("code"))


def _days_of_change(today: date) -> dict[int, date]:
    """Return by unit the newest day, of the last ones, on which a text began or ended to bind it."""
    since = today - _LOOK_BACK
    begun = Q(bound_from__gt=since, bound_from__lte=today)
    ended = Q(bound_to__gt=since, bound_to__lte=today)
    found: dict[int, date] = {}
    rows = Binding.objects.filter(begun | ended).values_list("unit_id", "bound_from", "bound_to")
    for unit, begins, ends in rows:
        days = [day for day in (begins, ends) if day is not None and since < day <= today]
        found[unit] = max([*days, found.get(unit, date.min)])
    return found


def _standing_subtrees(today: date) -> Iterable[Publication]:
    standing = Publication.objects.filter(withdrawn_at=None).select_related("unit")
    documents = load_library().documents
    for one in standing:
        text = documents.get(one.code)
        is_over = text is None or (text.in_force_to is not None and text.in_force_to <= today)
        if one.scope.get("how") == SUBTREE and not is_over:
            yield one


@transaction.atomic
def _bind_newcomers(publication: Publication, now: datetime) -> int:
    """Bind the units below that were founded, or came there, since the text was approved."""
    try:
        units = units_in(scope_from(publication.scope, publication.unit), publication.unit)
    except ForceRefused:
        return 0  # the unit itself ended; whom the text binds stays as it is
    held = Binding.objects.filter(document=publication.code)
    known = set(held.values_list("unit_id", flat=True))
    fresh = [unit for unit in units if unit.pk not in known]
    if fresh:
        begin = max(publication.in_force_from, vietnam_date(now))
        bind_units(fresh, publication.code, bound_from=begin, now=now, by=_BY)
        codes = [*publication.scope.get("bound", []), *(unit.code for unit in fresh)]
        publication.scope = publication.scope | {"bound": codes}
        publication.save(update_fields=["scope"])
    return len(fresh)
