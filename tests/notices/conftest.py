"""An with an address, Binh without, and a data folder whose mail server is the one of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mail_server import MailServer, serving

from khien.org.models import Unit, User


@pytest.fixture
def ward(db: None) -> Unit:
    del db
    return Unit.objects.create(code="mau", name_vi="Phường Mẫu", name_en="Mau", kind="ward", place="M")  # fmt: skip


@pytest.fixture
def an(ward: Unit) -> User:
    return User.objects.create_user("an", unit=ward, full_name="Nguyễn An", email="an@mau.gov.vn")


@pytest.fixture
def binh(ward: Unit) -> User:
    return User.objects.create_user("binh", unit=ward, full_name="Trần Bình")


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.KHIEN_DATA = tmp_path
    return tmp_path


@pytest.fixture
def configure(data: Path) -> Callable[..., Path]:
    """Write mail.toml for a port on this machine."""

    def write(port: int, security: str = "none", **more: Any) -> Path:
        lines = {"server": "127.0.0.1", "port": port, "security": security, "sender": "Khiên <khien@mau.gov.vn>",
                 "address": "https://khien.mau.gov.vn", "seconds": 3, **more}  # fmt: skip
        text = "\n".join(f"{key} = {_toml(value)}" for key, value in lines.items())
        file = data / "mail.toml"
        file.write_text(f"[smtp]\n{text}\n", encoding="utf-8")
        file.chmod(0o600)
        return file

    return write


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f'"{value}"'


@pytest.fixture
def server(configure: Callable[..., Path]) -> Iterator[MailServer]:
    """A mail server, and a data folder that names it."""
    with serving() as running:
        configure(running.port)
        yield running
