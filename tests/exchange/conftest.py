"""The units of the tests of exchange, with an officer and a row to write, and a receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from exchange_house import House
from receiver import Receiver, receiving
from submission_cases import MADE_AT
from submission_house import Department

from khien.kernel.clock import now_utc
from khien.org.models import Unit, User
from khien.org.roles import ADMINISTRATOR, OFFICER, OVERSEER
from khien.org.services import ensure_officer, grant_role, register_unit


@pytest.fixture
def house(db: None, tmp_path: Path) -> Iterator[House]:
    """The units, in a data folder of their own."""
    del db
    with override_settings(KHIEN_DATA=tmp_path):
        made = {}
        for code, parent in (("phuong", None), ("tram", "phuong"), ("xa-khac", None)):
            made[code] = register_unit(
                code, name_vi=code, name_en=code, kind="ward", place="Mẫu", now=now_utc(), parent=made.get(parent or "")
            )  # fmt: skip
        an, dung = (ensure_officer(made[code], now=now_utc()) for code in ("phuong", "xa-khac"))
        yield House(made["phuong"], made["tram"], made["xa-khac"], an, dung)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that accepts."""
    with receiving(Receiver()) as listening:
        yield listening


@pytest.fixture
def department(db: None, tmp_path: Path) -> Iterator[Department]:
    """A department with units below that run their own instances, in a data folder of its own."""
    del db
    with override_settings(KHIEN_DATA=tmp_path):
        made: dict[str, Unit] = {}
        for code, parent in (
            ("so", ""),
            ("phuong", "so"),
            ("tram", "phuong"),
            ("benh-vien", "so"),
            ("xa-khac", ""),
        ):
            made[code] = register_unit(
                code, name_vi=f"Đơn vị {code}", name_en=f"Unit {code}", kind="ward", place="Mẫu", now=MADE_AT, parent=made.get(parent)
            )  # fmt: skip
        people = {}
        for name, role in (
            ("theo-doi", OVERSEER),
            ("quan-tri", ADMINISTRATOR),
            ("can-bo", OFFICER),
        ):
            people[name] = User.objects.create_user(name, unit=made["so"])
            grant_role(
                people[name], role, made["so"], from_on=MADE_AT.date(), by="test", now=MADE_AT
            )
        stranger = ensure_officer(made["xa-khac"], now=MADE_AT)
        yield Department(
            made["so"], made["phuong"], made["tram"], made["benh-vien"], made["xa-khac"],
            people["theo-doi"], people["can-bo"], people["quan-tri"], stranger,
        )  # fmt: skip
