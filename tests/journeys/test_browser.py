"""An officer's walk in a real browser: sign in by link, from overview to document, control, machine, ledger."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).resolve().parents[2]
SIZES = {"desk": (1280, 900), "phone": (360, 780)}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`khien up` in a data folder of its own; the sign-in link it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    data = tmp_path_factory.mktemp("data")
    env = os.environ | {
        "KHIEN_DATA": str(data),
        "KHIEN_PORT": port,
        "PYTHONPATH": str(ROOT / "src"),
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    log = (data / "err.txt").open("w")
    up = subprocess.Popen(
        [sys.executable, "-u", "-m", "khien", "up"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        assert up.stdout is not None
        found = (re.search(r"http://127\.0\.0\.1:\d+/vao/\S+/", line) for line in up.stdout)
        yield next(hit.group() for hit in found if hit)
    finally:
        up.terminate()
        up.communicate(timeout=20)
        log.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def session(browser: Any, link: str) -> Any:
    """Cookies of a browser that signed in by the link."""
    context = browser.new_context()
    page = context.new_page()
    for _ in range(100):
        try:
            page.goto(link)
            break
        except sync_api.Error:
            page.wait_for_timeout(200)
    page.click("main form button")
    page.wait_for_selector("#viec-can-lam")
    return context.storage_state()


def walk(page: Any, home: str) -> Iterator[str]:
    """Go through the pages as an officer does, by clicking; yield a name at each stop."""
    page.goto(home)
    page.wait_for_selector("#viec-can-lam")
    yield "today"
    page.click("nav.nav a:has-text('Tổng quan')")
    page.wait_for_selector("#tinh-hinh")
    yield "overview"
    page.click("main section[aria-labelledby=lam-truoc] h3 a >> nth=0")
    page.wait_for_selector("#ket-qua", state="attached")
    yield "control"
    page.click("main section[aria-labelledby=can-cu] a.cite >> nth=0")
    page.wait_for_selector("#noi-dung-van-ban")
    yield "document"
    page.click("nav.nav a[href$='/may/']")
    page.click("main table a >> nth=0")
    page.wait_for_selector("#so-lieu")
    yield "machine"
    page.click("nav.nav a[href='/so-cai/']")
    page.click("main a[href^='/so-cai/'] >> nth=2")
    page.wait_for_selector("main pre")
    yield "ledger-entry"
    page.click("nav.nav a[href$='/quy-tac/']")
    page.fill("#tim", "mat khau")
    page.press("#tim", "Enter")
    page.wait_for_selector("main .card.rows h3")
    yield "rulebook"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_officers_walk(
    browser: Any, session: Any, link: str, tmp_path: Path, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    view = {"width": width, "height": height}
    context = browser.new_context(storage_state=session, viewport=view, color_scheme=scheme)
    page, said, outside = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda r: outside.append(r.url) if "//127.0.0.1:" not in r.url else None)
    for stop in walk(page, link.partition("/vao/")[0] + "/"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, stop
        assert page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"')"), stop
        page.screenshot(path=tmp_path / f"{stop}-{size}-{scheme}.png", full_page=True)
    assert (said, outside) == ([], [])
    context.close()


def test_the_keyboard_reaches_the_content_first(browser: Any, session: Any, link: str) -> None:
    context = browser.new_context(storage_state=session)
    page = context.new_page()
    page.goto(link.partition("/vao/")[0] + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    context.close()


def test_theme_and_language_are_chosen_without_script(
    browser: Any, session: Any, link: str
) -> None:
    context = browser.new_context(storage_state=session, java_script_enabled=False)
    page = context.new_page()
    page.goto(link.partition("/vao/")[0] + "/van-ban/")
    page.click(".prefs summary")
    page.click("button[name=giao_dien][value=dark]")
    page.click(".prefs summary")
    page.click("button[name=ngon_ngu][value=en]")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.get_attribute("html", "lang") == "en"
    assert page.url.endswith("/van-ban/")
    context.close()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="no /proc/net/tcp on this system")
def test_the_pages_are_served_on_loopback_alone(session: Any, link: str) -> None:
    port = int(link.split(":")[2].partition("/")[0])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [
        row[1].partition(":")[0]
        for row in rows
        if row[3] == "0A" and int(row[1].partition(":")[2], 16) == port
    ]
    assert listening == ["0100007F"]
