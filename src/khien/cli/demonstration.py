"""The fictional agency: read from the library, filed through the same services as real rows.

Its file tells days from today (`D-90`: ninety days ago) and years from this one (`{year-1}`); `filed` is the
day a row entered its register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import yaml

from khien.checks.services import assess
from khien.duties.refreshing import refresh
from khien.kernel.clock import said_day, vietnam_date
from khien.ledger.services import publish
from khien.norms.library import LIBRARY, load_library
from khien.norms.services import bind_document, record_library
from khien.org.models import Unit, User
from khien.org.services import grant_role, register_unit
from khien.registers.declarations import register_by_code
from khien.registers.errors import InvalidRow
from khien.registers.filing import add_attachment, link_person
from khien.registers.references import VisibleReferences
from khien.registers.selectors import RowQuery, rows_of
from khien.registers.services import Act, add_row, confirm_complete
from khien.registers.values import read_row

PLACE = LIBRARY / "demonstration" / "agency.yaml"
_DAY = re.compile(r"D([+-]\d+)( \d\d:\d\d)?")
_YEAR = re.compile(r"\{year([+-]\d)?\}")
_BY = "khien demo"


def read_agency() -> Mapping[str, Any]:
    """Return the agency as its file tells it: units, users, rows, confirmed, assessed."""
    agency: Mapping[str, Any] = yaml.safe_load(PLACE.read_text(encoding="utf-8"))
    return agency


def build(agency: Mapping[str, Any], *, now: datetime) -> list[tuple[User, list[str]]]:
    """Found the units, make their people, file the rows day by day, and assess in between.

    Returns: the users with their roles, in the order of the file
    """
    today = vietnam_date(now)
    founded = now - timedelta(days=180)
    units = _found(agency["units"], now=founded)
    users = [_user(one, units, today=today, now=founded) for one in agency["users"]]
    steps: list[tuple[int, str, Any]] = [
        *((_offset(row["filed"]), "file", row) for row in agency["rows"]),
        *((_offset(one["day"]), "confirm", one) for one in agency["confirmed"]),
        *((_offset(day), "judge", None) for day in agency["assessed"]),
    ]
    references = VisibleReferences  # a new one for each day: it remembers what it found
    for offset, group in groupby(sorted(steps, key=lambda step: step[0]), key=lambda step: step[0]):
        moment = now + timedelta(days=offset)
        for _, what, one in group:
            if what == "file":
                _file(
                    one, units, references(units.values(), home=units[one["unit"]]), today, moment
                )
            elif what == "confirm":
                _confirm(one, units, moment)
            else:
                assess(list(units.values()), library=load_library(), now=moment)
    _link_persons(agency, users, now)
    assess(list(units.values()), library=load_library(), now=now)
    refresh(list(units.values()), now=now)
    publish(now)
    return users


def _found(told: list[Mapping[str, Any]], *, now: datetime) -> dict[str, Unit]:
    library = load_library()
    units: dict[str, Unit] = {}
    for one in told:
        unit = register_unit(
            one["code"],
            name_vi=one["name"]["vi"],
            name_en=one["name"]["en"],
            kind=one["kind"],
            place=one["place"],
            parent=units.get(one.get("parent", "")),
            now=now,
            is_demonstration=True,
        )
        for document in one["documents"]:
            bind_document(unit, document, library=library, bound_from=date(2021, 1, 1), now=now)
        units[one["code"]] = unit
    record_library(library, now=now)
    return units


def _user(
    told: Mapping[str, Any], units: Mapping[str, Unit], *, today: date, now: datetime
) -> tuple[User, list[str]]:
    unit = units[told["unit"]]
    user = User.objects.create_user(told["username"], unit=unit, full_name=told["name"])
    until = today + timedelta(days=_offset(told["until"])) if "until" in told else None
    for role in told["roles"]:
        grant_role(user, role, unit, from_on=vietnam_date(now), until_on=until, by=_BY, now=now)
    return user, told["roles"]


def _file(
    told: Mapping[str, Any],
    units: Mapping[str, Unit],
    references: VisibleReferences,
    today: date,
    moment: datetime,
) -> None:
    raw = {code: _told(value, today) for code, value in told["values"].items()}
    draft = read_row(register_by_code(told["register"]), raw, references)
    if draft.problems:
        raise InvalidRow(draft.problems)
    act = Act(_BY, moment)
    row = add_row(draft, unit=units[told["unit"]], act=act)
    if told["register"] == "document":
        # A paper that is only named proves nothing: each gets its file, a sheet that says what it is.
        sheet = f"VĂN BẢN MẪU\n{row.name}\n".encode()
        add_attachment(row, sheet, name=f"van-ban-{row.number}.txt", act=act)


def _link_persons(
    agency: Mapping[str, Any], users: list[tuple[User, list[str]]], now: datetime
) -> None:
    """Tie users to their rows in the persons register, where their file names one."""
    for told, (user, _) in zip(agency["users"], users, strict=True):
        if "person" in told and user.unit is not None:
            row = rows_of([user.unit], register_by_code("person"), RowQuery(told["person"])).get()
            link_person(user, row, act=Act(_BY, now))


def _confirm(told: Mapping[str, Any], units: Mapping[str, Unit], moment: datetime) -> None:
    for code in told["registers"]:
        confirm_complete(
            units[told["unit"]],
            register_by_code(code),
            confirmed_on=vietnam_date(moment),
            act=Act(_BY, moment),
        )


def _offset(told: str) -> int:
    found = _DAY.fullmatch(told)
    if found is None:
        raise ValueError(f"not a day told from today: {told}")
    return int(found[1])


def _told(value: object, today: date) -> object:
    if value is True or value is False:
        return value
    text = str(value)
    found = _DAY.fullmatch(text)
    if found is None:
        return _YEAR.sub(lambda year: str(today.year + int(year[1] or 0)), text)
    return said_day(today + timedelta(days=int(found[1]))) + (found[2] or "")
