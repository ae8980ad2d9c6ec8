"""What machines show and a register does not hold: proposals, and a form filled from one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from khien.facts.unit_readings import readings_for
from khien.kernel.clock import now_utc
from khien.registers.declarations import Field
from khien.registers.proposals import Proposal
from khien.registers.selectors import proposals_for
from khien.web.pages.register_form import typed
from khien.web.pages.register_list import said
from khien.web.pages.register_place import Place

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposal with what it would write, in words."""

    proposal: Proposal
    cells: list[str]


def proposals_at(place: Place) -> list[Proposal]:
    """Return what machines of the unit show and its register neither holds nor was told to leave out."""
    if not any(one.host_fact for one in place.register.fields.values()):
        return []
    readings = readings_for(place.unit, place.register, as_of=now_utc())
    return proposals_for(place.unit, place.register, readings)


def columns_seen(place: Place) -> list[Field]:
    """Return the fields that machines can fill, beside those that name the row."""
    named = place.register.name
    return [f for f in place.register.fields.values() if f.host_fact and f.code not in named]


def shown_proposals(place: Place, proposals: list[Proposal]) -> list[ProposalShown]:
    """Return proposals in words, at most two hundred."""
    columns = columns_seen(place)
    return [
        ProposalShown(found, [said(one, found.values.get(one.code), {}) for one in columns])
        for found in proposals[:SHOWN_MAX]
    ]


def fields_to_fill(place: Place, proposals: list[Proposal]) -> list[Field]:
    """Return the required fields that some machine leaves open: people say them for all rows at once."""
    return [
        one
        for one in place.register.fields.values()
        if one.is_required and any(one.code not in found.values for found in proposals)
    ]


def seen_by_machines(place: Place, identity: str) -> dict[str, object]:
    """Return a form's text from the proposal of an identity; an empty form where there is none such."""
    if not identity:
        return {}
    found = next((p for p in proposals_at(place) if p.identity == identity), None)
    return typed(place.register, found.values, place.hosts) if found else {}


def filled(place: Place, proposal: Proposal, shared: Mapping[str, object]) -> dict[str, object]:
    """Return a proposal as a person would type it; what people said for all fills what it leaves open."""
    own = typed(place.register, proposal.values, place.hosts)
    return {code: text for code, text in shared.items() if text and code not in own} | own
