"""One agency and one browser for all journeys that need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from agency import ARGUMENTS, CHROMIUM, Agency, served


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The fictional agency, served for the whole run."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    with served(tmp_path_factory.mktemp("agency")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a head; it ends with its file, for while it runs Django takes no database call."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
