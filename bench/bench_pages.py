"""The main pages on a made-up province: p50, p95, p99 under load, server time, and what each asks of the database.

Run: KHIEN_DATA=FOLDER [KHIEN_DATABASE=ADDRESS] PYTHONPATH=src:bench python bench/bench_pages.py [--only WORD] [--requests N]
The folder is one that bench/world.py filled. Signs in through a link, as a person would, on a server of its own on
loopback; the load comes from `hey` (apt-get install hey), a bounded number of requests. PAGES is the list to edit.
"""

import argparse
import csv
import http.client
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardware import hardware

PORT = os.environ.setdefault("KHIEN_PORT", "8808")
CONCURRENT = (1, 4)
ALONE = 40
# name, who, address; {unit} is the department with all of the registers, {station} a ward with a few machines
PAGES = (
    ("today", "officer-so-y-te", "/don-vi/{unit}/hom-nay/"),
    ("today, whole province", "overseer", "/hom-nay/"),
    ("unit", "officer-so-y-te", "/don-vi/{unit}/"),
    ("unit of a ward", "overseer", "/don-vi/{station}/"),
    ("units", "overseer", "/don-vi/"),
    ("compliance by document", "officer-so-y-te", "/don-vi/{unit}/tuan-thu/"),
    ("one document", "officer-so-y-te", "/don-vi/{unit}/tuan-thu/do-son/"),
    ("compliance by theme", "officer-so-y-te", "/don-vi/{unit}/tuan-thu/chu-de/"),
    ("heat map of 300 units", "overseer", "/tuan-thu/"),
    ("trend", "overseer", "/don-vi/{unit}/tuan-thu/dien-bien/"),
    ("registers", "officer-so-y-te", "/don-vi/{unit}/so/"),
    ("register of 20,000 rows", "officer-so-y-te", "/don-vi/{unit}/so/endpoint/"),
    ("the same, search", "officer-so-y-te", "/don-vi/{unit}/so/endpoint/?tim=1234"),
    ("a row", "officer-so-y-te", "/don-vi/{unit}/so/endpoint/{row}/"),
    ("machines", "officer-so-y-te", "/don-vi/{unit}/may/"),
    ("a machine", "officer-so-y-te", "/don-vi/{unit}/may/{host}/"),
    ("a control", "officer-so-y-te", "/don-vi/{unit}/bien-phap/PWD-01/"),
    ("search everything", "overseer", "/tim/?tim=may+012"),
    ("rulebook", "officer-so-y-te", "/don-vi/{unit}/quy-tac/"),
    ("texts", "officer-so-y-te", "/van-ban/"),
)


def open_project() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    import django

    django.setup()


def addresses() -> dict[str, str]:
    """Return what stands for the names in braces."""
    from khien.facts.models import Host
    from khien.org.models import Unit
    from khien.registers.models import Row

    unit = Unit.objects.get(code="so-y-te")
    row = Row.objects.filter(unit=unit, register="endpoint", is_retired=False).order_by("pk").last()
    host = Host.objects.filter(unit=unit).order_by("pk").first()
    assert row is not None
    assert host is not None
    return {"unit": unit.code, "station": "tram-7", "row": str(row.number), "host": host.host_uid}


