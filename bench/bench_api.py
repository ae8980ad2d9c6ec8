"""The main reads of the API on a made-up province: p50 and p95 of the time in the server, one call at a time.

Run: KHIEN_DATA=FOLDER PYTHONPATH=src:bench python bench/bench_api.py [CALLS]
The folder is one that bench/world.py filled; a token is made in it, so give a copy.
"""

import os
import statistics
import sys
import time

from hardware import hardware

READS = (
    ("me", "me"),
    ("units, 200", "units?limit=200"),
    ("findings of all units, 200", "findings?limit=200"),
    ("findings that fail, one unit", "units/{unit}/findings?verdict=fail"),
    ("controls of one unit", "units/{unit}/controls"),
    ("rulebook of one unit", "units/{unit}/rulebook"),
    ("machines of one unit, 50", "units/{unit}/machines"),
    ("rows of a register, 50", "units/{unit}/registers/endpoint/rows"),
    ("rows, search", "units/{unit}/registers/endpoint/rows?q=1234"),
    (
        "rows of the unit and below, 200",
        "units/{unit}/registers/endpoint/rows?below=true&limit=200",
    ),
    ("ledger, 50", "ledger/entries"),
)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "khien.project.settings"
    import django

    django.setup()
    from django.test import Client

    from khien.access.token_services import make_token
    from khien.api import door
    from khien.api.rate import RateLimit
    from khien.facts.models import Host
    from khien.kernel.clock import now_utc
    from khien.org.models import Unit
    from khien.org.rights import able_to
    from khien.org.roles import READ
    from khien.registers.models import Row

    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    unit = Unit.objects.get(code="so-y-te")
    user = max(able_to(READ, unit), key=lambda one: visible(one))
    token = make_token(user, name="bench", scopes=[READ], days=1, by="bench", now=now_utc())[1]
    door.RATE = RateLimit(per_minute=10**9)
    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    size = f"{Unit.objects.count():,} units, {Host.objects.count():,} machines, {Row.objects.count():,} rows"
    print(
        f"{hardware()}; {size}; {calls} calls each, as {user}\n\n| read | p50 ms | p95 ms | KiB |\n|---|---|---|---|"
    )
    for name, path in READS:
        address = f"/api/v1/{path.format(unit=unit.code)}"
        spent, response = [], client.get(address)
        for _ in range(calls):
            started = time.perf_counter()
            response = client.get(address)
            spent.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, (name, response.content[:300])
        p95 = statistics.quantiles(spent, n=20)[-1]
        print(
            f"| {name} | {statistics.median(spent):.1f} | {p95:.1f} | {len(response.content) / 1024:.0f} |",
            flush=True,
        )


def visible(user: object) -> int:
    from khien.org.selectors import visible_to

    return visible_to(user).count()


if __name__ == "__main__":
    main()
