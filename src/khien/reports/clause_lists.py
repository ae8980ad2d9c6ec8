"""Lists of clauses, put together as a person would cite them: "khoản 1, 2, 5 Điều 13"."""

from __future__ import annotations

from collections.abc import Iterable

from khien.kernel.language import Language
from khien.norms.wording import clause_name


def clause_list(paths: Iterable[str], language: Language) -> str:
    """Return the names of clauses; in Vietnamese those of one kind in one place share its name."""
    if language != "vi":
        return "; ".join(clause_name(path).in_language(language) for path in paths)
    groups: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        kind, number, place = _parts(path)
        groups.setdefault((kind, place), []).append(number)
    return ", ".join(
        " ".join(part for part in (kind, ", ".join(numbers), place) if part)
        for (kind, place), numbers in groups.items()
    )


def _parts(path: str) -> tuple[str, str, str]:
    """Return what a clause is, its number, and where it stands: ("khoản", "1", "Điều 13")."""
    name = clause_name(path).vi
    parent = path.rpartition(".")[0]
    place = clause_name(parent).vi if parent and parent not in ("C", "QD") else ""
    if not place or not name.endswith(f" {place}"):
        return name, "", ""
    kind, _, number = name.removesuffix(f" {place}").rpartition(" ")
    return kind, number, place
