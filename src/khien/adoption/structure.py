"""The structure of an imported text as it stands: parsed, with the corrections of persons; kept per process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from django.db.models import QuerySet

from khien.adoption.models import ClauseReview, ImportedText, ReviewClaim
from khien.norms.text.editing import Edit, Edited, apply_edits
from khien.norms.text.model import ParsedDocument
from khien.norms.text.parser import parse_text

_KEPT = 8
_ON_THE_WAY = "~"


def structure_of(text: ImportedText) -> ParsedDocument:
    """Return the text's structure; the same object as long as nobody corrects it."""
    return edited_structure(text).document


def edited_structure(text: ImportedText) -> Edited:
    """Return the text's structure with what was accepted, and the corrections that found nothing any more."""
    edits = live_edits(text) if text.structure else []
    made = [[edit.number, edit.kind, dict(edit.arguments)] for edit in edits]
    return _edited(text.source_sha256, json.dumps(made))


def parsed_source(text: ImportedText) -> ParsedDocument:
    """Return the text as the parser reads it, without corrections."""
    return _parsed(text.source_sha256)


def live_edits(text: ImportedText) -> list[Edit]:
    """Return the corrections that are not undone, in their order."""
    rows = text.edits.filter(undone_at=None).order_by("number")
    return [Edit(row.number, row.kind, row.arguments) for row in rows]


# Both are kept by what they are made of, so that nothing that was taken back is ever shown.
@lru_cache(maxsize=_KEPT)
def _parsed(sha256: str) -> ParsedDocument:
    source = ImportedText.objects.filter(source_sha256=sha256).values_list("source", flat=True)
    return parse_text(source[0])


@lru_cache(maxsize=_KEPT)
def _edited(sha256: str, made: str) -> Edited:
    edits = [Edit(number, kind, arguments) for number, kind, arguments in json.loads(made)]
    document = _parsed(sha256)
    return apply_edits(document, edits) if edits else Edited(document)


def review_paths_moved(text: ImportedText, moved: Mapping[str, str | None]) -> None:
    """Let reviews and claims follow their clauses to new paths; those of a clause that is gone end with it.

    What was decided stays as it was: where the clause's words changed, its digest no longer fits them.
    Args: moved: new path by old path; None for a clause that went into another
    """
    changed = {old: new for old, new in moved.items() if old != new}
    if not changed:
        return
    _follow(ClauseReview.objects.filter(text=text), changed)
    _follow(ReviewClaim.objects.filter(text=text), changed)


def _follow(
    held: QuerySet[ClauseReview] | QuerySet[ReviewClaim], changed: Mapping[str, str | None]
) -> None:
    """Give rows their new paths; no two may have one path on the way, since clauses may change places."""
    rows = held.filter(path__in=list(changed))
    targets = {row.pk: changed[row.path] for row in rows}
    held.filter(pk__in=[pk for pk, path in targets.items() if path is None]).delete()
    staying = {pk: path for pk, path in targets.items() if path is not None}
    for pk in staying:
        held.filter(pk=pk).update(path=f"{_ON_THE_WAY}{pk}")
    held.filter(path__in=list(staying.values())).delete()
    for pk, path in staying.items():
        held.filter(pk=pk).update(path=path)
