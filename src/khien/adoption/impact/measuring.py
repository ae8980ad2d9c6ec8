"""The impact of a text that is not in force yet: grouped by the texts units have, asked set by set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from khien.adoption.force.drafting import Draft
from khien.adoption.impact.duties import changed_duties
from khien.adoption.impact.findings import findings_that_turn
from khien.adoption.impact.model import Group, Impact, ReportChange
from khien.duties.holidays import working_days
from khien.duties.proofs import load_proofs, with_own_duties
from khien.kernel.clock import vietnam_date
from khien.norms.difference import compare_rulebooks
from khien.norms.model import Library
from khien.norms.rulebook import Rulebook, build_rulebook
from khien.norms.selectors import bound_days
from khien.org.models import Unit
from khien.reports.definition_reading import load_definitions
from khien.reports.reports_below import applies

_Days = dict[str, date]
_Key = tuple[tuple[str, ...], tuple[str, ...], str]


def impact_of(
    draft: Draft, *, now: datetime, ended: Mapping[str, Iterable[str]] | None = None
) -> Impact:
    """Return what a text changes on its day for the units in its scope; nothing is stored.

    Compared is the day itself, without the text and with it, so that only this text's work is shown.
    Args: ended: where the text is approved already: texts it ends, each with the codes of its units
    """
    on, today = draft.document.in_force_from, vietnam_date(now)
    bound = _without(draft, on, ended or {})
    by_pk = {unit.pk: unit for unit in draft.units}
    grouped: dict[_Key, list[Unit]] = {}
    for pk, days in bound.items():
        unit = by_pk[pk]
        grouped.setdefault((tuple(sorted(days)), _after(days, draft), unit.kind), []).append(unit)
    books = _Books(draft.library, on)
    groups = [_group(key, units, draft, books) for key, units in grouped.items()]
    groups.sort(key=lambda group: -len(group.units))
    before: dict[int, Rulebook] = {}
    after: dict[int, Rulebook] = {}
    for pk, days in bound.items():
        old, new = tuple(sorted(days)), _after(days, draft)
        before[pk] = books.of(old, days)
        after[pk] = books.of(new, {**days, draft.code: min(on, today)})
    controls = dict.fromkeys(c.control for g in groups for c in g.changes)
    turns, left = findings_that_turn(draft.units, before, after, controls, now=now)
    document = draft.document
    return Impact(draft.code, document.title, document.number or "", on, tuple(groups), turns, left)


def _without(draft: Draft, on: date, ended: Mapping[str, Iterable[str]]) -> dict[int, _Days]:
    """Return the texts that bind each unit on the day if this text were not there."""
    bound = bound_days(draft.units, on=on)
    codes = {unit.code: unit.pk for unit in draft.units}
    for days in bound.values():
        days.pop(draft.code, None)
    for document, units in ended.items():
        for code in units:
            if code in codes and document in draft.library.documents:
                begin = draft.library.documents[document].in_force_from
                bound[codes[code]].setdefault(document, begin)
    known = draft.library.documents
    return {pk: {n: d for n, d in days.items() if n in known} for pk, days in bound.items()}


def _after(days: Iterable[str], draft: Draft) -> tuple[str, ...]:
    return tuple(sorted({*days, draft.code} - set(draft.replaces)))


class _Books:
    """Rulebooks of the day by the texts they are made of, each built once; and as units have them."""

    def __init__(self, library: Library, on: date) -> None:
        self._library, self._on = library, on
        self.proofs = with_own_duties(load_proofs(), library)
        self._built: dict[tuple[str, ...], Rulebook] = {}
        self._placed: dict[tuple[tuple[str, date], ...], Rulebook] = {}

    def built(self, names: tuple[str, ...]) -> Rulebook:
        """Return the rulebook of texts."""
        if names not in self._built:
            self._built[names] = build_rulebook(self._library, names, on=self._on)
        return self._built[names]

    def of(self, names: tuple[str, ...], days: Mapping[str, date]) -> Rulebook:
        """Return the rulebook of texts that bind since some days; units with the same days share one."""
        key = tuple((name, days[name]) for name in names)
        if key not in self._placed:
            book = self.built(names)
            since = {
                name: (max(begin, days[name]) if name in days else begin, end)
                for name, (begin, end) in book.in_force.items()
            }
            self._placed[key] = replace(book, in_force=since)
        return self._placed[key]


def _group(key: _Key, units: Sequence[Unit], draft: Draft, books: _Books) -> Group:
    old, new, kind = key
    changes = compare_rulebooks(draft.library, books.built(old), books.built(new))
    appear, vanish = changed_duties(
        draft.library,
        books.proofs,
        old,
        new,
        on=draft.document.in_force_from,
        working=working_days(),
    )
    reports_new, reports_gone = _reports(old, new, kind, draft.document.in_force_from)
    return Group(
        units=tuple((unit.pk, unit.code, unit.name_vi) for unit in units),
        before=old,
        after=new,
        changes=tuple(change for change in changes if change.kind != "same"),
        duties_new=appear,
        duties_gone=vanish,
        reports_new=reports_new,
        reports_gone=reports_gone,
    )


def _reports(
    old: tuple[str, ...], new: tuple[str, ...], kind: str, on: date
) -> tuple[tuple[ReportChange, ...], tuple[ReportChange, ...]]:
    appear: list[ReportChange] = []
    vanish: list[ReportChange] = []
    for one in load_definitions().values():
        was, will = applies(one, old, kind, on), applies(one, new, kind, on)
        if was != will:
            (appear if will else vanish).append(ReportChange(one.code, one.title))
    return tuple(appear), tuple(vanish)
