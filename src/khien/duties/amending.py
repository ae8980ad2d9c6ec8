"""Which dated duties texts ask of units, where one text stands in the place of clauses of another; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from khien.duties.comparing import Bound
from khien.duties.plan import DutyPlan
from khien.duties.windows import Reach
from khien.norms.model import Amendment, Library


def asked_of(
    bound: Sequence[Bound], plans: Mapping[str, Sequence[DutyPlan]], library: Library
) -> Iterator[tuple[Bound, DutyPlan]]:
    """Yield every dated duty of every unit, with the time for which its clause stands there."""
    acting = _acting(bound, library)
    for one in bound:
        changes = acting.get(one.unit.pk, ())
        for plan in plans.get(one.document, ()):
            if one.has(plan.duty.id):
                yield _amended(one, plan, changes), plan


def _acting(bound: Iterable[Bound], library: Library) -> dict[int, list[tuple[Amendment, Reach]]]:
    found: dict[int, list[tuple[Amendment, Reach]]] = {}
    for one in bound:
        document = library.documents.get(one.document)
        for amendment in document.amends if document is not None else ():
            found.setdefault(one.unit.pk, []).append((amendment, one.reach))
    return found


def _amended(bound: Bound, plan: DutyPlan, changes: Sequence[tuple[Amendment, Reach]]) -> Bound:
    reach = bound.reach
    for amendment, other in changes:
        if amendment.touches(plan.document, plan.clause.path):
            reach = reach.without(other)
    return bound if reach is bound.reach else replace(bound, reach=reach, is_amended=True)
