"""The rules of signing in, each value with the clause that gives it; of several texts the strictest wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from khien.kernel.clock import now_utc, vietnam_date
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Clause, Document, Duty, Value
from khien.norms.rulebook import is_binding, resolve, sources_by_control, values_given
from khien.norms.selectors import documents_binding
from khien.norms.wording import cited
from khien.org.models import Unit, User
from khien.org.roles import MANAGE
from khien.org.selectors import roles_of, visible_to

T = TypeVar("T", covariant=True)

CLASSES = ("lower", "upper", "digit", "special")
# What Khiên asks where no text binds, and never goes below.
LENGTH = 8
LOCKOUT_TRIES = 5
IDLE_MINUTES = 10
# What the texts leave to the unit.
EXPIRY_DAYS = 180
LOCKOUT_MINUTES = 15
HISTORY = 5
LENGTH_MAX = 128
SESSION_HOURS = 12
WARNING_DAYS = 14


@dataclass(frozen=True, slots=True)
class Source:
    """A clause that gives a value."""

    document: str
    path: str

    def cited(self) -> Text:
        """Return the clause as people cite it."""
        return cited(load_library().documents[self.document], self.path)

    def __str__(self) -> str:
        return str(self.cited())


@dataclass(frozen=True, slots=True)
class Ruled(Generic[T]):
    """A value in force and the clauses that give it; none: Khiên's own choice."""

    value: T
    sources: tuple[Source, ...] = ()

    @property
    def said_source(self) -> str:
        """Return where the value comes from, for a person."""
        if not self.sources:
            return str(_OWN_CHOICE)
        return "; ".join(str(source) for source in self.sources)


_OWN_CHOICE = Text("thiết lập sẵn của Khiên", "Khiên's own default")


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """What signing in must obey for one user (chính sách đăng nhập)."""

    length: Ruled[int]
    classes: Ruled[tuple[str, ...]]
    expiry_days: Ruled[int | None]
    must_change_first: Ruled[bool]
    lockout_tries: Ruled[int]
    lockout_minutes: Ruled[int]
    idle_minutes: Ruled[int]
    second_factor: Ruled[bool]


def policy_for(whom: User | Unit, *, on: date | None = None) -> SignInPolicy:
    """Return the rules that hold for a user: of the home unit and every unit where a role is held.

    Args: whom: a user, or one unit; on: the day, today by default
    """
    day = on or vietnam_date(now_utc())
    units = [whom] if isinstance(whom, Unit) else _units_of(whom, on=day)
    bound = documents_binding(units, on=day)
    must_have_factor = isinstance(whom, User) and manages_anything(whom)
    return _policy(set(bound.values()), on=day, second_factor=must_have_factor)


def manages_anything(user: User) -> bool:
    """Say whether a user is an administrator of Khiên somewhere."""
    return visible_to(user, MANAGE).exists()


def policy_of(documents: Iterable[str], *, on: date, second_factor: bool = False) -> SignInPolicy:
    """Return the rules that follow from documents on a day."""
    return _policy([tuple(documents)], on=on, second_factor=second_factor)


def _policy(
    groups: Iterable[tuple[str, ...]], *, on: date, second_factor: bool = False
) -> SignInPolicy:
    """Return the rules that follow from several units' documents: what one amends counts for its own unit only."""
    held = load_library().documents.values()
    law = _Law([d for d in held if d.id in group and d.in_force_on(on)] for group in groups)
    return SignInPolicy(
        length=law.at_least("PWD-01", "min_length", LENGTH),
        classes=_classes(law),
        expiry_days=_expiry(law),
        must_change_first=Ruled(True, law.clauses("PWD-03")),
        lockout_tries=law.at_most("SES-01", "lockout_max", LOCKOUT_TRIES),
        lockout_minutes=Ruled(LOCKOUT_MINUTES, law.naming("SES-01", "lock_duration")),
        idle_minutes=law.at_most("SES-02", "idle_minutes", IDLE_MINUTES),
        second_factor=Ruled(second_factor, law.clauses("ACC-09")),
    )


class _Law:
    """The duties of bound documents, asked for one parameter at a time."""

    def __init__(self, groups: Iterable[Iterable[Document]]) -> None:
        self._library = load_library()
        self._duties: dict[str, list[tuple[Clause, Duty]]] = {}
        for documents in groups:
            for control, sources in sources_by_control(documents).items():
                known = self._duties.setdefault(control, [])
                known.extend(source for source in sources if source not in known)

    def given(self, control: str, name: str) -> Ruled[Value]:
        """Return the strictest value of a parameter with its clauses; None where no text gives one."""
        stated = values_given(name, self._binding(control))
        if not stated:
            return Ruled(None)
        settled = resolve(self._library.controls[control].parameters[name], stated, control=control)
        return Ruled(settled.value, tuple(Source(w.document, w.path) for w in settled.winners))

    def at_least(self, control: str, name: str, floor: int) -> Ruled[int]:
        """Return a number that no text may put below the floor."""
        found = self.given(control, name)
        if isinstance(found.value, int) and found.value >= floor:
            return Ruled(found.value, found.sources)
        return Ruled(floor)

    def at_most(self, control: str, name: str, ceiling: int) -> Ruled[int]:
        """Return a number that no text may put above the ceiling."""
        found = self.given(control, name)
        if isinstance(found.value, int) and 0 < found.value <= ceiling:
            return Ruled(found.value, found.sources)
        return Ruled(ceiling)

    def clauses(self, control: str) -> tuple[Source, ...]:
        """Return the clauses that demand a control."""
        listed = {(c.document, c.path) for c, _ in self._binding(control)}
        return tuple(Source(*place) for place in sorted(listed))

    def naming(self, control: str, name: str) -> tuple[Source, ...]:
        """Return the clauses that name a parameter."""
        given = values_given(name, self._binding(control))
        return tuple(Source(g.document, g.path) for g in given)

    def _binding(self, control: str) -> list[tuple[Clause, Duty]]:
        listed = self._duties.get(control, [])
        return [(c, d) for c, d in listed if is_binding(d)]


def _classes(law: _Law) -> Ruled[tuple[str, ...]]:
    """All four classes are always asked: no text asks for another, and some leave one out."""
    found = law.given("PWD-01", "classes")
    return Ruled(CLASSES, found.sources)


def _expiry(law: _Law) -> Ruled[int | None]:
    """Return the days a password lives: three months have at least 90 days; none where no text asks."""
    months = law.given("PWD-02", "pw_change_months")
    if isinstance(months.value, int) and months.value > 0:
        return Ruled(months.value * 30, months.sources)
    asked = law.clauses("PWD-02")
    return Ruled(EXPIRY_DAYS, asked) if asked else Ruled(None)


def _units_of(user: User, *, on: date) -> list[Unit]:
    units = {held.unit.pk: held.unit for held in roles_of(user, on=on)}
    if user.unit is not None:
        units[user.unit.pk] = user.unit
    return list(units.values())
