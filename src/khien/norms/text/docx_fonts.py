"""Uses the font names of a Word file to tell TCVN3 and VNI text, and capitals that only a font shows."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from khien.norms.text.docx_styles import Look, Styles, W, value_of
from khien.norms.text.legacy import has_unicode_vietnamese
from khien.norms.text.legacy_tables import from_tcvn3, from_vni


def is_legacy_font(font: str) -> bool:
    """Say whether a font shows TCVN3 (".VnTime") or VNI ("VNI-Times") bytes."""
    return font.startswith((".Vn", "VNI-"))


def fonts_are_honest(body: etree._Element, styles: Styles) -> bool:
    """Say whether legacy fonts hold legacy text: in many files they are left over on Unicode text."""
    for paragraph in body.iter(W + "p"):
        look = styles.paragraph(value_of(paragraph, "pPr/pStyle"))
        for run in paragraph.iter(W + "r"):
            if _is_unicode_in_legacy_font(run, styles, look):
                return False
    return True


def decode_by_font(pieces: Sequence[tuple[str, str]]) -> tuple[str, str | None]:
    """Return a paragraph's text, its legacy pieces in Unicode, and the font that changed something."""
    decoded = [_decode(text, font) for text, font in pieces]
    changed = [font for (text, font), new in zip(pieces, decoded, strict=True) if new != text]
    return "".join(decoded), changed[0] if changed else None


def _decode(text: str, font: str) -> str:
    if font.startswith("VNI-"):
        return from_vni(text)
    if not font.startswith(".Vn"):
        return text
    # Fonts whose name ends in H show every letter as a capital.
    decoded = from_tcvn3(text)
    return decoded.upper() if font.endswith("H") else decoded


def _is_unicode_in_legacy_font(run: etree._Element, styles: Styles, within: Look) -> bool:
    look = styles.run(run.find(W + "rPr"), within)
    if not is_legacy_font(look.font):
        return False
    return any(has_unicode_vietnamese(node.text or "") for node in run.iter(W + "t"))
