"""Units, the documents that bind them, and their rulebooks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema

from khien.api.door import KNOW, READ, Call, rules_of
from khien.api.errors import NothingHere
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, page_by_key
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.model import Document
from khien.norms.rulebook import Resolved, Rule, Sourced
from khien.norms.selectors import documents_binding
from khien.norms.wording import cited
from khien.org.models import Unit

router = Router(tags=["units"])
On = Annotated[
    date | None,
    Query(
        None, description="Vào cuối ngày này; trống: hiện tại / at the end of this day; empty: now"
    ),
]


class MeOut(Schema):
    """Whom a token stands for, and what it may do."""

    user: str
    full_name: str
    home: str | None
    token: int
    token_name: str
    scopes: list[str]
    within: str | None
    expires_at: str


class UnitOut(Schema):
    """A unit as it stands today."""

    code: str
    name: Words
    kind: str
    place: str
    parent: str | None
    ended_on: date | None
    is_demonstration: bool


class UnitPage(Schema):
    """Units, and the cursor of the next page."""

    items: list[UnitOut]
    next: str | None


class DocumentOut(Schema):
    """A text of the library (tier: regulation, law or standard; mark: how sure, C is to be checked)."""

    id: str
    number: str | None
    tier: str
    mark: str
    title: Words
    issuer: Words
    in_force_from: date
    in_force_to: date | None
    clause_count: int
    duty_count: int


class SourcedOut(Schema):
    """A value and the clause that gives it."""

    value: Any
    clause: str
    cited: Words


class ParameterOut(Schema):
    """A parameter in force: its value, the clauses that win, and those that lose."""

    name: str
    title: Words
    unit: str | None
    value: Any
    winners: list[SourcedOut]
    losers: list[SourcedOut]


class RuleOut(Schema):
    """A control as it binds the unit."""

    control: str
    title: Words
    theme: str
    severity: str
    is_binding: bool
    clauses: list[str]
    parameters: list[ParameterOut]


class RulebookOut(Schema):
    """The rules that bind a unit on a day."""

    unit: str
    on: date
    documents: list[str]
    rules: list[RuleOut]


@operation(
    router,
    "GET /me",
    KNOW,
    "Mã truy cập này là của ai, được làm gì",
    gives=MeOut,
)
def me(request: Call) -> MeOut:
    """Whose token this is, and what it may do."""
    token = request.auth.bearer.token
    user = request.auth.user
    return MeOut(
        user=user.username,
        full_name=user.full_name,
        home=user.unit.code if user.unit else None,
        token=token.pk,
        token_name=token.name,
        scopes=token.scopes,
        within=token.unit.code if token.unit else None,
        expires_at=token.expires_at.isoformat(),
    )


@operation(
    router,
    "GET /units",
    KNOW,
    "Các đơn vị bạn thấy được",
    gives=UnitPage,
)
def list_units(request: Call, cursor: Cursor, limit: Limit) -> UnitPage:
    """The units you may see."""
    units = request.auth.units().select_related("parent")
    found, following = page_by_key(units, cursor=cursor, limit=limit)
    seen = _seen_parents(request, found)
    return UnitPage(items=[unit_out(unit, seen) for unit in found], next=following)


@operation(router, "GET /units/{code}", KNOW, "Một đơn vị", gives=UnitOut)
def show_unit(request: Call, code: str) -> UnitOut:
    """One unit."""
    unit = request.auth.unit(code)
    return unit_out(unit, _seen_parents(request, [unit]))


def _seen_parents(request: Call, units: list[Unit]) -> set[int]:
    """Return the ids of those units above that the caller may see too."""
    above = {unit.parent_id for unit in units if unit.parent_id}
    return set(request.auth.units().filter(pk__in=above).values_list("pk", flat=True))


def unit_out(unit: Unit, seen: set[int]) -> UnitOut:
    """Return a unit for a response; the unit above only if it is seen as well."""
    parent = unit.parent.code if unit.parent and unit.parent_id in seen else None
    return UnitOut(
        code=unit.code,
        name=Words(vi=unit.name_vi, en=unit.name_en),
        kind=unit.kind,
        place=unit.place,
        parent=parent,
        ended_on=unit.ended_on,
        is_demonstration=unit.is_demonstration,
    )


@operation(
    router,
    "GET /documents",
    KNOW,
    "Các văn bản trong thư viện",
    gives=list[DocumentOut],
)
def list_documents(request: Call) -> list[DocumentOut]:
    """The documents of the library."""
    return [_document_out(document) for document in load_library().documents.values()]


@operation(
    router,
    "GET /units/{code}/documents",
    KNOW,
    "Văn bản áp dụng cho đơn vị",
    gives=list[DocumentOut],
)
def list_bound_documents(request: Call, code: str, on: On) -> list[DocumentOut]:
    """The documents that bind a unit."""
    unit = request.auth.unit(code)
    bound = documents_binding([unit], on=on or vietnam_date(now_utc()))[unit.pk]
    documents = load_library().documents
    return [_document_out(documents[name]) for name in bound if name in documents]


def _document_out(document: Document) -> DocumentOut:
    return DocumentOut(
        id=document.id,
        number=document.number,
        tier=document.tier,
        mark=document.mark,
        title=words(document.title),
        issuer=words(document.issuer),
        in_force_from=document.in_force_from,
        in_force_to=document.in_force_to,
        clause_count=len(document.clauses),
        duty_count=sum(1 for _ in document.duties()),
    )


@operation(
    router,
    "GET /units/{code}/rulebook",
    READ,
    "Quy tắc áp dụng: giá trị thắng, giá trị thua, điều khoản",
    gives=RulebookOut,
)
def show_rulebook(request: Call, code: str, on: On) -> RulebookOut:
    """The rules that bind: winning and losing values with their clauses."""
    unit = request.auth.unit(code)
    rules = rules_of(unit, on=on)
    return RulebookOut(
        unit=unit.code,
        on=rules.on,
        documents=list(rules.documents),
        rules=[_rule_out(rule) for rule in rules.rules.values()],
    )


@operation(
    router,
    "GET /units/{code}/rulebook/{control}",
    READ,
    "Một quy tắc của đơn vị",
    gives=RuleOut,
)
def show_rule(request: Call, code: str, control: str, on: On) -> RuleOut:
    """One rule of a unit."""
    rule = rules_of(request.auth.unit(code), on=on).rules.get(control)
    if rule is None:
        raise NothingHere()
    return _rule_out(rule)


def _rule_out(rule: Rule) -> RuleOut:
    control = load_library().controls[rule.control]
    return RuleOut(
        control=control.id,
        title=words(control.title),
        theme=control.theme,
        severity=control.severity,
        is_binding=rule.binding,
        clauses=list(dict.fromkeys(clause.anchor for clause, _ in rule.sources)),
        parameters=[_parameter_out(name, one) for name, one in rule.parameters.items()],
    )


def _parameter_out(name: str, resolved: Resolved) -> ParameterOut:
    return ParameterOut(
        name=name,
        title=words(resolved.parameter.title),
        unit=resolved.parameter.unit,
        value=resolved.value,
        winners=[_sourced_out(source) for source in resolved.winners],
        losers=[_sourced_out(source) for source in resolved.losers],
    )


def _sourced_out(source: Sourced) -> SourcedOut:
    document = load_library().documents[source.document]
    return SourcedOut(
        value=source.value,
        clause=source.anchor,
        cited=words(cited(document, source.path)),
    )
