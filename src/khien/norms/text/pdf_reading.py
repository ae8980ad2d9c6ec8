"""Reads the text layer of a PDF page by page, and has pages that are only pictures recognised."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from khien.norms.text import errors, ocr
from khien.norms.text.legacy import has_legacy_marks
from khien.norms.text.model import Anomaly
from khien.norms.text.source import SourceFile, SourceText, reading_anomaly

PAGES_MAX: Final = 3_000
_PICTURE_SIDE_MAX: Final = 6_000
_POINTS_PER_INCH: Final = 72
# A picture over half the page with fewer letters than this is a scan with a stamp of a digital signature.
_STAMP_LETTERS_MAX: Final = 200
_PICTURE_SHARE_MIN: Final = 0.5
_UNMAPPED_SHARE_MAX: Final = 0.2

# PDFium gives this for a hyphen at the end of a line, and swallows the line end after it.
_LINE_END_HYPHEN: Final = "\ufffe"
_LEGACY_LINE_END: Final = re.compile(f"(?<=[a-z]){_LINE_END_HYPHEN}")
_SOFT_HYPHEN: Final = "\u00ad"
_CONTROLS: Final = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)])
# PDFium is not safe for threads, and pages are read in the web server's as well.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Page:
    """One page: its text layer, whether that is all there is, or a picture carries the words."""

    number: int
    text: str
    has_picture: bool
    is_scan: bool


def read_pdf(source: SourceFile) -> SourceText:
    """Return the text of a PDF, one form-feed line between pages.

    Raises: KhienError: the file is encrypted, damaged, too long, or a scan that cannot be recognised
    """
    with _ONE_AT_A_TIME, closing(_open(source)) as document:
        if len(document) > PAGES_MAX:
            raise _too_many(source, len(document), PAGES_MAX, recognised=False)
        pages = [_read_page(source, document, number) for number in range(1, len(document) + 1)]
        scans = [page.number for page in pages if page.is_scan]
        program = ocr.find_tesseract() if scans else None
        if program is None:
            if scans and not any(page.text.strip() and not page.is_scan for page in pages):
                raise errors.PdfScanned(file=source.name, pages=len(pages))
            return _joined(pages, {})
        if len(scans) > ocr.PAGES_MAX:
            raise _too_many(source, len(scans), ocr.PAGES_MAX, recognised=True)
        return _joined(pages, {n: _recognise(source, document, n, program) for n in scans})


def _open(source: SourceFile) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source.content)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise errors.PdfEncrypted(file=source.name) from error
        raise errors.PdfBroken(
            file=source.name, place_vi="cấu trúc tệp", place_en="the file's structure", reason=error
        ) from error


def _read_page(source: SourceFile, document: pdfium.PdfDocument, number: int) -> _Page:
    try:
        with closing(document[number - 1]) as page:
            with closing(page.get_textpage()) as layer:
                text = layer.get_text_range()
            letters = sum(not c.isspace() for c in text)
            share, objects = _pictures(page)
    except pdfium.PdfiumError as error:
        raise _broken_page(source, number, error) from error
    covered = share >= _PICTURE_SHARE_MIN
    unreadable = letters > 0 and _unmapped(text) > letters * _UNMAPPED_SHARE_MAX
    is_scan = (
        unreadable or (covered and letters < _STAMP_LETTERS_MAX) or (letters == 0 and objects > 0)
    )
    return _Page(number, text.replace("\r\n", "\n").replace("\r", "\n"), covered, is_scan)


def _pictures(page: pdfium.PdfPage) -> tuple[float, int]:
    """Return the share of the page under pictures, and how many objects it draws at all."""
    width, height = page.get_size()
    covered, objects = 0.0, 0
    for item in page.get_objects():
        objects += 1
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            inside = min(right, width) - max(left, 0), min(top, height) - max(bottom, 0)
            covered += max(inside[0], 0) * max(inside[1], 0)
    return covered / (width * height) if width and height else 0.0, objects


def _recognise(source: SourceFile, document: pdfium.PdfDocument, number: int, program: str) -> str:
    try:
        with closing(document[number - 1]) as page:
            picture = _picture(page)
    except pdfium.PdfiumError as error:
        raise _broken_page(source, number, error) from error
    return ocr.recognise_page(program, picture, file=source.name, page=number)


def _picture(page: pdfium.PdfPage) -> bytes:
    """Return a page in grey as a PNM file, which needs no picture library."""
    side = max(*page.get_size(), 1.0)
    scale = min(ocr.DPI / _POINTS_PER_INCH, _PICTURE_SIDE_MAX / side)
    with closing(page.render(scale=scale, grayscale=True)) as bitmap:
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        pixels = memoryview(bitmap.buffer).cast("B")
        rows = [bytes(pixels[n * stride : n * stride + width]) for n in range(height)]
        pixels.release()
    return b"P5 %d %d 255\n" % (width, height) + b"".join(rows)


def _joined(pages: list[_Page], recognised: dict[int, str]) -> SourceText:
    """Join the pages, cleaning their text layers, with every anomaly at the line where its page starts."""
    is_legacy = has_legacy_marks("\n".join(page.text for page in pages))
    parts: list[str] = []
    anomalies: list[Anomaly] = []
    line = 1
    for page in pages:
        if page.number in recognised:
            text = recognised[page.number]
            code = "page-recognised" if text else "page-recognised-empty"
            anomalies.append(reading_anomaly(line, code, page=page.number))
        else:
            text, found = _clean(page.text, is_legacy=is_legacy)
            anomalies += [reading_anomaly(line, code, page=page.number, **n) for code, n in found]
            anomalies += [reading_anomaly(line, code, page=page.number) for code in _doubts(page)]
        parts.append(text)
        line += text.count("\n") + 2  # the end of its last line, and the form feed's
    joined = "\n\f\n".join(parts)
    return SourceText(
        joined + "\n" if joined else "", "ocr" if recognised else "pdf", tuple(anomalies)
    )


def _doubts(page: _Page) -> Iterator[str]:
    if page.is_scan:
        yield "page-without-text"
    elif page.has_picture:
        yield "page-over-picture"


def _clean(text: str, *, is_legacy: bool) -> tuple[str, list[tuple[str, dict[str, int]]]]:
    """Return a text layer without what is no letter, and what was done, with counts."""
    found = []
    if hyphens := text.count(_LINE_END_HYPHEN):
        found.append(("hyphens-joined", {"count": hyphens}))
        if is_legacy:
            # In TCVN3 the soft hyphen is the letter ư.
            text = _LEGACY_LINE_END.sub(_SOFT_HYPHEN + "\n", text)
        text = text.replace(_LINE_END_HYPHEN, "-")
    cleaned = text.translate(_CONTROLS)
    if not is_legacy:
        cleaned = cleaned.replace(_SOFT_HYPHEN, "")
    if removed := len(text) - len(cleaned):
        found.append(("characters-removed", {"count": removed}))
    if unmapped := _unmapped(cleaned):
        found.append(("characters-unmapped", {"count": unmapped}))
    return cleaned.strip("\n"), found


def _unmapped(text: str) -> int:
    return sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)


def _broken_page(source: SourceFile, number: int, error: Exception) -> errors.PdfBroken:
    return errors.PdfBroken(
        file=source.name, place_vi=f"trang {number}", place_en=f"page {number}", reason=error
    )


def _too_many(
    source: SourceFile, pages: int, limit: int, *, recognised: bool
) -> errors.PdfTooManyPages:
    what_vi, what_en = (" quét phải nhận dạng", " to recognise") if recognised else ("", "")
    return errors.PdfTooManyPages(
        file=source.name, pages=pages, limit=limit, what_vi=what_vi, what_en=what_en
    )
