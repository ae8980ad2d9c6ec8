"""An officer reviews a text of the unit's own by keyboard alone, and on a phone without any script."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import own_text
import pytest
from agency import HOSPITAL, INSPECTOR, OFFICER, ROOT, Agency

SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}
SMALLEST = 24


@pytest.fixture
def review(agency: Agency, tmp_path: Path) -> Callable[[], str]:
    """Bring a fresh text in by the command line; return the address of its review."""

    def fresh() -> str:
        code = f"thu-{secrets.token_hex(3)}"
        file = tmp_path / f"{code}.txt"
        number = secrets.randbelow(9000) + 100
        source = (
            own_text.SOURCE.replace("Số: 41/", f"Số: {number}/") + f"3. Văn phòng giữ sổ {code}.\n"
        )
        file.write_text(source, encoding="utf-8")
        words = ["norms", "import", str(file), "--unit", HOSPITAL, "--code", code]
        env = os.environ | {"KHIEN_DATA": str(agency.data), "PYTHONPATH": str(ROOT / "src")}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        subprocess.run([sys.executable, "-m", "khien", *words], env=env, check=True)
        return f"{agency.base}/van-ban/nhap/{code}/ra-soat/"

    return fresh


def heading(page: Any) -> str:
    found: str = page.inner_text("h1")
    return found


def press(page: Any, key: str) -> None:
    """Press a key and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_text_is_reviewed_by_keyboard_alone(
    agency: Agency, chromium: Any, review: Callable[[], str]
) -> None:
    context = agency.context(chromium, OFFICER, viewport=SIZES["desk"])
    page, address = context.new_page(), review()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    press(page, "Enter")
    first = heading(page)
    press(page, "n")
    assert heading(page) != first
    press(page, "p")
    assert heading(page) == first
    page.goto(f"{address}D2.k1/")
    assert "Độ phức tạp mật khẩu" in page.inner_text(".choices [aria-current] b")
    press(page, "2")
    assert "WIF-02" in page.inner_text("li[aria-current] .choice + .tag, li[aria-current]")
    press(page, "1")
    press(page, "Enter")
    assert heading(page) == "Khoản 2 Điều 2", "the next that waits"
    assert "Đã xác nhận Khoản 1 Điều 2" in page.inner_text("[role=status]")
    press(page, "u")
    assert heading(page) == "Khoản 1 Điều 2", "what was taken back is in hand again"
    press(page, "Enter")
    press(page, "0")
    assert "không đặt ra nghĩa vụ" in page.inner_text("[role=status] >> nth=0")
    page.keyboard.press("?")
    assert page.locator("details.keys[open]").count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "khac"
    page.keyboard.type("2n0")
    assert page.input_value("#khac") == "2n0", "keys typed into a field are words"
    page.keyboard.press("Escape")
    page.goto(f"{address}D4.k2/")
    press(page, "o")
    page.fill("#ten", "Chăm sóc cây cảnh")
    page.focus("#ten")
    press(page, "Enter")
    assert re.search(r"\?chon=OWN-\d+$", page.url)
    press(page, "Enter")
    page.goto(address)
    assert "đã quyết định 3 trên" in page.inner_text(".review-share")
    assert errors == []
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_chapter_is_swept_and_taken_back_without_any_script(
    agency: Agency, chromium: Any, review: Callable[[], str], size: str
) -> None:
    context = agency.context(chromium, OFFICER, viewport=SIZES[size], java_script_enabled=False)
    page, address = context.new_page(), review()
    page.goto(address)
    page.click("main table a.button[href$='/chuong/C.II/']")
    count = page.locator("table.sweep tbody tr").count()
    assert count > 0
    page.click("main form button.button")
    assert f"Đã xác nhận {count} gợi ý" in page.inner_text("[role=status]")
    page.click("form[action$='/hoan-tac/'] button")
    assert "đã quyết định 0 trên" in page.inner_text(".review-share")
    page.goto(f"{address}D2.k1/")
    page.fill("#ts-min_length", "10")
    page.click(".duty-form .confirm button >> nth=0")
    page.goto(f"{address}D2.k1/")
    assert "10 ký tự" in page.inner_text(".decided")
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_a_review_fits_the_window(
    agency: Agency, chromium: Any, review: Callable[[], str], size: str
) -> None:
    context = agency.context(chromium, OFFICER, viewport=SIZES[size])
    page, address = context.new_page(), review()
    for place in (
        "",
        "D2.k1/",
        "D4.k1/",
        "D4.k2/",
        "chuong/C.II/",
        "quyet-dinh/",
        "D4.k2/bien-phap-rieng/",
    ):
        page.goto(address + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], place
        small = page.evaluate(
            f"""[...document.querySelectorAll("main .button")].filter((b) => b.offsetHeight < {SMALLEST}).length"""
        )
        assert small == 0, place
    context.close()


def test_an_inspector_reads_the_review_and_keys_decide_nothing(
    agency: Agency, chromium: Any, review: Callable[[], str]
) -> None:
    address = review()
    context = agency.context(chromium, INSPECTOR, viewport=SIZES["desk"])
    page = context.new_page()
    page.goto(f"{address}D2.k1/")
    assert heading(page) == "Khoản 1 Điều 2"
    for key in ("Enter", "0", "u", "o"):
        page.keyboard.press(key)
    assert page.url == f"{address}D2.k1/"
    assert page.locator("main form[method=post]").count() == 0
    context.close()
