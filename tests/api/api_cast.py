"""The cast of the API: An of the ward with tokens of several kinds, Dung of a stranger unit; one machine, one row."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import normalise_samples as samples
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from khien.access.token_services import make_token
from khien.api.api import api
from khien.checks.services import assess
from khien.duties.models import Occurrence
from khien.duties.refreshing import refresh
from khien.exchange.models import Webhook
from khien.exchange.webhooks import make_webhook
from khien.facts.models import Host
from khien.facts.services import take_in
from khien.kernel.clock import now_utc
from khien.ledger.models import LedgerEntry
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.norms.services import bind_document, record_library
from khien.org.models import Unit, User
from khien.org.roles import CAPABILITIES, LEADER, OFFICER
from khien.org.services import ensure_officer, grant_role, register_unit
from khien.registers.declarations import register_by_code
from khien.registers.filing import add_attachment
from khien.registers.models import Attachment, Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row
from khien.reports.definition_reading import definition_by_code
from khien.reports.written_services import Order, draft_report
from khien.workflows.doers import doer_of
from khien.workflows.reading import workflow_by_code
from khien.workflows.services import Beginning, start_case

REGISTER = "endpoint"
REPORT = "annual_security"
CSV = "Tên thiết bị;Chủng loại;Thiết bị cá nhân;Địa chỉ MAC\nPC-09;máy tính để bàn;không;02:1a:00:00:00:09\n"


@dataclass(frozen=True)
class Cast:
    """Units, persons, their tokens, and one thing of each kind."""

    ward: Unit
    station: Unit
    strange: Unit
    an: User
    binh: User
    dung: User
    host: Host
    row: Row
    attachment: Attachment
    webhook: Webhook
    all_token: str
    read_token: str
    strange_token: str

    def call(
        self, method: str, path: str, *, token: str | None = "", body: Any = None, **more: Any
    ) -> HttpResponse:
        """Call the API as An with every scope unless another token (None: no token) is given."""
        headers = more.pop("headers", {})
        if token is not None:
            headers = {"Authorization": f"Bearer {token or self.all_token}", **headers}
        path = path if path.startswith("/") else f"/api/v1/{path}"
        if isinstance(body, dict) and any(hasattr(value, "read") for value in body.values()):
            return Client().generic(method, path, **_multipart(body), headers=headers, **more)
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        kind = {"content_type": "application/json"} | more
        return Client().generic(method, path, data, headers=headers, **kind)

    def rows(self, number: int | None = None) -> str:
        """Return the address of the ward's rows, or of one."""
        base = f"units/{self.ward.code}/registers/{REGISTER}/rows"
        return base if number is None else f"{base}/{number}"


def _multipart(body: dict[str, Any]) -> dict[str, Any]:
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    return {"data": encode_multipart(BOUNDARY, body), "content_type": MULTIPART_CONTENT}


def bundle(name: str = "may-01", uid: str = "") -> dict[str, Any]:
    """A machine with short passwords."""
    rule = "password requisite pam_pwquality.so minlen=6\npassword sufficient pam_unix.so yescrypt"
    made = samples.bundle(
        pam=samples.settings({"/etc/pam.d/common-password": rule}),
        passwd=samples.table("ok", [samples.account("root", 0)]),
    )
    stamp = f"{now_utc() - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    host = made["host"] | {"name": name} | ({"host_uid": uid} if uid else {})
    return made | {"host": host, "started_at": stamp, "finished_at": stamp}


def csv_file() -> io.BytesIO:
    """A file of two columns to import."""
    return SimpleUploadedFile("so.csv", CSV.encode("utf-8"), content_type="text/csv")


def text_file() -> io.BytesIO:
    """A document to file."""
    return SimpleUploadedFile("bien-ban.txt", "Biên bản".encode(), content_type="text/plain")


def _unit(code: str, parent: Unit | None = None) -> Unit:
    return register_unit(
        code, name_vi=f"Đơn vị {code}", name_en=f"Unit {code}", kind="ward", place="Đồ Sơn", now=now_utc(), parent=parent
    )  # fmt: skip


def token_for(user: User, *scopes: str, unit: Unit | None = None, days: int = 30) -> str:
    """Make a token and return its secret."""
    made = make_token(
        user, name="kiểm thử", scopes=scopes, days=days, by="test", now=now_utc(), unit=unit
    )
    return made[1]


def played() -> Cast:
    """Put the cast on stage: bound, collected, one row with a file, assessed, published."""
    now, library = now_utc(), load_library()
    ward = _unit("phuong")
    station, strange = _unit("tram", ward), _unit("xa-khac")
    for one in (ward, strange):
        bind_document(one, "do-son", library=library, bound_from=date(2021, 1, 1), now=now)
    record_library(library, now=now)
    host = take_in(bundle(), unit=ward, now=now, actor="an", channel="local").host
    an, binh, dung = [ensure_officer(one, now=now) for one in (ward, station, strange)]
    register = register_by_code(REGISTER)
    draft = read_row(
        register,
        {"endpoint_name": "PC-01", "kind": "desktop", "is_personal": "không"},
        VisibleReferences([ward], home=ward),
    )
    row = add_row(draft, unit=ward, act=Act("an", now))
    attachment = add_attachment(row, "Biên bản".encode(), name="bb.txt", act=Act("an", now))
    webhook = make_webhook(ward, url="https://vd.gov.vn/", kinds=["registers.*"], by="an", now=now)[
        0
    ]
    start_case(
        workflow_by_code("disposal"),
        ward,
        Beginning(title="Thanh lý PC-01"),
        doer_of(an, ward, now=now),
    )
    draft_report(Order(definition_by_code(REPORT)), ward, doer_of(an, ward, now=now))
    # An is the unit's only user so far: a leader may read what there is to approve.
    grant_role(an, LEADER, ward, from_on=date(2021, 1, 1), by="test", now=now)
    assess([ward], library=library, now=now)
    assess([strange], library=library, now=now)
    refresh([ward, strange], now=now)
    publish(now)
    return Cast(
        ward, station, strange, an, binh, dung, host, row, attachment, webhook,
        token_for(an, *CAPABILITIES), token_for(an, "read"), token_for(dung, *CAPABILITIES),
    )  # fmt: skip


