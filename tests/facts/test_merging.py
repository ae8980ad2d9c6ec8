"""Many small fact files become few; what they say, and what proves it, stays the same whatever happens meanwhile."""
# ruff: noqa: S608  # statements over our own files

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
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

from khien.facts import clearing_services, merge_services, merging, selectors, store
from khien.facts.clearing_services import GRACE, clear_left_files, clear_strays, stray_files
from khien.facts.errors import FactFileMissing, FactsBusy
from khien.facts.evidence import altered_evidence
from khien.facts.lock import files_held_still
from khien.facts.merge_services import merge_files, planned_merges
from khien.facts.merging import Sizes
from khien.facts.models import FactFile, Intake, LeftFile
from khien.facts.selectors import open_engine, readings_of
from khien.facts.services import facts_folder, take_in
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit

pytestmark = pytest.mark.django_db
SMALL = Sizes(files_min=3)
PAIRS = Sizes(files_min=2)
ALL = Sizes(files_min=2, is_any_size=True)


@pytest.fixture
def unit(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Unit:
    settings.KHIEN_DATA = tmp_path
    few_tables(monkeypatch)
    return a_unit()


def entries() -> int:
    return LedgerEntry.objects.filter(kind="facts.merged").count()


def test_merged_files_give_every_answer_of_the_small_ones(unit: Unit) -> None:
    intakes = collect(unit, 4, days=2)
    moments = [NOW + timedelta(days=days) for days in (0, 1, 3)]
    before = [answers(moment) for moment in moments]
    pages = [readings_of(intake.host, as_of=moments[2]) for intake in intakes[:4]]
    small = listed()
    done = merge_files(now=NOW, sizes=SMALL)
    assert done.source_count == len(small)
    assert (
        FactFile.objects.count() == done.file_count == len({path.split("/")[0] for path in small})
    )
    assert {file.intake_count for file in FactFile.objects.filter(table="collection")} == {8}
    assert [answers(moment) for moment in moments] == before
    assert [readings_of(i.host, as_of=moments[2]) for i in intakes[:4]] == pages
    assert list(altered_evidence()) == []


def test_the_ledger_knows_the_digests_of_the_old_files_and_of_the_new(unit: Unit) -> None:
    collect(unit, 3)
    merge_files(now=NOW, sizes=SMALL)
    (entry,) = LedgerEntry.objects.filter(kind="facts.merged")
    files = dict(FactFile.objects.values_list("path", "sha256"))
    assert entry.body["files"] == files
    assert entry.body["source_count"] == LeftFile.objects.count()
    assert len(str(entry.body["sources_sha256"])) == 64
    assert set(FactFile.objects.values_list("ledger_index", flat=True)) == {entry.index}


def test_few_files_are_left_alone_and_a_second_run_finds_nothing(unit: Unit) -> None:
    collect(unit, 2)
    assert merge_files(now=NOW, sizes=SMALL).file_count == 0
    collect(unit, 1, first_day=1)
    assert merge_files(now=NOW, sizes=SMALL).file_count > 0
    again = merge_files(now=NOW, sizes=SMALL)
    assert (again.file_count, again.source_count, entries()) == (0, 0, 1)
    assert planned_merges(SMALL) == []


def test_merged_files_are_merged_again_when_there_are_enough_of_them(unit: Unit) -> None:
    for day in range(3):
        collect(unit, 3, first_day=day)
        merge_files(now=NOW, sizes=SMALL)
    merge_files(now=NOW, sizes=SMALL)
    assert FactFile.objects.filter(table="collection").count() == 1
    assert list(altered_evidence()) == []


def test_the_small_files_stay_until_no_reader_can_hold_them(unit: Unit) -> None:
    collect(unit, 3)
    small = listed()
    with closing(open_engine(as_of=NOW + timedelta(days=1))) as reader:
        merge_files(now=NOW, sizes=SMALL)
        assert clear_left_files(now=NOW + GRACE - timedelta(seconds=1)) == 0
        assert reader.sql.execute("SELECT count(*) FROM account").fetchone() != (0,)
    assert small < on_disk()
    assert clear_left_files(now=NOW + GRACE) == len(small)
    assert on_disk() == listed()
    assert list(altered_evidence()) == []


def test_a_reader_whose_files_vanish_reads_by_the_new_catalogue(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(unit, 3)
    expected = answers(NOW + timedelta(days=1))
    real, calls = selectors._files_by_table, []

    def overtaken(*asked: Any) -> Any:
        found = real(*asked)
        calls.append(asked)
        if len(calls) == 1:
            merge_files(now=NOW, sizes=SMALL)
            clear_left_files(now=NOW + GRACE)
        return found

    monkeypatch.setattr(selectors, "_files_by_table", overtaken)
    assert answers(NOW + timedelta(days=1)) == expected
    assert len(calls) == 2


def test_the_page_of_a_machine_reads_by_the_new_catalogue_too(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = collect(unit, 3)[0].host
    expected = readings_of(host, as_of=NOW + timedelta(days=1))
    real, calls = selectors._files_by_table, []

    def overtaken(*asked: Any) -> Any:
        found = real(*asked)
        calls.append(asked)
        if len(calls) == 1:
            merge_files(now=NOW, sizes=SMALL)
            clear_left_files(now=NOW + GRACE)
        return found

    monkeypatch.setattr(selectors, "_files_by_table", overtaken)
    assert readings_of(host, as_of=NOW + timedelta(days=1)) == expected


def test_a_file_that_is_gone_for_good_is_said_to_be_missing(unit: Unit) -> None:
    collect(unit, 1)
    (facts_folder() / FactFile.objects.get(table="account").path).unlink()
    with pytest.raises(FactFileMissing):
        open_engine(as_of=NOW + timedelta(days=1))


class Crash(Exception):
    pass


STEPS = [
    (store, "_flush", 1),
    (store, "_flush_folder", 3),
    (store, "file_digest", 1),
    (merging, "write_parquet", 3),
    (merging, "_digests", 2),
    (merge_services, "_record_merge", 1),
    (merge_services, "replace_files", 1),
]


@pytest.mark.parametrize(
    ("module", "step", "call"), STEPS, ids=[f"{step} {call}" for _, step, call in STEPS]
)
@pytest.mark.parametrize("is_killed", [False, True], ids=["fails", "is killed"])
def test_a_crash_at_any_step_loses_nothing_and_leaves_nothing_for_long(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, module: Any, step: str, call: int, is_killed: bool
) -> None:
    collect(unit, 2)
    moment = NOW + timedelta(days=1)
    before, small = answers(moment), listed()
    real, calls = getattr(module, step), []

    def crash(*given: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == call:
            raise Crash
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(module, step, crash)
        if is_killed:  # a process that is killed tidies nothing up
            patched.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Crash), transaction.atomic():
            merge_files(now=NOW, sizes=PAIRS)
    assert (listed(), entries(), LeftFile.objects.count()) == (small, 0, 0)
    assert small <= on_disk()
    assert list(altered_evidence()) == []
    clear_strays(now=moment + timedelta(days=365))
    assert on_disk() == small
    assert merge_files(now=NOW, sizes=PAIRS).file_count > 0
    assert answers(moment) == before


def test_a_merged_file_that_alone_holds_an_intake_is_never_removed(unit: Unit) -> None:
    collect(unit, 3)
    merge_files(now=NOW, sizes=SMALL)
    merged = FactFile.objects.get(table="account")
    FactFile.objects.filter(pk=merged.pk).delete()  # as after an older database was put back
    assert clear_strays(now=NOW + timedelta(days=365)) == 0
    assert stray_files() == [facts_folder() / merged.path]
    Intake.objects.all().delete()
    assert clear_strays(now=NOW + timedelta(days=365)) == 0


def test_files_of_intakes_and_strange_files_are_never_removed_as_strays(unit: Unit) -> None:
    collect(unit, 1)
    for name in ("000000000009.parquet", "000000000009-000000000010.parquet", "của tôi.parquet"):
        (facts_folder() / "account" / name).write_bytes(b"PAR1")
    (facts_folder() / "account" / "000000000001-000000000002-0123abcd.parquet").write_bytes(b"PAR1")
    assert clear_strays(now=NOW + timedelta(days=365)) == 0
    assert len(stray_files()) == 4


def test_a_half_written_file_goes_after_a_day(unit: Unit) -> None:
    collect(unit, 1)
    half = facts_folder() / "account" / "000000000007.part"
    half.write_bytes(b"PAR1 half")
    at = datetime.fromtimestamp(half.stat().st_mtime, tz=UTC)
    assert clear_strays(now=at + timedelta(hours=23)) == 0
    assert clear_strays(now=at + timedelta(hours=25)) == 1
    assert not half.exists()


def test_an_altered_file_is_not_merged_and_still_named(
    unit: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    collect(unit, 3)
    file = FactFile.objects.filter(table="account").first()
    assert file is not None
    spoil(facts_folder() / file.path)
    done = merge_files(now=NOW, sizes=SMALL)
    assert done.refused_count == 1
    assert "facts.not_merged" in caplog.text
    assert FactFile.objects.filter(table="account").count() == 3
    assert FactFile.objects.filter(table="collection").count() == 1
    assert [(a.kind, a.what) for a in altered_evidence()] == [("altered", file.path)]


def test_rows_that_changed_with_file_and_catalogue_are_found_by_the_ledger(unit: Unit) -> None:
    intakes = collect(unit, 3)
    merge_files(now=NOW, sizes=SMALL)
    file = FactFile.objects.get(table="account")
    place = facts_folder() / file.path
    with store.writer(facts_folder()) as sql:
        query = (
            f"SELECT * REPLACE (intake_id <> {intakes[1].pk} AS is_admin) "
            f"FROM read_parquet('{place}')"
        )
        sql.execute(f"CREATE TEMP TABLE forged AS {query}")
        file.sha256 = store.write_parquet(sql, "SELECT * FROM forged", place)
    file.save()
    found = {(a.kind, a.ledger_index) for a in altered_evidence()}
    assert found == {("merged", file.ledger_index), ("catalogue", intakes[1].ledger_index)}


def test_rows_of_an_intake_that_nobody_recorded_are_named(unit: Unit) -> None:
    collect(unit, 3)
    merge_files(now=NOW, sizes=SMALL)
    file = FactFile.objects.get(table="account")
    place = facts_folder() / file.path
    with store.writer(facts_folder()) as sql:
        query = f"SELECT * REPLACE (intake_id + 70 AS intake_id) FROM read_parquet('{place}')"
        sql.execute(
            f"CREATE TEMP TABLE forged AS SELECT * FROM read_parquet('{place}') UNION ALL {query}"
        )
        file.sha256 = store.write_parquet(sql, "SELECT * FROM forged", place)
    file.last_intake_id += 70
    file.save()
    assert {a.kind for a in altered_evidence()} == {"merged", "stranger"}


def test_intakes_recorded_by_their_files_stay_proven(unit: Unit) -> None:
    old = collect(unit, 3)
    for intake in old:
        as_old(intake)
    assert list(altered_evidence()) == []
    done = merge_files(now=NOW, sizes=SMALL)
    assert done.file_count > 0
    (entry,) = LedgerEntry.objects.filter(kind="facts.rows_recorded")
    assert set(entry.body["rows"]) == {str(intake.ledger_index) for intake in old}  # type: ignore[arg-type]
    clear_left_files(now=NOW + GRACE)
    assert list(altered_evidence()) == []


def test_an_old_intake_whose_file_was_altered_keeps_its_files(unit: Unit) -> None:
    old = collect(unit, 4)
    for intake in old:
        as_old(intake)
    file = FactFile.objects.get(table="account", first_intake_id=old[0].pk)
    spoil(facts_folder() / file.path)
    merge_files(now=NOW, sizes=SMALL)
    kept = FactFile.objects.filter(first_intake_id=old[0].pk, last_intake_id=old[0].pk)
    assert kept.count() == FactFile.objects.values("table").distinct().count()
    assert [(a.kind, a.what) for a in altered_evidence()] == [("altered", file.path)]


def test_a_column_declared_later_changes_no_digest(unit: Unit) -> None:
    first = collect(unit, 2)
    file = FactFile.objects.get(table="account", first_intake_id=first[0].pk)
    place = facts_folder() / file.path
    with store.writer(facts_folder()) as sql:
        sql.execute(
            f"CREATE TEMP TABLE older AS SELECT * EXCLUDE (locked) FROM read_parquet('{place}')"
        )
        held = sql.execute("SELECT count(locked) FROM read_parquet(?)", [str(place)]).fetchone()
        file.sha256 = store.write_parquet(sql, "SELECT * FROM older", place)
        relation = store.parquet_of(facts_folder(), [file.path])
        narrow = store.digests_by_intake(sql, relation)
        wide = store.digests_by_intake(sql, f"(SELECT *, NULL::BOOLEAN AS locked FROM {relation})")
    file.save()
    assert held is not None
    assert narrow == wide
    before = answers(NOW + timedelta(days=1))
    merge_files(now=NOW, sizes=ALL)
    assert FactFile.objects.filter(table="account").count() == 1
    assert answers(NOW + timedelta(days=1)) == before


def test_only_one_process_merges_and_others_say_so(unit: Unit) -> None:
    with files_held_still(), pytest.raises(FactsBusy, match="Tiến trình khác"):
        merge_files(now=NOW)
    with files_held_still(), pytest.raises(FactsBusy):
        clear_left_files(now=NOW)
    with files_held_still(), pytest.raises(FactsBusy):
        clear_strays(now=NOW)


def test_a_file_that_cannot_be_removed_now_is_removed_later(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(unit, 3)
    merge_files(now=NOW, sizes=SMALL)
    count = LeftFile.objects.count()

    def is_open(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "open in another process", str(self))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", is_open)
        assert clear_left_files(now=NOW + GRACE) == 0
    assert LeftFile.objects.count() == count
    assert clear_left_files(now=NOW + GRACE) == count


def test_an_intake_may_come_while_files_are_merged(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(unit, 3)
    real = merge_services._record_merge

    def during(*given: Any, **named: Any) -> None:
        at = NOW + timedelta(hours=5)
        take_in(bundle(9, at), unit=unit, now=at, actor="test", channel="file")
        real(*given, **named)

    monkeypatch.setattr(merge_services, "_record_merge", during)
    merge_files(now=NOW, sizes=SMALL)
    assert Intake.objects.count() == 4
    assert list(altered_evidence()) == []


def test_a_run_begins_no_group_after_its_time(unit: Unit) -> None:
    collect(unit, 3)
    done = merge_files(now=NOW, sizes=SMALL, seconds=-1)
    assert done.is_unfinished
    assert done.file_count == 0
    assert clearing_services.stray_files() == []
