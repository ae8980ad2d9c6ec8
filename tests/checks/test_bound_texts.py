"""A statement knows the unit's texts: since when they are in force, what each gives, and where they disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from khien.checks.catalogue import RunningCheck, load_checks
from khien.checks.runner import run_checks
from khien.checks.sentences import sentence_of
from khien.facts.engine import FactEngine
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import CheckSpec, Control, Library, Reason
from khien.norms.rulebook import Rulebook, build_rulebook

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
T = Text("chữ", "text")
# The number of a text (20/2017/TT-BTTTT) is no day.
_DAY = re.compile(r"\d{1,2}/\d{1,2}/20\d\d|\b[A-Z][a-z]+ 20\d\d\b|tháng \d+/20\d\d")


def check(sql: str, control: str) -> RunningCheck:
    real = load_library().controls[control]
    reasons = {code: Reason(code, verdict, T) for code, verdict in (("ok", "pass"), ("no", "fail"))}  # type: ignore[arg-type]
    spec = CheckSpec(None, {}, reasons, subject="unit")
    made = Control(
        control, "test", "unit", "register", "high", T, T, T, T, real.parameters, spec, Path()
    )
    return RunningCheck(made, spec, sql, ())


@pytest.fixture
def engine() -> Iterator[FactEngine]:
    made = FactEngine({})
    made.settle(as_of=NOW)
    yield made
    made.close()


def rulebook(*documents: str, library: Library | None = None) -> Rulebook:
    return build_rulebook(library or load_library(), documents, on=NOW.date())


def details(engine: FactEngine, made: RunningCheck, *rulebooks: Rulebook) -> dict[int, str]:
    run_checks([made], engine, dict(enumerate(rulebooks, 1)))
    return dict(engine.sql.execute("SELECT unit_id, detail FROM outcome").fetchall())


def test_each_unit_knows_since_when_its_own_texts_demand_the_control(engine: FactEngine) -> None:
    made = check("SELECT subject_id, in_force_since AS day, 'ok' AS reason FROM subject", "DSP-04")
    found = details(
        engine, made, rulebook("binh-dinh"), rulebook("do-son"), rulebook("binh-dinh", "do-son")
    )
    assert [re.findall(r"\d{4}-\d\d-\d\d", found[unit])[0] for unit in (1, 2, 3)] == [
        "2021-09-10",
        "2025-10-01",
        "2021-09-10",
    ]


def test_a_value_holds_since_the_first_text_that_gives_it(engine: FactEngine) -> None:
    sql = "SELECT subject_id, recipient_since AS day, 'ok' AS reason FROM subject"
    found = details(
        engine, check(sql, "DSP-04"), rulebook("binh-dinh"), rulebook("binh-dinh", "do-son")
    )
    assert found == {1: '{"day":null}', 2: '{"day":"2025-10-01"}'}


def test_the_texts_of_a_unit_are_rows_with_what_each_gives(engine: FactEngine) -> None:
    sql = """
    SELECT s.subject_id, string_agg(b.clause, ' ' ORDER BY b.clause) AS clauses, max(b.wifi_rotate_months) AS months,
           'ok' AS reason
      FROM subject AS s JOIN binding AS b ON b.unit_id = s.unit_id AND b.wifi_rotate_months > s.wifi_rotate_months
     GROUP BY s.subject_id
    """
    found = details(engine, check(sql, "WIF-03"), rulebook("binh-dinh", "do-son"))
    assert found == {1: '{"clauses":"D7.k2.b","months":6}'}


def contradicting() -> Library:
    """The library with a firewall that one text demands and another forbids."""
    library = load_library()
    old = library.documents["do-son"]
    clauses = {
        path: replace(
            clause,
            duties=tuple(
                replace(duty, parameters={**duty.parameters, "firewall": "no"})
                if "firewall" in duty.parameters
                else duty
                for duty in clause.duties
            ),
        )
        for path, clause in old.clauses.items()
    }
    return replace(
        library, documents={**library.documents, "do-son": replace(old, clauses=clauses)}
    )


def test_texts_that_contradict_each_other_leave_the_unit_unknown_and_name_both_clauses(
    engine: FactEngine,
) -> None:
    library = contradicting()
    made = check("SELECT subject_id, 'ok' AS reason FROM subject", "NET-01")
    both = rulebook("binh-dinh", "do-son", library=library)
    run_checks([made], engine, {1: both, 2: rulebook("do-son", library=library)})
    rows = engine.sql.execute(
        "SELECT unit_id, verdict, reason FROM outcome ORDER BY unit_id"
    ).fetchall()
    assert rows == [(1, "unknown", "contradictory_texts"), (2, "pass", "ok")]
    said = sentence_of(
        library.controls["NET-01"],
        "contradictory_texts",
        {"parameter_vi": "Tường lửa", "first": "binh-dinh/D7.k1.b", "second": "do-son/D10.k2"},
        rule=both.rules["NET-01"],
        library=library,
    )
    assert "do-son/D10.k2" in said.vi


def test_no_statement_holds_a_day_a_year_or_the_name_of_a_text() -> None:
    names = "|".join(load_library().documents)
    for control, made in load_checks().items():
        statement = re.sub(r"--[^\n]*", "", made.sql)
        assert not re.search(r"\b(DATE|TIMESTAMP)\s*'|make_date|\d-\d\d-\d", statement), control
        # A machine whose clock says a year before 2000 has no clock.
        years = re.findall(r"(?<![/\d])(?:19|20)\d\d\b", statement)
        assert set(years) <= {"2000"}, control
        assert not re.search(rf"'({names})'", statement), control
        comments = "\n".join(re.findall(r"--[^\n]*", made.sql))
        assert not re.search(r"\b20\d\d\b|Binh |Do Son|Bac Ninh|\bHue\b", comments), control


def test_no_sentence_of_a_finding_holds_the_day_of_a_text() -> None:
    for control, made in load_checks().items():
        for reason in made.spec.reasons.values():
            said = f"{reason.text.vi} {reason.text.en}"
            assert not _DAY.search(said), (control, reason.code)


def test_days_of_texts_are_days() -> None:
    begins = {d: days[0] for d, days in rulebook("do-son", "hue").in_force.items()}
    assert begins == {"do-son": date(2025, 10, 1), "hue": date(2020, 2, 12)}
