"""Tests on fields of rows, with three answers: yes, no, and not known yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from khien.kernel.canonical import Json
from khien.kernel.clock import parse_iso, vietnam_date
from khien.reports.definitions import ANY, Conditions
from khien.workflows.conditions import passes

# A missing value answers these by itself: what is not finished has no day on which it was.
_ANSWERED_BY_SILENCE = ("filled", "empty", "min", "max")


def judged(
    values: Mapping[str, Json], conditions: Conditions, meaning: Callable[[Json], Json]
) -> bool | None:
    """Say whether a row passes all conditions; None where a field that decides is missing.

    Args: meaning: what a value of a declaration stands for ($today, $row.system)
    """
    is_known = True
    for code, test in conditions.items():
        answer = _answer(values, code, test, meaning)
        if answer is False:
            return False
        is_known = is_known and answer is not None
    return True if is_known else None


def _answer(
    values: Mapping[str, Json], code: str, test: Json, meaning: Callable[[Json], Json]
) -> bool | None:
    if code != ANY:
        return _one(values.get(code), meant(test, meaning))
    return _any(values, test, meaning)


def _any(values: Mapping[str, Json], tests: Json, meaning: Callable[[Json], Json]) -> bool | None:
    given = tests if isinstance(tests, Sequence) and not isinstance(tests, str) else ()
    answers = [judged(values, one, meaning) for one in given if isinstance(one, Mapping)]
    if True in answers:
        return True
    return None if None in answers else False


def meant(test: Json, meaning: Callable[[Json], Json]) -> Json:
    """Return a test with what its values stand for."""
    if isinstance(test, Mapping):
        return {name: meant(inner, meaning) for name, inner in test.items()}
    if isinstance(test, Sequence) and not isinstance(test, str):
        return [meant(inner, meaning) for inner in test]
    return meaning(test)


def day_of(value: Json) -> date | None:
    """Return the day in Viet Nam of a date or moment of a row."""
    if not isinstance(value, str) or not value:
        return None
    return vietnam_date(parse_iso(value)) if "T" in value else date.fromisoformat(value)


def _one(value: Json, test: Json) -> bool | None:
    if value is not None:
        return passes(value, test)
    if isinstance(test, Mapping) and all(name in _ANSWERED_BY_SILENCE for name in test):
        return passes(value, test)
    return None
