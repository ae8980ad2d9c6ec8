"""The letters of TCVN3 (ABC) and VNI Windows, as they look when read as Western text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Marks in the order both tables use: none, huyền, hỏi, ngã, sắc, nặng.
TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")

# One row per vowel, one sign per tone; "." where the plain ASCII letter serves.
# In TCVN3 ư is the byte AD, which Western text calls a soft hyphen.
_TCVN3_ROWS: Final = {
    "a": ".µ¶·¸¹",
    "ă": "¨»¼½¾Æ",
    "â": "©ÇÈÉÊË",
    "e": ".ÌÎÏÐÑ",
    "ê": "ªÒÓÔÕÖ",
    "i": ".×ØÜÝÞ",
    "o": ".ßáâãä",
    "ô": "«åæçèé",
    "ơ": "¬êëìíî",
    "u": ".ïñòóô",
    "ư": "\xadõö÷øù",
    "y": ".úûüýþ",
}
_TCVN3_CAPITALS: Final = dict(zip("¡¢£¤¥¦§", "ĂÂÊÔƠƯĐ", strict=True))

# VNI writes the ASCII vowel and then one sign for its marks.
_VNI_TONES: Final = ".øûõùï"
_VNI_BREVE: Final = "êèúüéë"
_VNI_CIRCUMFLEX: Final = "âàåãáä"
_VNI_ROWS: Final = {
    "a": [f"a{sign}" for sign in _VNI_TONES],
    "ă": [f"a{sign}" for sign in _VNI_BREVE],
    "â": [f"a{sign}" for sign in _VNI_CIRCUMFLEX],
    "e": [f"e{sign}" for sign in _VNI_TONES],
    "ê": [f"e{sign}" for sign in _VNI_CIRCUMFLEX],
    "i": ["i.", "ì", "æ", "ó", "í", "ò"],
    "o": [f"o{sign}" for sign in _VNI_TONES],
    "ô": [f"o{sign}" for sign in _VNI_CIRCUMFLEX],
    "ơ": ["ô", *(f"ô{sign}" for sign in _VNI_TONES[1:])],
    "u": [f"u{sign}" for sign in _VNI_TONES],
    "ư": ["ö", *(f"ö{sign}" for sign in _VNI_TONES[1:])],
    "y": ["y.", "yø", "yû", "yõ", "yù", "î"],
}


def _letters(rows: dict[str, str] | dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for vowel, signs in rows.items():
        for sign, tone in zip(signs, TONES, strict=True):
            if not sign.endswith("."):
                yield sign, unicodedata.normalize("NFC", vowel + tone)


def _vni_letters() -> dict[str, str]:
    lower = dict(_letters(_VNI_ROWS)) | {"ñ": "đ"}
    # A capital vowel is met both with a capital sign and with a small one ("AÙp", "Aùp").
    mixed = {sign[0].upper() + sign[1:]: letter.upper() for sign, letter in lower.items()}
    upper = {sign.upper(): letter.upper() for sign, letter in lower.items()}
    return lower | mixed | upper


TCVN3: Final = dict(_letters(_TCVN3_ROWS)) | {"®": "đ"} | _TCVN3_CAPITALS
VNI: Final = _vni_letters()

_TCVN3_MAP: Final = str.maketrans(TCVN3)
_VNI_SIGN: Final = re.compile("|".join(sorted(VNI, key=len, reverse=True)))


def from_tcvn3(text: str) -> str:
    """Read every character as TCVN3; capitals that only a capital font shows stay small."""
    return text.translate(_TCVN3_MAP)


def from_vni(text: str) -> str:
    """Read every vowel and its sign as VNI Windows."""
    return _VNI_SIGN.sub(lambda sign: VNI[sign.group()], text)
