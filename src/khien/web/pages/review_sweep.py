"""What one confirmation of a chapter's sure suggestions would write, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from khien.adoption.models import ImportedText
from khien.adoption.review.clauses import Chapter
from khien.adoption.review.drafts import NOTHING, DutyDraft
from khien.adoption.review.neighbours import value_words
from khien.adoption.review.schedules import schedule_words
from khien.adoption.review.selectors import Sure, sweep_of
from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Control, Library
from khien.norms.wording import clause_name


@dataclass(frozen=True, slots=True)
class SweepLine:
    """One clause of a sweep: its words, the control it would feed with values, or why none."""

    path: str
    name: Text
    words: str
    control: Control | None
    values: tuple[tuple[Text, Text], ...]
    schedule: Text | None
    none: Text | None


@dataclass(frozen=True, slots=True)
class SweepPage:
    """A sweep ready to be looked through."""

    chapter: Chapter
    seen: str
    lines: tuple[SweepLine, ...]


def sweep_page(text: ImportedText, chapter: Chapter) -> SweepPage:
    """Return the sweep of a chapter."""
    sweep, library = sweep_of(text, chapter), load_library()
    return SweepPage(chapter, sweep.seen, tuple(_line(one, library) for one in sweep.clauses))


def _line(one: Sure, library: Library) -> SweepLine:
    name = clause_name(one.node.path)
    if one.duty is None:
        return SweepLine(one.node.path, name, one.node.text, None, (), None, NOTHING[one.none])
    control = library.controls[one.duty.control]
    return SweepLine(
        path=one.node.path,
        name=name,
        words=one.node.text,
        control=control,
        values=tuple(said_values(one.duty, control, library)),
        schedule=schedule_words(one.duty.schedule),
        none=None,
    )


def said_values(duty: DutyDraft, control: Control, library: Library) -> Iterator[tuple[Text, Text]]:
    """Yield the values of a duty in words, each with the title of its parameter."""
    for name, value in duty.parameters.items():
        parameter = control.parameters.get(name)
        if parameter is None:
            continue
        if parameter.type == "date":
            day = said_day_of(str(value))
            yield parameter.title, Text(day, day)
        else:
            yield parameter.title, value_words(parameter, value, library)


def said_day_of(iso: str) -> str:
    """Return an ISO day as people write it; anything else as it is."""
    try:
        return said_day(date.fromisoformat(iso))
    except ValueError:
        return iso
