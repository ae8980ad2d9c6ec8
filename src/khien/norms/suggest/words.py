"""Words of a clause as they are compared: one spelling for words that mean the same in this field."""

from __future__ import annotations

import re
from functools import lru_cache

from khien.kernel.vietnamese import nfc

_SYLLABLE = re.compile(r"[^\W_]+")
# Tone marks on the other vowel: old and new placement are the same word.
_PAIRS = (
    ("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"),
    ("oè", "òe"), ("oé", "óe"), ("oẻ", "ỏe"), ("oẽ", "õe"), ("oẹ", "ọe"),
    ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"), ("uỵ", "ụy"),
)  # fmt: skip
_OPEN = re.compile(rf"(?<![qQ])({'|'.join(old for old, _ in _PAIRS)})(?![^\W\d_])")
_NEW = dict(_PAIRS)
# What stands on the left is read as what stands on the right; the longest first.
_SAME: tuple[tuple[str, str], ...] = (
    ("an toàn thông tin mạng", "an toàn thông tin"),
    ("an toàn an ninh mạng", "an toàn thông tin"),
    ("an toàn an ninh thông tin", "an toàn thông tin"),
    ("an ninh mạng", "an toàn thông tin"),
    ("an ninh thông tin", "an toàn thông tin"),
    ("attt", "an toàn thông tin"),
    ("anm", "an toàn thông tin"),
    ("httt", "hệ thống thông tin"),
    ("cntt", "công nghệ thông tin"),
    ("bmnn", "bí mật nhà nước"),
    ("ubnd", "ủy ban nhân dân"),
    ("cbccvc", "cán bộ công chức viên chức"),
    ("wi fi", "wifi"),
    ("vi rút", "virus"),
    ("vi rus", "virus"),
    ("phần mềm độc hại", "mã độc"),
    ("mật mã truy cập", "mật khẩu truy cập"),
    ("mật mã đăng nhập", "mật khẩu đăng nhập"),
    ("password", "mật khẩu"),
    ("firewall", "tường lửa"),
    ("email", "thư điện tử"),
    ("e mail", "thư điện tử"),
    ("truy nhập", "truy cập"),
    ("tập tin", "tệp"),
    ("file", "tệp"),
    ("hàng năm", "hằng năm"),
    ("hàng ngày", "hằng ngày"),
    ("hàng tuần", "hằng tuần"),
    ("hàng tháng", "hằng tháng"),
    ("hàng quý", "hằng quý"),
    ("đảm bảo", "bảo đảm"),
    ("khoá", "khóa"),
    ("log", "nhật ký"),
)  # fmt: skip
_FOLDS = re.compile(
    r"(?<= )(?:"
    + "|".join(re.escape(old) for old, _ in sorted(_SAME, key=lambda s: -len(s[0])))
    + r")(?= )"
)
_FOLDED = dict(_SAME)


@lru_cache(maxsize=16_384)
def words(text: str) -> str:
    """Return the syllables of a text in small letters, one space before, between and after them.

    Words that mean the same in these regulations are written in one way ("an ninh mạng" as "an toàn thông tin",
    "password" as "mật khẩu"), numbers lose leading zeros, tones stand where the newer spelling puts them.
    """
    plain = _OPEN.sub(lambda found: _NEW[found.group()], nfc(text).lower())
    syllables = (s.lstrip("0") or "0" if s.isdigit() else s for s in _SYLLABLE.findall(plain))
    return _FOLDS.sub(lambda found: _FOLDED[found.group()], f" {' '.join(syllables)} ")
