"""A commune's own regulation, with every trap, from its file to a rulebook in force: in the browser, timed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agency import ROOT, Agency

TEXT = Path(__file__).resolve().parents[1] / "adoption" / "texts" / "xa-mau.txt"
WARD, OFFICER, LEADER = "ubnd-phuong-son-mau", "Bùi Văn Sơn", "Trần Thị Bình"
DOUBTS_MAX = 40


@pytest.fixture(scope="module")
def ward(agency: Agency) -> Agency:
    """The agency, whose ward now has a leader."""
    env = os.environ | {"KHIEN_DATA": str(agency.data), "PYTHONPATH": str(ROOT / "src")}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    words = ["user", "add", "chu.tich", LEADER, "--unit", WARD, "--role", "leader"]
    said = subprocess.run(
        [sys.executable, "-m", "khien", *words], env=env, capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"/vao/\S+/", said)
    assert found is not None, said
    agency.links[LEADER] = agency.base + found.group()
    return agency


def go(page: Any, act: Any) -> None:
    """Do something that leads to another page, and wait for it."""
    with page.expect_navigation():
        act()


def bring_in(page: Any, base: str) -> str:
    """Drop the file; return the address of the text."""
    page.goto(f"{base}/van-ban/")
    go(page, lambda: page.click("main a[href='/van-ban/nhap/']"))
    page.set_input_files("main input[type=file]", str(TEXT))
    go(page, lambda: page.click("main form button:has-text('Đọc văn bản')"))
    return str(page.url)


def look_at_structure(page: Any, address: str) -> None:
    """Accept each doubtful place as it stands, page by page."""
    page.goto(f"{address}cau-truc/")
    for _ in range(DOUBTS_MAX):
        button = page.locator("main form:has(input[value=accept]) button")
        if button.count():
            go(page, button.first.click)
            continue
        onward = page.locator("main a:has-text('Trang sau có chỗ cần xem')")
        if not onward.count():
            return
        go(page, onward.first.click)
    raise AssertionError("the doubtful places do not end")


def review(page: Any, address: str) -> None:
    """Confirm what is sure chapter by chapter, then go through the rest by keyboard."""
    page.goto(f"{address}ra-soat/")
    while (sweep := page.locator("main a.button[href*='/chuong/']:has-text('Xác nhận')")).count():
        go(page, sweep.first.click)
        go(page, page.locator("main form button:has-text('Xác nhận')").first.click)
        page.goto(f"{address}ra-soat/")
    go(page, lambda: page.keyboard.press("Enter"))
    for _ in range(90):
        if page.url == f"{address}ra-soat/":
            return
        own = page.locator("main button:has-text('Lập biện pháp')")
        go(page, own.click if own.count() else lambda: page.keyboard.press("Enter"))
    raise AssertionError(f"the review does not end: {page.url}")


def test_a_commune_brings_its_regulation_into_force_within_the_hour(
    ward: Agency, chromium: Any, record_property: Callable[[str, object], None]
) -> None:
    started = time.monotonic()
    context = ward.context(chromium, OFFICER, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
    address = bring_in(page, ward.base)
    assert address.endswith("/xa-binh-mau-17-2026/")
    look_at_structure(page, address)
    page.goto(f"{address}cau-truc/?muc=4")
    assert page.locator("main script, main b:has-text('Chủ tịch xã')").count() == 0
    review(page, address)
    page.goto(f"{address}hieu-luc/")
    assert page.input_value("#tu_ngay") == "01/10/2026"
    go(page, lambda: page.click("main button:has-text('Ghi rồi xem tác động')"))
    impact = page.inner_text("main")
    assert "10 ký tự" in impact
    assert "trước ngày 20 của tháng cuối quý" in impact
    page.goto(f"{address}trinh-duyet/")
    go(page, lambda: page.click("main form[action$='/trinh/'] button"))
    assert page.locator("main form[action$='/phe-duyet/']").count() == 0, "not by who submits"
    leader = ward.context(chromium, LEADER, viewport={"width": 360, "height": 780}).new_page()
    leader.goto(f"{address}trinh-duyet/")
    go(leader, lambda: leader.click("main form[action$='/phe-duyet/'] button"))
    page.goto(f"{ward.base}/don-vi/{WARD}/quy-tac/")
    assert "17/2026/QĐ-UBND" in page.inner_text("main")
    page.goto(f"{ward.base}/don-vi/{WARD}/bien-phap/PWD-01/")
    assert "10 ký tự" in page.inner_text("main")
    page.goto(f"{ward.base}/so-cai/")
    assert "xa-binh-mau-17-2026" in page.inner_text("main"), "each step is on record"
    assert wrong == []
    record_property(
        "seconds from the file to the rulebook in force", round(time.monotonic() - started)
    )
    context.close()
