"""Evidence that was changed, lost or swapped after it was taken in is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import normalise_samples as samples
import pytest

from khien.facts.errors import FactFileMissing
from khien.facts.evidence import altered_evidence
from khien.facts.models import FactFile, Intake
from khien.facts.selectors import open_engine
from khien.facts.services import facts_folder, take_in
from khien.kernel.canonical import sha256_hex
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def intake(settings: Any, tmp_path: Path) -> Intake:
    settings.KHIEN_DATA = tmp_path
    unit = register_unit("x", name_vi="X", name_en="X", kind="ward", place="X", now=NOW)
    return take_in(samples.bundle(), unit=unit, now=NOW, actor="test", channel="test")


def test_untouched_evidence_is_in_order(intake: Intake) -> None:
    assert list(altered_evidence()) == []


def test_a_changed_file_is_named(intake: Intake) -> None:
    file = FactFile.objects.get(table="account")
    place = facts_folder() / file.path
    place.write_bytes(place.read_bytes()[:-1] + b"\0")
    assert [(a.kind, a.what) for a in altered_evidence()] == [("altered", file.path)]


def test_a_lost_file_is_named_and_stops_an_assessment(intake: Intake) -> None:
    file = FactFile.objects.get(table="account")
    (facts_folder() / file.path).unlink()
    assert [(a.kind, a.what) for a in altered_evidence()] == [("missing", file.path)]
    with pytest.raises(FactFileMissing):
        open_engine(as_of=NOW)


def test_a_file_swapped_together_with_its_catalogue_is_found_by_the_ledger(intake: Intake) -> None:
    file = FactFile.objects.get(table="account")
    place = facts_folder() / file.path
    place.write_bytes(place.read_bytes() + b"more")
    file.sha256 = sha256_hex(place.read_bytes())
    file.save()
    found = [(a.kind, a.ledger_index) for a in altered_evidence()]
    assert found == [("catalogue", intake.ledger_index)]
    assert str(intake.ledger_index) in str(next(altered_evidence()).sentence)


def test_an_intake_deleted_whole_is_missed_by_the_ledger(intake: Intake) -> None:
    index = intake.ledger_index
    for file in FactFile.objects.all():
        (facts_folder() / file.path).unlink()
    FactFile.objects.all().delete()
    intake.delete()
    assert [(a.kind, a.ledger_index) for a in altered_evidence()] == [("gone", index)]
