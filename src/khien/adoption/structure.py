"""The structure of an imported text as it stands: parsed, with the corrections of persons; kept per process."""

from __future__ import annotations

from functools import lru_cache

from khien.adoption.models import ImportedText
from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text

_KEPT = 8


def structure_of(text: ImportedText) -> ParsedDocument:
    """Return the text's structure; the same object as long as nobody corrects it."""
    return _structure(text.pk, text.source_sha256, text.structure)


@lru_cache(maxsize=_KEPT)
def _structure(pk: int, sha256: str, structure: int) -> ParsedDocument:
    del sha256, structure
    return parse_text(ImportedText.objects.values_list("source", flat=True).get(pk=pk))
