"""Machines, the facts read from them, and the intake of collectors' bundles."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http.request import UnreadablePostError
from ninja import Query, Router, Schema
from ninja.responses import Status

from khien.api.door import READ, Call
from khien.api.errors import BodyUnreadable, MachineElsewhere, NothingHere
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, page_by_key
from khien.api.parsing import DEPTH_MAX, read_json
from khien.facts.errors import BundleError
from khien.facts.models import Host
from khien.facts.selectors import Reading, hosts_of, readings_of
from khien.facts.services import set_host_kind, take_in
from khien.facts.tables import fact_tables
from khien.kernel.clock import now_utc
from khien.org.models import Unit
from khien.org.roles import WRITE
from khien.org.selectors import all_units

router = Router(tags=["machines"])
BUNDLE_MAX = 50 * 2**20  # as the command `khien intake` takes
Kind = Literal["workstation", "server", "network_device", "isolated"]


class MachineOut(Schema):
    """A machine that facts came from."""

    host_uid: str
    name: str
    kind: Kind
    os_family: str
    first_seen_at: datetime
    last_seen_at: datetime


class MachinePage(Schema):
    """Machines, and the cursor of the next page."""

    items: list[MachineOut]
    next: str | None


class TableOut(Schema):
    """How a fact table of a machine was read."""

    table: str
    title: Words
    status: str
    error: str | None
    collected_at: datetime | None
    row_count: int


class TableRows(TableOut):
    """A fact table of a machine with its rows; null means "not read"."""

    columns: list[str]
    rows: list[dict[str, Any]]


class KindIn(Schema):
    """What a machine is used as."""

    kind: Kind


class IntakeOut(Schema):
    """A bundle that was taken in; the same bundle twice is one intake."""

    host_uid: str
    name: str
    sha256: str
    collected_at: datetime
    received_at: datetime
    table_count: int
    ledger_index: int | None


@operation(
    router,
    "GET /units/{code}/machines",
    READ,
    "Các máy của đơn vị",
    gives=MachinePage,
)
def list_machines(request: Call, code: str, cursor: Cursor, limit: Limit) -> MachinePage:
    """The machines of a unit."""
    hosts = hosts_of([request.auth.unit(code)])
    found, following = page_by_key(hosts, cursor=cursor, limit=limit)
    return MachinePage(items=[MachineOut.from_orm(host) for host in found], next=following)


@operation(
    router,
    "GET /units/{code}/machines/{host_uid}",
    READ,
    "Một máy",
    gives=MachineOut,
)
def show_machine(request: Call, code: str, host_uid: str) -> MachineOut:
    """One machine."""
    return MachineOut.from_orm(_machine(request.auth.unit(code), host_uid))


@operation(
    router,
    "PUT /units/{code}/machines/{host_uid}/kind",
    WRITE,
    "Ghi máy dùng làm gì",
    gives=MachineOut,
)
def set_machine_kind(request: Call, code: str, host_uid: str, body: KindIn) -> MachineOut:
    """Say what a machine is used as."""
    host = _machine(request.auth.unit(code), host_uid)
    set_host_kind(host, body.kind, now=now_utc(), actor=request.auth.name)
    return MachineOut.from_orm(host)


@operation(
    router,
    "GET /units/{code}/machines/{host_uid}/tables",
    READ,
    "Các bảng số liệu của một máy",
    gives=list[TableOut],
)
def list_tables(request: Call, code: str, host_uid: str) -> list[TableOut]:
    """The fact tables of a machine."""
    host = _machine(request.auth.unit(code), host_uid)
    return [TableOut(**_read(one)) for one in readings_of(host, as_of=now_utc())]


@operation(
    router,
    "GET /units/{code}/machines/{host_uid}/tables/{table}",
    READ,
    "Một bảng số liệu với các dòng",
    gives=TableRows,
)
def show_table(request: Call, code: str, host_uid: str, table: str) -> TableRows:
    """One fact table with its rows."""
    host = _machine(request.auth.unit(code), host_uid)
    if table not in fact_tables():
        raise NothingHere()
    reading = readings_of(host, as_of=now_utc(), tables=[table])[0]
    rows = [dict(zip(reading.columns, row, strict=True)) for row in reading.rows]
    return TableRows(**_read(reading), columns=list(reading.columns), rows=rows)


def _read(reading: Reading) -> dict[str, Any]:
    return {
        "table": reading.table.name,
        "title": words(reading.table.title),
        "status": reading.status,
        "error": reading.error,
        "collected_at": reading.collected_at,
        "row_count": len(reading.rows),
    }


@operation(
    router,
    "POST /units/{code}/intakes",
    WRITE,
    "Nạp tệp của bộ thu thập (khien-bundle/1), tối đa 50 MiB",
    gives={201: IntakeOut},
    door={"body_max": BUNDLE_MAX},
)
def make_intake(
    request: Call,
    code: str,
    kind: Annotated[
        Kind | None, Query(None, description="Máy mới dùng làm gì / what a new machine is used as")
    ],
) -> Status[IntakeOut]:
    """Take in a collector's bundle (khien-bundle/1), at most 50 MiB."""
    unit = request.auth.unit(code)
    bundle = _bundle(request)
    _must_be_own(unit, bundle)
    intake = take_in(
        bundle, unit=unit, now=now_utc(), actor=request.auth.name, channel="api", kind=kind
    )
    out = IntakeOut(
        host_uid=intake.host.host_uid,
        name=intake.host.name,
        sha256=intake.sha256,
        collected_at=intake.collected_at,
        received_at=intake.received_at,
        table_count=intake.table_count,
        ledger_index=intake.ledger_index,
    )
    return Status(201, out)


def _bundle(request: Call) -> dict[str, Any]:
    """Return the JSON object of a body whose size the door has checked.

    Raises: BodyUnreadable: no JSON; BundleError: JSON, but no object
    """
    try:
        value = read_json(request.read())
    except (ValueError, RecursionError, UnreadablePostError) as error:
        raise BodyUnreadable(depth=DEPTH_MAX) from error
    if not isinstance(value, dict):
        raise BundleError(where="JSON", why="{…}")
    return value


def _must_be_own(unit: Unit, bundle: dict[str, Any]) -> None:
    """Refuse facts about a machine that another unit has: a bundle says itself which machine it is of."""
    about = bundle.get("host")
    uid = about.get("host_uid") if isinstance(about, dict) else None
    known = hosts_of(all_units()).filter(host_uid=str(uid)[:64]).first()
    if known is not None and known.unit_id != unit.pk:
        raise MachineElsewhere(unit=unit.name_vi)


def _machine(unit: Unit, host_uid: str) -> Host:
    host = hosts_of([unit]).filter(host_uid=host_uid).first()
    if host is None:
        raise NothingHere()
    return host
