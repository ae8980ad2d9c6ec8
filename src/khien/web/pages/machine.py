"""A machine's facts: how each table was read, its rows, and what was found there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from khien.checks.selectors import subject_findings
from khien.checks.shown import Shown
from khien.facts.models import Host
from khien.facts.selectors import Reading, readings_of
from khien.facts.tables import fact_tables
from khien.norms.library import load_library
from khien.norms.model import Control
from khien.norms.rulebook import Rulebook
from khien.web.wording import status_of

ROWS_MAX = 100
EXCERPT_MAX = 12
_READ = ("ok", "empty", "partial", "stale")


@dataclass(frozen=True, slots=True)
class TableShown:
    """One fact table of a machine, cut to the rows that are shown."""

    reading: Reading
    status: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    row_count: int
    is_open: bool = False

    @property
    def is_usable(self) -> bool:
        """Say whether rows of it count today."""
        return self.status in ("ok", "empty", "partial")

    @property
    def icon(self) -> str:
        """Return the sign that stands beside the status."""
        return {"ok": "pass", "empty": "pass", "partial": "info"}.get(self.status, "warning")

    @property
    def pairs(self) -> list[tuple[str, Any]]:
        """Return titles and values where there is but one row; nothing otherwise."""
        return list(zip(self.titles, self.rows[0], strict=True)) if self.row_count == 1 else []

    @property
    def is_cut(self) -> bool:
        """Say whether there are more rows than shown."""
        return self.row_count > len(self.rows)

    @property
    def may_open(self) -> bool:
        """Say whether opening the table would show more."""
        return self.is_cut and not self.is_open


@dataclass(frozen=True, slots=True)
class FindingHere:
    """What was found of one control at this machine."""

    control: Control
    shown: Shown


def tables_of(
    host: Host, *, now: datetime, only: tuple[str, ...] | None = None, opened: str = ""
) -> list[TableShown]:
    """Return the fact tables of a machine at a moment, or only those named, read ones first.

    Args: opened: the table that is shown at length; of the others the first rows
    """
    names = [name for name in fact_tables() if only is None or name in only]
    readings = readings_of(host, as_of=now, tables=names)
    shown = [_table(reading, now, opened) for reading in readings if _concerns(host, reading)]
    return sorted(shown, key=lambda t: (t.status not in _READ, not t.row_count))


def _concerns(host: Host, reading: Reading) -> bool:
    families = reading.table.os_families
    return not families or host.os_family in families or reading.status != "never"


def _table(reading: Reading, now: datetime, opened: str) -> TableShown:
    is_open = reading.table.name == opened
    rows_max = ROWS_MAX if is_open else EXCERPT_MAX
    age_max = timedelta(hours=reading.table.age_max_hours)
    status = status_of(reading.status, collected_at=reading.collected_at, age_max=age_max, now=now)
    titles = tuple(str(reading.table.columns[name].title) for name in reading.columns)
    return TableShown(reading, status, titles, reading.rows[:rows_max], len(reading.rows), is_open)


def findings_here(host: Host, rulebook: Rulebook) -> list[FindingHere]:
    """Return what was found at a machine, worst first."""
    library = load_library()
    shown = subject_findings(host.unit, host.host_uid, rulebook, library=library)
    return [FindingHere(library.controls[one.finding.control], one) for one in shown]
