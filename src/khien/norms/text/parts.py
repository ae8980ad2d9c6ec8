"""Where the parts of a text begin: the decision, and the regulation that is issued with it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from khien.norms.text.letters import vietnamese
from khien.norms.text.lines import Line
from khien.norms.text.markers import ARTICLE_WORD, article_number, marker_of
from khien.norms.text.phrases import (
    ANNEX,
    ATTACHED,
    AUTHORITY,
    CAPACITY,
    CITED_AFTER,
    ISSUED_WITH,
    KIND_CAPS,
    KIND_LINE,
    KIND_START,
    KINDS,
    MOTTO,
    NATION,
    POSITION_LINE,
    is_caps,
)

_ARTICLE = vietnamese(
    rf"(?:[-*] )?{ARTICLE_WORD} ?"
    rf"(?:(\d{{1,4}})[a-zđ]? ?(?:[.:)]|[,;] (?=[A-ZĐÀ-Ỹ])|$|[-–] )|([\dlIO|]{{1,3}})[.:])"
)
_BARE_ARTICLE = vietnamese(r"Điều (\d{1,3}) (?=[A-ZĐÀ-Ỹ])")
_LOOK_AHEAD = 40
_NEAR = 8


@dataclass(slots=True)
class Outlook:
    """What a first look at the lines tells: where parts start, and where articles stand.

    Args: starts: index of a content line -> printed kind ("QUY CHẾ"); articles: index -> number;
          sections: indexes of numbered sections, in order
    """

    starts: dict[int, str]
    articles: dict[int, int]
    sections: list[int]
    _places: list[int] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _last_place: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = sorted(self.articles)
        self._starts = sorted(self.starts)
        self._last_place = {self.articles[place]: place for place in self._places}

    def end_of_part(self, index: int, lines: int) -> int:
        """Return where the part that starts at a content line ends."""
        place = bisect_right(self._starts, index)
        return self._starts[place] if place < len(self._starts) else lines

    def has_articles(self, start: int, end: int) -> bool:
        """Say whether some article starts between two content lines."""
        return _any_between(self._places, start, end)

    def has_sections(self, start: int, end: int) -> bool:
        """Say whether some numbered section starts between two content lines."""
        return _any_between(self.sections, start, end)

    def comes_later(self, number: int, index: int) -> bool:
        """Say whether an article with this number stands after a content line."""
        return self._last_place.get(number, -1) > index


def _any_between(places: list[int], start: int, end: int) -> bool:
    place = bisect_left(places, start)
    return place < len(places) and places[place] < end


def look(lines: Sequence[Line]) -> Outlook:
    """Return the outlook over the content lines of a text."""
    articles: dict[int, int] = {}
    sections: list[int] = []
    titles: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        text = line.text
        first = text[0]
        number = _number_of(text) if first in "ĐD-*" else 0
        if number:
            articles[index] = number
        elif first in "IVXLABCDĐP123456789" and len(text) < 300 and _is_section(text):
            sections.append(index)
        if text[:2].isupper() and (printed := _printed_kind(text)):
            titles.append((index, printed))
    articles = _trusted(articles, sections, lines)
    starts = _starts(lines, titles, articles)
    return Outlook(starts, articles, sections)


def _number_of(text: str) -> int:
    """Return the number of the article a line may begin, 0 when it begins none."""
    match = _ARTICLE.match(text) or _bare_article(text)
    if match is None:
        return 0
    if match[1]:
        cited = text[match.end() - 1] in ",; " and CITED_AFTER.match(text[match.end() :])
        return 0 if cited else int(match[1])
    return int(article_number(match[2]) or 0)


def _trusted(
    articles: dict[int, int], sections: list[int], lines: Sequence[Line]
) -> dict[int, int]:
    """Leave out a lone "Điều N" that a letter or plan happens to have at the start of a line."""
    if len(articles) > 1 or 1 in articles.values() or not articles:
        return articles
    index = next(iter(articles))
    before = lines[index - 1].text if index else "."
    alone = before[-1] in ".;:" or is_caps(before)
    return articles if alone and not sections else {}


def _bare_article(text: str) -> re.Match[str] | None:
    """Match "Điều 1 Phạm vi", a heading that lost its point, and not "Điều 7 Nghị định này"."""
    match = _BARE_ARTICLE.match(text)
    if match is None:
        return None
    if match[1] != "1" and (len(text) > 150 or text[-1] in ".;,:"):
        return None
    return None if CITED_AFTER.match(text[match.end() :]) else match


def _is_section(text: str) -> bool:
    marker = marker_of(text)
    if marker is None:
        return False
    if marker.kind == "number":
        return marker.value == 1 and marker.style in (".", ")")
    return marker.kind in ("roman", "capital", "phan", "decimal") and marker.value in (1, 0)


def _printed_kind(text: str) -> str | None:
    match = KIND_LINE.match(text)
    if match:
        return match[1]
    match = KIND_START.match(text)
    if match:
        return match[1] if text[: match.end()].isupper() else None
    match = KIND_CAPS.match(text)
    return match[1] if match and text.isupper() and len(text) < 120 else None


def _starts(
    lines: Sequence[Line], titles: list[tuple[int, str]], articles: dict[int, int]
) -> dict[int, str]:
    ordered = sorted(articles)
    starts: dict[int, str] = {}
    seen_article = -1
    last_start = 0
    place = 0
    for index, printed in titles:
        while place < len(ordered) and ordered[place] < index:
            seen_article = ordered[place]
            place += 1
        if seen_article < last_start or (seen_article < 0):
            continue
        if KINDS[printed] in ATTACHED and _starts_part(
            lines, index, ordered[place] if place < len(ordered) else None, articles
        ):
            last_start = _with_header(lines, index, last_start)
            starts[last_start] = printed
    return starts


def _with_header(lines: Sequence[Line], index: int, floor: int) -> int:
    """Return the first line of the state header and issuer printed above a title."""
    start = index
    while start - 1 > floor:
        text = lines[start - 1].text
        header = NATION.search(text) or MOTTO.search(text)
        issuer = is_caps(text) and AUTHORITY.match(text) and start - 1 > floor
        if not header and not (issuer and not POSITION_LINE.match(text)):
            break
        if CAPACITY.match(text):
            break
        start -= 1
    return start


def _starts_part(
    lines: Sequence[Line], index: int, ahead: int | None, articles: dict[int, int]
) -> bool:
    end = index + 1 + _NEAR if ahead is None else min(index + 1 + _NEAR, ahead)
    named = any(_is_issuing_note(line.text) for line in lines[index + 1 : end])
    named = named or re.search(r"\((?:Ban hành k|K)èm theo", lines[index].text) is not None
    if lines[index].text.endswith(":"):
        return False
    restarts = ahead is not None and ahead - index <= _LOOK_AHEAD and articles[ahead] == 1
    if named or (not KIND_LINE.match(lines[index].text) and KIND_CAPS.match(lines[index].text)):
        return named
    return restarts and not _in_annex(lines, index)


def _is_issuing_note(text: str) -> bool:
    if text[0].islower() or ISSUED_WITH.match(text) is None:
        return False
    return "kèm theo" in text.lower()


def _in_annex(lines: Sequence[Line], index: int) -> bool:
    """Say whether a title stands inside a form: a few lines above it begins an annex."""
    for line in lines[max(0, index - 12) : index]:
        match = ANNEX.match(line.text)
        if match and (not match[3] or is_caps(match[3])) and match[2]:
            return True
    return False
