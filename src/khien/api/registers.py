"""Registers and their rows: list, read, add, change, take out, put back, history, confirmation."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from khien.api.door import KNOW, READ, Call
from khien.api.errors import BadCursor
from khien.api.operations import operation, words
from khien.api.paging import Cursor, Limit, cursor_of, cut, page_by_key, place_of
from khien.api.register_schemas import (
    BulkIn,
    ChangeOut,
    ConfirmationIn,
    ConfirmationOut,
    CountOut,
    FieldChangeOut,
    RegisterDetail,
    RegisterOut,
    RegisterState,
    RowIn,
    RowOut,
    RowPage,
    act_of,
    conditions_of,
    etag_of,
    field_out,
    machine_names,
    references_of,
    register_out,
    rows_out,
    seen_version,
    submission_of,
)
from khien.kernel.clock import parse_iso
from khien.org.models import Unit
from khien.org.roles import WRITE
from khien.registers.declarations import Register, load_registers, register_by_code
from khien.registers.errors import UnknownRow
from khien.registers.listing import Place, place_in, rows_after, rows_numbered
from khien.registers.models import Row
from khien.registers.selectors import (
    RowQuery,
    confirmations,
    confirmations_of,
    counts,
    history_of,
    row_at,
)
from khien.registers.services import (
    add_row,
    bulk_change,
    change_row,
    confirm_complete,
    restore_row,
    retire_row,
)
from khien.registers.values import read_row

router = Router(tags=["registers"])
ROWS = "/units/{code}/registers/{register_code}/rows"
Search = Annotated[
    str,
    Query("", max_length=200, description="Chữ cần tìm, không cần dấu / words, marks not needed"),
]
Where = Annotated[
    list[str],
    Query(
        [],
        description="trường:cách:giá trị / field:how:value (is has contains from to empty filled)",
    ),
]
Order = Annotated[
    Literal["name", "-name", "number", "-number", "changed", "-changed"],
    Query("number", description="Thứ tự / order"),
]
State = Annotated[
    Literal["active", "retired", "all"], Query("active", description="Dòng nào / which rows")
]
Below = Annotated[
    bool, Query(False, description="Cả các đơn vị cấp dưới bạn đọc được / units below as well")
]


@operation(
    router,
    "GET /registers",
    KNOW,
    "Các sổ mà văn bản yêu cầu",
    gives=list[RegisterOut],
)
def list_registers(request: Call) -> list[RegisterOut]:
    """The registers that texts ask for."""
    return [register_out(register) for register in load_registers().values()]


@operation(
    router,
    "GET /registers/{register_code}",
    KNOW,
    "Một sổ với các cột của nó",
    gives=RegisterDetail,
)
def show_register(request: Call, register_code: str) -> RegisterDetail:
    """One register with its columns."""
    found = register_by_code(register_code)
    columns = [field_out(field) for field in found.fields.values()]
    return RegisterDetail(**register_out(found).model_dump(), fields=columns)


@operation(
    router,
    "GET /units/{code}/registers",
    READ,
    "Đơn vị giữ mỗi sổ thế nào: số dòng, lần xác nhận gần nhất",
    gives=list[RegisterState],
)
def list_register_states(request: Call, code: str) -> list[RegisterState]:
    """How a unit keeps each register: rows, last confirmation."""
    unit = request.auth.unit(code)
    found, stated = counts([unit]), confirmations([unit])
    states = []
    for register in load_registers().values():
        count = found.get((unit.pk, register.code))
        said = stated.get((unit.pk, register.code))
        states.append(
            RegisterState(
                register_code=register.code,
                title=words(register.title),
                row_count=count.row_count if count else 0,
                changed_at=count.changed_at if count else None,
                confirmed_on=said.confirmed_on if said else None,
                confirmed_by=said.by if said else None,
            )
        )
    return states


@operation(
    router,
    f"GET {ROWS}",
    READ,
    "Các dòng của sổ: tìm, lọc, sắp xếp",
    gives=RowPage,
)
def list_rows(  # noqa: PLR0913  # each is a part of the request
    request: Call,
    code: str,
    register_code: str,
    q: Search,
    where: Where,
    order: Order,
    state: State,
    below: Below,
    cursor: Cursor,
    limit: Limit,
) -> RowPage:
    """Rows of a register: search, filter, order."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    units = _with_those_below(request, unit) if below else [unit]
    query = RowQuery(search=q, filters=conditions_of(found, where), order=order, state=state)
    rows = rows_after(units, found, query, place=_place(order, cursor), size=limit + 1)
    shown, following = cut(rows, limit, lambda row: cursor_of(order, *place_in(order, row)))
    return RowPage(items=rows_out(found, shown, machine_names(units)), next=following)


def _place(order: str, cursor: str | None) -> Place | None:
    place = place_of(cursor, str, int if order.endswith("number") else str, int)
    if place is None:
        return None
    if place[0] != order:
        raise BadCursor()
    if order.endswith("changed"):
        try:
            parse_iso(place[1])
        except ValueError as error:
            raise BadCursor() from error
    return place[1], place[2]


def _with_those_below(request: Call, unit: Unit) -> list[Unit]:
    """Return a unit and all below it that the caller may read."""
    below: dict[int | None, list[Unit]] = {}
    for one in request.auth.units():
        below.setdefault(one.parent_id, []).append(one)
    found = [unit]
    for above in found:
        found.extend(below.pop(above.pk, ()))
    return found


