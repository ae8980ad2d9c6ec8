"""Vietnamese text: one form of Unicode, and keys that ignore tone marks for search."""

from __future__ import annotations

import unicodedata


class _Bare(dict[int, int | None]):
    """Letters without marks, looked up as they come: millions of letters have a few hundred faces."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = None if unicodedata.combining(chr(letter)) else letter
        return self[letter]


# The eth (U+00F0) looks like đ and stands in its place in badly typed texts.
_D = str.maketrans({"đ": "d", "\u00f0": "d"})
_BARE = _Bare()


def nfc(text: str) -> str:
    """Return the text in Unicode form C, the only form that is stored or compared."""
    return unicodedata.normalize("NFC", text)


def search_key(text: str) -> str:
    """Return a key for search that ignores case, tone and vowel marks, đ/d and runs of space.

    "Mật khẩu  Đăng nhập" and "mat khau dang nhap" have the same key.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_D))
    return " ".join(decomposed.translate(_BARE).split())
