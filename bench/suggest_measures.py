"""How far suggestions agree with the duty inventory: controls, modality, values, deadlines, how often, how sure."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from khien.norms.library import load_library
from khien.norms.suggest.suggesting import Suggestion, suggestions_for
from khien.norms.text.model import ParsedDocument

Rows = dict[str, list[dict[str, str]]]
Key = tuple[str, str, str]
_NAMED = ("weekly", "monthly", "quarterly", "6-monthly", "yearly")
# What the inventory says of a deadline, in English, and the kinds of deadline that say the same.
_SAID = (
    (r"at once|right after|urgent|in time|quickly|on the effective date|on change", "at_once"),
    (r"before \d+ (June|December)|before 15 June", "before"),
    (r"\d+ hours", "within_hours"),
    (r"within November|by 31/5/2026$|by 30/4/2026", "within_month"),
    (r"by 30/6/2026$", "by_quarter"),
    (r"before the 20th", "before_of_period"),
    (r"on request|ad hoc", "on_request"),
    (r"before use|before go-live", "before_event"),
    (r"yearly|every year|each quarter|calendar year|of (the )?last|each month", "frequency"),
)


def inventory(path: Path) -> dict[str, Rows]:
    """Return the inventory's rows by document and path."""
    found: dict[str, Rows] = defaultdict(lambda: defaultdict(list))
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["doc"]][row["path"]].append(row)
    return found


def measured(
    document: str, parsed: ParsedDocument, rows: Rows, wrong: Counter[str]
) -> Counter[str]:
    """Return counts for one document, suggested without having learned from it; confusions go into `wrong`."""
    found = {one.node.path: one for one in suggestions_for(parsed, without=document)}
    total = Counter(n=len(rows))
    for path, asked in rows.items():
        total.update(_controls(found.get(path), {row["control_id"] for row in asked}, wrong))
        if path in found:
            total["modality"] += found[path].modality.code in {row["modality"] for row in asked}
            total.update(_times(found[path], asked))
            total["actor"] += bool(found[path].actor)
    total.update(_values(document, [found[path] for path in rows if path in found]))
    return total


def _controls(one: Suggestion | None, right: set[str], wrong: Counter[str]) -> Counter[str]:
    controls = [proposed.control for proposed in one.controls] if one else []
    is_first = bool(controls) and controls[0] in right
    if not is_first:
        wrong[f"{'/'.join(sorted(right))} -> {controls[0] if controls else 'none'}"] += 1
    sure = bool(one and one.sure)
    return Counter(
        top1=is_first,
        top3=bool(right & set(controls[:3])),
        sure=sure,
        sure_right=sure and is_first,
        fed=len(right),
        fed_found=len(right & set(controls)),
    )


def _times(one: Suggestion, asked: list[dict[str, str]]) -> Counter[str]:
    often = {row["frequency"] for row in asked} & set(_NAMED)
    kinds = {deadline.kind for deadline in one.deadlines} | (
        {"frequency"} if one.frequency else set()
    )
    named = [kind for row in asked for kind in _kinds(row["deadline"])]
    return Counter(
        often=bool(often),
        often_right=bool(often) and one.frequency in often,
        often_given=bool(one.frequency),
        often_given_right=bool(one.frequency) and one.frequency in often,
        deadlines=len(named),
        deadlines_right=sum(kind in kinds for kind in named),
    )


def _kinds(said: str) -> Iterable[str]:
    if said and "not stated" not in said:
        yield from [kind for pattern, kind in _SAID if re.search(pattern, said)][:1]


def _values(document: str, found: Iterable[Suggestion]) -> Counter[str]:
    """Return counts of the values of the library, which are those of the inventory: wanted, given, right."""
    wanted = values_of(document)
    given: dict[Key, object] = {}
    own = 0
    for one in found:
        for value in one.parameters:
            own += not value.control
            if value.control:
                given[one.node.path, value.control, value.name] = _plain(value.value)
    numbers = {key for key, value in wanted.items() if isinstance(value, int)}
    parts, parts_given = _parts(wanted), _parts(given)
    return Counter(
        values=len(wanted),
        values_given=len(given),
        values_right=sum(wanted.get(key) == value for key, value in given.items()),
        numbers=len(numbers),
        numbers_given=sum(isinstance(value, int) for value in given.values()),
        numbers_right=sum(given.get(key) == wanted[key] for key in numbers),
        parts=len(parts),
        parts_given=len(parts_given),
        parts_right=len(parts & parts_given),
        own=own,
    )


def values_of(document: str) -> dict[Key, object]:
    """Return every value that the library's duties of a document carry, by path, control and name."""
    joined: dict[Key, list[object]] = defaultdict(list)
    for clause, duty in load_library().documents[document].duties():
        for name, value in duty.parameters.items():
            if value is not None:
                joined[clause.path, duty.control, name].append(value)
    return {key: _plain(_joined(values)) for key, values in joined.items()}


def _joined(values: list[object]) -> object:
    """Return one value where two duties of a clause give parts of a set."""
    sets = [value for value in values if isinstance(value, tuple)]
    return tuple(code for value in sets for code in value) if sets else values[0]


def _plain(value: object) -> object:
    """Return a value as it is compared: sets without order, "Sở TTTT" like "Sở TT&TT", "Đ4,Đ5" like "Đ4,5"."""
    if isinstance(value, tuple):
        return frozenset(str(code).replace("&", "").replace(",Đ", ",") for code in value)
    return value if isinstance(value, (int, date)) else str(value)


def _parts(values: dict[Key, object]) -> set[tuple[Key, object]]:
    return {
        (key, part)
        for key, value in values.items()
        for part in (value if isinstance(value, frozenset) else (value,))
    }
