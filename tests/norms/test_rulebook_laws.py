"""What holds of every rulebook: order means nothing, more law is never less strict, nothing is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.kernel.language import Text
from khien.norms.errors import ContradictoryParameter, UnknownDocument
from khien.norms.library import load_library
from khien.norms.model import Document, Library, Parameter, Value
from khien.norms.rulebook import Resolved, Sourced, build_rulebook, resolve

TODAY = date(2026, 11, 21)
NAMES = (*load_library().regulations, "luat-116-2025", "tcvn-14423-c3")
SETS = [names for size in range(1, 6) for names in combinations(NAMES, size)]
ORDER = ("a", "b", "c")
WEAK = {"weak": ("strong", "stronger")}


def parameter(sense: str, **more: Any) -> Parameter:
    kinds = {"max": "integer", "min": "integer", "earliest": "date", "exact": "choice"}
    return Parameter("x", kinds.get(sense, "set"), sense, Text("x", "x"), **more)


PARAMETERS: dict[str, tuple[Parameter, st.SearchStrategy[Any]]] = {
    "max": (parameter("max"), st.integers(0, 9)),
    "min": (parameter("min"), st.integers(0, 9)),
    "earliest": (parameter("earliest"), st.dates(date(2026, 1, 1), date(2026, 1, 9))),
    "ranked": (parameter("ranked", order=ORDER), st.sampled_from(ORDER)),
    "union": (
        parameter("union", implied_by=WEAK),
        st.lists(st.sampled_from(("strong", "stronger", "weak", "other")), unique=True).map(tuple),
    ),
    "intersection": (
        parameter("intersection"),
        st.lists(st.sampled_from("abcd"), unique=True).map(tuple),
    ),
}


def given_by(values: list[Value]) -> list[Sourced]:
    return [Sourced(value, f"d{n}", f"D{n}", f"duty-{n}") for n, value in enumerate(values)]


def at_least_as_strict(parameter: Parameter, new: Value, old: Value) -> bool:
    """Say whether whoever satisfies the new value also satisfies the old one."""
    if old is None or new is None:
        return old is None
    match parameter.sense:
        case "max":
            return new >= old  # type: ignore[operator]
        case "min" | "earliest":
            return new <= old  # type: ignore[operator]
        case "ranked":
            return parameter.order.index(str(new)) <= parameter.order.index(str(old))
        case "intersection":
            return set(new) <= set(old)  # type: ignore[arg-type]
        case "union":
            kept = set(new)  # type: ignore[arg-type]
            kept |= {weak for weak, strong in parameter.implied_by.items() if kept & set(strong)}
            return set(old) <= kept  # type: ignore[arg-type]
    return new == old


@pytest.mark.parametrize("sense", PARAMETERS)
@given(data=st.data())
def test_values_settle_alike_in_any_order_and_none_is_lost(sense: str, data: st.DataObject) -> None:
    own, value = PARAMETERS[sense]
    sources = given_by(data.draw(st.lists(st.none() | value, min_size=1, max_size=6)))
    shuffled = data.draw(st.permutations(sources))
    one, other = resolve(own, sources, control="C"), resolve(own, shuffled, control="C")
    if isinstance(one.value, tuple):
        assert set(one.value) == set(other.value)  # type: ignore[arg-type]
    else:
        assert one.value == other.value
    assert set(one.winners) == set(other.winners)
    assert sorted((*one.winners, *one.losers), key=sources.index) == sources
    assert one.winners


@pytest.mark.parametrize("sense", PARAMETERS)
@given(data=st.data())
def test_another_source_never_loosens_a_value(sense: str, data: st.DataObject) -> None:
    own, value = PARAMETERS[sense]
    values = data.draw(st.lists(st.none() | value, min_size=2, max_size=5))
    fewer = resolve(own, given_by(values[:-1]), control="C").value
    more = resolve(own, given_by(values), control="C").value
    assert at_least_as_strict(own, more, fewer)


@given(st.data())
def test_every_item_of_a_set_is_held_by_a_clause_that_wins(data: st.DataObject) -> None:
    own, value = PARAMETERS["union"]
    found = resolve(own, given_by(data.draw(st.lists(value, min_size=1, max_size=5))), control="C")
    held = {item for source in found.winners for item in source.value or ()}  # type: ignore[union-attr]
    assert set(found.value or ()) <= held  # type: ignore[arg-type]


def test_a_set_that_alone_gives_an_item_wins_although_it_also_holds_a_weaker_one() -> None:
    own, _ = PARAMETERS["union"]
    found = resolve(own, given_by([("weak", "other"), ("strong",)]), control="C")
    assert found.value == ("other", "strong")
    assert [s.document for s in found.winners] == ["d0", "d1"]


def test_the_weaker_item_alone_stays_and_beside_the_stronger_it_goes() -> None:
    own, _ = PARAMETERS["union"]
    assert resolve(own, given_by([("weak",)]), control="C").value == ("weak",)
    found = resolve(own, given_by([("weak",), ("strong",)]), control="C")
    assert (found.value, [s.document for s in found.losers]) == (("strong",), ["d0"])


def test_an_intersection_that_no_text_gives_alone_is_won_by_all() -> None:
    found = resolve(parameter("intersection"), given_by([("a", "b"), ("b", "c")]), control="C")
    assert (found.value, len(found.winners), found.losers) == (("b",), 2, ())
    found = resolve(parameter("intersection"), given_by([("a", "b"), ("b",)]), control="C")
    assert (found.value, [s.document for s in found.losers]) == (("b",), ["d0"])


def test_a_text_without_a_number_leaves_the_choice_to_the_unit_until_another_gives_one() -> None:
    alone = resolve(parameter("max"), given_by([None, None]), control="C")
    assert (alone.value, len(alone.winners), alone.losers) == (None, 2, ())
    both = resolve(parameter("max"), given_by([None, 8]), control="C")
    assert (both.value, [s.document for s in both.losers]) == (8, ["d0"])


def test_texts_that_must_agree_and_do_not_are_named_with_both_clauses() -> None:
    with pytest.raises(ContradictoryParameter) as caught:
        resolve(parameter("exact"), given_by(["on", "on", "off"]), control="PWD-01")
    for said in (caught.value.text().vi, caught.value.text().en):
        assert "PWD-01" in said
        assert "d0/D0 = on" in said
        assert "d2/D2 = off" in said
    assert caught.value.exit_status == 2


def facts(names: tuple[str, ...]) -> dict[tuple[str, str], Resolved]:
    rules = build_rulebook(load_library(), names, on=TODAY).rules
    return {(c, n): r for c, rule in rules.items() for n, r in rule.parameters.items()}


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_no_order_of_documents_changes_a_rulebook(names: tuple[str, ...]) -> None:
    library = load_library()
    there = build_rulebook(library, names, on=TODAY)
    back = build_rulebook(library, (*reversed(names), names[0]), on=TODAY)
    assert there == back


@pytest.mark.parametrize("names", [s for s in SETS if len(s) < 5], ids="+".join)
def test_one_more_document_adds_rules_and_loosens_none(names: tuple[str, ...]) -> None:
    before = facts(names)
    for extra in set(NAMES) - set(names):
        after = facts((*names, extra))
        assert set(before) <= set(after)
        for key, old in before.items():
            assert at_least_as_strict(old.parameter, after[key].value, old.value), (key, extra)


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_every_value_has_its_clause_and_no_given_value_is_lost(names: tuple[str, ...]) -> None:
    library = load_library()
    rulebook = build_rulebook(library, names, on=TODAY)
    for control_id, rule in rulebook.rules.items():
        for name, found in rule.parameters.items():
            assert found.winners, (control_id, name)
            given = {d.id for _, d in rule.sources if name in d.parameters}
            assert {s.duty for s in (*found.winners, *found.losers)} == given
            for source in (*found.winners, *found.losers):
                duties = library.documents[source.document].clauses[source.path].duties
                assert (
                    source.value == next(d for d in duties if d.id == source.duty).parameters[name]
                )


def changed(library: Library, document: str, duty: str, values: dict[str, Value]) -> Library:
    """The library with other parameter values in one duty."""
    old = library.documents[document]
    clauses = {
        path: replace(
            clause,
            duties=tuple(
                replace(d, parameters={**d.parameters, **values}) if d.id == duty else d
                for d in clause.duties
            ),
        )
        for path, clause in old.clauses.items()
    }
    return replace(
        library, documents={**library.documents, document: replace(old, clauses=clauses)}
    )


def duty_of(document: Document, parameter: str) -> str:
    return next(d.id for _, d in document.duties() if parameter in d.parameters)


def test_a_least_value_beyond_the_greatest_is_a_contradiction() -> None:
    library = load_library()
    duty = duty_of(library.documents["do-son"], "lockout_max")
    build_rulebook(changed(library, "do-son", duty, {"lockout_min": 5}), NAMES, on=TODAY)
    broken = changed(library, "do-son", duty, {"lockout_min": 6})
    rule = build_rulebook(broken, NAMES, on=TODAY).rules["SES-01"]
    (clash,) = rule.contradictions
    assert (clash.parameter, clash.first.document, clash.first.value) == (
        "lockout_min",
        "do-son",
        6,
    )
    assert {"lockout_min", "lockout_max"}.isdisjoint(rule.parameters)


def test_two_texts_that_contradict_each_other_concern_only_who_is_bound_by_both() -> None:
    library = load_library()
    broken = changed(library, "do-son", "ds-d10-k2-firewall-lan", {"firewall": "no"})
    alone = build_rulebook(broken, ["do-son"], on=TODAY).rules["NET-01"]
    assert (alone.contradictions, alone.parameters["firewall"].value) == ((), "no")
    both = build_rulebook(broken, ["binh-dinh", "do-son"], on=TODAY)
    (clash,) = both.rules["NET-01"].contradictions
    assert {clash.first.document, clash.second.document} == {"binh-dinh", "do-son"}
    assert not any(rule.contradictions for c, rule in both.rules.items() if c != "NET-01")


def test_a_document_is_in_force_from_its_day_until_the_day_before_its_end() -> None:
    library = load_library()
    start = library.documents["do-son"].in_force_from
    end = start + timedelta(days=30)
    ended = replace(library.documents["do-son"], in_force_to=end)
    shown = replace(library, documents={**library.documents, "do-son": ended})
    days = (start - timedelta(days=1), start, end - timedelta(days=1), end)
    found = [build_rulebook(shown, ["do-son"], on=day).documents for day in days]
    assert found == [(), ("do-son",), ("do-son",), ()]


def test_a_document_nobody_knows_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownDocument) as caught:
        build_rulebook(load_library(), ["hue", "nowhere"], on=TODAY)
    assert "nowhere" in caught.value.text().vi
    assert all(name in caught.value.text().en for name in NAMES)


def test_definitions_alone_do_not_bind() -> None:
    rulebook = build_rulebook(load_library(), NAMES, on=TODAY)
    for rule in rulebook.rules.values():
        strong = [d for _, d in rule.sources if d.modality != "info" and d.side == "unit"]
        assert rule.binding == bool(strong)
