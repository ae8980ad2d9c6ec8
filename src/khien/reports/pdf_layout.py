"""An official document as PDF/A: typeset from data, tagged, in Vietnamese, the same bytes every time."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from khien.kernel.clock import parse_iso
from khien.reports import blocks, measures
from khien.reports.blocks import Block, OfficialDocument, Table
from khien.reports.cleaning import printable
from khien.reports.errors import TypesettingFailed
from khien.reports.text_width import balanced

MEDIA_TYPE = "application/pdf"
TEMPLATE = Path(__file__).resolve().parent / "templates" / "official.typ"
# The first of these that the machine has is used. Liberation Serif is left out on purpose: its older
# version, still common, lacks most Vietnamese letters. The last one comes with the typesetter.
TYPEFACES = ("Times New Roman", "TeX Gyre Termes", "Tinos", "Libertinus Serif")
_FONT_PACKAGE = "rinoh_typeface_texgyretermes"
_POINTS_PER_MM = 72 / 25.4
_CELL_INSETS_MM = 2.4
# One compiler keeps the typefaces and what it read of the templates; it serves one document at a time.
_TYPESETTING = Lock()


@dataclass(frozen=True, slots=True)
class Zone:
    """An empty frame on a page for a signature, a seal or a stamp; from the top left corner.

    `name`: "signature-1", "seal-1" (by signer, from left to right), "signature-text", "seal-text" (of an
    issued text), "copy" (top right of the first page, for the organisation's signature of an e-copy).
    """

    name: str
    page: int
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float

    def box(
        self, page_height_mm: float = blocks.PAGE_HEIGHT_MM
    ) -> tuple[float, float, float, float]:
        """Return the frame in PDF points: left, bottom, right, top, from the bottom left corner."""
        left, top = self.left_mm, page_height_mm - self.top_mm
        corners = (left, top - self.height_mm, left + self.width_mm, top)
        x0, y0, x1, y1 = (round(value * _POINTS_PER_MM, 2) for value in corners)
        return x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class TypesetDocument:
    """A PDF and the frames that wait in it for signatures."""

    content: bytes
    zones: tuple[Zone, ...]


def render_pdf(document: OfficialDocument) -> bytes:
    """Return the document as PDF; the same document on the same typefaces gives the same bytes.

    Raises: TypesettingFailed: the typesetter refused it
    """
    return _typeset(document, with_zones=False).content


def typeset_pdf(document: OfficialDocument) -> TypesetDocument:
    """Return the same PDF as render_pdf, and where its signatures, seals and stamps belong.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.7 and I.8
    Raises: TypesettingFailed: the typesetter refused it
    """
    return _typeset(document, with_zones=True)


def _typeset(document: OfficialDocument, *, with_zones: bool) -> TypesetDocument:
    inputs = {
        "document": printable(json.dumps(_data(document), ensure_ascii=False)),
        "page": json.dumps(_page(document)),
        "typefaces": json.dumps([name for name in TYPEFACES if name in _families()]),
    }
    with _TYPESETTING:
        try:
            # Level A of part 2 holds level B and demands tags; PDF/UA adds what readers for the blind need.
            made = _compiler().compile(
                sys_inputs=inputs,
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(parse_iso(document.made_at).timestamp()),
            )
            said = _compiler().query("<zone>", field="value") if with_zones else "[]"
        except typst.TypstError as error:
            raise TypesettingFailed(why=str(error).splitlines()[0][:300]) from error
    if not isinstance(made, bytes):
        raise TypesettingFailed(why="no single file")
    return TypesetDocument(made, tuple(_zone(given) for given in json.loads(said)))


def _zone(given: dict[str, Any]) -> Zone:
    places = (round(given[key], 2) for key in ("left", "top", "width", "height"))
    return Zone(given["name"], given["page"], *places)


def _data(document: OfficialDocument) -> dict[str, Any]:
    data = asdict(document)
    data |= {
        "is_letter": document.is_letter,
        "letter_subject": document.letter_subject(),
        "subject": measures.subject_lines(document),
        "parent_lines": measures.parent_lines(document),
        "issuer_lines": measures.issuer_lines(document),
        "addressee_lines": document.addressee_lines(),
        "addressee_left_mm": measures.addressee_left_mm(document),
        "signers": [asdict(signer) for signer in measures.fitted_signers(document)],
        "stamp_mm": blocks.STAMP_WIDTHS_MM.get(document.urgency, 0),
        "circulation_mm": measures.frame_mm(document.circulation),
        "stamp_height_mm": blocks.STAMP_HEIGHT_MM,
        "blocks": _shown(document.blocks, blocks.TEXT_WIDTH_MM, base=0),
        "annexes": [
            asdict(annex)
            | {"title_lines": balanced(annex.title, 14, annex.width_mm)}
            | {"blocks": _shown(annex.blocks, annex.width_mm, base=1)}
            for annex in document.annexes
        ],
    }
    return data


def _shown(shown: Sequence[Block], width_mm: int, *, base: int) -> list[dict[str, Any]]:
    """Return the blocks as data, with what has to stay together on a page and the levels of headings."""
    levels = measures.heading_levels(shown, base)
    made = []
    for place, (block, level) in enumerate(zip(shown, levels, strict=True)):
        if isinstance(block, Table):
            made.append(_table(measures.fitted(block, width_mm)) | _around(shown, place))
        else:
            keep = blocks.is_led_in(shown, place)
            made.append(asdict(block) | {"keep": keep, "level": level} | _neighbours(shown, place))
    return made


def _neighbours(shown: Sequence[Block], place: int) -> dict[str, bool]:
    """Say whether the paragraphs before and after are of the same style: lines of one chương stand close."""
    before, own, after = _styles(shown, place)
    return {"after_same": before == own, "before_same": after == own}


def _around(shown: Sequence[Block], place: int) -> dict[str, bool]:
    """Say what stands around a table: its space above and below depends on it."""
    before, _, after = _styles(shown, place)
    return {
        "after_measure": before == "measure",
        "before_text": after in ("body", "dots", "article"),
    }


def _styles(shown: Sequence[Block], place: int) -> list[str]:
    """Return the styles of the blocks before, at and after a place; a table and the end have none."""
    styles = ["", *(getattr(block, "style", "") for block in shown), ""]
    return styles[place : place + 3]


def _table(table: Table) -> dict[str, Any]:
    data = asdict(table) | {"keep": table.is_small, "groups": table.groups()}
    letters = [_letters_sure_to_fit(column.width_mm, table.size_pt) for column in table.columns]
    for row, plain in zip(table.rows, data["rows"], strict=True):
        plain["is_tall"] = table.is_tall(row)
        plain["soft"] = row.kind == "group" or any(
            len(word) > most
            for cell, most in zip(row.cells, letters, strict=True)
            for word in cell.split()
        )
    return data


def _letters_sure_to_fit(width_mm: float, size_pt: float) -> int:
    """Return how many of the widest letters stand on one line of a column."""
    return int((width_mm - _CELL_INSETS_MM) * _POINTS_PER_MM / size_pt)


def _page(document: OfficialDocument) -> dict[str, float]:
    return {
        "top": blocks.MARGIN_TOP_MM,
        "bottom": measures.bottom_mm(document),
        "left": blocks.MARGIN_LEFT_MM,
        "right": blocks.MARGIN_RIGHT_MM,
        "head_left": blocks.HEAD_LEFT_MM,
        "head_right": blocks.HEAD_RIGHT_MM,
        "signature_gap": blocks.SIGNATURE_GAP_MM,
        "signature_width": blocks.SIGNATURE_WIDTH_MM,
    }


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    """Return the typefaces of the machine, and of the font package where it is installed."""
    # The package is a folder of font files; importing it would ask for a typesetter that is not installed.
    package = importlib.util.find_spec(_FONT_PACKAGE)
    folders = [str(Path(package.origin).parent)] if package and package.origin else []
    return typst.Fonts(include_system_fonts=True, font_paths=folders)


@cache
def _families() -> frozenset[str]:
    return frozenset(_fonts().families())


def typeface_used() -> str:
    """Return the name of the typeface that documents are set in on this machine."""
    return next(name for name in TYPEFACES if name in _families())
