"""Shared fixtures: a data folder of its own, the five regulations where they lie beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REGULATIONS = Path(os.environ.get("KHIEN_REGULATIONS", ROOT.parent / "shared" / "regulations"))
SPEC = Path(os.environ.get("KHIEN_SPEC", ROOT.parent / "shared" / "spec"))


@pytest.fixture(scope="session")
def regulations() -> Path:
    """The folder of the five source regulations; they are not part of the repository."""
    if not REGULATIONS.is_dir():
        pytest.skip(f"the five source regulations are not at {REGULATIONS} (set KHIEN_REGULATIONS)")
    return REGULATIONS


@pytest.fixture(scope="session")
def spec() -> Path:
    """The folder of the duty inventory; it is not part of the repository."""
    if not SPEC.is_dir():
        pytest.skip(f"the duty inventory is not at {SPEC} (set KHIEN_SPEC)")
    return SPEC
