"""The lists that steps of cases work through, decisions about their things, and the minutes of a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from khien.api.door import READ, Call
from khien.api.errors import NothingHere
from khien.api.operations import Words, operation, words
from khien.api.register_schemas import CountOut
from khien.api.workflows import CASE, acting, case_of
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.org.roles import WRITE
from khien.reports.docx_layout import MEDIA_TYPE
from khien.reports.minutes_services import minutes_file
from khien.workflows.declarations import Step
from khien.workflows.item_services import Choice, decide_items, refresh_list
from khien.workflows.models import WorkflowCase
from khien.workflows.reading import workflow_by_code
from khien.workflows.selectors import items_page

router = Router(tags=["workflows"])
LIST = f"{CASE}/{{number}}/lists/{{step}}"
_ID_MAX = 2**31 - 1


class DecisionOut(Schema):
    """A decision that may be taken about a thing of the list, and what its note should say."""

    code: str
    title: Words
    note: Words | None
    is_note_required: bool
    asks_day: bool


class ItemOut(Schema):
    """A thing of the list; an empty decision is none yet."""

    id: int
    version: int
    name: str
    row_number: int | None
    values: dict[str, Any]
    decision: str
    note: str
    on: date | None
    decided_by: str
    decided_at: datetime | None


class ItemPageOut(Schema):
    """A page of a list, with how many things stand at each decision ("" is undecided)."""

    items: list[ItemOut]
    decisions: list[DecisionOut]
    counts: dict[str, int]
    page: int
    page_count: int


class SeenIn(Schema):
    """A thing at the version that was seen."""

    id: Annotated[int, Field(ge=0, le=_ID_MAX)]
    version: Annotated[int, Field(ge=0, le=_ID_MAX)]


class DecideIn(Schema):
    """A decision about things of the list, with a note and a day where it asks for them."""

    decision: Annotated[str, Field(max_length=60)]
    items: Annotated[list[SeenIn], Field(min_length=1, max_length=10_000)]
    note: Annotated[str, Field(max_length=500)] = ""
    on: date | None = None


@operation(router, f"GET {LIST}", READ, "Danh sách của một bước", gives=ItemPageOut)
def list_case_items(  # each is a part of the request
    request: Call,
    code: str,
    number: int,
    step: str,
    only: Annotated[
        str | None,
        Query(None, max_length=60, description="Chỉ quyết định này; trống: chưa / this decision"),
    ],
    q: Annotated[str, Query("", max_length=100, description="Chữ cần tìm / words to find")],
    page: Annotated[int, Query(1, ge=1, le=100_000, description="Trang / page")],
) -> ItemPageOut:
    """The list that a step works through, a hundred things a page."""
    case = case_of(request.auth.unit(code), number)
    declared = _step(case, step)
    found = items_page(case, declared.code, only=only, search=q, number=page)
    decisions = declared.items.decisions.values() if declared.items else ()
    return ItemPageOut(
        items=[
            ItemOut(
                id=one.pk,
                version=one.version,
                name=one.name,
                row_number=one.row.number if one.row else None,
                values=one.values,
                decision=one.decision,
                note=one.note,
                on=one.on,
                decided_by=one.decided_by,
                decided_at=one.decided_at,
            )
            for one in found.items
        ],
        decisions=[
            DecisionOut(
                code=one.code,
                title=words(one.title),
                note=words(one.note) if one.note else None,
                is_note_required=one.is_note_required,
                asks_day=one.asks_day,
            )
            for one in decisions
        ],
        counts=dict(found.counts),
        page=found.number,
        page_count=found.page_count,
    )


@operation(
    router,
    f"POST {LIST}/decide",
    WRITE,
    "Quyết định các mục của danh sách, theo phiên bản đã thấy",
    gives=CountOut,
)
def decide_case_items(request: Call, code: str, number: int, step: str, body: DecideIn) -> CountOut:
    """Take one decision about things of a list, at the versions that were seen."""
    unit = request.auth.unit(code)
    case = case_of(unit, number)
    seen = {one.id: one.version for one in body.items}
    choice = Choice(body.decision, seen, body.note, body.on)
    return CountOut(count=decide_items(case, _step(case, step).code, choice, acting(request, unit)))


@operation(
    router,
    f"POST {LIST}/refresh",
    WRITE,
    "Thêm vào danh sách điều mới phát sinh",
    gives=CountOut,
)
def refresh_case_items(request: Call, code: str, number: int, step: str) -> CountOut:
    """Add to a list what came up since it was made."""
    unit = request.auth.unit(code)
    case = case_of(unit, number)
    return CountOut(count=refresh_list(case, _step(case, step).code, acting(request, unit)))


@operation(
    router,
    f"POST {CASE}/{{number}}/minutes",
    READ,
    "Tải biên bản của hồ sơ; việc lập được ghi vào sổ cái",
    file=MEDIA_TYPE,
)
def make_minutes(request: Call, code: str, number: int) -> HttpResponse:
    """The minutes of a case as a Word file; that they were made goes on record once."""
    case, now = case_of(request.auth.unit(code), number), now_utc()
    made = minutes_file(case, now=now, actor=request.auth.name)
    publish(now)
    response = HttpResponse(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    response.headers["Khien-Ledger-Index"] = str(made.ledger_index)
    return response


def _step(case: WorkflowCase, code: str) -> Step:
    """Return a step of a case.

    Raises: NothingHere: its process has none such
    """
    step = workflow_by_code(case.workflow).steps.get(code)
    if step is None:
        raise NothingHere()
    return step
