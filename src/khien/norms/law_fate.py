"""What became of a text that a regulation cites: in force, ended, replaced; or not known here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.library import LIBRARY, load_library, per_library
from khien.norms.located_yaml import Located, Problem, read_located
from khien.norms.read_document import read_law
from khien.norms.text.cited import Cited, cited_texts
from khien.norms.text.dates import SLASHED_DATE, iso_date

_NUMBER = re.compile(r"\S*\d\S*/\S+")
_NAME = re.compile(r"(?:Bộ luật|Luật|Pháp lệnh) (.+?)(?= \d|,? ngày|,? năm|$)")


@dataclass(frozen=True, slots=True)
class LawFate:
    """A text of higher law and what became of it (số phận của văn bản được viện dẫn).

    mark: A, B or C, how sure; ended_on: empty for a text that nothing read says has ended.
    """

    key: str
    title: Text
    ended_on: date | None
    successor: str | None
    mark: str
    note: Text | None
    number: str
    named: str
    given_on: str | None

    def has_ended_on(self, day: date) -> bool:
        """Say whether the text has surely ended by a day."""
        return self.ended_on is not None and self.ended_on <= day


@lru_cache(maxsize=1)
def law_fates() -> Mapping[str, LawFate]:
    """Return every text whose fate the library knows, by its key."""
    source = read_located(LIBRARY / "norms" / "law.yaml")
    problems: list[Problem] = []
    if not isinstance(source, Located):
        return {}
    found = {}
    for key, law in read_law(source, problems).items():
        title = law.reader.bilingual()
        number = _NUMBER.search(key)
        name = _NAME.search(title.vi)
        found[key] = LawFate(
            key=key,
            title=title,
            ended_on=law.ended_on,
            successor=law.successor,
            mark=law.mark,
            note=law.reader.optional_bilingual("note"),
            number=number.group() if number else "",
            named=search_key(name[1]) if name and key.startswith("Luật") else "",
            given_on=_given_on(key, title.vi),
        )
    return found


def _given_on(key: str, title: str) -> str | None:
    day = SLASHED_DATE.search(title) or SLASHED_DATE.search(key)
    return iso_date(day[1], day[2], day[3]) if day else None


def fate_of(cited: Cited) -> LawFate | None:
    """Return what became of a cited text; None where the library does not know it."""
    fates = law_fates().values()
    if cited.number:
        alike = [fate for fate in fates if fate.number == cited.number]
        return next((fate for fate in alike if _is_meant(fate, cited)), None)
    name = _NAME.search(cited.text)
    if name is None:
        return None
    key = search_key(name[1]).rstrip(" ,")
    alike = [fate for fate in fates if fate.named == key]
    if cited.date or cited.year:
        return next((fate for fate in alike if _of_that_day(fate, cited)), None)
    return alike[0] if len(alike) == 1 else None


def _is_meant(fate: LawFate, cited: Cited) -> bool:
    """Say whether a number that many bodies use is that of this one: by its day, or by its place."""
    if cited.date and fate.given_on:
        return cited.date == fate.given_on
    rest = fate.key.partition(fate.number)[2].strip()
    if not rest or SLASHED_DATE.fullmatch(rest):
        return True
    return search_key(rest) in search_key(cited.text)


def _of_that_day(fate: LawFate, cited: Cited) -> bool:
    if cited.date and fate.given_on:
        return cited.date == fate.given_on
    return cited.year is not None and str(cited.year) in (fate.given_on or fate.number)


def fates_in(sentence: str) -> list[tuple[Cited, LawFate | None]]:
    """Return every text a sentence names, each with what became of it."""
    return [(cited, fate_of(cited)) for cited in cited_texts(sentence)]


@per_library
def numbers_in_library() -> Mapping[str, tuple[str, ...]]:
    """Return the documents of the library in use by their number, as official texts print it."""
    from_numbers: dict[str, list[str]] = {}
    for document in load_library().documents.values():
        if document.number:
            from_numbers.setdefault(document.number, []).append(document.id)
    return {number: tuple(names) for number, names in from_numbers.items()}
