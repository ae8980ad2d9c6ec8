"""The only door through which cases of workflows are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from khien.kernel.language import Text
from khien.org.models import Unit, User


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for somebody: what, about what, by when, which clause says so, where to do it.

    `address` and `place` are the name of a page and the words its address takes, for `reverse`.
    """

    unit_id: int
    workflow: str
    case_number: int
    step: str
    title: Text
    subject: str
    due_on: date | None
    clause: str | None
    may: str
    address: str
    place: Mapping[str, str | int]


def open_steps(units: Iterable[Unit], today: date) -> list[OpenStep]:
    """Return the steps that wait at units, the earliest due first, those without a day last."""
    return []


def tasks_for(user: User, today: date) -> list[OpenStep]:
    """Return what waits for a user personally: acknowledgements and trainings of the person the user is."""
    return []
