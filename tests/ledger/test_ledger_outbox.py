"""The outbox: recorded with the change it tells, published later, resumed after a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from khien.kernel.language import Text
from khien.ledger import events, selectors, services
from khien.ledger.errors import DatabaseDisagrees, EntryNotSealed
from khien.ledger.log import Ledger
from khien.ledger.models import LedgerCounter, LedgerEntry

AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
KIND = events.register(
    "test.happened", Text(vi="Đã thử {subject}, {rows} dòng.", en="Tried {subject}, {rows} rows.")
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Iterator[Path]:
    settings.KHIEN_DATA = tmp_path
    return tmp_path


def record(count: int = 1) -> list[int]:
    return [
        services.record(KIND, subject=f"máy-{number}", body={"rows": number}, at=AT)
        for number in range(count)
    ]


def test_recorded_entries_are_published_once() -> None:
    assert record(3) == [0, 1, 2]
    assert services.publish(AT).size == 3
    assert services.publish(AT + timedelta(days=1)).size == 3
    assert set(LedgerEntry.objects.values_list("published_at", flat=True)) == {AT}
    assert record(1) == [3]
    assert services.publish(AT).size == 4
    result = selectors.verified(public_key=selectors.verifier_key_text())
    assert (result.ok, result.problems, result.size) == (True, (), 4)


def test_what_is_rolled_back_was_never_recorded() -> None:
    record(1)

    class Undo(Exception):
        pass

    def change_then_fail() -> None:
        with transaction.atomic():
            assert record(2) == [1, 2]
            raise Undo

    with pytest.raises(Undo):
        change_then_fail()
    assert record(1) == [1]
    assert services.publish(AT).size == 2


def test_more_than_one_batch_is_published() -> None:
    with transaction.atomic():
        record(2100)
    assert services.publish(AT).size == 2100
    assert selectors.verified().ok


def test_publishing_does_not_happen_inside_a_transaction() -> None:
    record(1)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.publish(AT)
    assert services.publish(AT).size == 1


def test_published_commits_are_durable_before_the_files_sign_them() -> None:
    record(1)
    services.publish(AT)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_publishing_resumes_after_a_crash_between_files_and_database() -> None:
    record(3)
    lines = [bytes(entry.line) for entry in LedgerEntry.objects.all()]
    with Ledger.open(services.ledger_directory(), services.key_path()) as ledger:
        ledger.append_lines(lines[:2])  # in the files, not signed, not marked in the database
    assert services.publish(AT).size == 3
    LedgerEntry.objects.update(published_at=None)  # signed, not marked
    assert services.publish(AT).size == 3
    assert not LedgerEntry.objects.filter(published_at=None).exists()
    assert selectors.verified().ok


def test_database_older_than_the_files_is_not_published() -> None:
    record(3)
    services.publish(AT)
    LedgerEntry.objects.filter(index__gte=1).delete()
    LedgerCounter.objects.update(next_index=1)
    record(3)
    with pytest.raises(DatabaseDisagrees, match="2"):
        services.publish(AT)
    found = {(item.code, item.index) for item in selectors.verified().problems}
    assert ("row.changed", 1) in found


def test_counter_is_made_again_from_the_entries() -> None:
    record(2)
    LedgerCounter.objects.all().delete()
    assert record(1) == [2]


def test_changed_row_is_found() -> None:
    record(3)
    services.publish(AT)
    entry = LedgerEntry.objects.get(pk=1)
    entry.line = bytes(entry.line).replace(b"test.", b"tost.")
    entry.save(update_fields=["line"])
    found = {(item.code, item.index) for item in selectors.verified().problems}
    assert {("row.changed", 1), ("row.leaf", 1)} <= found


def test_waiting_rows_are_stated() -> None:
    assert [item.code for item in selectors.verified().problems] == ["ledger.missing"]
    record(1)
    services.publish(AT)
    record(1)
    result = selectors.verified()
    assert (result.ok, [item.code for item in result.problems]) == (
        True,
        ["key.own", "row.waiting"],
    )


def test_entries_are_found_by_subject_and_kind_newest_first() -> None:
    record(2)
    record(2)
    assert [entry.pk for entry in selectors.entries_about("máy-1")] == [3, 1]
    assert [entry.pk for entry in selectors.entries_of_kind(KIND)] == [3, 2, 1, 0]
    assert not selectors.entries_of_kind("test.other").exists()


def test_entry_comes_with_its_sentence_and_proof() -> None:
    record(2)
    with pytest.raises(EntryNotSealed):
        selectors.proven_entry(1)
    services.publish(AT)
    proven = selectors.proven_entry(1)
    assert proven.sentence == Text(vi="Đã thử máy-1, 1 dòng.", en="Tried máy-1, 1 rows.")
    assert proven.proof_text.endswith(proven.checkpoint.note)
    assert (proven.entry.body, str(proven.entry)) == ({"rows": 1}, "1 test.happened máy-1")
    assert selectors.checkpoint() == proven.checkpoint


def test_unknown_kind_or_body_without_its_words_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(events.UnknownKind):
        services.record("test.unknown", subject="s", body={}, at=AT)
    with pytest.raises(KeyError):
        services.record(KIND, subject="s", body={}, at=AT)
    assert not LedgerEntry.objects.exists()


def test_a_kind_is_registered_with_one_sentence() -> None:
    assert KIND in events.kinds()
    with pytest.raises(ValueError, match=r"test\.happened"):
        events.register(KIND, Text(vi="Khác.", en="Other."))
    with pytest.raises(ValueError, match="Wrong"):
        events.register("Wrong", Text(vi="a", en="b"))


def test_migration_is_complete() -> None:
    call_command("makemigrations", "ledger", check=True, dry_run=True, verbosity=0)
