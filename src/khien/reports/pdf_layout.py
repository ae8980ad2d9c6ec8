"""An official document as PDF/A: typeset from data, tagged, in Vietnamese, the same bytes every time."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst

from khien.kernel.clock import parse_iso
from khien.reports import blocks
from khien.reports.blocks import Block, OfficialDocument, Table
from khien.reports.cleaning import printable
from khien.reports.errors import TypesettingFailed

MEDIA_TYPE = "application/pdf"
TEMPLATE = Path(__file__).resolve().parent / "templates" / "official.typ"
# The first of these that the machine has is used. Liberation Serif is left out on purpose: its older
# version, still common, lacks most Vietnamese letters. The last one comes with the typesetter.
TYPEFACES = ("Times New Roman", "TeX Gyre Termes", "Tinos", "Libertinus Serif")
_FONT_PACKAGE = "rinoh_typeface_texgyretermes"


def render_pdf(document: OfficialDocument) -> bytes:
    """Return the document as PDF; the same document on the same typefaces gives the same bytes.

    Raises: TypesettingFailed: the typesetter refused it
    """
    inputs = {
        "document": printable(json.dumps(_data(document), ensure_ascii=False)),
        "page": json.dumps(_page()),
        "typefaces": json.dumps([name for name in TYPEFACES if name in _families()]),
    }
    try:
        compiler = typst.Compiler(
            input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts(), sys_inputs=inputs
        )
        # Level A of part 2 holds level B and demands tags; PDF/UA adds what readers for the blind need.
        made = compiler.compile(
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(parse_iso(document.made_at).timestamp()),
        )
    except typst.TypstError as error:
        raise TypesettingFailed(why=str(error).splitlines()[0][:300]) from error
    if not isinstance(made, bytes):
        raise TypesettingFailed(why="no single file")
    return made


def _data(document: OfficialDocument) -> dict[str, Any]:
    data = asdict(document)
    for shown, plain in [(document.blocks, data["blocks"])] + [
        (annex.blocks, made["blocks"])
        for annex, made in zip(document.annexes, data["annexes"], strict=True)
    ]:
        for place, block in enumerate(shown):
            _mark(block, plain[place], is_led_in=blocks.is_led_in(shown, place))
    return data


def _mark(block: Block, data: dict[str, Any], *, is_led_in: bool) -> None:
    """Say what has to stay together on a page."""
    if not isinstance(block, Table):
        data["keep"] = is_led_in
        return
    data["keep"] = block.is_small
    for row, plain in zip(block.rows, data["rows"], strict=True):
        plain["is_tall"] = block.is_tall(row)


def _page() -> dict[str, int]:
    return {
        "top": blocks.MARGIN_TOP_MM,
        "bottom": blocks.MARGIN_BOTTOM_MM,
        "left": blocks.MARGIN_LEFT_MM,
        "right": blocks.MARGIN_RIGHT_MM,
        "head_left": blocks.HEAD_LEFT_MM,
        "head_right": blocks.HEAD_RIGHT_MM,
    }


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
