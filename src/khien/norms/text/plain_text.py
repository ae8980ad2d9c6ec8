"""Reads plain text in the encodings Vietnamese documents come in, and refuses everything else."""

from __future__ import annotations

import codecs
import re
from typing import Final

from khien.kernel.vietnamese import nfc
from khien.norms.text.errors import BinaryContent, EncodingUnknown
from khien.norms.text.legacy import legacy_share
from khien.norms.text.model import Anomaly
from khien.norms.text.source import SourceFile, SourceText, reading_anomaly
from khien.norms.text.syllable import is_syllable

# Tab, line ends, vertical tab, form feed, the end-of-file sign of DOS and escape are met in texts.
_CONTROL_BYTES: Final = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1a\x1b")
_CONTROL: Final = re.compile(b"[" + re.escape(_CONTROL_BYTES) + b"]")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES: Final = 200_000
_SHARE_MIN: Final = 0.6
_ACCENTED: Final = re.compile("[^\\W\\d_\u0300-\u036f][^\\W\\d_]*(?:[\u0300-\u0323][^\\W\\d_]*)*")


def read_plain_text(source: SourceFile) -> SourceText:
    """Return the text of a plain file; TCVN3 and VNI bytes come back as Western letters.

    Those are turned into Unicode by `legacy.decode_legacy`, line by line.

    Raises:
        BinaryContent: the bytes are no text
        EncodingUnknown: the bytes are text in no encoding known for Vietnamese
    """
    text, encoding = _decode(source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    anomalies: tuple[Anomaly, ...] = ()
    if encoding != "UTF-8":
        anomalies = (reading_anomaly(1, "decoded-as", encoding=encoding),)
    return SourceText(text, "txt", anomalies)


def _decode(source: SourceFile) -> tuple[str, str]:
    content = source.content
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decode_marked(source, len(bom), encoding), encoding.upper()[:6].rstrip("-")
    unmarked = _unmarked_utf16(content)
    if unmarked is not None:
        return unmarked
    _refuse_binary(source)
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        decoded = _decode_bytes(content)
        if decoded is None:
            raise _unknown(source, error.start) from error
        return decoded


def _decode_marked(source: SourceFile, start: int, encoding: str) -> str:
    if encoding == "utf-8":
        _refuse_binary(source)
    try:
        text = source.content[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown(source, start + error.start) from error
    if "\0" in text:
        place = start + len(text[: text.index("\0")].encode(encoding))
        raise _binary(source, place)
    return text


def _unmarked_utf16(content: bytes) -> tuple[str, str] | None:
    """Decode UTF-16 that lost its mark: every second byte of its ASCII letters is zero."""
    sample = content[:_SAMPLE_BYTES]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    if len(content) % 2 or max(zeros) * 8 <= len(sample) or min(zeros) * 100 > len(sample):
        return None
    encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else (text, encoding.upper())


def _refuse_binary(source: SourceFile) -> None:
    # Deleting the bytes and comparing lengths is the fastest search over ten megabytes.
    if len(source.content.translate(None, _CONTROL_BYTES)) < len(source.content):
        place = _CONTROL.search(source.content)
        raise _binary(source, place.start() if place else 0)


def _decode_bytes(content: bytes) -> tuple[str, str] | None:
    """Decode one byte per letter by the reading that yields Vietnamese syllables, if one does."""
    sample = content[:_SAMPLE_BYTES]
    western = legacy_share(sample.decode("latin-1"))
    combining = _vietnamese_share(nfc(sample.decode("cp1258", errors="replace")))
    if max(western, combining) < _SHARE_MIN:
        return None
    if combining >= western:
        try:
            return nfc(content.decode("cp1258")), "Windows-1258"
        except UnicodeDecodeError:
            return None
    text = content.decode("cp1252", errors="replace")
    return text, "Windows-1252 (TCVN3/VNI)"


def _vietnamese_share(text: str) -> float:
    words = [word for word in _ACCENTED.findall(text) if not word.isascii()]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def _unknown(source: SourceFile, offset: int) -> EncodingUnknown:
    return EncodingUnknown(file=source.name, **_place(source, offset))


def _binary(source: SourceFile, offset: int) -> BinaryContent:
    return BinaryContent(file=source.name, **_place(source, offset))


def _place(source: SourceFile, offset: int) -> dict[str, object]:
    line = source.content.count(b"\n", 0, offset) + 1
    return {"line": line, "offset": offset, "byte": f"0x{source.content[offset]:02X}"}
