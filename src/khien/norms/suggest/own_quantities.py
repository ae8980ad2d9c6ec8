"""Limits and intervals of a clause that no parameter of the library takes, under names that say their sense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khien.norms.suggest.parameters import Clause, Given
from khien.norms.suggest.quantities import Quantity

_PLURALS = {
    "character": "characters", "times": "times", "minute": "minutes", "hour": "hours", "day": "days",
    "working_day": "working_days", "week": "weeks", "month": "months", "year": "years", "percent": "percent",
    "machine": "machines", "device": "devices", "line": "lines", "zone": "zones", "level": "levels",
    "person": "people", "copy": "copies", "account": "accounts", "session": "sessions", "megabyte": "megabytes",
    "gigabyte": "gigabytes", "terabyte": "terabytes", "megabit": "megabits_per_second", "bit": "bits",
}  # fmt: skip
_TIMES = ("minute", "hour", "day", "working_day", "week", "month")
# A number without a word of limit says something only with these units.
_PLAIN = ("minute", "percent", "character", "megabyte", "gigabyte", "terabyte", "megabit", "bit")


def own_quantities(clause: Clause, given: Sequence[Given]) -> list[Given]:
    """Return limits and intervals that no parameter took: `within_hours`, `min_people`, `interval_months` …

    The names are listed in docs/formats/suggestions.md.
    """
    taken = [one.words for one in given]
    values = {(one.value, one.unit) for one in given}
    intervals = [one for one in _intervals(clause) if not _is_said(one.words, taken)]
    taken += [one.words for one in intervals]
    limits = [
        Given("", name, one.value, one.unit, one.words)
        for one in clause.quantities
        if (name := _name(one))
        and (one.value, one.unit) not in values
        and not _is_said(one.words, taken)
    ]
    return intervals + limits


def _intervals(clause: Clause) -> Iterator[Given]:
    for period in clause.periods:
        if any(letter.isdigit() for letter in period.words):
            name = f"interval_{period.unit}s"
            yield Given("", name, period.value, period.unit, period.words)


def _is_said(words: str, taken: Sequence[str]) -> bool:
    return any(words in said or said in words for said in taken)


def _name(one: Quantity) -> str:
    plural = _PLURALS.get(one.unit)
    if plural is None or one.sense == "every" or (one.value, one.unit) == (1, "times"):
        return ""
    if one.sense == "least":
        return f"min_{plural}"
    if one.sense == "most":
        return f"within_{plural}" if one.unit in _TIMES else f"max_{plural}"
    return plural if one.unit in _PLAIN else ""
