"""From the text of a file to its clean lines; the raw characters are kept beside them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from khien.norms.text.anomalies import anomaly
from khien.norms.text.legacy import decode_legacy
from khien.norms.text.letters import vietnamese
from khien.norms.text.markdown import looks_like_markdown, strip_markdown
from khien.norms.text.model import Anomaly

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_WIDE_SPACE = re.compile(
    "[\t\x0b\x0c\x1c-\x1f\x85\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LETTERS = str.maketrans(
    {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u01a2": "Ư", "\u01a3": "ư"}
)
# One vocabulary of codes for the reader of the list; the sentence still says which encoding it was.
_CODES = {
    "lookalike-eth": "eth-repaired",
    "lookalike-african-d": "eth-repaired",
    "lookalike-oi": "gha-repaired",
    "legacy-tcvn3": "legacy-encoding",
    "legacy-vni": "legacy-encoding",
    "legacy-utf8-twice": "legacy-encoding",
    "legacy-capitals": "legacy-encoding",
}
_ETH = ("\u00d0", "\u0189", "\u00f0")
_GHA = ("\u01a2", "\u01a3")
_MIDLINE_ARTICLE = vietnamese(r"[.;:!?/”\"] +(?=Điều \d{1,3}\. [A-ZĐÀ-Ỹ])")
_MIDLINE_BOLD = re.compile(r"\S(?=\s*(?:\*\*|__)(?:Điều|Chương|Mục) *[\dIVXLC]+)")
_NOTE = re.compile(r"\[\d{1,3}\] ?\S")
_NOTE_MARK = re.compile(r"(?<=[^\s\[])\s?\[\d{1,3}\]")
_CARE = re.compile(r"[*#_`|>\\\[\]<]")


@dataclass(slots=True)
class Line:
    """One clean line, or the part of a physical line that starts at `column`.

    Args: number: 1-based physical line; raw: its characters as they came; text: cleaned, may be empty;
          heading: marked as a heading by Markdown; row: it is the row of a table
    """

    number: int
    column: int
    raw: str
    text: str
    heading: bool = False
    row: bool = False


def split_lines(text: str) -> list[str]:
    """Return the physical lines of a text with their ends (LF, CRLF or CR); nothing is lost."""
    return _LINE.findall(text)


def read_lines(text: str) -> tuple[list[Line], list[Anomaly]]:
    """Return the clean lines of a text, and what had to be repaired in them."""
    raw_lines = split_lines(text)
    decoded, found = decode_legacy(text)
    anomalies = [Anomaly(a.line, _CODES.get(a.code, a.code), a.message) for a in found]
    decoded_lines = split_lines(decoded)
    if len(decoded_lines) != len(raw_lines):
        decoded, decoded_lines = text, raw_lines
    clean_lines = _clean_lines(decoded, decoded_lines, anomalies)
    return _pieces(raw_lines, clean_lines, anomalies), anomalies


def _clean_lines(text: str, lines: list[str], anomalies: list[Anomaly]) -> list[str]:
    """Repair letters in the whole text at once, and note each line that changed."""
    if any(letter in text for letter in (*_ETH, *_GHA)):
        _note(lines, _ETH, "eth-repaired", anomalies)
        _note(lines, _GHA, "gha-repaired", anomalies)
        text = text.translate(_LETTERS)
    if not unicodedata.is_normalized("NFC", text):
        for number, line in enumerate(split_lines(text), start=1):
            if not line.isascii() and not unicodedata.is_normalized("NFC", line):
                anomalies.append(anomaly(number, "nfd-normalised"))
        text = unicodedata.normalize("NFC", text)
    clean = split_lines(_WIDE_SPACE.sub(" ", text))
    if not _HIDDEN.search(text):
        return clean
    # Line by line: a hidden character may stand between CR and LF, and lines must stay lines.
    for place, line in enumerate(clean):
        if _HIDDEN.search(line):
            anomalies.append(anomaly(place + 1, "control-character-removed"))
            clean[place] = _HIDDEN.sub("", line)
    return clean


def _note(lines: list[str], letters: tuple[str, ...], code: str, anomalies: list[Anomaly]) -> None:
    for number, line in enumerate(lines, start=1):
        if any(letter in line for letter in letters):
            anomalies.append(anomaly(number, code))


def _pieces(raw_lines: list[str], clean_lines: list[str], anomalies: list[Anomaly]) -> list[Line]:
    markdown = looks_like_markdown(clean_lines)
    notes = any(_NOTE.match(line) for line in clean_lines if line[:1] == "[")
    midline = any("Điều" in line for line in clean_lines)
    result: list[Line] = []
    for number, (raw, clean) in enumerate(zip(raw_lines, clean_lines, strict=True), start=1):
        text = " ".join(clean.split())
        if not text:
            result.append(Line(number, 0, raw, ""))
            continue
        if midline and len(text) > 20 and "Điều" in text[3:]:
            cuts = _cuts(raw, text)
            if cuts:
                result.extend(_split(number, raw, cuts, markdown=markdown))
                continue
        heading = False
        row = text[0] == "|" and text[-1] == "|" and len(text) > 1
        if _CARE.search(text):
            text, heading, changed = strip_markdown(text, whole=markdown)
            if changed:
                anomalies.append(anomaly(number, "markdown-stripped"))
            if notes and "]" in text and (plain := _NOTE_MARK.sub("", text)) != text:
                anomalies.append(anomaly(number, "footnote-mark-removed"))
                text = " ".join(plain.split())
        result.append(Line(number, 0, raw, text, heading, row))
    return result


def _cuts(raw: str, text: str) -> list[int]:
    """Return the columns of a raw line where another article begins in the middle of it."""
    if not _MIDLINE_ARTICLE.search(text) and not _MIDLINE_BOLD.search(text):
        return []
    found = [match.end() for match in _MIDLINE_BOLD.finditer(raw)]
    found += [match.end() for match in _MIDLINE_ARTICLE.finditer(raw)]
    return sorted(set(found))


def _split(number: int, raw: str, cuts: list[int], *, markdown: bool) -> list[Line]:
    bounds = [0, *cuts, len(raw)]
    pieces: list[Line] = []
    for start, end in pairwise(bounds):
        piece = unicodedata.normalize("NFC", raw[start:end].translate(_LETTERS))
        text = " ".join(_HIDDEN.sub("", piece).split())
        text, heading, _ = strip_markdown(text, whole=markdown)
        pieces.append(Line(number, start, raw[start:end], text, heading))
    return pieces
