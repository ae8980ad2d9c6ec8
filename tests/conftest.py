"""Shared fixtures: a data folder of its own, the five regulations where they lie beside the repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from khien.kernel.language import use_language

ROOT = Path(__file__).resolve().parent.parent
REGULATIONS = Path(os.environ.get("KHIEN_REGULATIONS", ROOT.parent / "shared" / "regulations"))
SPEC = Path(os.environ.get("KHIEN_SPEC", ROOT.parent / "shared" / "spec"))


@pytest.fixture(autouse=True)
def vietnamese_first() -> None:
    """Each test begins in Vietnamese, whatever language the one before it chose."""
    use_language("vi")


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, where the tests run on a server, those that touch no database: they have run already."""
    if not os.environ.get("KHIEN_TEST_DATABASE"):
        return
    doors = {"db", "transactional_db", "django_db_setup", "django_db_blocker"}
    touching = [
        item
        for item in items
        if item.get_closest_marker("django_db") or doors & set(getattr(item, "fixturenames", ()))
    ]
    kept = set(touching)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = touching


# Skips that no installation can cure; every other skip fails where KHIEN_REQUIRE_ALL is set.
INCURABLE = ("the superuser may read everything",)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Turn a skip into a failure where everything must run (continuous integration)."""
    report = yield
    if report.skipped and os.environ.get("KHIEN_REQUIRE_ALL") and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if not any(word in reason for word in INCURABLE):
            report.outcome = "failed"
            report.longrepr = f"skipped where everything must run: {reason}"
    return report
