"""The stage of the workflows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from workflow_cast import Stage, on_stage


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Stage:
    settings.KHIEN_DATA = tmp_path
    return on_stage()
