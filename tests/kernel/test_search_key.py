"""Search finds Vietnamese words typed without marks, in either Unicode form, with the wrong đ."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.kernel.vietnamese import nfc, search_key

LETTERS = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
)
words = st.text(st.sampled_from(LETTERS + LETTERS.upper() + " \t\n"), max_size=30)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Mật khẩu  Đăng nhập", "mat khau dang nhap"),
        ("\u0110iều 19", "dieu 19"),
        ("\u00d0iều 19", "dieu 19"),
        ("\u00f0iều", "dieu"),
        (" Ưu tiên\u00a0số 1 ", "uu tien so 1"),
        ("KHÓA", "khoa"),
        ("", ""),
    ],
)
def test_marks_case_and_spaces_do_not_matter(text: str, key: str) -> None:
    assert search_key(text) == key


@given(words)
def test_the_key_of_vietnamese_is_plain_letters(text: str) -> None:
    assert search_key(text).isascii()
    assert search_key(search_key(text)) == search_key(text)


@given(words)
def test_unicode_form_and_case_do_not_change_the_key(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert search_key(decomposed) == search_key(text) == search_key(text.upper())
    assert nfc(decomposed) == nfc(text)


@given(words, words)
def test_what_is_found_in_a_text_is_found_in_its_key(before: str, wanted: str) -> None:
    assert search_key(wanted) in search_key(f"{before} {wanted}")