def second_officer(unit: Unit, name: str) -> User:
    """Return another officer of a unit."""
    user = User.objects.create_user(name, unit=unit)
    grant_role(user, OFFICER, unit, from_on=date(2021, 1, 1), by="test", now=now_utc())
    return user


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every operation of the API: method, path, what the description says of it."""
    paths = api.get_openapi_schema()["paths"]
    return [
        (m.upper(), path, said) for path, methods in paths.items() for m, said in methods.items()
    ]


def places(cast: Cast) -> dict[str, Any]:
    """Return what stands for each placeholder of an address: things of the ward."""
    return {
        "code": cast.ward.code,
        "control": "PWD-01",
        "host_uid": cast.host.host_uid,
        "table": "account",
        "register_code": REGISTER,
        "number": cast.row.number,
        "attachment": cast.attachment.pk,
        "username": cast.an.username,
        "role": "officer",
        "step": next(iter(workflow_by_code("disposal").steps)),
        "webhook": cast.webhook.pk,
        "delivery": 1,
        "occurrence": Occurrence.objects.filter(unit=cast.ward).first().pk,
        "duty": "ds-d20-k3-log-review",
        "report": REPORT,
        "figure": next(iter(definition_by_code(REPORT).figures)),
        "index": LedgerEntry.objects.filter(kind="facts.collected").first().index,
    }


# What a complete request of each writing operation carries; a new one must be entered here.
BODIES: dict[str, Any] = {
    "make_assessment": None,
    "set_machine_kind": {"kind": "server"},
    "make_intake": bundle,
    "add_one_row": {"values": {"endpoint_name": "PC-77", "kind": "laptop", "is_personal": False}},
    "change_one_row": {"values": {"serial": "SN-1"}},
    "retire_one_row": None,
    "restore_one_row": None,
    "change_many_rows": {"rows": [{"number": 1, "version": 1}], "values": {"serial": "SN-2"}},
    "confirm_register": {"confirmed_on": "2026-01-01"},
    "preview_register_import": lambda: {"file": csv_file()},
    "commit_register_import": lambda: {"file": csv_file(), "digest": "0" * 64},
    "file_attachment": lambda: {"file": text_file()},
    "retire_one_attachment": None,
    "restore_one_attachment": None,
    "grant_one_role": {"role": "staff"},
    "revoke_one_role": None,
    "disable_one_user": {"reason": "thử"},
    "enable_one_user": None,
    "ask_for_account": {
        "username": "moi",
        "full_name": "Người Mới",
        "roles": [{"role": "staff"}],
        "reason": "vào làm",
    },
    "approve_account_request": {"reason": ""},
    "refuse_account_request": {"reason": "trùng"},
    "start_one_case": {"workflow": "disposal", "title": "Ổ cứng hỏng"},
    "do_case_step": {"values": {}},
    "decide_case_step": {"values": {}},
    "cancel_one_case": {"reason": "nhầm"},
    "open_webhook": {"url": "https://vd.gov.vn/", "kinds": ["registers.*"]},
    "close_webhook": None,
    "test_webhook": None,
    "replay_delivery": None,
    "found_unit_below": {"code": "phuong-moi", "name": "Đơn vị mới", "kind": "ward"},
    "rename_one_unit": {"name": "Tên khác"},
    "move_one_unit": {"parent": "tram"},
    "merge_one_unit": {"into": ["tram"]},
    "end_one_unit": {},
    "bind_one_document": {"document": "hue"},
    "accept_proposals": {"identities": ["0" * 64]},
    "dismiss_proposals": {"identities": ["0" * 64], "reason": "không dùng"},
    "decide_case_items": {"decision": "keep", "items": [{"id": 1, "version": 0}]},
    "refresh_case_items": None,
    "make_minutes": None,
    "make_report": {"kind": "compliance", "format": "docx"},
    "ask_to_set_aside": {"reason": "không phát sinh"},
    "decide_to_set_aside": {"is_approved": False},
    "set_one_interval": {"every": 1},
    "hand_over_duty": {"person": "phu-trach-phuong"},
    "draft_written_report": {"report": REPORT, "period": "2025"},
    "write_report_texts": {"texts": {}},
    "refresh_report_figures": {},
    "cancel_written_report": {"reason": "nhầm"},
    "review_written_report": {},
    "return_written_report": {"reason": "thiếu số liệu"},
    "sign_written_report": lambda: {"file": text_file(), "signed_on": "2026-01-01", "signer": "An"},
    "send_written_report": {},
    "note_report_receipt": {},
    "accept_written_report": {},
    "give_back_written_report": {"reason": "thiếu số liệu"},
    "remind_of_report": {},
}


def body_of(operation_id: str) -> Any:
    """Return the body of a complete request."""
    body = BODIES[operation_id]
    return body() if callable(body) else body
