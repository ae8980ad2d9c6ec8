"""The history of units: no gap, no overlap, no circle, whatever is done in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from khien.kernel.errors import KhienError
from khien.ledger.models import LedgerEntry
from khien.org import history, structure
from khien.org.capabilities import capabilities_at
from khien.org.decisions import Decision
from khien.org.errors import (
    CircleRefused,
    DayRefused,
    HasUnitsBelow,
    NothingChanges,
    NotYetThere,
    SameUnit,
    UnitHasEnded,
    UnitRefused,
)
from khien.org.models import ENDINGS, RoleHeld, Unit, UnitState, UnitSuccession, User
from khien.org.roles import LEADER, OFFICER, OVERSEER, READ, STAFF, WRITE
from khien.org.selectors import visible_to
from khien.org.services import grant_role, register_unit

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
TODAY = date(2026, 6, 1)
FOUNDED = date(2020, 1, 1)
REFORM = date(2025, 7, 1)
DECISION = Decision("1685/NQ-UBTVQH15", date(2025, 6, 16), "UBTVQH")
WORDS = {"decision": DECISION, "by": "an", "now": NOW}


def made(code: str, parent: Unit | None = None, on: date = FOUNDED, **more: str) -> Unit:
    words = {"name_vi": code.upper(), "name_en": code, "kind": "ward", "place": "X"} | more
    return register_unit(code, parent=parent, from_on=on, by="an", now=NOW, **words)


def again(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def shape(day: date = TODAY) -> dict[str, str]:
    """Each living unit of a day by its code, with the code of the one above."""
    nodes = [n for top in history.tree_of(Unit.objects.all(), day) for n in top.walk()]
    above = {child.unit.code: node.unit.code for node in nodes for child in node.children}
    return {node.unit.code: above.get(node.unit.code, "") for node in nodes}


@pytest.fixture
def tree(db: None) -> dict[str, Unit]:
    province = made("tinh", kind="province")
    ward, other = made("phuong", province), made("xa", province)
    return {u.code: u for u in (province, ward, other, made("phong", ward, kind="office"))}


def test_a_renamed_unit_is_called_on_each_day_as_it_was_called_then(tree: dict[str, Unit]) -> None:
    structure.rename_unit(tree["xa"], name_vi="Phường Mới", name_en="New ward", on=REFORM, **WORDS)
    names = {
        day: {
            n.unit.code: n.name.vi
            for top in history.tree_of(Unit.objects.all(), day)
            for n in top.walk()
        }
        for day in (REFORM - timedelta(1), REFORM)
    }
    assert names[REFORM - timedelta(1)]["xa"] == "XA"
    assert names[REFORM]["xa"] == again(tree["xa"]).name_vi == "Phường Mới"
    newest = history.states_of(tree["xa"]).first()
    assert newest is not None
    assert newest.decision == "1685/NQ-UBTVQH15, 16/06/2025, UBTVQH"


def test_a_moved_unit_stands_on_each_day_where_it_stood_then(tree: dict[str, Unit]) -> None:
    structure.move_unit(tree["phong"], tree["xa"], on=REFORM, **WORDS)
    assert shape(REFORM - timedelta(1))["phong"] == "phuong"
    assert shape(REFORM)["phong"] == shape()["phong"] == "xa"


def test_a_merger_ends_the_old_unit_and_its_heir_takes_offices_and_users(
    tree: dict[str, Unit],
) -> None:
    user = User.objects.create_user("binh", unit=tree["phuong"])
    for role in (STAFF, OFFICER):
        grant_role(user, role, tree["phuong"], from_on=FOUNDED, by="an", now=NOW)
    heir = User.objects.create_user("chi", unit=tree["xa"])
    grant_role(heir, OFFICER, tree["xa"], from_on=FOUNDED, by="an", now=NOW)
    structure.merge_units([tree["phuong"]], [tree["xa"]], on=REFORM, **WORDS)
    assert shape() == {"tinh": "", "xa": "tinh", "phong": "xa"}
    assert "phuong" in shape(REFORM - timedelta(1))
    assert User.objects.get(username="binh").unit == tree["xa"]
    held = RoleHeld.objects.filter(user=user, unit=tree["xa"]).values_list("role", flat=True)
    assert list(held) == [STAFF]
    assert {u.code for u in visible_to(heir, READ)} == {"xa", "phong", "phuong"}
    [taken] = history.predecessors(tree["xa"])
    assert (taken.predecessor.code, taken.on) == ("phuong", REFORM)
    assert [s.successor.code for s in history.successors(tree["phuong"])] == ["xa"]


def test_a_unit_that_ended_is_read_and_no_longer_written(tree: dict[str, Unit]) -> None:
    user = User.objects.create_user("binh", unit=tree["phuong"])
    grant_role(user, OFFICER, tree["phuong"], from_on=FOUNDED, by="an", now=NOW)
    structure.merge_units([tree["phuong"]], [tree["xa"]], on=REFORM, **WORDS)
    user = User.objects.get(pk=user.pk)
    old = again(tree["phuong"])
    assert old in visible_to(user, READ)
    assert old not in visible_to(user, WRITE)
    assert WRITE not in capabilities_at(user, old)


def test_a_split_names_every_successor(tree: dict[str, Unit]) -> None:
    new = made("moi", tree["tinh"], on=REFORM)
    structure.merge_units([tree["phuong"]], [new, tree["xa"]], on=REFORM, **WORDS)
    assert {s.successor.code for s in history.successors(tree["phuong"])} == {"moi", "xa"}
    assert again(tree["phuong"]).parent == new


def test_every_change_is_on_record_with_its_decision(tree: dict[str, Unit]) -> None:
    structure.rename_unit(tree["xa"], name_vi="B", name_en="B", on=REFORM, **WORDS)
    structure.move_unit(tree["phong"], tree["xa"], on=REFORM, **WORDS)
    structure.merge_units([tree["phuong"]], [tree["xa"]], on=REFORM, **WORDS)
    structure.end_unit(tree["phong"], on=TODAY, **WORDS)
    entries = LedgerEntry.objects.filter(kind__startswith="org.unit_").order_by("index")
    kinds = [(e.kind, e.subject) for e in entries if e.kind != "org.unit_registered"]
    assert kinds == [
        ("org.unit_renamed", "xa"),
        ("org.unit_moved", "phong"),
        ("org.unit_merged", "phuong"),
        ("org.unit_ended", "phong"),
    ]
    assert all(
        e.body["decision"] == DECISION.body() for e in entries if e.kind != "org.unit_registered"
    )


Act = Callable[[dict[str, Unit]], object]
REFUSALS: dict[str, tuple[type[KhienError], Act]] = {
    "under itself": (CircleRefused, lambda t: structure.move_unit(t["tinh"], t["tinh"], on=REFORM, **WORDS)),
    "under its own office": (
        CircleRefused, lambda t: structure.move_unit(t["phuong"], t["phong"], on=REFORM, **WORDS)),
    "to where it stands": (
        NothingChanges, lambda t: structure.move_unit(t["xa"], t["tinh"], on=REFORM, **WORDS)),
    "before it was founded": (
        DayRefused, lambda t: structure.move_unit(t["phong"], t["xa"], on=date(2019, 1, 1), **WORDS)),
    "in the future": (
        DayRefused, lambda t: structure.end_unit(t["phong"], on=TODAY + timedelta(1), **WORDS)),
    "into itself": (SameUnit, lambda t: structure.merge_units([t["xa"]], [t["xa"]], on=REFORM, **WORDS)),
    "of nobody": (SameUnit, lambda t: structure.merge_units([], [t["xa"]], on=REFORM, **WORDS)),
    "named twice": (
        SameUnit, lambda t: structure.merge_units([t["xa"], t["xa"]], [t["phuong"]], on=REFORM, **WORDS)),
    "into a unit below": (
        CircleRefused, lambda t: structure.merge_units([t["phuong"]], [t["phong"]], on=REFORM, **WORDS)),
    "with offices": (HasUnitsBelow, lambda t: structure.end_unit(t["phuong"], on=REFORM, **WORDS)),
    "without a name": (
        UnitRefused, lambda t: structure.rename_unit(t["xa"], name_vi=" ", name_en="", on=REFORM, **WORDS)),
    "the same name": (
        NothingChanges, lambda t: structure.rename_unit(t["xa"], name_vi="XA", name_en="xa", on=REFORM, **WORDS)),
    "a founding in the future": (DayRefused, lambda t: made("n", t["xa"], on=TODAY + timedelta(1))),
    "a founding before the unit above": (NotYetThere, lambda t: made("n", t["xa"], on=date(2019, 1, 1))),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSALS)
def test_what_cannot_have_been_is_refused_and_changes_nothing(
    tree: dict[str, Unit], what: str
) -> None:
    error, act = REFUSALS[what]
    before = list(UnitState.objects.order_by("pk").values())
    count = LedgerEntry.objects.count()
    with pytest.raises(error) as caught:
        act(tree)
    assert caught.value.text().vi
    assert caught.value.text().en
    assert list(UnitState.objects.order_by("pk").values()) == before
    assert LedgerEntry.objects.count() == count


def test_a_unit_that_ended_changes_no_more_and_takes_nothing(tree: dict[str, Unit]) -> None:
    structure.end_unit(tree["xa"], on=REFORM, **WORDS)
    acts: list[Callable[[], Any]] = [
        lambda: structure.rename_unit(tree["xa"], name_vi="B", name_en="B", on=TODAY, **WORDS),
        lambda: structure.end_unit(tree["xa"], on=TODAY, **WORDS),
        lambda: structure.move_unit(tree["phong"], tree["xa"], on=TODAY, **WORDS),
        lambda: structure.merge_units([tree["phuong"]], [tree["xa"]], on=TODAY, **WORDS),
        lambda: made("n", tree["xa"]),
    ]
    for act in acts:
        with pytest.raises(UnitHasEnded):
            act()


def test_a_late_record_cannot_make_a_circle_in_the_past(tree: dict[str, Unit]) -> None:
    # Until the reform the ward stood below the commune; then it moved out. Recorded later: the commune
    # below the ward from a day before the reform.
    structure.move_unit(tree["phuong"], tree["xa"], on=date(2021, 1, 1), **WORDS)
    structure.move_unit(tree["phuong"], tree["tinh"], on=REFORM, **WORDS)
    with pytest.raises(CircleRefused):
        structure.move_unit(tree["xa"], tree["phuong"], on=date(2025, 1, 1), **WORDS)
    structure.move_unit(tree["xa"], tree["phuong"], on=REFORM, **WORDS)


def test_a_unit_cannot_have_ended_while_others_stood_below_it(tree: dict[str, Unit]) -> None:
    structure.move_unit(tree["phong"], tree["xa"], on=REFORM, **WORDS)
    with pytest.raises(HasUnitsBelow):
        structure.end_unit(tree["phuong"], on=date(2025, 1, 1), **WORDS)
    structure.end_unit(tree["phuong"], on=REFORM, **WORDS)


def test_the_tree_shows_a_user_only_what_the_user_knows(tree: dict[str, Unit]) -> None:
    user = User.objects.create_user("dung", unit=tree["xa"])
    grant_role(user, STAFF, tree["xa"], from_on=FOUNDED, by="an", now=NOW)
    assert [n.unit.code for top in history.tree_on(user, TODAY) for n in top.walk()] == ["xa"]


def test_the_tree_of_three_hundred_units_takes_two_statements(
    tree: dict[str, Unit], django_assert_max_num_queries: Any
) -> None:
    for number in range(300):
        made(f"don-vi-{number}", tree["phuong"])
    user = User.objects.create_user("so", unit=tree["tinh"])
    grant_role(user, OVERSEER, tree["tinh"], from_on=FOUNDED, by="an", now=NOW)
    with django_assert_max_num_queries(2):
        tops = history.tree_on(user, TODAY)
        assert sum(1 for top in tops for _ in top.walk()) == 304
    with django_assert_max_num_queries(1):
        held = history.holders_on([n.unit for top in tops for n in top.walk()], TODAY)
    assert [h.user.username for h in held[tree["tinh"].pk]] == ["so"]


CODES = ("a", "b", "c", "d", "e", "f")
DAYS = st.integers(0, 12).map(lambda month: date(2025 + month // 12, month % 12 + 1, 1))
UNITS = st.sampled_from(CODES)
STEPS = st.one_of(
    st.tuples(st.just("rename"), UNITS, st.text("xyz", max_size=2), DAYS),
    st.tuples(st.just("move"), UNITS, st.one_of(st.none(), UNITS), DAYS),
    st.tuples(st.just("merge"), st.lists(UNITS, max_size=3), st.lists(UNITS, max_size=2), DAYS),
    st.tuples(st.just("end"), UNITS, st.none(), DAYS),
    st.tuples(st.just("found"), st.sampled_from(("g", "h")), UNITS, DAYS),
)


def step(what: str, first: Any, second: Any, on: date) -> None:
    """Do one step of a story, or be told why not."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    try:
        match what:
            case "rename":
                structure.rename_unit(units[first], name_vi=second, name_en="", on=on, **WORDS)
            case "move":
                structure.move_unit(units[first], units[second] if second else None, on=on, **WORDS)
            case "merge":
                structure.merge_units(
                    [units[c] for c in first], [units[c] for c in second], on=on, **WORDS
                )
            case "end":
                structure.end_unit(units[first], on=on, **WORDS)
            case _ if first not in units:
                made(first, units[second], on=on)
    except KhienError:
        return


