"""Signatures of files in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.files import PDF
from khien.registers.models import Attachment, Row
from khien.signatures.selectors import ReadingThen
from khien.signatures.sentences import about_file
from khien.web import icons
from khien.web.pages.signatures import SignatureShown, shown

register = template.Library()


@register.simple_tag
def standing(signature: SignatureShown) -> SafeString:
    """Show how a signature stands, as icon and word."""
    return format_html(
        '<span class="verdict {}">{}{}</span>\n',
        signature.tone, icons.svg(signature.tone), signature.word,
    )  # fmt: skip


@register.inclusion_tag("web/signatures/brief.html")
def signatures_in_short(
    readings: Mapping[str, ReadingThen], file: Attachment, unit: Unit, of: Register, row: Row
) -> dict[str, Any]:
    """Show beside a file what was read of its signatures."""
    then = readings.get(file.sha256)
    return {
        "is_pdf": file.media_type == PDF,
        "then": then,
        "signatures": shown(then.reading) if then else [],
        "sentences": about_file(then.reading) if then else [],
        "file": file,
        "unit": unit,
        "register": of,
        "row": row,
    }
