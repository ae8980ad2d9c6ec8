"""Every case in the library gives the reason it promises, and every reason is reached."""

from __future__ import annotations

import pytest

from khien.checks.casework import run_case
from khien.checks.catalogue import Case, RunningCheck, load_checks
from khien.facts.register_tables import check_tables
from khien.norms.library import load_library

CHECKS = load_checks(has_cases=True)
CASES = [
    pytest.param(check, case, id=f"{check.control.id}: {case.name}")
    for check in CHECKS.values()
    for case in check.cases
]


@pytest.mark.parametrize(("check", "case"), CASES)
def test_case_gives_the_promised_reason(check: RunningCheck, case: Case) -> None:
    result = run_case(check, case, tables=check_tables(), library=load_library())
    assert {name: result.got.get(name) for name in case.expect} == dict(case.expect)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_cases_reach_every_reason(check: RunningCheck) -> None:
    reached = {case.expect["reason"] for case in check.cases}
    assert reached == set(check.spec.reasons)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_check_can_pass_fail_and_not_know(check: RunningCheck) -> None:
    verdicts = {reason.verdict for reason in check.spec.reasons.values()}
    assert {"pass", "fail", "unknown"} <= verdicts | ({"unknown"} if check.spec.evidence else set())


def test_at_least_twenty_controls_of_machines_are_measured() -> None:
    assert len(CHECKS) >= 20
