"""Turns text of the fonts before Unicode (TCVN3, VNI), and letters that only look right, into Unicode.

Nothing here adds, drops or joins lines: a line that is rewritten stays the same line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.norms.text.legacy_tables import from_tcvn3, from_vni
from khien.norms.text.model import Anomaly
from khien.norms.text.syllable import is_syllable

LEGACY_ANOMALIES: Final[dict[str, Text]] = {
    "legacy-tcvn3": Text(
        vi="Dòng viết bằng mã TCVN3 (ABC), đã chuyển sang Unicode.",
        en="The line was written in TCVN3 (ABC) and has been turned into Unicode.",
    ),
    "legacy-vni": Text(
        vi="Dòng viết bằng mã VNI Windows, đã chuyển sang Unicode.",
        en="The line was written in VNI Windows and has been turned into Unicode.",
    ),
    "legacy-utf8-twice": Text(
        vi="Dòng bị mã hóa UTF-8 hai lần, đã giải mã lại.",
        en="The line was encoded in UTF-8 twice and has been decoded again.",
    ),
    "legacy-capitals": Text(
        vi="Chữ hoa của phông chữ TCVN3 loại H được đoán theo các chữ không dấu bên cạnh; cần đối chiếu bản gốc.",
        en="Capitals of a TCVN3 capital font were guessed from the plain letters beside them; "
        "compare with the original.",
    ),
    "lookalike-eth": Text(
        vi="Chữ Ð hoặc ð (eth, U+00D0/U+00F0) đứng thay chữ Đ/đ, đã sửa.",
        en="The letter eth (U+00D0/U+00F0) stood for Đ/đ and has been replaced.",
    ),
    "lookalike-african-d": Text(
        vi="Chữ Ɖ (U+0189) đứng thay chữ Đ, đã sửa.",
        en="The letter U+0189 stood for Đ and has been replaced.",
    ),
    "lookalike-oi": Text(
        vi="Chữ Ƣ hoặc ƣ (U+01A2/U+01A3) đứng thay chữ Ư/ư, đã sửa.",
        en="The letter oi (U+01A2/U+01A3) stood for Ư/ư and has been replaced.",
    ),
}

# Western signs that Unicode Vietnamese never uses as letters but TCVN3 or VNI do. Ð is left out: in
# Unicode text it is a lookalike of Đ. One class, so that a text without them costs one scan.
_MARKER: Final = re.compile("[¡-©ª-\xae°-¿ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþ]")
_TOKEN: Final = re.compile("[A-Za-z¡-ÿ]+")
# Letters of Vietnamese outside Latin-1: a line that has one is Unicode already.
_GENUINE: Final = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u0303\u0309\u0323\u1ea0-\u1ef9]")
_SIGN_INSIDE_WORD: Final = re.compile("[a-z][À-Þ¡-¾]|[¡-¾][a-z]")
# In a document known to be TCVN3: signs in abbreviations ("N§-CP") and điểm đ ("®)") as well.
_SIGN_AT_WORD: Final = re.compile("[A-Za-z][¡-¾]|[¡-¾][A-Za-z]|®")
_WORD_LENGTH_MAX: Final = 30
_CODE: Final = re.compile("\\S*[0-9/_-]\\S*")
_VNI_WITHIN: Final = re.compile("[ñÑöÖ]|[aeouyôAEOUYÔ][à-ÿÀ-ß]")
_VNI_PAIR: Final = re.compile("[aeouyôöAEOUYÔÖ][à-ÿÀ-ß]")
# Alone between spaces these are quotation marks, bullets and units rather than letters.
_SIGNS: Final = frozenset("¡¢£¤¥¦§¨©ª«¬\xadµ·¹»¼½¾×÷")
_SHARE_DOCUMENT: Final = 0.7
_SHARE_LINE: Final = 0.6


@dataclass(frozen=True, slots=True)
class _Scheme:
    code: str
    read: Callable[[str], str]
    alone: re.Pattern[str]  # what a line's only accented word must show to be believed
    within: re.Pattern[str]  # what a line without a whole syllable must show in such a document


_SCHEMES: Final = (
    _Scheme("legacy-tcvn3", from_tcvn3, _SIGN_INSIDE_WORD, _SIGN_AT_WORD),
    _Scheme("legacy-vni", from_vni, _VNI_PAIR, _VNI_WITHIN),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """How one line reads: its accented words, and how many are syllables as they stand and by scheme."""

    words: tuple[str, ...]
    genuine: bool
    as_is: int
    by_scheme: tuple[int, ...]


def decode_legacy(text: str) -> tuple[str, tuple[Anomaly, ...]]:
    """Return the text in Unicode for the parser, lines unchanged in number, with every line repaired.

    Covers TCVN3 and VNI read as Western text, UTF-8 encoded twice, and lookalike letters; a text
    without any of them comes back as it was. Only what is converted is brought into form C.

    Returns: the text and its anomalies, by line
    """
    text, twice = _repair_utf8_twice(text)
    text, fonts = _decode_fonts(text)
    text, lookalikes = repair_lookalikes(text)
    return text, tuple(sorted((*twice, *fonts, *lookalikes), key=lambda anomaly: anomaly.line))


def legacy_share(text: str) -> float:
    """Return how many accented words of Western-looking text are Vietnamese by its best legacy scheme.

    Returns: 0..1; 0 when no word is accented
    """
    words = [word for word in _TOKEN.findall(text) if not word.isascii() and word not in _SIGNS]
    _, *by_scheme = _scores(words)
    return max(by_scheme) / len(words) if words else 0.0


def has_unicode_vietnamese(text: str) -> bool:
    """Say whether the text has letters that only Unicode Vietnamese has."""
    return _GENUINE.search(text) is not None


def has_legacy_marks(text: str) -> bool:
    """Say whether some line is legacy text, whose signs are letters and must not be dropped."""
    return any(_decisions(text.split("\n"))) if _MARKER.search(text) else False


# -- TCVN3 and VNI ---------------------------------------------------------------------------------


def _decode_fonts(text: str) -> tuple[str, list[Anomaly]]:
    if not _MARKER.search(text):
        return text, []
    lines = text.split("\n")
    anomalies: list[Anomaly] = []
    for index, scheme in enumerate(_decisions(lines)):
        if scheme is None:
            continue
        lines[index], guessed = _convert(lines[index], scheme)
        anomalies.append(_anomaly(index + 1, scheme.code))
        if guessed:
            anomalies.append(_anomaly(index + 1, "legacy-capitals"))
    return "\n".join(lines), anomalies


def _decisions(lines: list[str]) -> list[_Scheme | None]:
    read = [_read_line(line) for line in lines]
    favourite = _favourite([line for line in read if line is not None])
    return [None if line is None else _scheme_of(line, favourite) for line in read]


def _read_line(line: str) -> _Line | None:
    if line.isascii():
        return None
    words = tuple(w for w in _TOKEN.findall(line) if not w.isascii() and w not in _SIGNS)
    if not words:
        return None
    if _GENUINE.search(line):
        return _Line(words, genuine=True, as_is=len(words), by_scheme=(0,) * len(_SCHEMES))
    as_is, *by_scheme = _scores(words)
    return _Line(words, genuine=False, as_is=as_is, by_scheme=tuple(by_scheme))


def _scores(words: Sequence[str]) -> list[int]:
    """Count the syllables among words: as they stand, then by each scheme."""
    readings = [_readings(word) for word in words if len(word) <= _WORD_LENGTH_MAX]
    return [sum(column) for column in zip((0,) * (1 + len(_SCHEMES)), *readings, strict=True)]


@lru_cache(maxsize=65_536)
def _readings(word: str) -> tuple[bool, ...]:
    return is_syllable(word), *(is_syllable(scheme.read(word)) for scheme in _SCHEMES)


def _favourite(lines: list[_Line]) -> _Scheme | None:
    """Return the scheme of the document as a whole, where it has one."""
    candidates = [line for line in lines if not line.genuine]
    if not candidates or len(candidates) < len(lines) * _SHARE_DOCUMENT:
        return None
    total = sum(len(line.words) for line in candidates)
    as_is = sum(line.as_is for line in candidates)
    scores = [sum(line.by_scheme[n] for line in candidates) for n in range(len(_SCHEMES))]
    best = max(range(len(_SCHEMES)), key=scores.__getitem__)
    convincing = scores[best] >= total * _SHARE_DOCUMENT and scores[best] > as_is
    return _SCHEMES[best] if convincing else None


def _scheme_of(line: _Line, favourite: _Scheme | None) -> _Scheme | None:
    if line.genuine:
        return None
    if favourite is not None:
        score = line.by_scheme[_SCHEMES.index(favourite)]
        # In a legacy document a word that also reads as Unicode ("cã") is still legacy.
        shown = score or any(favourite.within.search(word) for word in line.words)
        return favourite if score >= line.as_is and shown else None
    best = max(range(len(_SCHEMES)), key=line.by_scheme.__getitem__)
    score, scheme = line.by_scheme[best], _SCHEMES[best]
    if score <= line.as_is or score < len(line.words) * _SHARE_LINE:
        return None
    believed = (
        _looks(line, scheme) if score == len(line.words) else score > 2 and _looks(line, scheme)
    )
    return scheme if believed else None


def _looks(line: _Line, scheme: _Scheme) -> bool:
    return any(scheme.alone.search(word) for word in line.words)


def _convert(line: str, scheme: _Scheme) -> tuple[str, bool]:
    """Return the line in Unicode, and whether capitals had to be guessed."""
    if scheme.read is not from_tcvn3:
        return _TOKEN.sub(lambda token: scheme.read(token.group()), line), False
    in_capitals = _is_in_capitals(line)
    guessed = False

    def convert(token: re.Match[str]) -> str:
        nonlocal guessed
        word = token.group()
        # TCVN3 fonts cannot show the quotation mark «: there it is the letter ô.
        if word.isascii() or (word in _SIGNS and word != "«"):
            return word
        plain = from_tcvn3(word)
        if not (in_capitals or _is_capital_word(word)) or any("a" <= c <= "z" for c in word):
            return plain
        guessed = guessed or plain != plain.upper()
        return plain.upper()

    return _TOKEN.sub(convert, line), guessed


def _is_in_capitals(line: str) -> bool:
    """Say whether the plain letters of a line, codes aside, are nearly all capitals, two at least."""
    letters = [c for c in _CODE.sub("", line) if c.isascii() and c.isalpha()]
    return len(letters) >= 2 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


def _is_capital_word(word: str) -> bool:
    """Say whether a word shows two capitals, or a capital after its first letter ("ñY")."""
    capitals = [n for n, c in enumerate(word) if "A" <= c <= "Z"]
    return len(capitals) >= 2 or (bool(capitals) and capitals[0] > 0)


# -- UTF-8 encoded twice ---------------------------------------------------------------------------

_TWICE_HINTS: Final = ("á»", "áº", "Ã", "Ä", "Æ")
_TWICE: Final = re.compile("[ÃÄÆ][\u0080-\u2122]|á[º»][\u0080-\u2122]")
# Bytes that Windows-1252 leaves undefined, and all of them in Latin-1, come as control characters.
_CONTROL_BYTES: Final = {chr(byte): bytes([byte]) for byte in range(0x80, 0xA0)}


def _repair_utf8_twice(text: str) -> tuple[str, list[Anomaly]]:
    if not any(hint in text for hint in _TWICE_HINTS):
        return text, []
    lines = text.split("\n")
    anomalies: list[Anomaly] = []
    for index, line in enumerate(lines):
        repaired = _decode_twice(line) if _TWICE.search(line) else None
        if repaired is not None:
            lines[index] = repaired
            anomalies.append(_anomaly(index + 1, "legacy-utf8-twice"))
    return "\n".join(lines), anomalies


def _decode_twice(line: str) -> str | None:
    try:
        raw = b"".join(_CONTROL_BYTES.get(c) or c.encode("cp1252") for c in line)
        repaired = raw.decode("utf-8")
    except UnicodeError:
        return None
    # A control character would mean other line ends, and so another number of lines.
    return nfc(repaired) if repaired.isprintable() or "\t" in repaired else None


# -- Lookalikes ------------------------------------------------------------------------------------

_ETH: Final = "Ðð"
_ETH_REACH: Final = 12  # letters looked at on each side, so that endless words cost nothing
_LETTERS_BEFORE: Final = re.compile("[^\\W\\d_]+\\Z")
_LETTERS_AFTER: Final = re.compile("[^\\W\\d_]+")
_ALWAYS: Final = {
    "lookalike-oi": str.maketrans({"Ƣ": "Ư", "ƣ": "ư"}),
    "lookalike-african-d": str.maketrans({"Ɖ": "Đ"}),
}


def repair_lookalikes(text: str) -> tuple[str, tuple[Anomaly, ...]]:
    """Replace letters that look Vietnamese but are not (Ð, Ɖ, Ƣ), for the parser's patterns.

    Part of `decode_legacy`; a caller of that needs no second pass. Lines stay lines.
    """
    anomalies: list[Anomaly] = []
    starts: list[int] = []
    for code, hits, repaired in _lookalike_repairs(text):
        starts = starts or _line_starts(text)
        text = repaired  # same length, so the line starts still hold
        lines = sorted({bisect_right(starts, hit) for hit in hits})
        anomalies += [_anomaly(line, code) for line in lines]
    return text, tuple(sorted(anomalies, key=lambda anomaly: anomaly.line))


def _lookalike_repairs(text: str) -> Iterator[tuple[str, list[int], str]]:
    for code, table in _ALWAYS.items():
        letters = [chr(letter) for letter in table if chr(letter) in text]
        if letters:
            hits = [n for letter in letters for n in _places(text, letter)]
            text = text.translate(table)
            yield code, hits, text
    hits = sorted(place for letter in _ETH for place in _places(text, letter))
    hits = [place for place in hits if _is_vietnamese_eth(text, place)]
    if hits:
        letters = list(text)
        for place in hits:
            letters[place] = _eth_to_d(letters[place])
        yield "lookalike-eth", hits, "".join(letters)


def _is_vietnamese_eth(text: str, place: int) -> bool:
    """Say whether eth stands for đ: no Nordic word starts with it, and ours are syllables or capitals."""
    before = _LETTERS_BEFORE.search(text[max(0, place - _ETH_REACH) : place])
    after = _LETTERS_AFTER.match(text, place, place + _ETH_REACH)
    word = (before.group() if before else "") + (after.group() if after else "")
    return not before or word.isupper() or is_syllable(_eth_to_d(word))


def _eth_to_d(word: str) -> str:
    return word.replace("Ð", "Đ").replace("ð", "đ")


def _places(text: str, letter: str) -> Iterator[int]:
    place = text.find(letter)
    while place >= 0:
        yield place
        place = text.find(letter, place + 1)


def _line_starts(text: str) -> list[int]:
    return [0, *(place + 1 for place in _places(text, "\n"))]


def _anomaly(line: int, code: str) -> Anomaly:
    return Anomaly(line, code, LEGACY_ANOMALIES[code])
