"""Findings are intervals: the same answer extends, a new one ends the old, and the past can be asked."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import normalise_samples as samples
import pytest

from khien.checks.models import Finding
from khien.checks.selectors import control_states, findings_are_as_recorded, findings_at
from khien.checks.services import assess
from khien.facts.linux import normalise
from khien.facts.services import take_in
from khien.ledger.models import LedgerEntry
from khien.norms.library import load_library
from khien.norms.selectors import rulebook_of
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db

HOST = "ab" * 16
MONDAY = datetime(2026, 11, 16, 1, tzinfo=UTC)


def bundle(at: datetime, minimum: int) -> dict[str, Any]:
    rule = f"password requisite pam_pwquality.so minlen={minimum} lcredit=-1 ucredit=-1 dcredit=-1 ocredit=-1 enforce_for_root"
    stack = f"{rule}\npassword [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt"
    made = samples.bundle(pam=samples.settings({"/etc/pam.d/common-password": stack}))
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return made | {"started_at": stamp, "finished_at": stamp}


@pytest.fixture
def unit() -> Unit:
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=MONDAY)
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=MONDAY)
    return unit


def at(unit: Unit, moment: datetime | None) -> dict[str, str]:
    rows = findings_at([unit], at=moment).filter(subject_kind="host", control="PWD-01")
    return {finding.subject: finding.reason for finding in rows}


def test_an_unchanged_answer_opens_nothing_new(unit: Unit) -> None:
    library = load_library()
    first = assess([unit], library=library, now=MONDAY)
    again = assess([unit], library=library, now=MONDAY + timedelta(hours=1))
    assert first.opened_count > 100
    assert (again.opened_count, again.closed_count) == (0, 0)


def test_the_state_of_a_past_day_can_be_asked(unit: Unit) -> None:
    library = load_library()
    assess([unit], library=library, now=MONDAY)
    wednesday, friday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    for moment, minimum in ((wednesday, 6), (friday, 12)):
        take_in(bundle(moment, minimum), unit=unit, now=moment, actor="test", channel="test")
        assess([unit], library=library, now=moment + timedelta(minutes=1))
    assert at(unit, MONDAY + timedelta(hours=1)) == {}
    wednesday_reason = at(unit, wednesday + timedelta(hours=1))[HOST]
    friday_reason = at(unit, None)[HOST]
    assert wednesday_reason != friday_reason
    verdicts = {
        f.reason: f.verdict for f in Finding.objects.filter(control="PWD-01", subject_kind="host")
    }
    assert verdicts[wednesday_reason] == "fail"
    assert verdicts[friday_reason] == "pass"
    ended = Finding.objects.get(control="PWD-01", subject_kind="host", reason=wednesday_reason)
    assert ended.to_at == friday + timedelta(minutes=1)


def test_without_a_machine_every_binding_control_is_unknown(unit: Unit) -> None:
    library = load_library()
    assess([unit], library=library, now=MONDAY)
    rulebook = rulebook_of(unit, library=library, on=MONDAY.date())
    states = control_states(unit, rulebook, library=library)
    assert {state.verdict for state in states.values()} == {"unknown"}
    assert set(states) == {c for c, rule in rulebook.rules.items() if rule.binding}
    assert all(state.shown for state in states.values())


def test_the_same_bundle_twice_is_one_intake_and_one_record(unit: Unit) -> None:
    made = bundle(MONDAY, 8)
    first = take_in(made, unit=unit, now=MONDAY, actor="test", channel="test")
    second = take_in(copy.deepcopy(made), unit=unit, now=MONDAY, actor="test", channel="test")
    assert first.pk == second.pk
    assert LedgerEntry.objects.filter(kind="facts.collected").count() == 1


def test_collection_and_assessment_are_on_record(unit: Unit) -> None:
    intake = take_in(bundle(MONDAY, 8), unit=unit, now=MONDAY, actor="test", channel="test")
    done = assess([unit], library=load_library(), now=MONDAY)
    body = LedgerEntry.objects.get(index=intake.ledger_index).body
    assert body["sha256"] == intake.sha256
    assert body["tables"] == {t.table: t.status for t in normalise(bundle(MONDAY, 8))}
    assert LedgerEntry.objects.get(index=done.ledger_index).body["unit_count"] == 1


def test_a_finding_changed_behind_our_back_is_noticed(unit: Unit) -> None:
    library = load_library()
    assert findings_are_as_recorded()
    take_in(bundle(MONDAY, 6), unit=unit, now=MONDAY, actor="test", channel="test")
    assess([unit], library=library, now=MONDAY)
    assess([unit], library=library, now=MONDAY + timedelta(days=1))
    assert findings_are_as_recorded()
    Finding.objects.filter(control="PWD-01", subject_kind="host").update(
        verdict="pass", reason="ok"
    )
    assert not findings_are_as_recorded()
