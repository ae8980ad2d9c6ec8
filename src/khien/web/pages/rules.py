"""The rulebook as a page: controls by theme, each parameter's winner and losers; search without tones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from khien.checks.selectors import ControlState
from khien.kernel.vietnamese import search_key
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.rulebook import Rule, Rulebook
from khien.norms.wording import clause_name


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One control of the rulebook with its state, if the unit itself is bound to it."""

    control: Control
    rule: Rule
    state: ControlState | None
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """The rules of one theme."""

    theme: str
    rows: tuple[RuleRow, ...]


def themes_of(
    rulebook: Rulebook,
    states: Mapping[str, ControlState],
    *,
    words: str = "",
    verdict: str = "",
    theme: str = "",
) -> tuple[Theme, ...]:
    """Return the rules by theme that hold all the words sought and stand at the verdict asked for."""
    chosen = [
        row
        for row in _rows(rulebook, states)
        if (not verdict or (row.state is not None and row.state.verdict == verdict))
        and (not theme or row.control.theme == theme)
    ]
    found: dict[str, list[RuleRow]] = {}
    for row in _holding(chosen, search_key(words)):
        found.setdefault(row.control.theme, []).append(row)
    return tuple(Theme(name, tuple(rows)) for name, rows in found.items())


def _rows(rulebook: Rulebook, states: Mapping[str, ControlState]) -> Iterator[RuleRow]:
    controls = load_library().controls
    for control_id, rule in rulebook.rules.items():
        documents = tuple(dict.fromkeys(clause.document for clause, _ in rule.sources))
        yield RuleRow(controls[control_id], rule, states.get(control_id), documents)


def _holding(rows: list[RuleRow], sought: str) -> list[RuleRow]:
    """Return the rows that hold the phrase; where none does, those that hold each of its words."""
    if not sought:
        return rows
    keyed = [(row, search_key(" ".join(_searched(row.control, row.rule)))) for row in rows]
    with_phrase = [row for row, text in keyed if sought in text]
    return with_phrase or [row for row, text in keyed if all(w in text for w in sought.split())]


def _searched(control: Control, rule: Rule) -> list[str]:
    labels = load_library().labels
    theme = labels.get(f"theme.{control.theme}") or labels.get(control.theme)
    texts = [control.title, control.why, *(p.title for p in control.parameters.values())]
    texts += [clause_name(clause.path) for clause, _ in rule.sources]
    texts += [theme] if theme else []
    return [control.id, *(word for text in texts for word in (text.vi, text.en))]
