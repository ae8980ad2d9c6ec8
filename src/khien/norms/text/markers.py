"""What a line looks like by its first characters: a candidate marker; the sequence decides later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from khien.norms.text.letters import vietnamese

MarkerKind = Literal[
    "phan", "chuong", "muc", "tieu_muc", "dieu", "number", "letter", "step", "bullet", "roman",
    "capital", "decimal", "bracket",
]  # fmt: skip

ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
WORD_NUMBERS = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip

# "Điều" with the letters OCR takes for its own; a number must follow.
ARTICLE_WORD = r"(?:[ĐD] ?[iìíỉĩ] ?[êềếểễệeèéẻ] ?[uùúủ]|[ĐD] ?[IÌÍỈ] ?[ÊỀẾỂỄỆEÈ] ?[UÙ])"
_ARTICLE = re.compile(
    rf"{ARTICLE_WORD} ?(\d{{1,4}}[a-zđ]?(?!\d|/)|[\dlIO|]{{1,3}}(?=[.:]))(?!\w) ?([.:)\-–—,;]?) ?(.*)$"
)
_CHAPTER = re.compile(
    r"(?:Chương|CHƯƠNG|Chưong|Chuơng|Chươn) ?([IVXLClí|1]{1,7}|\d{1,3})([a-zđA-D]?)"
    r"(?![\w/]) ?([.:\-–—)]?) ?(.*)$"
)
_PART = vietnamese(
    r"(?:Phần|PHẦN)(?: (?:thứ|THỨ|Thứ))? "
    r"([IVXLC]{1,6}|\d{1,2}|[a-zđà-ỹA-ZĐÀ-Ỹ]{2,5})(?![\w/]) ?([.:\-–—)]?) ?(.*)$"
)
_SECTION = re.compile(r"(?:Mục|MỤC) ([IVXLC]{1,6}|\d{1,3}[a-zđ]?)(?![\w/]) ?([.:\-–—)]?) ?(.*)$")
_SUBSECTION = re.compile(
    r"(?:Tiểu mục|TIỂU MỤC|Tiểu Mục) ([IVXLC]{1,6}|\d{1,3}[a-zđ]?)(?![\w/]) ?([.:\-–—)]?) ?(.*)$"
)
_NUMBER = re.compile(r"(\d{1,3}[a-zđ]?) ?([.)/,:]) ?(?!\d)(.*)$")
# The style of older texts: "1- Máy", "a- Máy".
_DASH_NUMBER = vietnamese(r"(\d{1,2}) ?([-–]) ?(?=[A-ZĐÀ-Ỹ“\"])(?![A-ZĐ]{1,4}[/-])(.*)$")
_DASH_LETTER = vietnamese(r"([a-zđ]) ?([-–]) (?=[A-ZĐÀ-Ỹ“\"])(.*)$")
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,4})([.)]?|[-–](?= ))(?: +|$)(.*)$")
_LETTER = re.compile(r"([a-zđ]\d?|[a-z]{2}(?=\))) ?([).]|/(?! ?\w{1,3}[/)])) ?(.*)$")
_STEP = re.compile(r"(?:Bước|BƯỚC) (\d{1,2}) ?([:.\-–—)]) ?(.*)$")
_BULLET = re.compile(r"([-–—−•·▪●○◦►‣➢✓*+]|o(?= ))\s*(.*)$")
_ROMAN = re.compile(r"([IVXLC]{1,6}) ?([.)\-–:/]) ?(.*)$")
_CAPITAL = re.compile(r"([A-HĐ]) ?([.)]) ?(.*)$")
_BRACKET = re.compile(r"\(([ivx]{1,5}|\d{1,2}|[a-zđ])\) ?(.*)$")
_LOWER_ROMAN = re.compile(r"([ivx]{2,5}) ?([.)]) ?(.*)$")
_OCR_DUST = re.compile(r"^[._,'`·|]{1,3} (?=\d{1,2}[.)] )")
_OCR_ONE = vietnamese(r"([lI|]) ?\. ?(?=[A-ZĐÀ-Ỹ])(.*)$")
_NAMED_CLAUSE = vietnamese(r"(?:Khoản|KHOẢN) (\d{1,2}[a-zđ]?) ?[.:] ?(?=[A-ZĐÀ-Ỹ“\"])(.*)$")
_NAMED_POINT = vietnamese(r"(?:Điểm|ĐIỂM) ([a-zđ])(?:[.:] |\) ?:? ?)(?=[A-ZĐÀ-Ỹ“\"])(.*)$")
_DASHED = vietnamese(r"^[-*+] ?(?=[a-zđ]\) |Điều \d|Chương [IVXL\d]|Chươn|\d{1,2}\. [A-ZĐÀ-Ỹ])")


@dataclass(slots=True)
class Marker:
    """A candidate marker.

    Args: kind: what it may open; number: as printed; value: its place in a sequence (0 unknown);
          style: the sign after the number; rest: the text after the marker; note: repaired spelling
    """

    kind: MarkerKind
    number: str
    value: int
    style: str
    rest: str
    note: str = ""


def roman(number: str) -> int:
    """Return the value of a Roman or Arabic number, 0 when it is neither."""
    if number.isdecimal():
        return int(number)
    total = 0
    for letter, following in zip(number, [*number[1:], ""], strict=True):
        value = ROMAN_VALUES.get(letter, 0)
        if not value:
            return 0
        total += -value if ROMAN_VALUES.get(following, 0) > value else value
    return total


def marker_of(text: str) -> Marker | None:
    """Return what the first characters of a clean line may open, or None."""
    first = text[0]
    reader = _READERS.get(first)
    if reader is None:
        return _number(text) if first.isdecimal() else _lower(text)
    return reader(text)


def _article(text: str) -> Marker | None:
    match = _ARTICLE.match(text)
    if not match:
        return None
    printed, style, rest = match.groups()
    number = article_number(printed)
    if not number:
        return None
    digits = number.rstrip(_LETTERS)
    plain = text.startswith("Điều ") and style in (".", "") and number == printed
    note = "" if plain else text[: match.start(3)]
    return Marker("dieu", number, int(digits), style, rest, note.strip())


def article_number(printed: str) -> str:
    """Return the number of an article as it was meant ("I0" is 10), "" when it is none."""
    if not any(letter.isdecimal() for letter in printed):
        return "1" if printed in ("I", "l") else ""
    return printed.translate(_DIGITS) if printed.strip("0123456789lIO|") == "" else printed


def _chapter(text: str) -> Marker | None:
    match = _CHAPTER.match(text)
    if not match:
        return None
    printed, suffix, style, rest = match.groups()
    number = printed if printed.isdecimal() else printed.translate(_ONES)
    note = "" if text.startswith(("Chương ", "CHƯƠNG ")) and number == printed else printed
    return Marker("chuong", number + suffix, roman(number), style, rest, note)


_ONES = str.maketrans({"l": "I", "1": "I", "|": "I", "í": "I"})
_DIGITS = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0"})
_LETTERS = "abcdđeghiklmnopqrstuvxy"


def _part(text: str) -> Marker | None:
    match = _PART.match(text)
    if not match:
        return None
    number, style, rest = match.groups()
    value = WORD_NUMBERS.get(number.lower(), 0) or roman(number)
    if not value:
        return None
    return Marker("phan", _roman_text(value), value, style, rest)


def _roman_text(value: int) -> str:
    tens, ones = divmod(value, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _section(text: str) -> Marker | None:
    match = _SECTION.match(text)
    if not match:
        return None
    number, style, rest = match.groups()
    return Marker("muc", number, roman(number.rstrip("abcdđeg")), style, rest)


def _capital_p(text: str) -> Marker | None:
    return _part(text)


def _capital_t(text: str) -> Marker | None:
    match = _SUBSECTION.match(text)
    if not match:
        return None
    number, style, rest = match.groups()
    return Marker("tieu_muc", number, roman(number.rstrip("abcdđeg")), style, rest)


def _number(text: str) -> Marker | None:
    match = _DECIMAL.match(text)
    if match and (match[2] or match[3][:1].isupper() or text.count(".") > 1):
        number = match[1]
        return Marker("decimal", number, int(number.rsplit(".", 1)[1]), match[2], match[3])
    match = _NUMBER.match(text) or _DASH_NUMBER.match(text)
    if not match:
        return None
    number, style, rest = match.groups()
    if style in ("/", ",", ":") and not (rest[:1].isupper() and not rest[1:2].isupper()):
        return None
    value = number.rstrip(_LETTERS)
    if value != number and (style != "." or not (rest[:1].isupper() or rest[:1] in '“"(')):
        return None
    return Marker("number", number.lstrip("0") or "0", int(value), style, rest)


def _lower(text: str) -> Marker | None:
    head = text[1:6]
    if ")" not in head and "." not in head and "/" not in head:
        match = _DASH_LETTER.match(text)
        return Marker("letter", match[1], 0, match[2], match[3]) if match else None
    match = _LETTER.match(text)
    if match:
        letter, style, rest = match.groups()
        if style != ")" and not (rest[:1].isalpha() or rest[:1] in '“"(' or not rest):
            return None
        return Marker("letter", letter, 0, style, rest)
    match = _LOWER_ROMAN.match(text)
    if match:
        return Marker("bracket", match[1], 0, match[2], match[3])
    if text[0] == "l":
        return _ocr_one(text)
    return None


def _ocr_one(text: str) -> Marker | None:
    match = _OCR_ONE.match(text)
    return Marker("number", "1", 1, ".", match[2], note=match[1] + ".") if match else None


def _step(text: str) -> Marker | None:
    match = _STEP.match(text)
    return Marker("step", match[1], int(match[1]), match[2], match[3]) if match else None


def _bullet(text: str) -> Marker | None:
    dashed = _DASHED.match(text)
    if dashed:
        inner = marker_of(text[dashed.end() :])
        if inner is not None:
            return inner
    match = _BULLET.match(text)
    if not match or not match[2]:
        return None
    return Marker("bullet", "", 0, match[1], match[2])


def _roman_or_capital(text: str) -> Marker | None:
    match = _ROMAN.match(text)
    if match and roman(match[1]):
        number, style, rest = match.groups()
        return Marker("roman", number, roman(number), style, rest)
    match = _CAPITAL.match(text)
    if match:
        return Marker("capital", match[1], ord(match[1]) - 64, match[2], match[3])
    return None


def _capital_c(text: str) -> Marker | None:
    return _chapter(text) or _roman_or_capital(text)


def _capital_d(text: str) -> Marker | None:
    if text[1:2] in ("i", "I") and (match := _NAMED_POINT.match(text)):
        return Marker("letter", match[1], 0, ")", match[2], note=f"Điểm {match[1]}")
    return _article(text) or _roman_or_capital(text)


def _capital_k(text: str) -> Marker | None:
    """Read "Khoản 1. …", a clause that is named and not only numbered."""
    match = _NAMED_CLAUSE.match(text)
    if match is None:
        return None
    value = int(match[1].rstrip(_LETTERS))
    return Marker("number", match[1], value, ".", match[2], note=f"Khoản {match[1]}")


def _capital_b(text: str) -> Marker | None:
    return _step(text) or _roman_or_capital(text)


def _capital_m(text: str) -> Marker | None:
    return _section(text)


def _small_d(text: str) -> Marker | None:
    # "điều 5" in lower case is nearly always a reference inside a sentence.
    return _lower(text)


def _bracket(text: str) -> Marker | None:
    match = _BRACKET.match(text)
    return Marker("bracket", match[1], 0, "()", match[2]) if match else None


def _dust(text: str) -> Marker | None:
    match = _OCR_DUST.match(text)
    if not match:
        return _ocr_one(text) if text[0] == "|" else None
    inner = marker_of(text[match.end() :])
    if inner is not None:
        inner.note = text[: match.end()].strip()
    return inner


_READERS = {
    "Đ": _capital_d, "đ": _small_d, "C": _capital_c, "P": _capital_p, "M": _capital_m,
    "T": _capital_t, "B": _capital_b, "(": _bracket, ".": _dust, "_": _dust, ",": _dust,
    "'": _dust, "`": _dust, "|": _dust,
    "D": _capital_d, "K": _capital_k,
    **dict.fromkeys("IVXLAEFGH", _roman_or_capital),
    **dict.fromkeys("-–—−•·▪●○◦►‣➢✓*+", _bullet),
}  # fmt: skip
