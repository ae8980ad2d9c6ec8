"""The only door through which imported texts are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Substr

from khien.adoption.errors import UnknownText
from khien.adoption.importing.head import Head, HeadProblem, head_from, head_problems
from khien.adoption.models import ImportedText, StructureEdit
from khien.adoption.structure import structure_of
from khien.norms.law_fate import numbers_in_library
from khien.norms.library import load_library
from khien.norms.text.model import Metadata
from khien.norms.text.parser import parse_text
from khien.org.models import Unit

START_LENGTH: Final = 4_000


def texts_of(units: Iterable[Unit] | QuerySet[Unit]) -> QuerySet[ImportedText]:
    """Return the imported texts of units, newest first, without their long source."""
    return (
        ImportedText.objects.filter(unit__in=units)
        .select_related("unit")
        .defer("source")
        .order_by("-pk")
    )


def titles_of(texts: Sequence[ImportedText]) -> dict[int, str]:
    """Return what to call each text, by its key: its title as corrected or read, else its file."""
    keys = [text.pk for text in texts]
    starts = ImportedText.objects.filter(pk__in=keys).annotate(
        start=Substr("source", 1, START_LENGTH)
    )
    read = dict(starts.order_by().values_list("pk", "start"))
    return {
        text.pk: text.head.get("title") or start_of(read[text.pk]).title or text.file_name
        for text in texts
    }


@lru_cache(maxsize=256)
def start_of(start: str) -> Metadata:
    """Return what the first letters of a text say of it: enough for its number, issuer and title."""
    return parse_text(start).metadata


def heads_of(texts: QuerySet[ImportedText]) -> list[tuple[ImportedText, Head]]:
    """Return texts with what stands at their beginning, as corrected; their bodies are not read."""
    found = texts.annotate(start=Substr("source", 1, START_LENGTH)).defer("source")
    return [(text, head_from(start_of(text.start), text.head)) for text in found]


def imported_text(code: str, units: Iterable[Unit] | QuerySet[Unit]) -> ImportedText:
    """Return the text with a code, if it is of one of the units.

    Raises: UnknownText: there is none, or it is of another unit: one answer for both
    """
    text = texts_of(units).filter(code=code).first()
    if text is None:
        raise UnknownText(text=code)
    return text


def head_of(text: ImportedText) -> Head:
    """Return what a text says of itself, with the corrections of persons."""
    return head_from(structure_of(text).metadata, text.head)


def problems_of(text: ImportedText, *, today: date) -> list[HeadProblem]:
    """Return what is wrong with a text's head today: stops first."""
    library = load_library()
    known = {*numbers_in_library(), *library.documents}
    found = head_problems(head_of(text), today=today, known_numbers=known, code=text.code)
    return sorted(found, key=lambda problem: not problem.stops)


def edits_of(text: ImportedText) -> list[StructureEdit]:
    """Return the corrections of a text's structure, newest first, undone ones too."""
    return list(text.edits.order_by("-number"))
