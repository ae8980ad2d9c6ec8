"""The rulebook as a page: controls by theme, each parameter's winner and losers; search without tones."""

from __future__ import annotations

from collections.abc import Mapping
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
    library = load_library()
    sought = search_key(words).split()
    found: dict[str, list[RuleRow]] = {}
    for control_id, rule in rulebook.rules.items():
        control, state = library.controls[control_id], states.get(control_id)
        if (verdict and (state is None or state.verdict != verdict)) or (theme and control.theme != theme):
            continue
        if sought and not _holds(sought, control, rule):
            continue
        documents = tuple(dict.fromkeys(clause.document for clause, _ in rule.sources))
        found.setdefault(control.theme, []).append(RuleRow(control, rule, state, documents))
    return tuple(Theme(name, tuple(rows)) for name, rows in found.items())


def _holds(sought: list[str], control: Control, rule: Rule) -> bool:
    haystack = search_key(" ".join(_searched(control, rule)))
    return all(word in haystack for word in sought)


def _searched(control: Control, rule: Rule) -> list[str]:
    labels = load_library().labels
    theme = labels.get(f"theme.{control.theme}") or labels.get(control.theme)
    texts = [control.title, control.why, *(p.title for p in control.parameters.values())]
    texts += [clause_name(clause.path) for clause, _ in rule.sources]
    texts += [theme] if theme else []
    return [control.id, *(word for text in texts for word in (text.vi, text.en))]
