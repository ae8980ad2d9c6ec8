"""All decisions of a review as a table: who, when, how; with filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from khien.adoption.models import ImportedText
from khien.adoption.review.drafts import controls_known, draft_from
from khien.adoption.review.selectors import (
    Decision,
    decisions_of,
    is_sure,
    nothing_words,
    own_controls_of,
)
from khien.adoption.review.suggesting import clauses_to_decide, suggestions_of
from khien.adoption.structure import structure_of
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.wording import clause_name
from khien.web.pages.review_sweep import said_values

PAGE_SIZE = 50
WAITING = "waiting"
HOW: Mapping[str, Promise] = {
    "one": gettext_lazy("one by one"),
    "sweep": gettext_lazy("in one go"),
}
KINDS: Mapping[str, Promise] = {
    "duties": gettext_lazy("with duties"),
    "nothing": gettext_lazy("no duty"),
    "own": gettext_lazy("the unit's own control"),
    "stale": gettext_lazy("words changed since"),
    WAITING: gettext_lazy("waiting for a decision"),
}


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One duty of a decision."""

    control: str
    title: str
    values: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision of the table."""

    decision: Decision
    name: Text
    words: str
    lines: tuple[DecidedLine, ...]
    none: str
    how: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One clause that waits, and what is suggested for it."""

    path: str
    name: Text
    words: str
    suggested: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class DecisionList:
    """The decisions that pass the filters, or the clauses that wait for one; one page of them."""

    rows: tuple[DecisionRow, ...]
    waiting: tuple[WaitingRow, ...]
    count: int
    total: int
    number: int
    page_count: int
    persons: tuple[str, ...]
    asked: Mapping[str, str]
    how: Mapping[str, Promise]
    kinds: Mapping[str, Promise]


def decision_list(text: ImportedText, asked: QueryDict) -> DecisionList:
    """Return the page of decisions that an address asks for."""
    decisions = decisions_of(text, stale=True)
    known = controls_known(load_library(), own := own_controls_of(text))
    filters = {name: asked.get(name, "") for name in ("nguoi", "cach", "loai", "tim")}
    nodes = {node.path: node.text for node in structure_of(text).nodes}
    found: Sequence[Decision | WaitingRow]
    if filters["loai"] == WAITING:
        found = list(_waiting(text, decisions, search_key(filters["tim"])))
    else:
        found = [
            one
            for one in decisions.values()
            if _passes(one, filters, nodes.get(one.path, ""), known, own)
        ]
    page_count = max(1, -(-len(found) // PAGE_SIZE))
    given = asked.get("trang", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 1
    number = min(max(1, number), page_count)
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return DecisionList(
        rows=tuple(
            _row(one, nodes.get(one.path, ""), known) for one in shown if isinstance(one, Decision)
        ),
        waiting=tuple(one for one in shown if isinstance(one, WaitingRow)),
        count=len(found),
        total=len(decisions),
        number=number,
        page_count=page_count,
        persons=tuple(sorted({one.by for one in decisions.values()})),
        asked=filters,
        how=HOW,
        kinds=KINDS,
    )


def _waiting(
    text: ImportedText, decisions: Mapping[str, Decision], wanted: str
) -> Iterator[WaitingRow]:
    suggestions, controls = suggestions_of(text), load_library().controls
    for node in clauses_to_decide(text).nodes:
        decision, one = decisions.get(node.path), suggestions.get(node.path)
        if decision is not None and not decision.is_stale:
            continue
        suggested = str(controls[one.controls[0].control].title) if one and one.controls else ""
        name = clause_name(node.path)
        if wanted and wanted not in search_key(f"{node.text} {name} {suggested}"):
            continue
        yield WaitingRow(node.path, name, node.text, suggested, is_sure(one))


def _passes(
    one: Decision,
    filters: Mapping[str, str],
    words: str,
    known: Mapping[str, Control],
    own: Mapping[str, Control],
) -> bool:
    if filters["nguoi"] and one.by != filters["nguoi"]:
        return False
    if filters["cach"] and one.how != filters["cach"]:
        return False
    kind = filters["loai"]
    is_kind = {
        "": True,
        "duties": bool(one.duties),
        "nothing": not one.duties,
        "own": any(duty["control"] in own for duty in one.duties),
        "stale": one.is_stale,
    }
    if not is_kind.get(kind, True):
        return False
    wanted = search_key(filters["tim"])
    return not wanted or wanted in search_key(" ".join(_searched(one, words, known)))


def _searched(one: Decision, words: str, known: Mapping[str, Control]) -> Iterator[str]:
    yield from (words, str(clause_name(one.path)), one.path)
    for duty in one.duties:
        code = str(duty["control"])
        yield code
        if code in known:
            yield known[code].title.vi


def _row(one: Decision, words: str, known: Mapping[str, Control]) -> DecisionRow:
    return DecisionRow(
        decision=one,
        name=clause_name(one.path),
        words=words,
        lines=tuple(_lines(one.duties, known)),
        none=nothing_words(one.none) if one.none else "",
        how=str(HOW.get(one.how, one.how)),
    )


def _lines(
    duties: Sequence[Mapping[str, Any]], known: Mapping[str, Control]
) -> Iterator[DecidedLine]:
    for duty in duties:
        code = str(duty["control"])
        control = known.get(code)
        if control is None:
            yield DecidedLine(code, code, ())
            continue
        values = tuple(said_values(draft_from(duty), control, load_library()))
        yield DecidedLine(code, str(control.title), values)
