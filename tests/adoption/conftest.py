"""A province with units below it, a text of its own reviewed to the end, and a data folder for each test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from force_cast import Province, decide, import_text

from khien.adoption.models import ImportedText


@pytest.fixture
def own_data(settings: Any, tmp_path: Path) -> Path:
    """Return the data folder that only this test has."""
    settings.KHIEN_DATA = tmp_path
    return tmp_path


@pytest.fixture
def place(own_data: Path) -> Province:
    """Return the province; what goes into force lies in the test's own folder."""
    return Province()


@pytest.fixture
def text(place: Province) -> ImportedText:
    """Return a text of the province with every clause decided."""
    made = import_text(place.top)
    decide(made)
    return made
