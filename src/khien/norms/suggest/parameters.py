"""Values of parameters that a clause gives to the controls it feeds, found by their unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from khien.kernel.vietnamese import nfc
from khien.norms.model import Library, Parameter
from khien.norms.suggest.controls import Proposed
from khien.norms.suggest.quantities import Quantity, frequency_of, quantities_of

# Units of parameters, and the units of quantities in a text that give them.
_GIVEN_BY: Mapping[str, tuple[str, ...]] = {
    "character": ("character",), "attempt": ("times",), "minute": ("minute",), "hour": ("hour",), "day": ("day",),
    "month": ("month",), "percent": ("percent",), "machine": ("machine",), "line": ("line",), "zone": ("zone",),
    "device": ("device",), "per_month_per_unit": ("times",),
}  # fmt: skip
_MONTHS = {"monthly": 1, "quarterly": 3, "6-monthly": 6, "yearly": 12}
_WEEK_DAYS = 7
_LEVEL = re.compile(r"cấp(?: độ)?\s+(\d)(?=\s+trở lên)", re.IGNORECASE)
_ALL = re.compile(r"(?:tất cả|toàn bộ|100\s*%|mọi|các máy)", re.IGNORECASE)
# A control that is much less likely than the first one gets no values.
_SHARE_OF_BEST, _SCORE_MIN = 0.55, 0.5


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a parameter: the control it is of, the number, its unit, and the words that say it."""

    control: str
    name: str
    value: int
    unit: str
    words: str


def parameters_of(text: str, proposed: Sequence[Proposed], library: Library) -> list[Given]:
    """Return the values that a clause gives to the controls proposed for it."""
    if not proposed:
        return []
    least = max(_SCORE_MIN, proposed[0].score * _SHARE_OF_BEST)
    quantities = quantities_of(text)
    found = []
    for one in proposed:
        if one.score < least or not one.words:
            continue
        for parameter in library.controls[one.control].parameters.values():
            given = _given(parameter, text, quantities)
            if given is not None:
                found.append(
                    Given(one.control, parameter.name, given[0], parameter.unit or "", given[1])
                )
    return found


def _given(
    parameter: Parameter, text: str, quantities: Iterable[Quantity]
) -> tuple[int, str] | None:
    if parameter.type != "integer":
        return None
    if parameter.unit == "level":
        level = _LEVEL.search(nfc(text))
        return (int(level[1]), level.group()) if level and parameter.name == "level_min" else None
    units = _GIVEN_BY.get(parameter.unit or "", ())
    for quantity in quantities:
        if quantity.unit in units:
            if parameter.name.endswith("_min") and parameter.unit == "attempt":
                return (quantity.low, quantity.words) if quantity.low is not None else None
            return quantity.value, quantity.words
    return _implied(parameter, text)


def _implied(parameter: Parameter, text: str) -> tuple[int, str] | None:
    """Return a value that the text gives in words: every year, every week, all machines."""
    frequency = frequency_of(text)
    if parameter.unit == "month" and frequency in _MONTHS:
        return _MONTHS[frequency], frequency
    if parameter.unit == "day" and frequency == "weekly":
        return _WEEK_DAYS, frequency
    every = _ALL.search(nfc(text))
    if parameter.unit == "percent" and parameter.name.endswith("coverage_pct") and every:
        return 100, every.group()
    return None
