"""Vietnamese and English are complete: none missing, none fuzzy, none left over, compiled as written."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from khien.web import translations

pytestmark = pytest.mark.django_db

ENGLISH_ONLY = re.compile(
    r"\b(What to do|Overview|Machines|Rulebook|Sign out|Unknown|Not applicable|Ledger entry)\b"
)
VIETNAMESE_ONLY = re.compile(r"\b(Tổng quan|Đăng xuất|Chưa rõ|Không đạt|Việc cần làm|Sổ cái)\b")


def test_the_vietnamese_catalogue_is_complete_and_compiled() -> None:
    assert translations.problems() == []


def test_vietnamese_sentences_are_composed_unicode() -> None:
    text = translations.PO.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_vietnamese_pages_hold_no_english_words(answers: dict[str, Any]) -> None:
    for address, answer in answers.items():
        assert ENGLISH_ONLY.findall(answer.content.decode()) == [], address


def test_english_pages_hold_no_vietnamese_words(cast: Any, pages: list[str]) -> None:
    client = cast.client(khien_language="en")
    for address in pages:
        assert VIETNAMESE_ONLY.findall(client.get(address).content.decode()) == [], address
