"""The door to the impact of a text: before approval, and until its day after it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime

from khien.adoption.force.drafting import Draft, draft_of
from khien.adoption.impact.measuring import impact_of
from khien.adoption.impact.model import Impact
from khien.adoption.models import ImportedText, Publication
from khien.checks.models import Assessment
from khien.norms.library import load_library
from khien.org.models import User

_KEPT_MAX = 8
_KEPT: OrderedDict[tuple[object, ...], Impact] = OrderedDict()


def measured(
    text: ImportedText, *, now: datetime, user: User | None = None, is_whole: bool = True
) -> tuple[Draft, Impact]:
    """Return a text as it would be published and what it will change.

    Kept while neither the text, nor the library, nor what was judged changes.

    Args:   is_whole: refuse while clauses are not reviewed; otherwise what is not decided counts for nothing
    Raises: all that `force.drafting.draft_of` raises
    """
    draft = draft_of(text, user=user, is_whole=is_whole)
    key = (draft.sha256, load_library().digest, tuple(u.pk for u in draft.units), _seen(now))
    kept = _KEPT.get(key)
    if kept is None:
        kept = _KEPT[key] = impact_of(draft, now=now, ended=_ended(draft))
        while len(_KEPT) > _KEPT_MAX:
            _KEPT.popitem(last=False)
    return draft, kept


def _seen(now: datetime) -> tuple[object, ...]:
    newest = Assessment.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (newest, now.replace(minute=0, second=0, microsecond=0))


def _ended(draft: Draft) -> Mapping[str, list[str]]:
    """Return the texts that an approval of this text has ended already, with the units."""
    publication = Publication.objects.filter(code=draft.code, withdrawn_at=None).first()
    if publication is None:
        return {}
    ended = publication.scope.get("ended", {})
    return {document: list(units) for document, units in ended.items()}
