"""Reading of texts on their way into force and of what was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from khien.adoption.errors import UnknownText
from khien.adoption.force.errors import UnknownPublication
from khien.adoption.force.files import Decided
from khien.adoption.models import ClauseReview, ImportedText, Publication
from khien.norms.models import Binding
from khien.org.models import Unit


def text_by_code(code: str) -> ImportedText:
    """Return an imported text by its code; for the command line and jobs.

    Raises: UnknownText
    """
    found = ImportedText.objects.select_related("unit").filter(code=code).first()
    if found is None:
        raise UnknownText(text=code[:60])
    return found


def publication_by_code(code: str) -> Publication:
    """Return a publication by its code.

    Raises: UnknownPublication
    """
    found = Publication.objects.select_related("unit", "text").filter(code=code).first()
    if found is None:
        raise UnknownPublication(text=code[:60])
    return found


def publication_of(text: ImportedText) -> Publication | None:
    """Return what was published of an imported text and not withdrawn; None where nothing was."""
    return Publication.objects.filter(text=text, withdrawn_at=None).first()


def waiting_for_approval(units: Iterable[Unit]) -> QuerySet[ImportedText]:
    """Return the texts of units that were submitted and wait for a leader."""
    state = Q(state=ImportedText.State.SUBMITTED, unit__in=units)
    return ImportedText.objects.filter(state).select_related("unit").order_by("submitted_at")


def given_back(units: Iterable[Unit]) -> QuerySet[ImportedText]:
    """Return the texts of units that a leader gave back with a note and nobody submitted again."""
    found = ImportedText.objects.filter(state=ImportedText.State.REVIEWING, unit__in=units)
    return found.exclude(decided_note="").select_related("unit").order_by("decided_at")


def coming_into_force(units: Iterable[Unit], *, after: date, until: date) -> QuerySet[Publication]:
    """Return what was approved by units, or binds one of them, and takes effect between two days."""
    chosen = list(units)
    bound = Binding.objects.filter(unit__in=chosen, bound_from__gt=after, bound_from__lte=until)
    concerned = Q(unit__in=chosen) | Q(code__in=bound.values("document"))
    days = Q(in_force_from__gt=after, in_force_from__lte=until, withdrawn_at=None)
    return Publication.objects.filter(concerned & days).order_by("in_force_from", "code")


def decided_of(text: ImportedText) -> dict[str, Decided]:
    """Return what was decided about the clauses of a text, by path; one query."""
    rows = ClauseReview.objects.filter(text=text).values_list("path", "outcome", "duties", "none")
    return {path: _decided(outcome, duties, none) for path, outcome, duties, none in rows}


def _decided(outcome: str, duties: list[Mapping[str, Any]], none: str) -> Decided:
    return Decided(outcome, tuple(duties), none)
