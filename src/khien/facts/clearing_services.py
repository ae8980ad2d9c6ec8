"""Removal of fact files that count no more: those that others replaced, and what a crash left behind."""

from __future__ import annotations

import logging
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from khien.facts.lock import files_held_still
from khien.facts.models import FactFile, Intake, LeftFile
from khien.facts.services import facts_folder
from khien.facts.store import parquet_of, writer

logger = logging.getLogger(__name__)
# An assessment or a report reads the files it has found in the catalogue for a few minutes at most.
GRACE: Final = timedelta(hours=1)
# Nobody writes on one file for so long: it is of a process that ended meanwhile.
_UNFINISHED: Final = timedelta(days=1)
_KEYS_MAX: Final = 500
# Only merging gives such names, and it holds the lock while it does.
_MERGED_NAME: Final = re.compile(r"\d{12}-\d{12}-[0-9a-f]{8}\.parquet")


def clear_left_files(*, now: datetime, grace: timedelta = GRACE) -> int:
    """Remove from disk the files that others replaced longer ago than any reader holds them; return how many.

    A file that is still open on a system that lets no open file be removed is tried again next time.
    Raises: FactsBusy: another process is merging or copying
    """
    count = 0
    with files_held_still():
        due = LeftFile.objects.filter(left_at__lte=now - grace).values_list("pk", "path")
        rows = list(due)
        for start in range(0, len(rows), _KEYS_MAX):
            gone = [
                pk
                for pk, path in rows[start : start + _KEYS_MAX]
                if _is_removed(facts_folder() / path)
            ]
            LeftFile.objects.filter(pk__in=gone).delete()
            count += len(gone)
    return count


def _is_removed(place: Path) -> bool:
    try:
        place.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("facts.not_removed path=%s why=%s", place, error)
        return False
    return True


def stray_files() -> list[Path]:
    """Return the files below the facts folder that neither the catalogue nor the list of left files names."""
    folder = facts_folder()
    named = {
        *FactFile.objects.values_list("path", flat=True),
        *LeftFile.objects.values_list("path", flat=True),
    }
    return [
        place
        for place in sorted(folder.glob("*/*"))
        if place.suffix in (".parquet", ".part")
        and f"{place.parent.name}/{place.name}" not in named
    ]


def clear_strays(*, now: datetime) -> int:
    """Remove what a crash left of merging: halves of files, and merged files that never got into the catalogue.

    A file that holds anything that no other file of the catalogue holds is never removed: it may be all that
    is left of an intake, where the database was put back from an older copy.
    Raises: FactsBusy: another process is merging or copying
    """
    with files_held_still():
        doomed = [place for place in stray_files() if _is_needless(place, now=now)]
        return sum(_is_removed(place) for place in doomed)


def _is_needless(place: Path, *, now: datetime) -> bool:
    if place.suffix == ".part":
        return _age(place, now=now) > _UNFINISHED
    return bool(_MERGED_NAME.fullmatch(place.name)) and _is_held_elsewhere(place)


def _age(place: Path, *, now: datetime) -> timedelta:
    try:
        return now - datetime.fromtimestamp(place.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return timedelta(0)


def _is_held_elsewhere(place: Path) -> bool:
    """Say whether the database knows every intake of a file, and has whole files for them on disk."""
    table, folder = place.parent.name, facts_folder()
    try:
        with closing(writer(folder)) as sql:
            relation = parquet_of(folder, [f"{table}/{place.name}"])
            rows = sql.execute(f"SELECT DISTINCT intake_id FROM {relation} ORDER BY 1").fetchall()  # noqa: S608
    except duckdb.Error:
        return False
    intakes = [intake for (intake,) in rows]
    if not intakes:
        return True
    span = (intakes[0], intakes[-1])
    known = Intake.objects.filter(pk__range=span).values_list("pk", flat=True)
    if not set(intakes) <= set(known):
        return False
    near = FactFile.objects.filter(
        table=table, first_intake_id__lte=span[1], last_intake_id__gte=span[0]
    )
    listed = list(near.values_list("path", "first_intake_id", "last_intake_id"))
    if not all((folder / path).is_file() for path, *_ in listed):
        return False
    return _are_covered(intakes, sorted((first, last) for _, first, last in listed))


def _are_covered(intakes: list[int], spans: list[tuple[int, int]]) -> bool:
    return all(any(first <= intake <= last for first, last in spans) for intake in intakes)
