"""A security key in a real browser: added on the account page, then asked for when signing in by password."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
from test_browser import CHROMIUM, browser, link  # noqa: F401  # fixtures of the officer's walk

PASSWORD = "Rõ-Ràng 2026 khó đoán!"  # noqa: S105
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "automaticPresenceSimulation": True,
}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)


def wait_for(port: int) -> None:
    """The link is printed before the pages are served."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the pages were not served")


def test_a_key_is_added_and_then_needed(browser: Any, link: str) -> None:  # noqa: F811
    house = link.split("/vao/")[0].replace("127.0.0.1", "localhost")
    wait_for(int(house.rsplit(":", 1)[1]))
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    tool = context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    tool.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | {"hasUserVerification": False}})
    page.goto(link.replace("127.0.0.1", "localhost"))
    page.click("main form button")
    page.goto(f"{house}/tai-khoan/mat-khau/")
    page.fill("#moi", PASSWORD)
    page.fill("#nhac_lai", PASSWORD)
    page.click("main form button")
    name = page.inner_text(".meta b")
    page.goto(f"{house}/tai-khoan/yeu-to/khoa/")
    page.click("form[data-key] button")
    page.wait_for_url("**/tai-khoan/ma-du-phong/")
    page.click("main form button")
    assert page.locator(".codes li").count() == 10
    context.clear_cookies()
    page.goto(f"{house}/dang-nhap/?next=/tai-khoan/phien/")
    page.fill("#ten", name)
    page.fill("#mat_khau", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/dang-nhap/yeu-to/")
    page.click("form[data-key] button")
    page.wait_for_url("**/tai-khoan/phien/")
    assert "khóa bảo mật" in page.inner_text("table")
    assert said == []
    context.close()
