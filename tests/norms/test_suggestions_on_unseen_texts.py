"""Suggestions for whole regulations made up for the tests, in styles no text of the library has."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml
from unseen_texts import FOLDER, HELD_OUT, LEARNED_FROM, measured

from khien.norms.suggest.suggesting import Suggestion, as_json, suggestions_for
from khien.norms.text.parser import parse_text

ALL = (*LEARNED_FROM, *HELD_OUT)


def of_sentences(sentences: list[str]) -> list[Suggestion]:
    body = "\n".join(f"{place}. {said}" for place, said in enumerate(sentences, 1))
    return suggestions_for(parse_text(f"QUY CHẾ\nLàm việc\nĐiều 1. Nội dung chung\n{body}"))


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    total: Counter[str] = Counter()
    for name in ALL:
        total.update(measured(name).counts)
    return total


def test_the_first_control_is_mostly_the_right_one(counts: Counter[str]) -> None:
    assert counts["top1"] >= 0.75 * counts["mapped"]
    assert counts["top3"] >= 0.90 * counts["mapped"]


def test_what_is_sure_is_right(counts: Counter[str]) -> None:
    assert counts["sure"] >= 0.4 * counts["mapped"]
    assert counts["sure right"] >= 0.97 * counts["sure"]


def test_what_a_clause_asks_is_seen(counts: Counter[str]) -> None:
    assert counts["modality"] >= 0.97 * counts["clauses"]


def test_values_deadlines_and_receivers_are_found(counts: Counter[str]) -> None:
    assert counts["values right"] >= 0.90 * counts["values"]
    for name in ("deadline", "frequency", "recipient", "form"):
        assert counts[name] >= 0.9 * counts[f"{name} asked"], name


def test_each_control_is_found_by_other_words() -> None:
    asked = yaml.safe_load((FOLDER / "phrases.yaml").read_text(encoding="utf-8"))
    found = [[one.control for one in s.controls] for s in of_sentences(list(asked.values()))]
    missed = [
        control for control, named in zip(asked, found, strict=True) if control not in named[:3]
    ]
    assert len(missed) <= 0.05 * len(asked), missed


def test_values_are_found_in_other_words() -> None:
    asked = yaml.safe_load((FOLDER / "values.yaml").read_text(encoding="utf-8"))
    missed = []
    for wanted, suggestion in zip(asked.values(), of_sentences(list(asked)), strict=True):
        given = {one["name"]: one["value"] for one in as_json(suggestion)["parameters"]}
        missed += [name for name, value in wanted.items() if given.get(name) != value]
    assert len(missed) <= 0.05 * len(asked), missed


def test_other_matters_get_no_control_and_never_a_sure_one() -> None:
    others = yaml.safe_load((FOLDER / "other_matters.yaml").read_text(encoding="utf-8"))
    found = of_sentences(others)
    assert sum(bool(one.controls) for one in found) <= 0.1 * len(others)
    assert not any(one.sure for one in found)
    assert not any(value.control for one in found for value in one.parameters)


def test_what_only_speaks_of_computers_gets_no_sure_control() -> None:
    near = yaml.safe_load((FOLDER / "near_matters.yaml").read_text(encoding="utf-8"))
    found = of_sentences(near)
    assert sum(bool(one.controls) for one in found) <= 0.25 * len(near)
    assert not any(one.sure for one in found)