@operation(
    router,
    f"POST {ROWS}",
    WRITE,
    "Thêm một dòng; Idempotency-Key để gửi lại không thêm hai lần",
    gives={201: RowOut},
)
def add_one_row(
    request: Call, response: HttpResponse, code: str, register_code: str, body: RowIn
) -> Status[RowOut]:
    """Add a row; with Idempotency-Key sending it again adds nothing."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    draft = read_row(found, body.values, references_of(request, unit))
    submission = submission_of(request, unit.code, found.code)
    row = add_row(draft, unit=unit, act=act_of(request), submission=submission)
    response.headers["ETag"] = etag_of(row)
    return Status(201, _one(found, row))


@operation(
    router,
    f"GET {ROWS}/{{number}}",
    READ,
    "Một dòng, kèm ETag là phiên bản của nó",
    gives=RowOut,
)
def show_row(
    request: Call, response: HttpResponse, code: str, register_code: str, number: int
) -> RowOut:
    """One row; its ETag is its version."""
    found, row = _row(request, code, register_code, number)
    response.headers["ETag"] = etag_of(row)
    return _one(found, row)


@operation(
    router,
    f"PATCH {ROWS}/{{number}}",
    WRITE,
    "Sửa các trường đã gửi; If-Match bắt buộc; 412 kèm chỗ khác nhau",
    gives=RowOut,
)
def change_one_row(
    request: Call, response: HttpResponse, code: str, register_code: str, number: int, body: RowIn
) -> RowOut:
    """Change the fields that are sent; If-Match is needed; 412 tells the differences."""
    version = seen_version(request)
    found, row = _row(request, code, register_code, number)
    draft = read_row(found, body.values, references_of(request, row.unit), base=row.values)
    changed = change_row(row, draft, expected_version=version, act=act_of(request))
    response.headers["ETag"] = etag_of(changed)
    return _one(found, changed)


@operation(
    router,
    f"POST {ROWS}/{{number}}/retire",
    WRITE,
    "Đưa dòng ra khỏi sổ",
    gives=RowOut,
)
def retire_one_row(request: Call, code: str, register_code: str, number: int) -> RowOut:
    """Take a row out of its register."""
    found, row = _row(request, code, register_code, number)
    return _one(found, retire_row(row, act=act_of(request)))


@operation(
    router,
    f"POST {ROWS}/{{number}}/restore",
    WRITE,
    "Đưa dòng trở lại sổ",
    gives=RowOut,
)
def restore_one_row(request: Call, code: str, register_code: str, number: int) -> RowOut:
    """Put a row back."""
    found, row = _row(request, code, register_code, number)
    return _one(found, restore_row(row, act=act_of(request)))


@operation(
    router,
    f"GET {ROWS}/{{number}}/history",
    READ,
    "Mọi phiên bản của một dòng",
    gives=list[ChangeOut],
)
def list_row_history(request: Call, code: str, register_code: str, number: int) -> list[ChangeOut]:
    """Every version of a row."""
    _, row = _row(request, code, register_code, number)
    return [
        ChangeOut(
            version=change.version,
            what=change.what,
            by=change.by,
            at=change.at,
            ledger_index=change.ledger_index,
            fields=[
                FieldChangeOut(field=one.field, before=one.before, after=one.after)
                for one in change.fields
            ],
        )
        for change in history_of(row)
    ]


@operation(
    router,
    "POST /units/{code}/registers/{register_code}/bulk",
    WRITE,
    "Đặt cùng giá trị cho nhiều dòng; tất cả hoặc không dòng nào",
    gives=CountOut,
)
def change_many_rows(request: Call, code: str, register_code: str, body: BulkIn) -> CountOut:
    """Give several rows the same values; all of them or none."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    seen = {one.number: one.version for one in body.rows[:10_000]}
    rows = {row.number: row for row in rows_numbered(unit, found, list(seen))}
    for number, version in seen.items():
        if number not in rows:
            raise UnknownRow(register=found.title.vi, number=number)
        rows[number].version = version
    references = references_of(request, unit)
    listed = list(rows.values())
    count = bulk_change(listed, body.values, references=references, act=act_of(request))
    return CountOut(count=count)


@operation(
    router,
    "GET /units/{code}/registers/{register_code}/confirmations",
    READ,
    "Các lần xác nhận sổ đầy đủ",
    gives=list[ConfirmationOut],
)
def list_confirmations(
    request: Call,
    response: HttpResponse,
    code: str,
    register_code: str,
    cursor: Cursor,
    limit: Limit,
) -> list[ConfirmationOut]:
    """The times a register was said to be complete."""
    stated = confirmations_of(request.auth.unit(code), register_by_code(register_code))
    found, following = page_by_key(stated, cursor=cursor, limit=limit, newest_first=True)
    if following:
        response.headers["Khien-Next"] = following
    return [ConfirmationOut.from_orm(one) for one in found]


@operation(
    router,
    "POST /units/{code}/registers/{register_code}/confirmations",
    WRITE,
    "Xác nhận sổ đầy đủ đến một ngày",
    gives={201: ConfirmationOut},
)
def confirm_register(
    request: Call, code: str, register_code: str, body: ConfirmationIn
) -> Status[ConfirmationOut]:
    """State that a register is complete as of a day."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    stated = confirm_complete(
        unit, found, confirmed_on=body.confirmed_on, act=act_of(request), note=body.note
    )
    return Status(201, ConfirmationOut.from_orm(stated))


def _row(request: Call, code: str, register_code: str, number: int) -> tuple[Register, Row]:
    unit, found = request.auth.unit(code), register_by_code(register_code)
    if not 0 < number < 2**31:
        raise UnknownRow(register=found.title.vi, number=number)
    return found, row_at([unit], found, unit=unit.code, number=number)


def _one(register: Register, row: Row) -> RowOut:
    return rows_out(register, [row], machine_names([row.unit]))[0]
