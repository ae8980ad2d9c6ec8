"""What changes when one text replaces another, and that the way back is the mirror of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from khien.kernel.language import Text
from khien.norms.difference import ControlChange, compare_documents
from khien.norms.errors import UnknownDocument
from khien.norms.library import load_library
from khien.norms.model import Clause, Control, Document, Duty, Library, Parameter, Value

# What is to be checked binds nobody, so there is nothing to compare.
NAMES = tuple(d.id for d in load_library().documents.values() if d.mark != "C")
MIRROR = {
    "added": "dropped",
    "dropped": "added",
    "tightened": "loosened",
    "loosened": "tightened",
    "changed": "changed",
    "same": "same",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_text_that_replaces_itself_changes_nothing(name: str) -> None:
    changes = compare_documents(load_library(), name, name)
    assert changes
    assert {change.kind for change in changes} == {"same"}
    assert [change.parameters for change in changes if change.parameters] == []


@pytest.mark.parametrize(("old", "new"), list(permutations(NAMES, 2)))
def test_the_way_back_is_the_mirror_of_the_way_there(old: str, new: str) -> None:
    library = load_library()
    there = {change.control: change for change in compare_documents(library, old, new)}
    back = {change.control: change for change in compare_documents(library, new, old)}
    assert set(there) == set(back)
    for control, change in there.items():
        mirrored = back[control]
        assert mirrored.kind == MIRROR[change.kind]
        assert (mirrored.old_clauses, mirrored.new_clauses) == (
            change.new_clauses,
            change.old_clauses,
        )
        directions = {p.name: MIRROR[p.direction] for p in change.parameters}
        assert directions == {p.name: p.direction for p in mirrored.parameters}


TITLE = Text("x", "x")
DAY = date(2026, 1, 1)


def library_with(parameter: Parameter, old: object, new: object) -> Library:
    """Two documents of one clause each that give one parameter; ... means: does not name it."""
    control = replace(
        next(iter(load_library().controls.values())), id="X", parameters={"x": parameter}
    )
    made: Control = control
    documents = {n: document(n, value) for n, value in (("old", old), ("new", new))}
    return Library(documents, {"X": made}, {}, "")


def document(name: str, value: object) -> Document:
    given: dict[str, Value] = {} if value is ... else {"x": value}  # type: ignore[dict-item]
    duty = Duty(f"{name}-1", 1, "must", TITLE, TITLE, "X", given, "once", "host", "unit")
    clause = Clause(name, "D1", "dieu", TITLE, (duty,))
    some = next(iter(load_library().documents.values()))
    return replace(some, id=name, in_force_from=DAY, in_force_to=None, clauses={"D1": clause})


def only_change(library: Library) -> ControlChange:
    (change,) = compare_documents(library, "old", "new")
    return change


def parameter(kind: str, sense: str, **more: object) -> Parameter:
    return Parameter("x", kind, sense, TITLE, **more)  # type: ignore[arg-type]


WEAK = {"weak": ("strong",)}


@pytest.mark.parametrize(
    ("own", "old", "new", "direction"),
    [
        (parameter("integer", "max"), 8, 12, "tightened"),
        (parameter("integer", "max"), 12, 8, "loosened"),
        (parameter("integer", "min"), 6, 3, "tightened"),
        (parameter("integer", "min"), 3, 6, "loosened"),
        (parameter("integer", "min"), None, 6, "tightened"),
        (parameter("integer", "min"), 6, None, "loosened"),
        (parameter("integer", "min"), ..., 6, "added"),
        (parameter("integer", "min"), 6, ..., "dropped"),
        (parameter("date", "earliest"), date(2026, 6, 30), date(2026, 4, 30), "tightened"),
        (parameter("choice", "exact"), "a", "b", "changed"),
        (parameter("choice", "ranked", order=("hard", "soft")), "soft", "hard", "tightened"),
        (parameter("set", "union"), ("a",), ("a", "b"), "tightened"),
        (parameter("set", "union"), ("a", "b"), ("b",), "loosened"),
        (parameter("set", "union"), ("a",), ("b",), "changed"),
        (parameter("set", "intersection"), ("a", "b"), ("b",), "tightened"),
        (parameter("set", "intersection"), ("b",), ("a", "b"), "loosened"),
        (parameter("set", "union", implied_by=WEAK), ("a", "weak"), ("a", "strong"), "tightened"),
        (parameter("set", "union", implied_by=WEAK), ("a", "strong"), ("a", "weak"), "loosened"),
    ],
)
def test_a_parameter_changes_in_the_direction_a_lawyer_would_say(
    own: Parameter, old: object, new: object, direction: str
) -> None:
    change = only_change(library_with(own, old, new))
    assert (change.kind, [p.direction for p in change.parameters]) == ("changed", [direction])
    (shown,) = change.as_dict()["parameters"]
    assert shown["direction"] == direction
    assert shown["old_clauses"] == ([] if old is ... else ["old/D1"])


@pytest.mark.parametrize("implied", [{}, WEAK])
def test_the_same_set_in_another_order_is_no_change(implied: dict[str, tuple[str, ...]]) -> None:
    own = parameter("set", "union", implied_by=implied)
    change = only_change(library_with(own, ("a", "b"), ("b", "a")))
    assert (change.kind, change.parameters) == ("same", ())


def test_dinh_and_do_son_differ_as_the_texts_do() -> None:
    changes = {c.control: c for c in compare_documents(load_library(), "binh-dinh", "do-son")}
    (wifi,) = [p for p in changes["WIF-03"].parameters if p.name == "wifi_rotate_months"]
    assert (wifi.old, wifi.new, wifi.direction) == (6, 3, "tightened")
    assert wifi.old_clauses == ("binh-dinh/D7.k2.b",)
    assert wifi.new_clauses == ("do-son/D10.k3",)


def test_an_unknown_document_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownDocument):
        compare_documents(load_library(), "hue", "nowhere")
