"""One unit, read and assessed once for each file; every test gets its own copy of the data folder and a rolled-back database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from report_world import MONDAY, make_unit, read_and_assess
from soft_tokens import house
from written_world import World, make_world, told_definitions

from khien.org.models import Unit
from khien.reports.definition_reading import load_definitions

__all__ = ["house"]


@pytest.fixture(scope="module")
def assessed_folder(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("assessed")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(KHIEN_DATA=folder):
            read_and_assess(make_unit(), MONDAY, minimum=6)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def unit(assessed_folder: Path, tmp_path: Path, settings, db: None) -> Unit:
    """The assessed unit; KHIEN_DATA is the test's own copy."""
    settings.KHIEN_DATA = tmp_path / "data"
    shutil.copytree(assessed_folder, tmp_path / "data")
    return Unit.objects.get()


@pytest.fixture
def world(db: None, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A department with two hospitals; the definitions beside the tests stand among the library's."""
    settings.KHIEN_DATA = tmp_path
    definitions = told_definitions()
    for code, definition in definitions.items():
        monkeypatch.setitem(load_definitions(), code, definition)
    return make_world(definitions)
