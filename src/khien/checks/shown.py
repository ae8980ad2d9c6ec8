"""Findings ready to be shown, fetched when a page asks for them and not before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from khien.checks.models import Finding, Standing
from khien.checks.sentences import sentence_of
from khien.facts.models import Host
from khien.kernel.language import Text
from khien.norms.model import Control, Library, Verdict
from khien.norms.rulebook import Rule, Rulebook
from khien.org.models import Unit

WORST_FIRST: tuple[Verdict, ...] = ("fail", "unknown", "pass", "not_applicable")
# So many controls are fetched one by one; who asks for more gets all that are left at once.
_SINGLE_MAX = 8
_NAMED_HOSTS_MAX = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding ready to be shown: whose it is, and its sentence in both languages."""

    finding: Finding
    host: Host | None
    sentence: Text

    @property
    def verdict(self) -> str:
        """Return the verdict's code."""
        return self.finding.verdict


class ShownFindings:
    """The findings of one unit at one moment, by control; each is read from the database once at most."""

    def __init__(
        self, unit: Unit, rulebook: Rulebook, *, library: Library, at: datetime | None
    ) -> None:
        self._unit = unit
        self._rulebook = rulebook
        self._library = library
        self._at = at
        self._all: dict[str, tuple[Shown, ...]] = {}
        self._first: dict[str, Shown | None] = {}

    def of(self, control: str) -> tuple[Shown, ...]:
        """Return all findings of a control, worst verdict first, then by subject."""
        if control not in self._all:
            rest = [c for c in self._rulebook.rules if c not in self._all]
            asked = rest if len(self._all) >= _SINGLE_MAX else [control]
            self._all.update(dict.fromkeys(asked, ()))
            self._all.update(self._by_control(self._ordered(asked)))
        return self._all[control]

    def first_of(self, control: str) -> Shown | None:
        """Return the finding of a control that weighs most."""
        if control in self._all:
            return next(iter(self._all[control]), None)
        if control not in self._first:
            rest = [c for c in self._rulebook.rules if c not in self._first]
            self.prepare(rest if len(self._first) >= _SINGLE_MAX else [control])
        return self._first[control]

    def some_of(self, control: str, limit: int, *, subject: str = "") -> tuple[Shown, ...]:
        """Return at most so many findings of a control, worst first; that of a subject, if asked, before them."""
        rows = list(self._ordered([control])[:limit])
        named = self._ordered([control]).filter(subject=subject).first() if subject else None
        if named is not None:
            rows = [named, *(row for row in rows if row.pk != named.pk)]
        return self._by_control(rows).get(control, ())

    def prepare(self, controls: Collection[str]) -> None:
        """Fetch at once the finding that weighs most of each of several controls."""
        self._first.update(dict.fromkeys(controls))
        rows = self._ordered(controls)
        if self._at is None and (ids := self._first_ids(controls)):
            rows = rows.filter(pk__in=ids)
        else:
            place = Window(
                RowNumber(),
                partition_by=[F("control")],
                order_by=[F("rank").asc(), F("subject").asc()],
            )
            rows = rows.order_by().annotate(place=place).filter(place=1)
        for control, shown in self._by_control(rows).items():
            self._first[control] = shown[0]

    def _first_ids(self, controls: Collection[str]) -> list[int]:
        """Return the key of the weightiest finding of each control: each is one look into the index."""
        weightiest = Finding.objects.filter(
            unit=OuterRef("unit"), control=OuterRef("control"), verdict=OuterRef("verdict")
        )
        ordered = weightiest.filter(to_at=None).order_by("subject_kind", "subject")
        standing = Standing.objects.filter(unit=self._unit, control__in=controls).order_by()
        found = standing.annotate(first=Subquery(ordered.values("pk")[:1]))
        return [pk for pk in found.values_list("first", flat=True) if pk is not None]

    def _ordered(self, controls: Collection[str]) -> QuerySet[Finding]:
        rows = standing_at([self._unit], at=self._at).select_related("opened_by")
        weight = Case(
            *(When(verdict=verdict, then=Value(i)) for i, verdict in enumerate(WORST_FIRST)),
            output_field=IntegerField(),
        )
        chosen = (
            rows
            if len(controls) == len(self._rulebook.rules)
            else rows.filter(control__in=controls)
        )
        return chosen.annotate(rank=weight).order_by("rank", "subject")

    def _by_control(self, findings: Iterable[Finding]) -> dict[str, tuple[Shown, ...]]:
        listed = list(findings)
        hosts = hosts_by_uid({f.subject for f in listed if f.subject_kind == "host"})
        found: dict[str, list[Shown]] = {}
        for finding in listed:
            control = self._library.controls.get(finding.control)
            if control is not None:  # one that the library no longer has is not shown
                rule, host = self._rulebook.rules.get(finding.control), hosts.get(finding.subject)
                shown = shown_finding(finding, host, control, rule, library=self._library)
                found.setdefault(finding.control, []).append(shown)
        return {control: tuple(shown) for control, shown in found.items()}


def standing_at(units: Iterable[Unit], *, at: datetime | None) -> QuerySet[Finding]:
    """Return the findings of units that stand now, or stood at a past moment."""
    rows = Finding.objects.filter(unit__in=units)
    if at is None:
        return rows.filter(to_at=None)
    return rows.filter(Q(to_at=None) | Q(to_at__gt=at), from_at__lte=at)


def hosts_by_uid(uids: Collection[str]) -> Mapping[str, Host]:
    """Return machines by their ids, in one statement for every few hundred."""
    asked = sorted(uids)
    found: dict[str, Host] = {}
    for start in range(0, len(asked), _NAMED_HOSTS_MAX):
        rows = Host.objects.filter(host_uid__in=asked[start : start + _NAMED_HOSTS_MAX])
        found.update((host.host_uid, host) for host in rows)
    return found


def shown_finding(
    finding: Finding, host: Host | None, control: Control, rule: Rule | None, *, library: Library
) -> Shown:
    """Return one finding with its sentence."""
    detail = {"host_name": host.name if host else finding.subject, **finding.detail}
    sentence = sentence_of(control, finding.reason, detail, rule=rule, library=library)
    return Shown(finding, host, sentence)
