"""The people of access_cast in a database and a data folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from access_cast import People, made
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings

from khien.kernel.clock import now_utc
from khien.kernel.language import use_language
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import User
from khien.org.roles import ADMINISTRATOR, STAFF
from khien.org.services import grant_role


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    """Every test begins in Vietnamese, whatever the one before it chose."""
    use_language("vi")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with little memory, so that hundreds of hashes take no minutes."""
    for name, value in (("time_cost", 1), ("memory_cost", 64), ("parallelism", 1)):
        monkeypatch.setattr(Argon2PasswordHasher, name, value)


@pytest.fixture
def people(db: None, tmp_path: Path) -> Iterator[People]:
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True, mode=0o700)
    data.chmod(0o700)
    ward, bare = made("phuong"), made("trong")
    for document in ("do-son", "binh-dinh"):
        bind_document(
            ward, document, library=load_library(), bound_from=date(2021, 1, 1), now=now_utc()
        )
    hien = User.objects.create_user("hien", unit=ward, full_name="Nguyễn Thị Hiền")
    lan = User.objects.create_user("lan", unit=ward, full_name="Trần Ngọc Lan")
    khoi = User.objects.create_user("khoi", unit=bare)
    grant_role(hien, ADMINISTRATOR, ward, from_on=date(2026, 1, 1), by="khien", now=now_utc())
    for user, unit in ((lan, ward), (khoi, bare)):
        grant_role(user, STAFF, unit, from_on=date(2026, 1, 1), by="khien", now=now_utc())
    with override_settings(KHIEN_DATA=data):
        yield People(ward, bare, hien, lan, khoi)
