"""The units of the tests of exchange, with an officer and a row to write, and a receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from exchange_house import House
from receiver import Receiver, receiving

from khien.kernel.clock import now_utc
from khien.org.services import ensure_officer, register_unit


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
