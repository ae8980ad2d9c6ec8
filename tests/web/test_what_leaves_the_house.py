"""No page asks anything of the outside, and nothing hostile gets in: policy, addresses, escaping, fonts."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from khien.web import fonts

pytestmark = pytest.mark.django_db

STATIC = Path(fonts.__file__).resolve().parent / "static" / "khien"
VOID = {"meta", "link", "input", "br", "rect", "path", "circle"}


class Page(HTMLParser):
    """Collects what the tests look at: tags with their attributes, ids, headings; and checks nesting."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


@pytest.fixture(scope="module")
def read(answers: dict[str, Any]) -> dict[str, Page]:
    return {address: Page(answer.content.decode()) for address, answer in answers.items()}


def test_every_answer_carries_the_policy(answers: dict[str, Any]) -> None:
    for answer in answers.values():
        headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


def test_no_page_holds_inline_style_or_script_or_an_outside_address(read: dict[str, Page]) -> None:
    for address, page in read.items():
        for tag, attributes in page.tags:
            assert tag not in {"style", "iframe", "object"}, address
            is_ours = (attributes.get("src") or "").startswith("/static/")
            assert tag != "script" or (is_ours and "defer" in attributes), address
            for name, value in attributes.items():
                assert name != "style", (address, tag)
                assert not name.startswith("on"), (address, tag, name)
                outside = (
                    name in {"href", "src", "action", "formaction"} and value and "//" in value
                )
                assert not outside, (address, value)


def test_pages_are_well_formed_with_one_heading_one_main_and_unique_ids(
    read: dict[str, Page],
) -> None:
    for address, page in read.items():
        names = [tag for tag, _ in page.tags]
        ids = [a["id"] for _, a in page.tags if "id" in a]
        assert page.wrong == [], address
        assert (names.count("h1"), names.count("main")) == (1, 1), address
        assert sorted({i for i in ids if ids.count(i) > 1}, key=str) == [], address


def test_headings_never_skip_a_level(read: dict[str, Page]) -> None:
    for address, page in read.items():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        jumps = [b for a, b in itertools.pairwise(levels) if b > a + 1]
        assert jumps == [], (address, levels)


def test_every_field_has_a_label(read: dict[str, Page]) -> None:
    for address, page in read.items():
        labelled = {a.get("for") for tag, a in page.tags if tag == "label"}
        for tag, attributes in page.tags:
            if tag in {"input", "select"} and attributes.get("type") != "hidden":
                assert attributes.get("id") in labelled, address


def test_text_from_a_machine_is_never_markup(cast: Any, answers: dict[str, Any]) -> None:
    for answer in answers.values():
        body = answer.content.decode()
        assert "<script>alert" not in body
        assert '<b>"may"' not in body
    machine = answers[f"/don-vi/phuong/may/{cast.host.host_uid}/"].content.decode()
    assert "&lt;script&gt;alert(1)" in machine


def test_style_sheets_ask_nothing_of_the_outside() -> None:
    for sheet in STATIC.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "//" not in re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        assert "@import" not in text


def test_the_four_fonts_are_served_from_their_package_and_nothing_else_of_it() -> None:
    named = re.findall(
        r'url\("(fonts/[^"]+)"\)', (STATIC / "tokens.css").read_text(encoding="utf-8")
    )
    assert len(named) == 4
    for name in named:
        place = finders.find(f"khien/{name}")
        assert isinstance(place, str)
        assert Path(place).read_bytes()[:4] == b"\0\1\0\0"
    assert finders.find("khien/fonts/BeVietnamPro-Thin.ttf") is None
    assert finders.find("khien/fonts/../metadata.json") is None
