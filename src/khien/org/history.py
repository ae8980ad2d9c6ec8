"""Reading of the unit tree through time: as it stood on a day, what a unit was, who came before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from khien.kernel.clock import VIETNAM, now_utc, vietnam_date
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.org.kinds import UNIT_KINDS
from khien.org.models import ENDINGS, RoleHeld, Unit, UnitState, UnitSuccession, User
from khien.org.roles import KNOW, ROLES
from khien.org.selectors import visible_to


@dataclass(slots=True)
class TreeNode:
    """A unit in the tree of a day: as it was called and where it stood then."""

    state: UnitState
    depth: int = 0
    children: list[TreeNode] = field(default_factory=list)
    is_match: bool = False
    roles: list[RoleHeld] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        """Return the unit as it is today."""
        return self.state.unit

    @property
    def name(self) -> Text:
        """Return its name of that day."""
        return Text(self.state.name_vi, self.state.name_en)

    @property
    def is_ended(self) -> bool:
        """Say whether it had ended by that day."""
        return self.state.what in ENDINGS

    @property
    def below_count(self) -> int:
        """Return how many units stand below it."""
        return sum(1 + child.below_count for child in self.children)

    def walk(self) -> Iterator[TreeNode]:
        """Yield this node and all below it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree_on(user: User | AnonymousUser, day: date, *, with_ended: bool = False) -> list[TreeNode]:
    """Return the tree of a day, of those units that a user knows today, in two statements.

    Returns: the tops, each with the units below; a unit whose parent of then is not known is a top
    """
    return tree_of(visible_to(user, KNOW), day, with_ended=with_ended)


def tree_of(units: QuerySet[Unit], day: date, *, with_ended: bool = False) -> list[TreeNode]:
    """Return the tree of a day, of these units; for jobs and the command line, pages take `tree_on`."""
    standing = UnitState.objects.filter(unit__in=units, from_on__lte=day)
    standing = standing.filter(Q(until_on=None) | Q(until_on__gt=day)).select_related("unit")
    if not with_ended:
        standing = standing.exclude(what__in=ENDINGS)
    nodes = {state.unit_id: TreeNode(state) for state in sorted(standing, key=_order)}
    tops: list[TreeNode] = []
    for node in nodes.values():
        above = nodes.get(node.state.parent_id or 0)
        (above.children if above else tops).append(node)
    for top in tops:
        _measure(top, 0)
    return tops


def part_of(tops: Iterable[TreeNode], unit: Unit) -> TreeNode | None:
    """Return the part of a tree whose top is a unit; None where it did not stand in it."""
    for top in tops:
        for node in top.walk():
            if node.state.unit_id == unit.pk:
                _measure(node, 0)
                return node
    return None


def states_of(unit: Unit) -> QuerySet[UnitState]:
    """Return every state a unit had, newest first."""
    states = UnitState.objects.filter(unit=unit).select_related("parent", "unit")
    return states.order_by("-from_on", "-pk")


def successors(unit: Unit) -> QuerySet[UnitSuccession]:
    """Return who took over from a unit."""
    return (
        UnitSuccession.objects.filter(predecessor=unit).select_related("successor").order_by("pk")
    )


def predecessors(unit: Unit) -> QuerySet[UnitSuccession]:
    """Return whom a unit took over from, newest first."""
    found = UnitSuccession.objects.filter(successor=unit).select_related("predecessor")
    return found.order_by("-on", "predecessor__code")


def ancestors(unit: Unit) -> list[Unit]:
    """Return the units above a unit today, from its parent up."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    line: list[int] = []
    step = parents.get(unit.pk)
    while step is not None and step not in line and step != unit.pk:
        line.append(step)
        step = parents.get(step)
    found = Unit.objects.in_bulk(line)
    return [found[pk] for pk in line]


def subtree(unit: Unit) -> list[Unit]:
    """Return a unit and all below it today, from the top down."""
    below: dict[int | None, list[Unit]] = {}
    for one in Unit.objects.order_by("code"):
        below.setdefault(one.parent_id, []).append(one)
    found, waiting, seen = [], [unit], {unit.pk}
    while waiting:
        step = waiting.pop(0)
        found.append(step)
        fresh = [one for one in below.get(step.pk, []) if one.pk not in seen]
        seen |= {one.pk for one in fresh}
        waiting += fresh
    return found


def holders_on(units: Iterable[Unit], day: date) -> Mapping[int, list[RoleHeld]]:
    """Return the roles held at units on a day, by the unit's key; of users not disabled today."""
    held = RoleHeld.objects.filter(unit__in=units, from_on__lte=day)
    held = held.filter(Q(until_on=None) | Q(until_on__gte=day)).select_related("user")
    found: dict[int, list[RoleHeld]] = {}
    is_today = day >= vietnam_date(now_utc())
    order = {code: place for place, code in enumerate(ROLES)}
    for role in sorted(held, key=lambda r: (order.get(r.role, 99), r.user.username)):
        gone = role.revoked_at and role.revoked_at.astimezone(VIETNAM).date() <= day
        if not gone and (role.user.is_active or not is_today):
            found.setdefault(role.unit_id, []).append(role)
    return found


def find_in(top: TreeNode, words: str) -> int:
    """Mark the nodes that fit a search without tone marks, and drop branches that do not.

    Returns: how many fit
    """
    wanted = search_key(words)
    found = sum(find_in(child, words) for child in top.children)
    top.children = [c for c in top.children if c.is_match or c.children]
    text = f"{top.state.name_vi} {top.state.name_en} {top.unit.code} {top.unit.name_vi}"
    people = " ".join(f"{held.user.full_name} {held.user.username}" for held in top.roles)
    top.is_match = wanted in search_key(f"{text} {people}")
    return found + top.is_match


def _measure(node: TreeNode, depth: int) -> None:
    node.depth = depth
    for child in node.children:
        _measure(child, depth + 1)


def _order(state: UnitState) -> tuple[int, str, str]:
    kind = UNIT_KINDS.index(state.kind) if state.kind in UNIT_KINDS else len(UNIT_KINDS)
    return kind, search_key(state.name_vi), state.unit.code
