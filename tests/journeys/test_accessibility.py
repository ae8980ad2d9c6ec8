"""Every page a person can reach by its links keeps WCAG 2.2 AA, in both themes, and works by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from agency import (
    ADMINISTRATOR,
    HOSPITAL,
    INSPECTOR,
    LEADER,
    OFFICER,
    OVERSEER,
    ROOT,
    STAFF,
    Agency,
)
from django.urls import Resolver404, get_resolver, resolve

AXE = ROOT / "var" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PEOPLE = (OFFICER, LEADER, OVERSEER, ADMINISTRATOR, STAFF, INSPECTOR)
VISITS_MAX = 400
PHONE = {"width": 360, "height": 780}

needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core is not at var/npm (npm install --prefix var/npm axe-core)"
)


def links_in(page: str) -> Iterator[str]:
    for found in re.findall(r'href="(/[^"#]*)', page):
        if not found.startswith("/static/"):
            yield unescape(found)


def name_of(address: str) -> str:
    try:
        return str(resolve(address.partition("?")[0]).url_name)
    except Resolver404:
        return ""


def reached(agency: Agency, browser: Any, person: str, known: set[str]) -> dict[str, str]:
    """Follow links from a person's first page; return one address for each name of a page not yet known."""
    context = agency.context(browser, person)
    waiting, seen, pages = ["/", f"/don-vi/{HOSPITAL}/"], set(), {}
    tried: dict[str, int] = {}
    while waiting and len(seen) < VISITS_MAX:
        address = waiting.pop(0)
        name = name_of(address)
        # Two of a kind: the second one may lead where the first does not.
        if address in seen or tried.get(name, 0) >= 2 or (name in known and tried.get(name)):
            continue
        seen.add(address)
        answer = context.request.get(agency.base + address)
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        tried[name] = tried.get(name, 0) + 1
        pages.setdefault(name, address)
        waiting += [link for link in links_in(answer.text()) if link not in seen]
    context.close()
    pages.pop("home", None)
    return pages


@pytest.fixture(scope="module")
def pages(agency: Agency, chromium: Any) -> dict[str, tuple[str, str]]:
    """One address for each name of a page, and who can open it; a report is begun so that its pages are there."""
    desk = agency.context(chromium, OFFICER).new_page()
    desk.goto(f"{agency.base}/don-vi/{HOSPITAL}/bao-cao/lap/quarterly_result/")
    desk.click("main form .button")
    desk.wait_for_selector(".paper")
    desk.context.close()
    found: dict[str, tuple[str, str]] = {}
    for person in PEOPLE:
        for name, address in reached(agency, chromium, person, set(found)).items():
            found.setdefault(name, (person, address))
    return found


def violations(page: Any, only: list[str] | None = None) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    run = {"runOnly": {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}}
    result = page.evaluate("(options) => axe.run(document, options)", run)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:200]}"
        for one in result["violations"]
        for node in one["nodes"][:3]
    ]


@dataclass
class Walk:
    """What was wrong on the pages, each opened once: by theme, and which are wider than a phone."""

    themes: dict[str, dict[str, list[str]]]
    wide: list[str]


@pytest.fixture(scope="module")
def walk(agency: Agency, chromium: Any, pages: dict[str, tuple[str, str]]) -> Walk:
    """Open every page once: all rules in the light theme, contrast in the dark one, then the width of a phone."""
    contexts: dict[str, Any] = {}
    found = Walk({"light": {}, "dark": {}}, [])
    for name, (person, address) in sorted(pages.items()):
        if person not in contexts:
            contexts[person] = agency.context(chromium, person, color_scheme="light")
        page, place = contexts[person].new_page(), f"{name} {address}"
        page.goto(agency.base + address)
        if AXE.exists():
            found.themes["light"][place] = violations(page)
            page.emulate_media(color_scheme="dark")
            found.themes["dark"][place] = violations(page, only=["color-contrast"])
        page.set_viewport_size(PHONE)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            found.wide.append(place)
        page.close()
    return found


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_keeps_the_rules_of_accessibility(walk: Walk, scheme: str) -> None:
    assert walk.themes[scheme]
    assert {place: wrong for place, wrong in walk.themes[scheme].items() if wrong} == {}


def test_every_page_is_reached_by_links(pages: dict[str, tuple[str, str]]) -> None:
    unit_pages = {
        str(pattern.name)
        for pattern in get_resolver().url_patterns[0].url_patterns
        if pattern.name
        in {"unit", "unit-today", "compliance-home", "by-theme", "heat-map", "trend"}
    }
    assert unit_pages <= set(pages)
    assert {"machine", "machines", "rulebook", "control", "library", "ledger", "today"} <= set(
        pages
    )
    assert {"registers", "register-show", "row-show", "heat-map-all", "units"} <= set(pages)


def test_no_page_is_wider_than_a_phone(walk: Walk) -> None:
    assert walk.wide == []


def test_search_opens_by_key_and_is_walked_by_key(agency: Agency, chromium: Any) -> None:
    page = agency.context(chromium, OFFICER).new_page()
    page.goto(f"{agency.base}/don-vi/{HOSPITAL}/hom-nay/")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "tim-chu"
    page.keyboard.type("mat khau")
    page.wait_for_selector("#tim-thay a")
    assert page.inner_text("#noi-ra") != ""
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#tim-thay') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('tim-nhanh').open") is False
    page.keyboard.press("/")
    page.keyboard.type("khoa man hinh")
    page.wait_for_selector("#tim-thay mark")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(don-vi|van-ban)/.+"))


def test_lists_are_walked_by_j_and_k_only_from_inside(agency: Agency, chromium: Any) -> None:
    page = agency.context(chromium, OFFICER).new_page()
    page.goto(f"{agency.base}/don-vi/{HOSPITAL}/hom-nay/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.focus(".tasks .rows > li:nth-child(1) a")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('li').matches(':nth-child(2)')")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('li').matches(':nth-child(1)')")


def test_search_works_without_script(agency: Agency, chromium: Any) -> None:
    page = agency.context(chromium, OFFICER, java_script_enabled=False).new_page()
    page.goto(f"{agency.base}/van-ban/")
    page.fill("#tim-o", "mat khau")
    page.press("#tim-o", "Enter")
    page.wait_for_selector("main mark")


def test_text_typed_and_not_sent_is_not_lost_without_a_question(
    agency: Agency, chromium: Any
) -> None:
    page = agency.context(chromium, OFFICER).new_page()
    page.goto(f"{agency.base}/don-vi/{HOSPITAL}/so/contact/them/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    fields = "main form[method=post] :is(input:not([type]), input[type=text], textarea)"
    page.locator(fields).first.click()
    page.keyboard.type("Nguyen Van An")
    page.click("nav.nav a[href='/van-ban/']")
    page.wait_for_url("**/van-ban/")
    assert asked == ["beforeunload"]


def test_motion_stands_still_when_asked_and_paper_has_no_frame(
    agency: Agency, chromium: Any
) -> None:
    page = agency.context(chromium, OFFICER, reduced_motion="reduce").new_page()
    page.goto(f"{agency.base}/don-vi/{HOSPITAL}/")
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e, '::before').transitionDuration) > 0 || parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    page.emulate_media(media="print")
    for part in (".side", ".foot", ".skip"):
        assert page.is_hidden(part)