def is_without_gap(states: list[UnitState]) -> bool:
    joined = all(one.until_on == other.from_on for one, other in pairwise(states))
    forward = all(s.until_on is None or s.from_on <= s.until_on for s in states)
    return joined and forward and [s.until_on for s in states].count(None) == 1


def has_circle(above: dict[int, int | None]) -> bool:
    for start in above:
        seen, at = {start}, above[start]
        while at is not None:
            if at in seen:
                return True
            seen.add(at)
            at = above.get(at)
    return False


class StoriesOfTheTree(TestCase):
    """Any sequence of changes keeps what the pages and the door rely on."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEPS, max_size=12))
    def test_no_story_leaves_a_gap_an_overlap_or_a_circle(self, story: list[Any]) -> None:
        top = made("a")
        for code in CODES[1:]:
            made(code, top)
        for one in story:
            step(*one)
        for unit in Unit.objects.all():
            states = list(UnitState.objects.filter(unit=unit).order_by("from_on", "pk"))
            assert is_without_gap(states)
            last = states[-1]
            assert (unit.name_vi, unit.kind, unit.parent_id) == (
                last.name_vi,
                last.kind,
                last.parent_id,
            )
            assert (unit.ended_on is not None) == (last.what in ENDINGS)
        self.every_day_is_a_forest()
        living = {
            u.code: u.parent.code if u.parent else "" for u in Unit.objects.filter(ended_on=None)
        }
        assert shape() == living
        for one in UnitSuccession.objects.select_related("predecessor"):
            assert one.predecessor.ended_on == one.on

    def every_day_is_a_forest(self) -> None:
        """No circle on any day, and no living unit below one that had ended."""
        for day in sorted(set(UnitState.objects.values_list("from_on", flat=True))):
            states = [
                s
                for s in UnitState.objects.all()
                if s.from_on <= day and (s.until_on is None or s.until_on > day)
            ]
            assert not has_circle({s.unit_id: s.parent_id for s in states})
            ended = {s.unit_id for s in states if s.what in ENDINGS}
            assert not [s for s in states if s.unit_id not in ended and s.parent_id in ended]


def test_a_user_of_the_old_unit_keeps_reading_it_and_leads_nothing_new(
    tree: dict[str, Unit],
) -> None:
    leader = User.objects.create_user("lan", unit=tree["phuong"])
    grant_role(leader, LEADER, tree["phuong"], from_on=FOUNDED, by="an", now=NOW)
    structure.merge_units([tree["phuong"]], [tree["xa"]], on=REFORM, **WORDS)
    leader = User.objects.get(pk=leader.pk)
    assert {u.code for u in visible_to(leader, READ)} == {"phuong"}
