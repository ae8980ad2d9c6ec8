"""What each person of the agency does on a day: department, leader, staff, inspector."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from agency import HOSPITAL, INSPECTOR, LEADER, OVERSEER, STAFF, Agency

from khien.kernel.clock import now_utc, vietnam_date


def test_the_department_goes_from_the_map_to_the_clause(agency: Agency, chromium: Any) -> None:
    page = agency.context(chromium, OVERSEER).new_page()
    page.goto(agency.base)
    page.click("a[href='/tuan-thu/']")
    page.wait_for_selector(".heat")
    page.fill("#tim", "benh vien")
    page.wait_for_selector(".heat tbody tr:nth-child(2)", state="detached")
    page.click(".heat td.fail a >> nth=0")
    page.wait_for_url(re.compile(f"/don-vi/{HOSPITAL}/quy-tac/"))
    page.click(f"main h3 a[href*='/don-vi/{HOSPITAL}/bien-phap/'] >> nth=0")
    page.wait_for_selector("#ket-qua", state="attached")
    page.click("main a.cite >> nth=0")
    page.wait_for_selector("#noi-dung-van-ban, .clause:target, main .tree")
    assert "#" in page.url


def test_the_department_changes_the_unit_and_keeps_the_page(agency: Agency, chromium: Any) -> None:
    page = agency.context(chromium, OVERSEER).new_page()
    page.goto(f"{agency.base}/don-vi/so-y-te-mau/may/")
    page.click(".side-unit a")
    page.fill("main #tim", "da khoa")
    page.wait_for_selector("#cac-don-vi tbody tr:nth-child(2)", state="detached")
    page.click("#cac-don-vi tbody a")
    assert page.url.endswith(f"/don-vi/{HOSPITAL}/may/")


def test_the_leader_sees_the_unit_and_may_not_write(agency: Agency, chromium: Any) -> None:
    context = agency.context(chromium, LEADER)
    page = context.new_page()
    page.goto(agency.base)
    page.wait_for_selector("#viec-can-lam")
    assert f"/don-vi/{HOSPITAL}/hom-nay/" in page.url
    assert context.request.get(f"{agency.base}/don-vi/{HOSPITAL}/so/contact/them/").status == 403
    page.click("nav.nav a[href$='/tuan-thu/']")
    page.click(".tabs a[href$='/dien-bien/']")
    page.wait_for_selector(".plot rect")
    assert page.locator("main table tbody tr").count() > 1


def test_staff_see_their_own_tasks_and_the_texts(agency: Agency, chromium: Any) -> None:
    context = agency.context(chromium, STAFF)
    page = context.new_page()
    page.goto(agency.base)
    page.wait_for_selector("#viec-can-lam")
    addresses = page.eval_on_selector_all(
        "nav.nav a", "all => all.map(a => a.getAttribute('href'))"
    )
    assert [context.request.get(agency.base + a).status for a in addresses] == [200] * len(
        addresses
    )
    page.keyboard.press("Control+k")
    page.keyboard.type("mat khau")
    page.wait_for_selector("#tim-thay a")
    found = page.eval_on_selector_all("#tim-thay a", "all => all.map(a => a.getAttribute('href'))")
    assert found
    assert not [a for a in found if a.startswith("/don-vi/")]


def test_the_inspector_sees_a_past_day_and_changes_nothing(agency: Agency, chromium: Any) -> None:
    context = agency.context(chromium, INSPECTOR)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    day = vietnam_date(now_utc()) - timedelta(days=30)
    page.goto(f"{agency.base}/don-vi/{HOSPITAL}/tuan-thu/chu-de/?ngay={day}")
    assert f"{day:%d/%m/%Y}" in page.inner_text("main .notice >> nth=0")
    page.click("nav.nav a[href='/so-cai/']")
    page.wait_for_selector("main h1")
    assert said == []
    page.goto(f"{agency.base}/don-vi/{HOSPITAL}/")
    token = page.eval_on_selector("input[name=csrfmiddlewaretoken]", "field => field.value")
    headers = {"Referer": agency.base, "X-CSRFToken": token}
    for address in ("so/contact/them/", "so/contact/xac-nhan/"):
        answer = context.request.post(
            f"{agency.base}/don-vi/{HOSPITAL}/{address}", headers=headers, form={}
        )
        assert answer.status == 403, address
