"""The cast of the API, once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_cast import Cast, played
from django.db import connection, transaction
from django.test import override_settings

from khien.api import door
from khien.api.rate import RateLimit


@pytest.fixture(scope="module")
def cast(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cast]:
    """The cast, gone from the database after the last test of a file."""
    del django_db_setup
    data = tmp_path_factory.mktemp("data")
    stage = transaction.atomic()
    # As Django's own TestCase marks its transactions, so that durable blocks may run inside.
    stage._from_testcase = True
    with django_db_blocker.unblock(), override_settings(KHIEN_DATA=data), stage:
        assert "khien.sqlite3" not in str(connection.settings_dict["NAME"])
        yield played()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call faster than programs; the limit has a test of its own."""
    monkeypatch.setattr(door, "RATE", RateLimit(per_minute=1_000_000))
