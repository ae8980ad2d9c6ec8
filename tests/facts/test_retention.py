"""Facts go when they are old and nothing needs them; what stands, what cites them and what was recorded stays."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from merged_world import (
    NOW,
    a_unit,
    answers,
    as_old,
    bundle,
    collect,
    few_tables,
    listed,
    on_disk,
    spoil,
)
from normalise_samples import table

from khien.facts import keeping, retention_services
from khien.facts.clearing_services import GRACE, clear_left_files
from khien.facts.evidence import altered_evidence
from khien.facts.keeping import Kept, keep_days
from khien.facts.merge_services import merge_files
from khien.facts.merging import Sizes
from khien.facts.models import FactFile, Intake
from khien.facts.retention_services import expire_intakes
from khien.facts.services import facts_folder, take_in
from khien.facts.upkeep import Upkeep
from khien.ledger.models import LedgerEntry
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import load_registers
from khien.registers.services import Act, add_row
from khien.registers.values import NoReferences, read_row

pytestmark = pytest.mark.django_db
DAYS = 100
SMALL = Sizes(files_min=3)


@pytest.fixture
def unit(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Unit:
    settings.KHIEN_DATA = tmp_path
    settings.KHIEN_FACTS_KEEP_DAYS = DAYS
    few_tables(monkeypatch)
    return a_unit()


def with_rows() -> list[int]:
    return list(Intake.objects.filter(expired_by=None).order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("is_merged", [False, True], ids=["small files", "merged files"])
def test_old_facts_go_and_every_moment_within_the_time_is_told_as_before(
    unit: Unit, is_merged: bool
) -> None:
    intakes = collect(unit, 2, days=5)
    if is_merged:
        merge_files(now=NOW, sizes=SMALL)
    now = NOW + timedelta(days=DAYS + 3, minutes=30)  # those of days 0 to 3 are past their time
    moments = [NOW + timedelta(days=days, hours=1) for days in (3, 4, 50)]
    before = [answers(moment) for moment in moments]
    assert expire_intakes(now=now) == 6
    assert with_rows() == [intake.pk for intake in intakes[6:]]  # of day 3 what still stood
    assert [answers(moment) for moment in moments] == before
    clear_left_files(now=now + GRACE)
    assert on_disk() == listed()
    assert list(altered_evidence()) == []
    assert expire_intakes(now=now) == 0


def test_the_last_of_each_machine_is_kept_for_ever(unit: Unit) -> None:
    intakes = collect(unit, 2, days=2)
    now = NOW + timedelta(days=3650)
    before = answers(now)
    assert expire_intakes(now=now) == 2
    assert with_rows() == [intake.pk for intake in intakes[2:]]
    assert answers(now) == before


def test_a_reading_that_no_later_one_replaced_is_kept(unit: Unit) -> None:
    (first,) = collect(unit, 1)
    for day in (1, 2):
        at = NOW + timedelta(days=day)
        denied = bundle(0, at, passwd=table("denied"), shadow=table("denied"))
        last = take_in(denied, unit=unit, now=at, actor="test", channel="file")
    now = NOW + timedelta(days=3650)
    before = answers(now)
    assert before["account"]
    assert expire_intakes(now=now) == 1
    assert with_rows() == [first.pk, last.pk]
    assert answers(now) == before


def test_the_ledger_says_which_facts_were_deleted_and_why(unit: Unit) -> None:
    collect(unit, 2, days=2)
    expire_intakes(now=NOW + timedelta(days=3650))
    (entry,) = LedgerEntry.objects.filter(kind="facts.expired")
    assert entry.body["intake_count"] == 2
    assert Intake.objects.filter(expired_by=entry.index).count() == 2
    assert LedgerEntry.objects.filter(kind="facts.collected").count() == 4


def test_an_intake_marked_as_expired_by_hand_is_named(unit: Unit) -> None:
    first, *_ = collect(unit, 2, days=2)
    Intake.objects.filter(pk=first.pk).update(expired_by=first.ledger_index)
    found = {(a.kind, a.what) for a in altered_evidence()}
    assert ("catalogue", str(first)) in found
    Intake.objects.filter(pk=first.pk).update(expired_by=None)
    expire_intakes(now=NOW + timedelta(days=3650))
    assert list(altered_evidence()) == []
    entry = LedgerEntry.objects.get(kind="facts.expired")
    FactFile.objects.filter(first_intake_id=3, last_intake_id=3).delete()
    Intake.objects.filter(pk=3).update(expired_by=entry.index)
    assert {a.kind for a in altered_evidence()} == {"expired"}


def an_incident(unit: Unit, **values: str) -> None:
    register = load_registers()["incident"]
    given = {"title": "Máy chủ bị mã hóa", "detected_at": "05/06/2026 08:00"} | values
    draft = read_row(register, given, NoReferences())
    add_row(draft, unit=unit, act=Act("test", NOW))


def test_facts_behind_an_open_incident_are_kept_until_it_is_closed(unit: Unit) -> None:
    collect(unit, 1, days=60)
    an_incident(unit)
    now = NOW + timedelta(days=3650)
    assert expire_intakes(now=now) == 0
    keeping.Row.objects.update(is_retired=True)
    an_incident(unit, closed_at="08/06/2026 08:00")
    assert expire_intakes(now=now) == 59


def test_an_incident_keeps_the_facts_of_its_own_unit_only(unit: Unit) -> None:
    collect(unit, 1, days=2)
    other = register_unit("y", name_vi="Y", name_en="Y", kind="ward", place="Y", now=NOW)
    an_incident(other)
    assert expire_intakes(now=NOW + timedelta(days=3650)) == 1


def test_what_another_room_rests_on_is_kept(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    intakes = collect(unit, 1, days=9)
    moment = NOW + timedelta(days=4, hours=1)
    keep = [lambda now: [Kept(unit.pk, moment, moment)]]
    monkeypatch.setattr(keeping, "_KEEPERS", keep)
    before = answers(moment)
    assert expire_intakes(now=NOW + timedelta(days=3650)) == 7
    assert with_rows() == [intakes[4].pk, intakes[8].pk]
    assert answers(moment) == before


def test_facts_are_kept_as_long_as_a_bound_text_wants_logs_kept(unit: Unit, settings: Any) -> None:
    settings.KHIEN_FACTS_KEEP_DAYS = 1
    assert keep_days(now=NOW) == 1
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2020, 1, 1), now=NOW)
    assert keep_days(now=NOW) == 186  # six months
    settings.KHIEN_FACTS_KEEP_DAYS = 900
    assert keep_days(now=NOW) == 900


def test_altered_facts_are_not_deleted(unit: Unit, caplog: pytest.LogCaptureFixture) -> None:
    collect(unit, 1, days=2)
    file = FactFile.objects.filter(table="account").first()
    assert file is not None
    spoil(facts_folder() / file.path)
    assert expire_intakes(now=NOW + timedelta(days=3650)) == 0
    assert "facts.not_expired" in caplog.text
    assert [(a.kind, a.what) for a in altered_evidence()] == [("altered", file.path)]


def test_old_intakes_without_a_digest_of_their_rows_expire_too(unit: Unit) -> None:
    for intake in collect(unit, 1, days=2):
        as_old(intake)
    assert expire_intakes(now=NOW + timedelta(days=3650)) == 1
    assert list(altered_evidence()) == []


class Crash(Exception):
    pass


def test_a_crash_while_deleting_deletes_nothing(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(unit, 2, days=2)
    merge_files(now=NOW, sizes=SMALL)
    before, files = answers(NOW + timedelta(days=9)), on_disk()

    def crash(*given: Any, **named: Any) -> None:
        raise Crash

    monkeypatch.setattr(retention_services, "replace_files", crash)
    with pytest.raises(Crash):
        expire_intakes(now=NOW + timedelta(days=3650))
    assert (len(with_rows()), on_disk()) == (4, files)
    assert answers(NOW + timedelta(days=9)) == before
    assert list(altered_evidence()) == []


def test_the_background_job_merges_and_deletes(unit: Unit) -> None:
    collect(unit, 4, days=5)
    work = Upkeep()
    now = NOW + timedelta(days=3650)
    small = len(listed())
    assert work(now) == small
    assert len(with_rows()) == 4
    assert work(now + GRACE) > 0
    assert on_disk() == listed()
    assert list(altered_evidence()) == []
