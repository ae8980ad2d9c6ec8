"""How wide a text is in Times, so that lines under words, blocks and columns get their lengths before layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_MM_PER_PT = 25.4 / 72
# Advances of Times in thousandths of the type size, and the letters that have them (no kerning).
_BOLD = {
    220: "|",
    250: " ,.\u00a0",
    278: "'/\\il",
    333: "!()-:;[]`fjt·‘’",
    389: "Is",
    400: "°{}",
    444: "cerz",
    500: "#$*0123456789?J_agovxy–“”§",
    556: "Sbdhknpquđơ",
    570: '+<=>×÷±^~"',
    606: "ưFP",
    667: "BELTZ",
    722: "ACDNRUVXYwĐ",
    778: "GHKOQƠƯ",
    833: "&m",
    944: "M@",
    1000: "%W—…",
}
_REGULAR = {
    200: "|'",
    250: " ,.\u00a0",
    278: "/:;\\ijlt",
    333: "!()-I[]`fr·‘’",
    389: "Js°",
    444: '?acez“”"^',
    500: "#$*0123456789_bdghknopquvxyđ–§{}",
    535: "ơưFPS",
    564: "+<=>×÷±~",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐƠ",
    778: "&mƯ",
    833: "%",
    889: "M",
    944: "W@",
    1000: "—…",
}
_HORNED = {"Ơ": "ƠỚỜỞỠỢ", "ơ": "ơớờởỡợ", "Ư": "ƯỨỪỬỮỰ", "ư": "ưứừửữự"}


def _table(widths: Mapping[int, str]) -> Mapping[str, int]:
    return {letter: width for width, letters in widths.items() for letter in letters}


_BASES = {letter: base for base, letters in _HORNED.items() for letter in letters}
_ADVANCES = {True: _table(_BOLD), False: _table(_REGULAR)}
_UNKNOWN = 1000
# Phrases of names and abstracts that stay on one line, and words that a second line best starts with.
_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "ủy ban nhân dân",
        "hội đồng nhân dân",
        "công an",
        "trung tâm",
        "bệnh viện",
        "trạm y tế",
        "thành phố",
        "thị xã",
        "đặc khu",
        "văn phòng",
        "phó giám đốc",
        "bảo đảm",
        "an toàn thông tin",
        "an ninh mạng",
        "hệ thống thông tin",
        "kế hoạch",
        "kết quả",
        "sự cố",
        "thực hiện",
    )
)
_PLACES = {"tỉnh", "thành phố", "phường", "xã", "huyện", "quận", "thị xã", "đặc khu"}


def exact_width_mm(text: str, size_pt: float, *, bold: bool = True) -> float:
    """Return how wide a text is in Times of a size, in millimetres; strange letters count as the widest."""
    advances = _ADVANCES[bold]
    letters = unicodedata.normalize("NFC", text)
    return (
        sum(advances.get(_base(letter), _UNKNOWN) for letter in letters)
        / 1000
        * size_pt
        * _MM_PER_PT
    )


def text_width_mm(text: str, size_pt: float, *, bold: bool = True) -> int:
    """Return how wide a text is in Times of a size, in whole millimetres."""
    return round(exact_width_mm(text, size_pt, bold=bold))


def _base(letter: str) -> str:
    return _BASES.get(letter) or unicodedata.normalize("NFD", letter)[0]


def balanced(text: str, size_pt: float, width_mm: float, *, bold: bool = True) -> tuple[str, ...]:
    """Return a name on as few lines as its block allows, the lines about equally long.

    A single word that is wider than the block stays a line of its own; the layout breaks it.
    """
    words = _words(text)
    if not words or exact_width_mm(text, size_pt, bold=bold) <= width_mm:
        return (text,)
    for place, word in enumerate(words[1:], start=1):
        halves = (" ".join(words[:place]), " ".join(words[place:]))
        # A body's name breaks before its place; an abstract, which is not in capitals, only by length.
        if (
            text.isupper()
            and word.casefold() in _PLACES
            and all(exact_width_mm(half, size_pt, bold=bold) <= width_mm for half in halves)
        ):
            return halves
    narrow = _lines(words, size_pt, width_mm, bold=bold)
    low, high = 0.0, float(width_mm)
    best = narrow
    for _ in range(12):
        middle = (low + high) / 2
        tried = _lines(words, size_pt, middle, bold=bold)
        if len(tried) > len(narrow):
            low = middle
        else:
            best, high = tried, middle
    return tuple(best)


def _words(text: str) -> list[str]:
    """Return the words, a body's fixed phrase as one."""
    words = text.split()
    place = 0
    while place < len(words):
        for phrase in _PHRASES:
            end = place + len(phrase)
            if tuple(word.casefold() for word in words[place:end]) == phrase:
                words[place:end] = [" ".join(words[place:end])]
                break
        place += 1
    return words


def _lines(words: list[str], size_pt: float, width_mm: float, *, bold: bool) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if exact_width_mm(longer, size_pt, bold=bold) <= width_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def line_mm(text_mm: float) -> int:
    """Return the length of the line under a text: between a third and a half of it.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.2 and I.5
    """
    return round(text_mm * 0.42)
