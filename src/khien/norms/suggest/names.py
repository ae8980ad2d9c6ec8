"""Short names of bodies and texts, as parameters of the library write them ("Sở TT&TT", "NĐ85/2016 Đ20.2c")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from khien.norms.field_reader import FieldReader
from khien.norms.located_yaml import Problem, read_located
from khien.norms.suggest.phrases import Phrases
from khien.norms.suggest.words import words
from khien.norms.text.model import Citation

_ROLES = re.compile(r"^(?:các |những )?")
_NUMBER = re.compile(r"^(\d{1,6})/(\d{4})/")
_ARTICLE = re.compile(r"^D(\d{1,3}[a-zđ]?)(?:\.k(\d{1,2}))?(?:\.([a-zđ]))?$")
_LAW = re.compile(r"^(?:Bộ luật|Luật|Pháp lệnh) (.+?)(?: số .*| ngày .*| năm .*|,.*)?$")
_PEOPLE = {"ủy ban nhân dân": "UBND", "uỷ ban nhân dân": "UBND", "hội đồng nhân dân": "HĐND"}


@dataclass(frozen=True, slots=True)
class Names:
    """Short names of bodies, laws and kinds of texts by their full ones; and the words of this field."""

    bodies: Mapping[str, str]
    laws: Mapping[str, str]
    kinds: Mapping[str, str]
    field: Phrases

    def body(self, name: str) -> str:
        """Return the short name of a body that a text names in full."""
        plain = _ROLES.sub("", name)
        way = re.search(r" \((?:qua|thông qua) [^)]+\)$", plain)
        core = plain[: way.start()] if way else plain
        for full in sorted(self.bodies, key=len, reverse=True):
            if core.lower().startswith(full.lower()):
                core = self.bodies[full]
                break
        for full, short in _PEOPLE.items():
            if core.lower().startswith(full):
                core = short + core[len(full) :]
        return core + (way.group() if way else "")

    def text(self, citation: Citation) -> str:
        """Return the short name of a cited text with the articles named; empty for forms and own clauses."""
        is_text = citation.kind not in (None, "phụ lục") or bool(citation.number)
        if citation.internal or not is_text:
            return ""
        named = _NUMBER.match(citation.number or "")
        law = _LAW.match(citation.text)
        if law:
            short = f"Luật {self.laws.get(law[1].strip(), law[1].strip())}"
        elif named:
            short = f"{self.kinds.get(citation.kind or '', '')}{named[1]}/{named[2]}"
        else:
            short = citation.number or ""
        return f"{short} {_articles(citation.articles)}".strip()


def _articles(names: Sequence[str]) -> str:
    found = [match for name in names if (match := _ARTICLE.match(name))]
    if not found:
        return ""
    said = []
    for match in found:
        khoan, diem = match[2], match[3]
        inner = (f".{khoan}" if khoan else "") + (diem or "")
        said.append(f"{match[1]}{inner}")
    return "Đ" + ",".join(said)


def read_names(path: Path) -> tuple[Names, list[Problem]]:
    """Return the short names of a file, and what is wrong in it."""
    source = read_located(path)
    if isinstance(source, Problem):
        return Names({}, {}, {}, Phrases(())), [source]
    problems = list[Problem]()
    top = FieldReader(source, (), problems)
    top.allow_only(("bodies", "laws", "kinds", "field"))
    bodies, laws, kinds = (_named(top.child(name)) for name in ("bodies", "laws", "kinds"))
    return Names(bodies, laws, kinds, Phrases(map(words, top.words("field")))), problems


def _named(reader: FieldReader) -> Mapping[str, str]:
    return {full: reader.text(full) for full in reader.data}
