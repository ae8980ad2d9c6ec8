"""Between 00:00 and 07:00 in Viet Nam it is still yesterday in UTC; rules of days go by the day in Viet Nam."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from khien.checks.casework import run_case
from khien.checks.catalogue import load_checks
from khien.checks.forecast import foresee
from khien.checks.runner import run_checks
from khien.facts.engine import FactEngine
from khien.facts.register_tables import check_tables
from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook

# 01:30 on 21/11/2026 in Viet Nam.
NIGHT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


def token(valid_until: str) -> str:
    """The reason of a signing token at night, whose case it is to be in order by day."""
    check = load_checks(has_cases=True)["SIG-01"]
    case = next(c for c in check.cases if check.spec.reasons[c.expect["reason"]].verdict == "pass")
    row = {**case.given["reg_token"][0], "valid_until": valid_until}
    night = replace(
        case,
        subject={**case.subject, "as_of": NIGHT.isoformat()},
        given={**case.given, "reg_token": [row]},
    )
    return str(run_case(check, night, tables=check_tables(), library=load_library()).got["reason"])


def test_a_last_day_that_is_today_in_viet_nam_is_not_over() -> None:
    check = load_checks()["SIG-01"]
    assert check.spec.reasons[token("2026-11-21")].verdict == "pass"


def test_a_last_day_that_was_yesterday_in_viet_nam_is_over() -> None:
    assert token("2026-11-20") == "expired"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-20 16:59:59", date(2026, 11, 20)),
        ("2026-11-20 17:00:00", date(2026, 11, 21)),
        ("2026-11-20 23:59:59", date(2026, 11, 21)),
        (None, None),
    ],
)
def test_the_day_of_a_moment_is_that_of_viet_nam(moment: str | None, day: date | None) -> None:
    engine = FactEngine({})
    try:
        assert engine.sql.execute("SELECT vn_date(?::TIMESTAMP)", [moment]).fetchone() == (day,)
    finally:
        engine.close()


def wifi_engine(changed_on: date, confirmed_on: date | None) -> FactEngine:
    engine = FactEngine({"reg_wifi": check_tables()["reg_wifi"]})
    row = {
        "row_id": "r1",
        "unit_id": 1,
        "row_number": 1,
        "changed_at": NIGHT - timedelta(days=30),
        "ssid": "UBND",
        "is_joined_to_lan": True,
        "is_guest": False,
        "has_password": True,
        "password_changed_on": changed_on.isoformat(),
    }
    engine.add_rows("reg_wifi", [row])
    state = {"unit_id": 1, "register": "wifi", "row_count": 1}
    said = confirmed_on.isoformat() if confirmed_on else None
    engine.add_register_states([{**state, "confirmed_on": said}])
    engine.settle(as_of=NIGHT)
    return engine


def test_a_register_confirmed_this_night_is_confirmed() -> None:
    engine = wifi_engine(date(2026, 11, 1), confirmed_on=date(2026, 11, 21))
    rulebook = build_rulebook(load_library(), ["do-son"], on=date(2026, 11, 21))
    try:
        run_checks([load_checks()["WIF-03"]], engine, {1: rulebook})
        found = engine.sql.execute("SELECT registers FROM complete_register").fetchall()
    finally:
        engine.close()
    assert found == [(["wifi"],)]


def test_what_turns_soon_turns_on_its_day_in_viet_nam() -> None:
    engine = wifi_engine(date(2026, 8, 25), confirmed_on=None)
    check = load_checks()["WIF-03"]
    rulebooks = {1: build_rulebook(load_library(), ["do-son"], on=date(2026, 11, 21))}
    try:
        run_checks([check], engine, rulebooks)
        (found,) = foresee([check], engine, rulebooks, now=NIGHT)
    finally:
        engine.close()
    assert found.turns_on == date(2026, 11, 26)
