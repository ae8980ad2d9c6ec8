"""The cast of the pages: An of the ward, Binh of the station below it, Dung of a stranger unit; one machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import normalise_samples as samples
import own_text
import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

from khien.adoption.importing.services import import_pasted
from khien.checks.services import assess
from khien.facts.models import Host
from khien.facts.services import take_in
from khien.kernel.clock import now_utc
from khien.ledger.services import publish
from khien.norms.library import load_library
from khien.norms.services import bind_document, record_library
from khien.org.models import Unit, User
from khien.org.services import ensure_officer, register_unit
from khien.registers.services import Act

HOSTILE_NAME = '<b>"may"</b>'
HOSTILE_ACCOUNT = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Cast:
    """Units and persons the tests speak of."""

    ward: Unit
    station: Unit
    strange: Unit
    an: User
    binh: User
    dung: User
    host: Host

    def client(self, user: User | None = None, **cookies: str) -> Client:
        """Return a browser signed in as a user, An by default."""
        client = Client()
        client.force_login(user or self.an)
        for name, value in cookies.items():
            client.cookies[name] = value
        return client


def bundle() -> dict[str, Any]:
    """A machine with short passwords and hostile text where a machine can put it."""
    rule = "password requisite pam_pwquality.so minlen=6\npassword sufficient pam_unix.so yescrypt"
    made = samples.bundle(
        pam=samples.settings({"/etc/pam.d/common-password": rule}),
        passwd=samples.table(
            "ok", [samples.account("root", 0), samples.account(HOSTILE_ACCOUNT, 1000)]
        ),
    )
    stamp = f"{now_utc() - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    host = made["host"] | {"name": HOSTILE_NAME}
    return made | {"host": host, "started_at": stamp, "finished_at": stamp}


def unit(code: str, **more: Any) -> Unit:
    """Register a unit."""
    names = {
        "name_vi": f"Đơn vị {code}",
        "name_en": f"Unit {code}",
        "kind": "ward",
        "place": "Đồ Sơn",
    }
    return register_unit(code, now=now_utc(), **(names | more))


def played() -> Cast:
    """Put the cast on stage: bound, collected, assessed, published."""
    now, library = now_utc(), load_library()
    ward = unit("phuong", is_demonstration=True)
    station, strange = unit("tram", parent=ward), unit("xa-khac")
    for one, documents in ((ward, ("do-son", "binh-dinh")), (strange, ("do-son",))):
        for document in documents:
            bind_document(one, document, library=library, bound_from=date(2021, 1, 1), now=now)
    record_library(library, now=now)
    intake = take_in(bundle(), unit=ward, now=now, actor="an", channel="local")
    users = [ensure_officer(one, now=now) for one in (ward, station, strange)]
    import_pasted(ward, own_text.SOURCE, act=Act("an", now), code=own_text.CODE)
    assess([ward], library=library, now=now)
    assess([strange], library=library, now=now)
    publish(now)
    return Cast(ward, station, strange, *users, host=intake.host)


@pytest.fixture(scope="module")
def cast(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cast]:
    """The cast, once for all tests of a file, gone from the database afterwards."""
    del django_db_setup
    data: Path = tmp_path_factory.mktemp("data")
    stage = transaction.atomic()
    # As Django's own TestCase marks its transactions, so that durable blocks may run inside.
    stage._from_testcase = True
    with django_db_blocker.unblock(), override_settings(KHIEN_DATA=data), stage:
        # Without a test marked django_db there is no test database, and this would be the real one.
        name = str(connection.settings_dict["NAME"])
        assert "memory" in name or name.startswith("test_")
        yield played()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def pages(cast: Cast) -> list[str]:
    """The address of every page that An may read."""
    base = f"/don-vi/{cast.ward.code}/"
    return [
        base,
        f"{base}tuan-thu/",
        f"{base}tuan-thu/do-son/",
        f"{base}tuan-thu/do-son/?ket-qua=khong-dat",
        f"{base}tuan-thu/binh-dinh/",
        f"{base}bien-phap/PWD-01/",
        f"{base}bien-phap/PWD-01/?ngay={now_utc():%Y}-01-01",
        f"{base}bien-phap/GOV-01/",
        f"{base}quy-tac/",
        f"{base}quy-tac/?tim=mat+khau",
        f"{base}quy-tac/?tim=khong+co+gi+nhu+vay",
        f"{base}may/",
        f"{base}may/{cast.host.host_uid}/",
        f"/don-vi/{cast.station.code}/",
        f"/don-vi/{cast.station.code}/may/",
        "/so-cai/",
        "/so-cai/1/",
        "/van-ban/",
        "/van-ban/do-son/",
        "/can-dang-nhap/",
        "/vao/khong-co/",
        "/khong-co/",
    ]


@pytest.fixture(scope="module")
def answers(cast: Cast, pages: list[str]) -> dict[str, Any]:
    """What An is answered at each of these addresses, in Vietnamese."""
    client = cast.client()
    return {address: client.get(address) for address in pages}
