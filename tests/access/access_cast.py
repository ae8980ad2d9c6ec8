"""Hiền administers the ward of Đồ Sơn, Lan works there, Khôi is of a unit no text binds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from khien.org.models import Unit, User
from khien.org.services import register_unit

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
GOOD = "Rõ-Ràng 2026 khó đoán!"


@dataclass(frozen=True)
class People:
    ward: Unit
    bare: Unit
    hien: User
    lan: User
    khoi: User

    def client(self, user: User | None = None, **more: Any) -> Client:
        client = Client(**more)
        client.force_login(user or self.lan)
        return client


def made(code: str) -> Unit:
    return register_unit(
        code, name_vi=f"Đơn vị {code}", name_en=f"Unit {code}", kind="ward", place="Đồ Sơn", now=NOW
    )
