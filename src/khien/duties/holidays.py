"""Public holidays and moved working days, one file a year: library/calendars/<year>.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from khien.kernel.calendar import Off, WorkingDays
from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.library import LIBRARY, broken_library
from khien.norms.located_yaml import Problem, read_located

MARKS = ("A", "B", "C")
_WORKED = Text("ngày làm bù", "worked in exchange")
_EXCHANGED = Text("nghỉ hoán đổi", "day off in exchange")


@dataclass(frozen=True, slots=True)
class YearOfHolidays:
    """The holidays of one year, where they come from and how sure they are."""

    year: int
    mark: str
    source: Text
    off: dict[date, Off]
    worked: dict[date, Off]


@cache
def load_years(folder: Path = LIBRARY) -> Sequence[YearOfHolidays]:
    """Return the years of holidays of a library folder in order, loaded once per process.

    Raises: BrokenLibrary: a file is wrong; the error lists all mistakes with their lines
    """
    problems: list[Problem] = []
    years = read_years(folder, problems)
    if problems:
        raise broken_library(problems)
    return years


@cache
def working_days(folder: Path = LIBRARY) -> WorkingDays:
    """Return the working days that follow from all years of a library folder."""
    off: dict[date, Off] = {}
    worked: dict[date, Off] = {}
    for year in load_years(folder):
        off |= year.off
        worked |= year.worked
    known = frozenset(year.year for year in load_years(folder) if year.mark != "C")
    return WorkingDays(off, worked, known)


def read_years(folder: Path, problems: list[Problem]) -> list[YearOfHolidays]:
    """Read all years of holidays and note everything wrong with them."""
    years = []
    for path in sorted((folder / "calendars").glob("*.yaml")):
        source = read_located(path)
        if isinstance(source, Problem):
            problems.append(source)
        else:
            years.append(_read_year(FieldReader(source, (), problems), path))
    return years


def _read_year(reader: FieldReader, path: Path) -> YearOfHolidays:
    reader.allow_only(("year", "mark", "source", "days_off", "moved"))
    year = reader.integer("year") or 0
    if path.stem != str(year):
        reader.note("phải trùng tên tệp", "must equal the file's name", at="year")
    mark = reader.choice("mark", MARKS)
    found = YearOfHolidays(year, mark, reader.bilingual("source"), {}, {})
    for item in reader.children("days_off"):
        item.allow_only(("day", "mark", "vi", "en"))
        words = item.bilingual()
        off = Off(words.vi, words.en, item.choice("mark", MARKS, default=mark))
        _put(item, "day", found.off, off)
    for item in reader.children("moved"):
        item.allow_only(("free", "work", "mark"))
        sure = item.choice("mark", MARKS, default=mark)
        _put(item, "free", found.off, Off(_EXCHANGED.vi, _EXCHANGED.en, sure))
        _put(item, "work", found.worked, Off(_WORKED.vi, _WORKED.en, sure))
        _must_make_sense(item)
    return found


def _put(reader: FieldReader, name: str, days: dict[date, Off], off: Off) -> None:
    day = reader.day(name, required=True)
    if day is None:
        return
    if day in days:
        reader.note("ngày này đã có", "this day stands already", at=name)
    if reader.source.path.stem != str(day.year):
        reader.note("phải thuộc năm của tệp", "must lie in the year of the file", at=name)
    days[day] = off


def _must_make_sense(item: FieldReader) -> None:
    free, worked = item.day("free"), item.day("work")
    if free is not None and free.weekday() >= 5:
        item.note(
            "thứ Bảy, Chủ nhật vốn đã nghỉ", "a Saturday or Sunday is free already", at="free"
        )
    if worked is not None and worked.weekday() < 5:
        item.note(
            "ngày làm bù phải là thứ Bảy, Chủ nhật", "must be a Saturday or Sunday", at="work"
        )
