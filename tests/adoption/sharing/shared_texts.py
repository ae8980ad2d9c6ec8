"""Texts to share: one with every key a reader allows, and one of a unit with a control of its own."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from khien.adoption.sharing.checking import checked
from khien.adoption.sharing.contents import TextData
from khien.adoption.sharing.package import Seal
from khien.kernel.language import Text
from khien.ledger.note import SigningKey, VerifierKey
from khien.norms.library import load_library
from khien.norms.model import Library

REGULATIONS = ("bac-ninh", "binh-dinh", "binh-phuoc", "do-son", "hue")
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
KEY = SigningKey("khien/0123456789abcdef/gui-1", b"k" * 32)
SEAL = Seal(KEY, "Nguyễn Văn An", NOON)


def said(vi: str, en: str = "") -> dict[str, str]:
    return {"vi": vi, "en": en or f"{vi} (en)"}


HEAD: dict[str, Any] = {
    "id": "xa-thu",
    "kind": "quy chế",
    "number": "01/2026/QĐ-UBND",
    "tier": "regulation",
    "mark": "B",
    "level": 3,
    "title": said("Quy chế <b>đậm</b> của xã Thử & *sao*"),
    "short": said("Xã Thử"),
    "issuer": said("UBND xã Thử"),
    "place": "Thử",
    "issued_on": "2026-10-01",
    "in_force_from": "2026-12-01",
    "in_force_to": "2030-12-01",
    "in_force_note": said("hết hiệu lực khi có văn bản mới"),
    "note": said("=HYPERLINK(\"http://x\")"),
    "binds": said("Cán bộ xã Thử"),
    "unit_kinds": ["ward"],
    "binds_by_kind": ["xt-d1-k1"],
    "replaces": ["hue"],
    "amends": [{"document": "do-son", "clauses": ["D19.k1", "D19.k1.đ"], "how": "replaced"}],
    "cites": [{"key": "Luật 86/2015/QH13", "clauses": ["D1.k1.đ", "recital"]}],
}  # fmt: skip

DUTY: dict[str, Any] = {
    "id": "xt-d1-k1",
    "item": 1,
    "modality": "must",
    "actor": said("=1+1 Cán bộ"),
    "vi": "+Mật khẩu <script>alert(1)</script> dài ít nhất 12 ký tự.",
    "en": "@Passwords `have` at least 12 {{ characters }}.",
    "control": "PWD-01",
    "parameters": {"min_length": 12, "classes": ["upper", "digit"]},
    "frequency": "yearly",
    "evidence": "host",
    "side": "unit",
    "deadline": said("trước ngày 20 tháng cuối quý"),
    "schedule": {
        "kind": "calendar",
        "period": "quarter",
        "rule": "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20",
        "sense": "before",
        "opens": 10,
        "assumed": True,
        "window": ["01-15", "02-20"],
    },
    "output": said("-báo cáo"),
    "repeat_of": "D1",
}

CLAUSES: list[dict[str, Any]] = [
    {"path": "C.I", "kind": "chuong", "vi": "Quy định chung.", "en": "General.", "none": "heading"},
    {"path": "D1", "kind": "dieu", "vi": "1. Một điều.", "en": "# One.", "none": "heading"},
    {"path": "D1.k1", "kind": "khoan", "mark": "A", "vi": "=SUM(A1) khoản một.", "en": "Clause.", "duties": [DUTY]},
    {
        "path": "D1.k1.d",
        "kind": "diem",
        "vi": "Điểm d.",
        "en": "Point d.",
        "duties": [
            {
                "id": "xt-d1-k1-d",
                "modality": "must",
                "actor": said("Cán bộ"),
                "control": "OWN-01",
                "frequency": "event",
                "evidence": "attest",
                "schedule": {
                    "kind": "event",
                    "register": "incidents",
                    "starts": ["detected_at"],
                    "within": 24,
                    "measure": "hour",
                    "where": [{"severity": ["high", "medium"]}],
                },
            }
        ],
    },
    {"path": "D1.k1.đ", "kind": "diem", "vi": "Điểm đ.", "en": "Point đ.", "none": "definition"},
    {"path": "D1.k1#2", "kind": "khoan", "vi": "Khoản trùng số.", "en": "Same number.", "none": "heading"},
]  # fmt: skip

OWN_CONTROL: dict[str, Any] = {
    "id": "OWN-01",
    "theme": "own",
    "subject": "unit",
    "evidence": "attest",
    "severity": "medium",
    "title": said("Treo biển cảnh báo"),
    "why": said("Người lạ biết nơi không được vào."),
    "parameters": {
        "signs": {"type": "integer", "sense": "max", "unit": "time", **said("Số biển")},
        "rank": {"type": "choice", "sense": "ranked", **said("Bậc"), "order": ["a", "b"]},
    },
    "check": {
        "subject": "unit",
        "decided": "stated",
        "reasons": {
            "ok": {"verdict": "pass", **said("Đã treo {found} biển.", "{found} signs.")},
            "none": {"verdict": "fail", **said("Chưa treo biển.")},
            "silent": {"verdict": "unknown", **said("Chưa ai khai.")},
        },
    },
    "fix": said("Treo biển ở cửa phòng máy chủ."),
    "supply": said("Người phụ trách khai."),
}


def whole_text() -> TextData:
    """Return the text with every key, to be changed at will."""
    return copy.deepcopy(TextData(HEAD, tuple(CLAUSES), {"OWN-01": OWN_CONTROL}))


def small_text(document_id: str = "nho", **head: Any) -> TextData:
    """Return a text of one clause."""
    about = {
        "id": document_id, "kind": "quy chế", "title": said("Quy chế nhỏ"), "short": said("Nhỏ"),
        "issuer": said("Xã Nhỏ"), "place": "Nhỏ", "in_force_from": "2026-12-01", "binds": said("Xã Nhỏ"),
        "unit_kinds": ["ward"], **head,
    }  # fmt: skip
    duty = {
        "id": "nho-d1", "modality": "must", "actor": said("Cán bộ"), "control": "PWD-01", "frequency": "continuous",
        "evidence": "host", "parameters": {"min_length": 8},
    }  # fmt: skip
    clause = {"path": "D1", "kind": "dieu", "vi": "Một.", "en": "One.", "duties": [duty]}
    return TextData(about, (clause,))


def library_with(data: TextData, place: Path) -> Library:
    """Return the product's library with a text that was put into it, as an installation does."""
    library = load_library()
    files = data.as_files()
    for name, content in files.files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    found = checked(files.files, library)
    document = replace(found.document, folder=place / "norms" / data.id, is_own=True)
    own = {
        code: replace(control, folder=place / "controls" / "own" / code)
        for code, control in found.own_controls.items()
    }
    return replace(
        library,
        documents={**library.documents, data.id: document},
        controls={**library.controls, **own},
    )


def trust_all(key: VerifierKey, packed_at: datetime) -> Text | None:
    return None


def trust_none(key: VerifierKey, packed_at: datetime) -> Text | None:
    return Text("chưa ai đăng ký", "nobody registered it")


def same(one: Mapping[str, Any] | Any, other: Mapping[str, Any] | Any) -> bool:
    """Say whether two pieces of data hold the same, whatever the order of keys."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
