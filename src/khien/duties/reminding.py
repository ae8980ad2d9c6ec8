"""How far the calendar looks, and who is told when: library/duties/reminders.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library
from khien.norms.located_yaml import Problem, read_located

PERSON, LEADER, SUPERIOR = "person", "leader", "superior"
RECEIVERS = (PERSON, LEADER, SUPERIOR)
_KEYS = ("due_soon_days", "look_back_days", "catch_up_days", "look_ahead_days", "levels")
_LEVEL_KEYS = ("code", "days", "hours", "to", "vi", "en")


@dataclass(frozen=True, slots=True)
class Level:
    """One step of reminding: so long before (minus) or after the end, somebody is told.

    days: counted from the day to act, after it from the last day allowed; hours: only where the text counts hours.
    """

    code: str
    days: int | None
    hours: int | None
    to: str
    title: Text

    @property
    def distance(self) -> timedelta:
        """Return how far from the end it lies; before it, negative."""
        return timedelta(days=self.days or 0, hours=self.hours or 0)


@dataclass(frozen=True, slots=True)
class Reminding:
    """All of reminders.yaml.

    look_back_days: how old an occurrence may be for its proof to be looked at anew; catch_up_days: how far in
    the past occurrences are still made when a unit begins; look_ahead_days: how far ahead they are made.
    """

    due_soon_days: int
    look_back_days: int
    catch_up_days: int
    look_ahead_days: int
    levels: tuple[Level, ...]


@cache
def load_reminding(folder: Path = LIBRARY) -> Reminding:
    """Return how the library of a folder reminds, loaded once per process.

    Raises: BrokenLibrary: the file is wrong; the error lists all mistakes with their lines
    """
    problems: list[Problem] = []
    reminding = read_reminding(folder, problems)
    if problems or reminding is None:
        raise broken_library(problems)
    return reminding


def read_reminding(folder: Path, problems: list[Problem]) -> Reminding | None:
    """Read reminders.yaml and note everything wrong with it."""
    source = read_located(folder / "duties" / "reminders.yaml")
    if isinstance(source, Problem):
        problems.append(source)
        return None
    reader = FieldReader(source, (), problems)
    reader.allow_only(_KEYS)
    levels = tuple(_read_level(one) for one in reader.children("levels"))
    codes = [level.code for level in levels]
    if len(set(codes)) != len(codes):
        reader.note("có mã dùng hai lần", "uses a code twice", at="levels")
    return Reminding(
        due_soon_days=_days(reader, "due_soon_days"),
        look_back_days=_days(reader, "look_back_days"),
        catch_up_days=_days(reader, "catch_up_days"),
        look_ahead_days=_days(reader, "look_ahead_days"),
        levels=levels,
    )


def _days(reader: FieldReader, name: str) -> int:
    value = reader.integer(name)
    if value is None or value < 0:
        reader.note("phải là số ngày", "must be a number of days", at=name)
        return 0
    return value


def _read_level(reader: FieldReader) -> Level:
    reader.allow_only(_LEVEL_KEYS)
    days, hours = reader.integer("days"), reader.integer("hours")
    if (days is None) == (hours is None):
        reader.note("cần «days» hoặc «hours»", "needs «days» or «hours», one of them")
    return Level(
        code=reader.text("code"),
        days=days,
        hours=hours,
        to=reader.choice("to", RECEIVERS),
        title=reader.bilingual(),
    )
