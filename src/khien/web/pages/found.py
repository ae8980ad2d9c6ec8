"""What a search found, as a page shows it: words marked, addresses, icons; and the entries of the menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from khien.desk.search.everywhere import field_seen_by, found_everywhere
from khien.desk.search.hits import HitGroup, Sought
from khien.kernel.vietnamese import nfc, search_key
from khien.org.models import Unit, User
from khien.web.desk_addresses import url_of
from khien.web.navigation import menu

_ICONS: Mapping[str, str] = {
    "unit": "tree",
    "machine": "machine",
    "person": "person",
    "row": "register",
    "register": "register",
    "case": "workflow",
    "control": "rules",
    "document": "library",
    "clause": "document",
}


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One thing found: its name with the words marked, where it stands, its page."""

    what: SafeString
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Things of one kind; `is_cut`: there may be more."""

    word: str
    icon: str
    hits: Sequence[ShownHit]
    is_cut: bool = False


def found_by(user: User, text: str, *, limit: int, is_deep: bool) -> list[ShownGroup]:
    """Return what has all the words, pages of the menu first; see `desk.search`."""
    sought, field = Sought.read(text, limit=limit), field_seen_by(user)
    if not sought.words:
        return []
    groups = found_everywhere(field, text, limit=limit, is_deep=is_deep)
    pages = _pages(sought, user, field.home)
    return [*([pages] if pages.hits else []), *_shown(groups, sought.words)]


def _pages(sought: Sought, user: User, home: Unit | None) -> ShownGroup:
    """Find pages of the menu by name."""
    keyed = ((search_key(place.word), place) for place in menu(user, home, here=""))
    found, is_cut = sought.best(keyed)
    hits = [ShownHit(marked(p.word, sought.words), "", p.address) for p in found]
    return ShownGroup(gettext("Pages"), "next", hits, is_cut)


def _shown(groups: Iterable[HitGroup], words: Sequence[str]) -> list[ShownGroup]:
    return [
        ShownGroup(
            str(group.word),
            _ICONS[group.kind],
            [
                ShownHit(marked(str(h.what), words), str(h.where), url_of(h.target))
                for h in group.hits
            ],
            group.is_cut,
        )
        for group in groups
    ]


def marked(text: str, words: Sequence[str]) -> SafeString:
    """Return a text as HTML with the words marked, whatever their tone marks."""
    text = nfc(text)
    bare = "".join(_bare(letter) for letter in text)
    spans = sorted(_spans(bare, words))
    parts, last = [], 0
    for start, end in spans:
        if start >= last:
            parts += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
            last = end
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308  # every piece of the text is escaped above


def _bare(letter: str) -> str:
    """Return one letter without marks; always one, so that places stay the same."""
    key = search_key(letter)
    return key if len(key) == 1 else letter


def _spans(bare: str, words: Sequence[str]) -> Iterable[tuple[int, int]]:
    for word in words:
        start = bare.find(word)
        while start >= 0:
            yield start, start + len(word)
            start = bare.find(word, start + len(word))
