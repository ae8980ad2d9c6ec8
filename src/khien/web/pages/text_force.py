"""The page on which a text gets its day, its units, what it replaces and what it amends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from khien.adoption.force.drafting import NO_DAY
from khien.adoption.force.errors import DaysInWrongOrder
from khien.adoption.force.head import head_of
from khien.adoption.force.scope import SUBTREE, UNITS, Scope, scope_from, units_below, units_in
from khien.adoption.force.services import Wanted
from khien.adoption.models import ImportedText
from khien.kernel.clock import said_day
from khien.kernel.errors import KhienError
from khien.norms.library import load_library
from khien.norms.model import Clause, Document
from khien.norms.selectors import documents_binding
from khien.norms.wording import clause_name
from khien.org.kinds import UNIT_KINDS
from khien.org.models import Unit, User
from khien.web.pages.asked import day_asked

REPLACED, REMOVED = "replaced", "removed"


@dataclass(frozen=True, slots=True)
class ClauseChoice:
    """One clause of a text that may be amended, as a line of its tree."""

    path: str
    name: str
    words: str
    depth: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AmendedText:
    """A text of which clauses are or may be amended."""

    document: Document
    how: str
    clauses: Sequence[ClauseChoice]
    count: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: stored, or as it was typed."""

    how: str
    under: str
    kinds: Sequence[str]
    place: str
    units: Sequence[str]
    begin: str
    replaces: Sequence[str]
    amends: Sequence[dict[str, Any]]
    opened: str = ""


@dataclass(frozen=True, slots=True)
class ForcePage:
    """All that the page shows."""

    typed: Typed
    units: Sequence[Unit]
    tops: Sequence[Unit]
    kinds: Sequence[tuple[str, str]]
    places: Sequence[str]
    preview: Sequence[Unit]
    preview_failed: str
    bound: Sequence[Document]
    others: str
    amended: Sequence[AmendedText]
    choices: Sequence[Document]


def stored(text: ImportedText) -> Typed:
    """Return what is on record of a text's day and scope."""
    scope, head = scope_from(text.scope, text.unit), head_of(text)
    begin = said_day(head.in_force_from) if head.in_force_from else ""
    replaces = text.replaces or list(head.replaces)
    return Typed(
        scope.how, scope.under, scope.kinds, scope.place, scope.units, begin, replaces, text.amends
    )


def typed_force(post: QueryDict) -> Typed:
    """Return what was typed into the form."""
    listed = post.get("thay_khac", "").replace("\n", ";").split(";")
    others = [name for one in listed if (name := " ".join(one.split()))]
    return Typed(
        how=UNITS if post.get("cach") == UNITS else SUBTREE,
        under=post.get("duoi", ""),
        kinds=post.getlist("loai"),
        place=post.get("noi", ""),
        units=post.getlist("don_vi"),
        begin=post.get("tu_ngay", ""),
        replaces=list(dict.fromkeys([*post.getlist("thay"), *others])),
        amends=[
            {
                "document": document,
                "clauses": post.getlist(f"dieu-{document}"),
                "how": REMOVED if post.get(f"sua-{document}") == REMOVED else REPLACED,
            }
            for document in dict.fromkeys(post.getlist("sua"))
        ],
        opened=post.get("mo", ""),
    )


def wanted_of(typed: Typed) -> Wanted:
    """Return what a form asks for.

    Raises: DayUnreadable; DaysInWrongOrder: no day
    """
    begin = day_asked(typed.begin)
    if begin is None:
        raise DaysInWrongOrder(NO_DAY)
    amends = [one for one in typed.amends if one["clauses"]]
    return Wanted(_scope(typed), begin, tuple(typed.replaces), amends)


def _scope(typed: Typed) -> Scope:
    if typed.how == UNITS:
        return Scope(UNITS, units=tuple(typed.units))
    return Scope(SUBTREE, under=typed.under, kinds=tuple(typed.kinds), place=typed.place)


def force_page(text: ImportedText, typed: Typed, user: User, *, today: date) -> ForcePage:
    """Return the page for what is stored or was typed."""
    library = load_library()
    units = units_below(text.unit, user=user)
    parents = {unit.parent_id for unit in units}
    preview, failed = _preview(text, typed, user)
    bound_names = sorted(
        {n for names in documents_binding(preview, on=today).values() for n in names}
    )
    bound = [library.documents[n] for n in bound_names if n in library.documents and n != text.code]
    held = [d for d in library.regulations.values() if d.id != text.code]
    known = {document.id for document in bound}
    kinds = {unit.kind for unit in units}
    return ForcePage(
        typed=typed,
        units=units,
        tops=[unit for unit in units if unit.pk in parents or unit.pk == text.unit_id],
        kinds=[(kind, str(library.label(kind))) for kind in UNIT_KINDS if kind in kinds],
        places=sorted({unit.place for unit in units if unit.place}),
        preview=preview,
        preview_failed=failed,
        bound=bound,
        others="; ".join(name for name in typed.replaces if name not in known),
        amended=list(_amended(typed, held)),
        choices=held,
    )


def _preview(text: ImportedText, typed: Typed, user: User) -> tuple[list[Unit], str]:
    try:
        return units_in(_scope(typed), text.unit, user=user), ""
    except KhienError as failed:
        return [], str(failed)


def _amended(typed: Typed, held: Iterable[Document]) -> Iterable[AmendedText]:
    by_id = {document.id: document for document in held}
    given = {str(one["document"]): one for one in typed.amends}
    if typed.opened in by_id and typed.opened not in given:
        given[typed.opened] = {"document": typed.opened, "clauses": [], "how": REPLACED}
    for name, one in given.items():
        if name in by_id:
            chosen = set(one["clauses"])
            clauses = [_choice(clause, chosen) for clause in by_id[name].clauses.values()]
            yield AmendedText(by_id[name], str(one["how"]), clauses, len(chosen))


def _choice(clause: Clause, chosen: set[str]) -> ClauseChoice:
    depth = min(clause.path.removeprefix("QD.").removeprefix("C.").count("."), 5)
    name = str(clause_name(clause.path))
    return ClauseChoice(clause.path, name, str(clause.text), depth, clause.path in chosen)
