"""Machines of units as a list: found by words, kind, verdict and age, each with its findings counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khien.checks.models import Finding
from khien.facts.models import Host
from khien.facts.selectors import hosts_of
from khien.norms.model import VERDICTS
from khien.org.models import Unit

# Facts older than this count no more for most controls.
SILENT_DAYS = 7
# Of more machines than this the worst are found by the filter, not by the order.
SORTED_MAX = 1000


@dataclass(frozen=True, slots=True)
class MachineQuery:
    """Which machines a list shows: words in the name, kind, a verdict that occurs, silent ones only."""

    words: str = ""
    kind: str = ""
    verdict: str = ""
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class MachinePage:
    """One page of a list of machines, each with its open findings by verdict."""

    rows: Sequence[tuple[Host, dict[str, int]]]
    number: int
    page_count: int
    count: int


def machines_found(units: Iterable[Unit], query: MachineQuery, *, now: datetime) -> QuerySet[Host]:
    """Return the machines that a query shows, by name."""
    all_units = list(units)
    found = hosts_of(all_units)
    for word in query.words.split()[:10]:
        found = found.filter(name__icontains=word)
    if query.kind:
        found = found.filter(kind=query.kind)
    if query.is_silent:
        found = found.filter(last_seen_at__lt=now - timedelta(days=SILENT_DAYS))
    if query.verdict:
        standing = Finding.objects.filter(unit__in=all_units, to_at=None, verdict=query.verdict)
        found = found.filter(host_uid__in=standing.filter(subject_kind="host").values("subject"))
    return found


def page_of_machines(found: QuerySet[Host], number: int, *, size: int = 50) -> MachinePage:
    """Return one page, the nearest there is, those with most failures first; three queries."""
    count = found.order_by().count()
    page_count = max(1, -(-count // size))
    number = min(max(1, number), page_count)
    if count <= SORTED_MAX:
        found = found.annotate(fails=_fail_count()).order_by("-fails", "name", "host_uid")
    hosts = list(found[(number - 1) * size : number * size])
    counts = counts_of(hosts)
    return MachinePage([(h, counts[h.host_uid]) for h in hosts], number, page_count, count)


def _fail_count() -> Coalesce:
    open_ones = Finding.objects.filter(subject=OuterRef("host_uid"), to_at=None, verdict="fail")
    counted = open_ones.order_by().values("subject").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def counts_of(hosts: Sequence[Host]) -> dict[str, dict[str, int]]:
    """Return the open findings of machines, counted by verdict."""
    found = {host.host_uid: dict.fromkeys(map(str, VERDICTS), 0) for host in hosts}
    rows = Finding.objects.filter(subject__in=list(found), to_at=None, subject_kind="host")
    for subject, verdict, n in (
        rows.order_by().values_list("subject", "verdict").annotate(n=Count("pk"))
    ):
        found[subject][verdict] = n
    return found
