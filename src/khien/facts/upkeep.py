"""What is done for the files of facts from time to time, by the background jobs."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import duckdb

from khien.facts.clearing_services import clear_left_files, clear_strays
from khien.facts.errors import FactsBusy
from khien.facts.merge_services import merge_files
from khien.facts.retention_services import expire_intakes

logger = logging.getLogger(__name__)
# The same thread sends messages and publishes: no new group of files is begun after so long.
_SECONDS = 20.0


class Upkeep:
    """Merges small files at every call, and once a day deletes what is past its time."""

    def __init__(self) -> None:
        self._expired_at: datetime | None = None

    def __call__(self, now: datetime) -> int:
        """Do it; return how many files were merged or removed. Nothing is done while another process does."""
        try:
            merged = merge_files(now=now, seconds=_SECONDS)
            if self._expired_at is None or now - self._expired_at >= timedelta(days=1):
                expire_intakes(now=now)
                clear_strays(now=now)
                self._expired_at = now
            return merged.source_count + clear_left_files(now=now)
        except FactsBusy as error:
            logger.info("facts.upkeep_waits why=%s", error)
            return 0
        except duckdb.Error:
            logger.exception(
                "facts.upkeep_failed"
            )  # a file that cannot be read; khien verify names it
            return 0
