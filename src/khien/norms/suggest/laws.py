"""What has become of the texts that a clause cites, by what the library knows of them (law.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from khien.norms.located_yaml import Problem, read_located
from khien.norms.read_document import LawText, read_law
from khien.norms.text.model import Citation

_NAMED = re.compile(r"(?:Bộ luật|Luật|Pháp lệnh) ([^\d;:.()]+?)(?= số| ngày| năm|,|;|$)")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Cited:
    """A text that a clause cites: its key in law.yaml, until when it is in force, its successor, how sure that is.

    key: empty where the library does not know the text; then nothing is said of it
    """

    text: str
    key: str = ""
    ended_on: date | None = None
    successor: str | None = None
    mark: str = ""


@cache
def fates(path: Path) -> Mapping[str, LawText]:
    """Return what law.yaml knows; the library's loader reports what is wrong in it."""
    source = read_located(path)
    return {} if isinstance(source, Problem) else read_law(source, [])


@cache
def _by_number(path: Path) -> Mapping[str, str]:
    return {key.split(" ")[1]: key for key in fates(path) if " " in key}


@cache
def _by_name(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the keys of laws by their names, the newest last."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, law in fates(path).items():
        title = law.reader.text("vi", required=False)
        name = re.match(r"(?:Bộ luật|Luật|Pháp lệnh) (.+?)(?: số)? \d", title)
        if name:
            day = _DAY.search(title)
            order = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else key
            found.setdefault(name[1].strip(), []).append((order, key))
    return {name: tuple(key for _, key in sorted(keys)) for name, keys in found.items()}


def resolved(citations: Iterable[Citation], path: Path) -> tuple[Cited, ...]:
    """Return each text that is cited, once, with what has become of it; own clauses and forms are left out."""
    found: dict[str, Cited] = {}
    for one in citations:
        if one.internal or one.kind == "phụ lục" or not (one.kind or one.number):
            continue
        key = _key(one, path)
        known = fates(path).get(key)
        cited = Cited(one.text)
        if known:
            cited = Cited(one.text, key, known.ended_on, known.successor, known.mark)
        found.setdefault(key or one.text, cited)
    return tuple(found.values())


def _key(one: Citation, path: Path) -> str:
    if one.number:
        return _by_number(path).get(one.number, "")
    named = _NAMED.match(one.text)
    keys = _by_name(path).get(named[1].strip(), ()) if named else ()
    if one.date:
        year, month, day = one.date.split("-")
        said = f"{int(day)}/{int(month)}/{year}"
        dated = [key for key in keys if said in fates(path)[key].reader.text("vi", required=False)]
        return dated[0] if dated else ""
    # A name without a number may mean any of the laws that bore it: only one is no guess.
    return keys[0] if len(keys) == 1 else ""
