"""A province with a commune and a hospital, a made-up regulation, and every clause of it decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from khien.adoption.force.scope import SUBTREE, Scope
from khien.adoption.force.services import Wanted, approve_text, set_force, submit_text
from khien.adoption.models import ClauseReview, ImportedText, Publication
from khien.adoption.review.clauses import clauses_of, words_digest
from khien.adoption.structure import structure_of
from khien.kernel.canonical import sha256_hex
from khien.norms.models import Binding
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import LEADER, OFFICER

TEXT = """ỦY BAN NHÂN DÂN
TỈNH MẪU
Số: 77/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Mẫu, ngày 03 tháng 11 năm 2026
QUYẾT ĐỊNH
Ban hành Quy chế bảo đảm an ninh mạng
Căn cứ Luật An ninh mạng số 116/2025/QH15;
QUYẾT ĐỊNH:
Điều 1. Mật khẩu
1. Mật khẩu dài ít nhất 14 ký tự.
2. Mật khẩu wifi được thay đổi định kỳ 01 tháng.
Điều 2. Báo cáo
1. Định kỳ hằng quý, các đơn vị báo cáo tình hình an ninh mạng.
Điều 3. Hiệu lực
Quyết định này có hiệu lực kể từ ngày 01/01/2027.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Văn Mẫu
"""
PASSWORD = {
    "control": "PWD-01",
    "modality": "must",
    "actor": "Cán bộ",
    "parameters": {"min_length": 14},
}
CHANGE = {
    "control": "WIF-03",
    "modality": "must",
    "actor": "Cán bộ",
    "parameters": {"wifi_rotate_months": 1},
    "frequency": "monthly",
    "schedule": {"kind": "watch"},
}
QUARTERLY = {
    "control": "GOV-06", "modality": "must", "actor": "Các đơn vị", "frequency": "quarterly",
    "deadline": "ngày cuối quý", "evidence": "document",
    "schedule": {
        "kind": "calendar", "period": "quarter", "rule": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
    },
}  # fmt: skip
DECIDED: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "D1.k1": (PASSWORD,),
    "D1.k2": (CHANGE,),
    "D2.k1": (QUARTERLY,),
}
BEFORE = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = date(2027, 1, 1)


def at(day: date | str, hour: int = 2) -> datetime:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def make_unit(code: str, kind: str, parent: Unit | None = None, place: str = "Mẫu") -> Unit:
    return Unit.objects.create(
        code=code, name_vi=f"Đơn vị {code}", name_en=code, kind=kind, place=place, parent=parent
    )


def hold(username: str, unit: Unit, *roles: str) -> User:
    user = User.objects.create_user(username, unit=unit)
    for role in roles:
        RoleHeld.objects.create(
            user=user, unit=unit, role=role, from_on=date(2020, 1, 1), granted_by="khien",
            granted_at=BEFORE,
        )  # fmt: skip
    return user


class Province:
    """A province unit with a commune and a hospital below it, an officer and a leader."""

    def __init__(self) -> None:
        self.top = make_unit("tinh", "province")
        self.commune = make_unit("xa", "ward", self.top, place="An Bình")
        self.hospital = make_unit("bv", "hospital", self.top)
        self.officer = hold("an", self.top, OFFICER)
        self.leader = hold("binh", self.top, LEADER)
        for unit in (self.commune, self.hospital):
            Binding.objects.create(unit=unit, document="do-son", bound_from=date(2025, 10, 1))


def import_text(unit: Unit, code: str = "tinh-mau", source: str = TEXT) -> ImportedText:
    return ImportedText.objects.create(
        unit=unit, code=code, file_name="quy-che.txt", file_sha256="0" * 64, source=source,
        source_sha256=sha256_hex(source.encode()), made_at=BEFORE, made_by="an", changed_at=BEFORE,
        changed_by="an",
    )  # fmt: skip


def decide(text: ImportedText, decided: Mapping[str, Any] = DECIDED) -> None:
    """Decide every clause: the duties given, nothing for all others."""
    for node in clauses_of(structure_of(text)).nodes:
        duties = list(decided.get(node.path, ()))
        ClauseReview.objects.update_or_create(
            text=text,
            path=node.path,
            defaults={
                "outcome": "duties" if duties else "nothing",
                "duties": duties,
                "none": "" if duties else "criteria",
                "words_sha256": words_digest(node),
                "how": "one",
                "decided_at": BEFORE,
                "decided_by": "an",
            },
        )


def below(unit: Unit, **fields: Any) -> Scope:
    return Scope(SUBTREE, under=unit.code, **fields)


def wanted(unit: Unit, begin: date = DAY, **fields: Any) -> Wanted:
    return Wanted(below(unit), begin, **fields)


def put_into_force(
    place: Province, text: ImportedText, wish: Wanted | None = None, *, now: datetime = BEFORE
) -> Publication:
    """Choose scope and day, submit as the officer, approve as the leader."""
    if wish is not None:
        text = set_force(text, wish, seen=text.version, user=place.officer, now=now)
    submit_text(text, seen=text.version, user=place.officer, now=now)
    text.refresh_from_db()
    return approve_text(text, seen=text.version, user=place.leader, now=now)
