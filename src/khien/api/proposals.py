"""What machines show and a register does not hold: listed, taken in, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from khien.api.door import READ, Call
from khien.api.errors import FieldsInvalid
from khien.api.operations import operation
from khien.api.paging import Limit
from khien.api.register_schemas import (
    CountOut,
    RowOut,
    act_of,
    machine_names,
    references_of,
    rows_out,
)
from khien.facts.unit_readings import readings_for
from khien.kernel.clock import now_utc
from khien.org.models import Unit
from khien.org.roles import WRITE
from khien.registers.declarations import Register, register_by_code
from khien.registers.errors import InvalidRow
from khien.registers.filing import dismiss_proposal
from khien.registers.proposals import Proposal
from khien.registers.selectors import proposals_for
from khien.registers.services import add_rows
from khien.registers.values import RowDraft, read_row

router = Router(tags=["registers"])
PROPOSALS = "/units/{code}/registers/{register_code}/proposals"
Identities = Annotated[
    list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=200)
]


class ProposalOut(Schema):
    """A row that a machine suggests; `identity` names it when it is taken in or left out."""

    identity: str
    host_uid: str
    host_name: str
    name: str
    values: dict[str, Any]


class ProposalPage(Schema):
    """The first suggestions, and how many there are."""

    items: list[ProposalOut]
    count: int


class AcceptIn(Schema):
    """Suggestions to take in, and what is said for all of them where machines leave a field open."""

    identities: Identities
    values: dict[str, Any] = {}  # noqa: RUF012  # the framework copies it for each request


class DismissIn(Schema):
    """Suggestions to leave out, and why."""

    identities: Identities
    reason: Annotated[str, Field(max_length=300)] = ""


@operation(router, f"GET {PROPOSALS}", READ, "Điều máy thấy mà sổ chưa có", gives=ProposalPage)
def list_proposals(request: Call, code: str, register_code: str, limit: Limit) -> ProposalPage:
    """What machines show and the register does not hold."""
    unit, register = request.auth.unit(code), register_by_code(register_code)
    found = _proposed(unit, register)
    items = [
        ProposalOut(
            identity=one.identity,
            host_uid=one.host_id,
            host_name=one.host_name,
            name=one.name,
            values=dict(one.values),
        )
        for one in found[:limit]
    ]
    return ProposalPage(items=items, count=len(found))


@operation(
    router,
    f"POST {PROPOSALS}/accept",
    WRITE,
    "Ghi vào sổ điều máy thấy; tất cả hoặc không dòng nào",
    gives={201: list[RowOut]},
)
def accept_proposals(
    request: Call, code: str, register_code: str, body: AcceptIn
) -> Status[list[RowOut]]:
    """Take suggestions into the register; all of them or none."""
    unit, register = request.auth.unit(code), register_by_code(register_code)
    chosen = _chosen(unit, register, body.identities)
    references = references_of(request, unit)
    drafts = [read_row(register, {**body.values, **one.values}, references) for one in chosen]
    _must_be_good(drafts)
    rows = add_rows(drafts, unit=unit, act=act_of(request))
    return Status(201, rows_out(register, rows, machine_names([unit])))


@operation(
    router, f"POST {PROPOSALS}/dismiss", WRITE, "Không ghi điều máy thấy vào sổ", gives=CountOut
)
def dismiss_proposals(request: Call, code: str, register_code: str, body: DismissIn) -> CountOut:
    """Leave suggestions out of the register; they are not made again."""
    unit, register = request.auth.unit(code), register_by_code(register_code)
    chosen = _chosen(unit, register, body.identities)
    for one in chosen:
        dismiss_proposal(unit, register, one, act=act_of(request), reason=body.reason)
    return CountOut(count=len(chosen))


def _proposed(unit: Unit, register: Register) -> list[Proposal]:
    if not any(field.host_fact for field in register.fields.values()):
        return []
    return proposals_for(unit, register, readings_for(unit, register, as_of=now_utc()))


def _chosen(unit: Unit, register: Register, identities: Sequence[str]) -> list[Proposal]:
    """Return suggestions by identity.

    Raises: FieldsInvalid: one of them is not suggested, or no longer
    """
    found = {one.identity: one for one in _proposed(unit, register)}
    lacking = [one for one in identities if one not in found]
    if lacking:
        why = "không còn được đề nghị / not suggested, or no longer"
        raise FieldsInvalid([("identities", f"{one[:64]}: {why}") for one in lacking[:20]])
    return [found[one] for one in dict.fromkeys(identities)]


def _must_be_good(drafts: Sequence[RowDraft]) -> None:
    """Refuse all rows at once, each kind of problem said once."""
    problems = {(p.field, p.text): p for draft in drafts for p in draft.problems}
    if problems:
        raise InvalidRow(list(problems.values()))
