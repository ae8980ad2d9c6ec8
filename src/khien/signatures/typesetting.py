"""What is seen of a signature, typeset as one small page: a picture, or lines of text in an embedded typeface."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import typst

from khien.kernel.language import Text
from khien.signatures.errors import PictureUnusable

# The typefaces of official documents, the first that the machine has; the last one comes with the typesetter.
_TYPEFACES = ("Times New Roman", "TeX Gyre Termes", "Tinos", "Libertinus Serif")
_FONT_PACKAGE = "rinoh_typeface_texgyretermes"
_BROKEN = Text("ảnh hỏng, không đọc được", "it is broken and cannot be read")
_PICTURE = """
#set page(width: {width}mm, height: {height}mm, margin: 0pt, fill: none)
#image("picture.png", width: 100%, height: 100%, fit: "stretch")
"""
# Source: Nghị định 30/2020, Phụ lục I: Times New Roman, upright, 10 pt, black, without a picture.
_LINES = """
#set page(width: {width}mm, height: {height}mm, margin: 0pt, fill: none)
#set text(font: json(bytes(sys.inputs.typefaces)), size: 10pt, fill: black, lang: "vi", hyphenate: false,
  top-edge: "ascender", bottom-edge: "descender")
#set par(leading: 0.1em)
#align(right + top, json(bytes(sys.inputs.lines)).map(line => text(line)).join(linebreak()))
"""
_STANDARDS: list[typst.PDFStandard] = ["a-2b"]


def picture_page(png: bytes, size_mm: tuple[float, float], *, name: str) -> bytes:
    """Return a page of exactly the picture's size, with nothing behind it.

    Raises: PictureUnusable: the picture is broken
    """
    with tempfile.TemporaryDirectory(prefix="khien-sign-") as folder:
        Path(folder, "picture.png").write_bytes(png)
        source = Path(folder, "page.typ")
        source.write_text(_PICTURE.format(width=size_mm[0], height=size_mm[1]), encoding="utf-8")
        try:
            return _one(
                typst.compile(str(source), root=folder, format="pdf", pdf_standards=_STANDARDS)
            )
        except typst.TypstError as error:
            raise PictureUnusable(name, _BROKEN) from error


def lines_page(lines: Sequence[str], size_mm: tuple[float, float]) -> bytes:
    """Return a page with lines of text, to the right, and nothing behind them."""
    families = set(_fonts().families())
    made = typst.compile(
        _LINES.format(width=size_mm[0], height=size_mm[1]).encode("utf-8"),
        format="pdf",
        pdf_standards=_STANDARDS,
        font_paths=_fonts(),
        sys_inputs={
            "lines": json.dumps(list(lines), ensure_ascii=False),
            "typefaces": json.dumps([name for name in _TYPEFACES if name in families]),
        },
    )
    return _one(made)


def _one(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("no single page")
    return made


@cache
def _fonts() -> typst.Fonts:
    # The package is a folder of font files; importing it would ask for a typesetter that is not installed.
    package = importlib.util.find_spec(_FONT_PACKAGE)
    folders = [str(Path(package.origin).parent)] if package and package.origin else []
    return typst.Fonts(include_system_fonts=True, font_paths=folders)
