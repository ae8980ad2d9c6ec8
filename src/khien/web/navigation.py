"""Where the main menu leads: an entry stands there only if its page exists and the person may open it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from khien.org.capabilities import capabilities_at
from khien.org.models import Unit, User
from khien.org.roles import KNOW, MANAGE, READ, REVIEW
from khien.org.selectors import visible_to

_ANY_UNIT = "don-vi"  # a code that fits every address, to see how an address is made


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu: its address by name, what one must be able to do, its word and icon."""

    name: str
    word: Promise
    icon: str
    may: tuple[str, ...]
    below: tuple[str, ...] = ()
    not_with: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry as it is shown: `current` is "page", "true" for a page below it, or empty."""

    address: str
    word: str
    icon: str
    current: str


ENTRIES = (
    Entry("unit-today", gettext_lazy("Today"), "today", (READ,), ("today",)),
    Entry("today", gettext_lazy("Today"), "today", (KNOW,), not_with=READ),
    Entry(
        "duties",
        gettext_lazy("Duties"),
        "clock",
        (READ,),
        ("duty", "duty-", "plans", "plan", "plan-", "money", "suppliers"),
    ),
    Entry("unit", gettext_lazy("Overview"), "overview", (READ,)),
    Entry(
        "compliance-home",
        gettext_lazy("Compliance"),
        "document",
        (READ,),
        ("compliance", "by-theme", "heat-map", "trend"),
    ),
    Entry("rulebook", gettext_lazy("Rulebook"), "rules", (READ,), ("control",)),
    Entry("registers", gettext_lazy("Registers"), "register", (READ,), ("register-", "row-")),
    Entry("workflows", gettext_lazy("Processes"), "workflow", (READ,), ("workflow-", "case-")),
    Entry("reports", gettext_lazy("Reports"), "report", (READ,), ("report-", "bundles", "bundle-")),
    Entry("my-tasks", gettext_lazy("My tasks"), "workflow", (KNOW,), not_with=READ),
    Entry("machines", gettext_lazy("Machines"), "machine", (READ,), ("machine",)),
    Entry(
        "library",
        gettext_lazy("Documents"),
        "library",
        (KNOW,),
        ("library-document", "texts", "text", "text-"),
    ),
    Entry("contacts", gettext_lazy("Contacts"), "contact", (KNOW,), not_with=READ),
    Entry("tree", gettext_lazy("Units"), "tree", (READ, MANAGE), ("tree-", "unit-")),
    Entry("users", gettext_lazy("Users"), "users", (MANAGE,), ("user-",)),
    Entry("ledger", gettext_lazy("Ledger"), "ledger", (READ,), ("ledger-entry",)),
)


@cache
def _shape(name: str) -> str:
    """Say how an address is made: "unit" from a unit's code, "plain" without, "" if there is none."""
    for shape, values in (("unit", [_ANY_UNIT]), ("plain", [])):
        try:
            reverse(name, args=values)
        except NoReverseMatch:
            continue
        return shape
    return ""


def address_of(name: str, unit: Unit | None = None) -> str:
    """Return the address of a page, for a unit where the page is a unit's; "" if there is no such page."""
    shape = _shape(name)
    if shape == "plain":
        return reverse(name)
    return reverse(name, args=[unit.code]) if shape == "unit" and unit is not None else ""


def menu(user: User, unit: Unit | None, *, here: str) -> list[Place]:
    """Return the entries that a person may open at a unit, in the order of the menu.

    Args: here: the name of the address in hand
    """
    may = capabilities_at(user, unit) if unit is not None else frozenset()
    return [
        Place(address, str(entry.word), entry.icon, _current(entry, here))
        for entry in ENTRIES
        if (address := address_of(entry.name, unit)) and _is_open(entry, may)
    ]


def _is_open(entry: Entry, may: Iterable[str]) -> bool:
    held = set(may)
    if entry.name == "library":
        return True
    return bool(held & set(entry.may)) and entry.not_with not in held


def _current(entry: Entry, here: str) -> str:
    if here == entry.name:
        return "page"
    others = {other.name for other in ENTRIES} - {entry.name}
    is_below = any(
        here == name or (name.endswith("-") and here.startswith(name)) for name in entry.below
    )
    return "true" if is_below and here not in others else ""


def start_of(user: User, unit: Unit) -> str:
    """Return where a person's day begins: overseers see all units, administrators the users."""
    may = capabilities_at(user, unit)
    if REVIEW in may:
        return address_of("today")
    if READ in may:
        return address_of("unit-today", unit)
    if MANAGE in may:
        return address_of("users", unit) or address_of("today")
    return address_of("today")


def has_choice_of_units(user: User) -> bool:
    """Say whether a person sees more than one unit."""
    return len(visible_to(user, KNOW).values_list("pk", flat=True)[:2]) > 1
