"""Pages of registers: lists, forms, rows, imports; what a form brings is never lost."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db

SO = "/don-vi/phuong/so/"


def test_smoke(cast: Any) -> None:
    client = cast.client()
    for address in (
        SO,
        f"{SO}endpoint/",
        f"{SO}endpoint/them/",
        f"{SO}endpoint/in/",
        f"{SO}endpoint/nhap/",
        f"{SO}endpoint/may-thay/",
        f"{SO}system/them/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
