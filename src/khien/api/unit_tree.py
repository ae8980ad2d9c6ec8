"""Changes of the unit tree by decision, and the documents that bind a unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from khien.api.door import KNOW, Call
from khien.api.errors import FieldsInvalid, NothingHere
from khien.api.operations import operation
from khien.api.units import UnitOut, unit_out
from khien.api.units import router as units_router
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.decisions import Decision
from khien.org.kinds import UNIT_KINDS
from khien.org.models import Unit
from khien.org.roles import MANAGE
from khien.org.structure import (
    end_unit,
    found_unit,
    merge_units,
    move_unit,
    must_be_in_reach,
    rename_unit,
)

router = Router(tags=["units"])
Name = Annotated[str, Field(max_length=200)]
Place = Annotated[str, Field(max_length=100)]
Code = Annotated[str, Field(max_length=60)]


class DecisionIn(Schema):
    """The decision behind a change: number, day, who issued it."""

    number: Annotated[str, Field(max_length=100)] = ""
    signed_on: date | None = None
    authority: Annotated[str, Field(max_length=150)] = ""


class DatedIn(Schema):
    """From which day a change holds (today by default), and by which decision."""

    on: date | None = None
    decision: DecisionIn = DecisionIn()


class FoundIn(DatedIn):
    """A unit to found below."""

    code: Code
    name: Name
    name_en: Name = ""
    kind: str
    place: Place = ""


class RenameIn(DatedIn):
    """A new name; kind and place where the decision changes them too."""

    name: Name
    name_en: Name = ""
    kind: str | None = None
    place: Place | None = None


class MoveIn(DatedIn):
    """The new unit above."""

    parent: Code


class MergeIn(DatedIn):
    """The successors, the main one first, and other units that end as well."""

    into: Annotated[list[Code], Field(min_length=1, max_length=50)]
    also: Annotated[list[Code], Field(max_length=200)] = []  # noqa: RUF012  # copied for each request


class BindingIn(Schema):
    """A document of the library, and the day from which it binds (today by default)."""

    document: Code
    from_on: date | None = None


class BindingOut(Schema):
    """A document that binds a unit from a day on."""

    unit: str
    document: str
    from_on: date


@operation(router, "POST /units/{code}/below", MANAGE, "Lập đơn vị cấp dưới", gives={201: UnitOut})
def found_unit_below(request: Call, code: str, body: FoundIn) -> Status[UnitOut]:
    """Found a unit below this one."""
    parent = request.auth.unit(code)
    _must_be_a_kind(body.kind)
    made = found_unit(
        body.code,
        name_vi=body.name,
        name_en=body.name_en or body.name,
        kind=body.kind,
        place=body.place or parent.place,
        parent=parent,
        from_on=_day(body),
        decision=_decision(body),
        by=request.auth.name,
        now=now_utc(),
    )
    return Status(201, unit_out(made, {parent.pk}))


@operation(router, "POST /units/{code}/rename", MANAGE, "Đổi tên đơn vị", gives=UnitOut)
def rename_one_unit(request: Call, code: str, body: RenameIn) -> UnitOut:
    """Give a unit another name by decision."""
    unit = request.auth.unit(code)
    if body.kind is not None and body.kind != unit.kind:
        _must_be_a_kind(body.kind)
    rename_unit(
        unit,
        name_vi=body.name,
        name_en=body.name_en,
        kind=body.kind,
        place=body.place,
        on=_day(body),
        decision=_decision(body),
        by=request.auth.name,
        now=now_utc(),
    )
    return _shown(request, code)


@operation(router, "POST /units/{code}/move", MANAGE, "Chuyển về cấp trên khác", gives=UnitOut)
def move_one_unit(request: Call, code: str, body: MoveIn) -> UnitOut:
    """Put a unit, with all below it, under another."""
    unit, parent = request.auth.unit(code), request.auth.unit(body.parent)
    must_be_in_reach([unit], _managed(request))
    move_unit(
        unit,
        parent,
        on=_day(body),
        decision=_decision(body),
        by=request.auth.name,
        now=now_utc(),
    )
    return _shown(request, code)


@operation(
    router, "POST /units/{code}/merge", MANAGE, "Kết thúc đơn vị, có đơn vị kế thừa", gives=UnitOut
)
def merge_one_unit(request: Call, code: str, body: MergeIn) -> UnitOut:
    """End a unit, and others with it, and let others succeed them."""
    old = [request.auth.unit(one) for one in (code, *body.also)]
    heirs = [request.auth.unit(one) for one in body.into]
    must_be_in_reach(old, _managed(request))
    merge_units(
        old,
        heirs,
        on=_day(body),
        decision=_decision(body),
        by=request.auth.name,
        now=now_utc(),
    )
    return _shown(request, code)


@operation(
    router, "POST /units/{code}/end", MANAGE, "Kết thúc đơn vị, không ai kế thừa", gives=UnitOut
)
def end_one_unit(request: Call, code: str, body: DatedIn) -> UnitOut:
    """End a unit that nobody succeeds."""
    unit = request.auth.unit(code)
    must_be_in_reach([unit], _managed(request))
    end_unit(unit, on=_day(body), decision=_decision(body), by=request.auth.name, now=now_utc())
    return _shown(request, code)


# On the router of the units: one path belongs to one router, whatever the method.
@operation(
    units_router, "POST /units/{code}/documents", MANAGE, "Gắn văn bản cho đơn vị", gives=BindingOut
)
def bind_one_document(request: Call, code: str, body: BindingIn) -> BindingOut:
    """Record that a document binds a unit; once bound it stays as it is."""
    unit, now = request.auth.unit(code), now_utc()
    binding = bind_document(
        unit,
        body.document,
        library=load_library(),
        bound_from=body.from_on or vietnam_date(now),
        now=now,
        by=request.auth.name,
    )
    return BindingOut(unit=unit.code, document=binding.document, from_on=binding.bound_from)


def _managed(request: Call) -> Iterable[int]:
    return request.auth.units(MANAGE).filter(ended_on=None).values_list("pk", flat=True)


def _day(body: DatedIn) -> date:
    return body.on or vietnam_date(now_utc())


def _decision(body: DatedIn) -> Decision:
    said = body.decision
    return Decision(said.number, said.signed_on, said.authority)


def _must_be_a_kind(kind: str) -> None:
    if kind not in UNIT_KINDS:
        raise FieldsInvalid([("kind", " | ".join(UNIT_KINDS))])


def _shown(request: Call, code: str) -> UnitOut:
    """Return a unit as it stands after the change; who changed it may still know it."""
    known = request.auth.units(KNOW)
    unit: Unit | None = known.filter(code=code).select_related("parent").first()
    if unit is None:
        raise NothingHere()
    return unit_out(unit, set(known.values_list("pk", flat=True)))
