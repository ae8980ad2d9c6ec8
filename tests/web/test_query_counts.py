"""Pages ask the database a fixed number of questions, and no more where there is more to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khien.checks.models import Standing
from khien.checks.services import assess
from khien.facts.models import Host
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.models import Binding
from khien.org.models import Unit
from khien.org.roles import OVERSEER
from khien.org.services import grant_role
from khien.registers.models import Row

# The most statements a page may take, with the session, the person, the roles and the frame of every page.
MOST = {
    "hom-nay/": 30,
    "": 26,
    "tuan-thu/": 20,
    "tuan-thu/do-son/": 18,
    "tuan-thu/chu-de/": 18,
    "tuan-thu/don-vi/": 18,
    "tuan-thu/dien-bien/": 18,
    "so/": 20,
    "so/endpoint/": 24,
    "so/endpoint/1/": 28,
    "may/": 20,
    "bien-phap/PWD-01/": 32,
    "quy-tac/": 20,
}
FEW, MANY = 3, 30


def statements(client: Client, address: str) -> int:
    """Return how many statements a page takes, once caches of the process are warm.

    The smaller of two: once in a while a page also writes that the session is still in use.
    """
    assert client.get(address).status_code == 200, address
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    return min(counts)


def grow(cast: Any, count: int) -> None:
    """Give the ward more machines, rows and units below it, and assess them."""
    now = now_utc()
    for n in range(count):
        below = Unit.objects.create(
            code=f"duoi-{count}-{n}", name_vi=f"Dưới {n}", name_en=f"Below {n}", kind="ward", place="M", parent=cast.ward
        )  # fmt: skip
        Binding.objects.create(unit=below, document="do-son", bound_from="2021-01-01")
        Host.objects.create(
            host_uid=f"{count:02}{n:030}", unit=cast.ward, name=f"m{n}", kind="workstation", os_family="linux",
            first_seen_at=now, last_seen_at=now,
        )  # fmt: skip
        number = Row.objects.filter(unit=cast.ward, register="endpoint").count() + 1
        Row.objects.create(
            unit=cast.ward, register="endpoint", number=number, values={"endpoint_name": f"m{number}"}, name=f"m{number}",
            name_key=f"m{number}", search_key=f"m{number}", created_at=now, changed_at=now, changed_by="an",
        )  # fmt: skip
    assess([*Unit.objects.filter(parent=cast.ward), cast.ward], library=load_library(), now=now)


@pytest.fixture(scope="module")
def counted(cast: Any, django_db_blocker: Any) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """Statements of each page with few and with many machines, rows and units."""
    with transaction.atomic():
        since = vietnam_date(now_utc() - timedelta(days=2))
        grant_role(cast.an, OVERSEER, cast.ward, from_on=since, by="test", now=now_utc())
        client = cast.client()
        base = f"/don-vi/{cast.ward.code}/"
        grow(cast, FEW)
        few = {page: statements(client, base + page) for page in MOST}
        grow(cast, MANY)
        many = {page: statements(client, base + page) for page in MOST}
        assert Standing.objects.values("unit").distinct().count() > MANY
        yield few, many
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("page", MOST)
def test_a_page_asks_few_questions(counted: Any, page: str) -> None:
    few, _ = counted
    assert few[page] <= MOST[page]


@pytest.mark.django_db
@pytest.mark.parametrize("page", MOST)
def test_more_machines_rows_and_units_ask_no_more(counted: Any, page: str) -> None:
    few, many = counted
    assert many[page] <= few[page] + 1, (few[page], many[page])
