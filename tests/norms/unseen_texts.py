"""The made-up regulations of `unseen/`, and how far suggestions agree with what was expected beforehand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from khien.norms.suggest.suggesting import Suggestion, as_json, suggestions_for
from khien.norms.text.parser import parse_text

FOLDER = Path(__file__).parent / "unseen"
LEARNED_FROM, HELD_OUT = ("commune", "school", "district"), ("hospital", "province")


@dataclass(frozen=True)
class Measured:
    """Counts over the clauses of a text, and in words where the suggestion was another."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def measured(name: str) -> Measured:
    """Return how far the suggestions for one made-up text agree with what was expected."""
    source = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    found = {one.node.path: one for one in suggestions_for(parse_text(source["text"]))}
    result = Measured()
    for path, expected in source["expected"].items():
        _compare(result, path, expected, found.get(path))
    return result


def _compare(result: Measured, path: str, expected: dict[str, Any], one: Suggestion | None) -> None:
    given = as_json(one) if one else {"controls": [], "modality": "", "parameters": []}
    controls = [control["id"] for control in given["controls"]]
    counts = result.counts
    counts["clauses"] += 1
    wanted = expected["controls"]
    if wanted == "none":
        counts["none"] += 1
        _count(result, path, "none right", "none", controls, is_right=not controls)
    else:
        counts["mapped"] += 1
        counts["top3"] += bool(set(controls[:3]) & set(wanted))
        _count(
            result,
            path,
            "top1",
            wanted,
            controls,
            is_right=controls[:1] != [] and controls[0] in wanted,
        )
    is_right = given["modality"] == expected["modality"]
    _count(result, path, "modality", expected["modality"], given["modality"], is_right=is_right)
    if given.get("sure"):
        counts["sure"] += 1
        counts["sure right"] += wanted != "none" and controls[0] in wanted
    _values(result, path, expected.get("parameters", {}), given["parameters"])
    for name in ("deadline", "frequency", "recipient", "form"):
        if name in expected:
            counts[f"{name} asked"] += 1
            said = given.get(name)
            is_right = (said or "").lower() == expected[name].lower()
            _count(result, path, name, expected[name], said, is_right=is_right)


def _values(
    result: Measured, path: str, wanted: dict[str, Any], given: list[dict[str, Any]]
) -> None:
    named = {one["name"]: one["value"] for one in given}
    result.counts["values"] += len(wanted)
    result.counts["values given"] += len(named)
    for name, value in wanted.items():
        is_right = named.get(name) == value
        _count(result, path, "values right", {name: value}, named.get(name), is_right=is_right)
    more = {name: value for name, value in named.items() if name not in wanted}
    if more:
        result.wrong.append(f"{path} not expected: {more}")


def _count(
    result: Measured, path: str, what: str, wanted: object, said: object, *, is_right: bool
) -> None:
    result.counts[what] += is_right
    if not is_right:
        result.wrong.append(f"{path} {what}: {wanted} expected, {said} suggested")