@contextmanager
def server() -> Iterator[int]:
    """Serve the pages in a process group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "khien", "serve"], start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(120):
            try:
                ask("/can-dang-nhap/", "")
                break
            except OSError:
                time.sleep(0.5)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def ask(address: str, cookie: str, *, form: str | None = None) -> tuple[int, dict[str, str], bytes]:
    link = http.client.HTTPConnection("127.0.0.1", int(PORT), timeout=60)
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://127.0.0.1:{PORT}/",
    }
    link.request("GET" if form is None else "POST", address, body=form, headers=headers)
    answer = link.getresponse()
    cookies = dict(
        c.split(";")[0].split("=", 1) for c in answer.headers.get_all("Set-Cookie") or []
    )
    return answer.status, cookies, answer.read()


def sign_in(username: str) -> str:
    """Sign in by a one-time link and return the cookies."""
    from khien.kernel.clock import now_utc
    from khien.org.models import User
    from khien.org.services import make_sign_in_link

    secret = make_sign_in_link(User.objects.get(username=username), now=now_utc())
    _, cookies, page = ask(f"/vao/{secret}/", "")
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token, page[:500]
    jar = "; ".join(f"{k}={v}" for k, v in cookies.items())
    status, more, _ = ask(f"/vao/{secret}/", jar, form=f"csrfmiddlewaretoken={token[1].decode()}")
    assert status == 302, status
    return "; ".join(f"{k}={v}" for k, v in {**cookies, **more}.items())


def questions(address: str, cookie: str) -> tuple[int, float, list[float]]:
    """Return how many statements a page takes, their milliseconds, and the processor ms of each of some runs.

    In this process and after a first run. Processor time is what a reader would wait on an idle machine at least;
    it hardly depends on what else the machine does, but leaves out what a PostgreSQL server does.
    """
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    name = settings.SESSION_COOKIE_NAME
    client.cookies[name] = dict(part.split("=", 1) for part in cookie.split("; "))[name]
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    count, in_database = len(seen), sum(float(q["time"]) for q in seen.captured_queries) * 1000
    spent = []
    for _ in range(ALONE):
        before = time.process_time()
        client.get(address)
        spent.append((time.process_time() - before) * 1000)
    return count, in_database, sorted(spent)


def load(address: str, cookie: str, *, count: int, at_once: int) -> list[float]:
    """Return the milliseconds of each of so many requests."""
    command = ["hey", "-n", str(count), "-c", str(at_once), "-o", "csv", "-t", "20", "-H", f"Cookie: {cookie}",
               f"http://127.0.0.1:{PORT}{address}"]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = list(csv.DictReader(io.StringIO(said)))
    wrong = {row["status-code"] for row in rows} - {"200"}
    assert not wrong, (address, wrong)
    return sorted(float(row["response-time"]) * 1000 for row in rows)


def cpu_ms(pid: int) -> float:
    """Return the processor time of a process and its children that live."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            own = int(stat.parent.name)
        except OSError:
            continue
        if own == pid or int(fields[3]) == os.getpgid(pid):
            total += int(fields[11]) + int(fields[12])
    return total * 1000 / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, round(part * (len(values) - 1)))]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--requests", type=int, default=60)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends too
    open_project()
    from django.db import connection

    from khien.project.preparation import prepare

    prepare()  # as a worker of the server does

    print(f"{hardware()}; {connection.vendor}; load before: {os.getloadavg()[0]:.1f}\n")
    head = " | ".join(f"p50 / p95 / p99 of {n}" for n in CONCURRENT)
    print(
        f"| page | statements | ms in database | own p50 / p95 | server ms | {head} |\n|---|---:|---:|---:|---:|{'---:|' * len(CONCURRENT)}",
        flush=True,
    )
    places = addresses()
    with server() as pid:
        cookies: dict[str, str] = {}
        for name, who, address in PAGES:
            if asked.only not in name:
                continue
            cookie = cookies.setdefault(who, sign_in(who)) if who not in cookies else cookies[who]
            address = address.format(**places)
            status, _, body = ask(address, cookie)
            if status != 200:
                print(f"| {name} | {status} for {address} |", flush=True)
                continue
            count, in_database, alone = questions(address, cookie)
            own = f"{percentile(alone, 0.5):.0f} / {percentile(alone, 0.95):.0f}"
            before = cpu_ms(pid)
            found = [load(address, cookie, count=asked.requests, at_once=n) for n in CONCURRENT]
            spent = (cpu_ms(pid) - before) / (asked.requests * len(CONCURRENT))
            said = " | ".join(
                " / ".join(f"{percentile(v, p):.0f}" for p in (0.5, 0.95, 0.99)) for v in found
            )
            print(
                f"| {name} ({len(body) // 1024} KiB) | {count} | {in_database:.1f} | {own} | {spent:.0f} | {said} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
