"""The writer of merged fact files: many small ones become one, with the same rows."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb
from django.db import transaction

from khien.facts import events
from khien.facts.errors import FactFileMissing, FactsAltered
from khien.facts.evidence import digest_of_own_files, tables_of_intakes
from khien.facts.lock import files_held_still
from khien.facts.merging import Sizes, Source, groups_of, merged
from khien.facts.models import FactFile, Intake, LeftFile
from khien.facts.rows_digest import digest_of_tables
from khien.facts.services import facts_folder
from khien.facts.store import WrittenFile, file_digest, writer
from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.ledger import services as ledger
from khien.ledger.selectors import entry_at as ledger_entry_at

logger = logging.getLogger(__name__)
# One transaction names no more files than this, and its entry in the ledger no more new ones.
_SOURCES_MAX: Final = 8_000
_FILES_MAX: Final = 64
_KEYS_MAX: Final = 500
_SOURCE_FIELDS = (
    "pk",
    "table",
    "path",
    "sha256",
    "row_count",
    "first_intake_id",
    "last_intake_id",
    "intake_count",
)


@dataclass(slots=True)
class Merged:
    """What a run of merging did."""

    source_count: int = 0
    file_count: int = 0
    refused_count: int = 0
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """Files of the catalogue and the one that takes their place; None where nothing of them is kept."""

    sources: Sequence[Source]
    file: WrittenFile | None


def planned_merges(sizes: Sizes | None = None) -> list[list[Source]]:
    """Return the groups of files that a run would merge now."""
    by_table: dict[str, list[Source]] = {}
    old = set(
        Intake.objects.filter(rows_sha256="", ledger_index__isnull=False).values_list(
            "pk", flat=True
        )
    )
    rows = FactFile.objects.order_by("table", "first_intake_id", "pk").values_list(*_SOURCE_FIELDS)
    for row in rows.iterator(chunk_size=5000):
        source = Source(*row)
        by_table.setdefault(source.table, []).append(source)
    return [
        group
        for files in by_table.values()
        for run in _without_old(files, old)
        for group in groups_of(run, sizes or Sizes())
    ]


def sources_within(first: int, last: int) -> list[Source]:
    """Return the files that may hold intakes of a range."""
    near = FactFile.objects.filter(first_intake_id__lte=last, last_intake_id__gte=first)
    return [Source(*row) for row in near.order_by("pk").values_list(*_SOURCE_FIELDS)]


def _without_old(files: Iterable[Source], old: set[int]) -> Iterator[list[Source]]:
    """Yield runs of files between those that are the only proof of their intake: it has no digest of its rows."""
    run: list[Source] = []
    for file in files:
        if file.first_intake_id == file.last_intake_id and file.first_intake_id in old:
            yield run
            run = []
        else:
            run.append(file)
    yield run


def merge_files(
    *, now: datetime, sizes: Sizes | None = None, seconds: float | None = None
) -> Merged:
    """Put small fact files together, record it, and leave the small ones to be removed later.

    A crash at any step loses nothing: the new file counts only with the transaction that replaces the others.
    A file that is not as it was recorded stays as it is and is told of in the log.
    Args:   seconds: no new group is begun after so long
    Raises: FactsBusy: another process is at it
    """
    done, end = Merged(), None if seconds is None else time.monotonic() + seconds
    with files_held_still(), writer(facts_folder()) as sql:
        record_rows_of_old_intakes(now=now, end=end)
        for some in _batches(planned_merges(sizes)):
            if end is not None and time.monotonic() > end:
                done.is_unfinished = True
                break
            _merge_batch(sql, some, done, now=now)
    return done


def _batches(groups: Iterable[list[Source]]) -> Iterator[list[list[Source]]]:
    some: list[list[Source]] = []
    for group in groups:
        if some and (len(some) == _FILES_MAX or sum(map(len, some)) + len(group) > _SOURCES_MAX):
            yield some
            some = []
        some.append(group)
    if some:
        yield some


def _merge_batch(
    sql: duckdb.DuckDBPyConnection, groups: Iterable[list[Source]], done: Merged, *, now: datetime
) -> None:
    with ExitStack() as undo:
        replaced = []
        for group in groups:
            try:
                file = merged(sql, facts_folder(), group)
            except (FactsAltered, FactFileMissing, duckdb.Error) as error:
                logger.error("facts.not_merged table=%s why=%s", group[0].table, error)
                done.refused_count += 1
                continue
            if file is not None:
                undo.callback((facts_folder() / file.name).unlink, missing_ok=True)
            replaced.append(Replaced(group, file))
        if replaced:
            _record_merge(replaced, now=now)
        undo.pop_all()
    done.source_count += sum(len(one.sources) for one in replaced)
    done.file_count += sum(one.file is not None for one in replaced)


@transaction.atomic
def _record_merge(replaced: Sequence[Replaced], *, now: datetime) -> None:
    body = body_of(replaced)
    index = ledger.record(events.MERGED, subject="facts", body=body, at=now)
    replace_files(replaced, ledger_index=index, now=now)


def body_of(replaced: Sequence[Replaced]) -> dict[str, Json]:
    """Return what the ledger says of replaced files: the new ones by digest, all old ones by one digest."""
    sources = {source.path: source.sha256 for one in replaced for source in one.sources}
    files = {one.file.name: one.file.sha256 for one in replaced if one.file is not None}
    return {
        "source_count": len(sources),
        "sources_sha256": sha256_hex(canonical_bytes(dict(sources))),
        "file_count": len(files),
        "files": files,
    }


def replace_files(replaced: Sequence[Replaced], *, ledger_index: int, now: datetime) -> None:
    """Let new files take the place of old ones in the catalogue; within the transaction that records it."""
    sources = [source for one in replaced for source in one.sources]
    for start in range(0, len(sources), _KEYS_MAX):
        keys = [source.pk for source in sources[start : start + _KEYS_MAX]]
        FactFile.objects.filter(pk__in=keys).delete()
    LeftFile.objects.bulk_create(
        (LeftFile(path=source.path, left_at=now) for source in sources), batch_size=_KEYS_MAX
    )
    FactFile.objects.bulk_create(
        FactFile(
            table=one.file.table,
            path=one.file.name,
            sha256=one.file.sha256,
            row_count=one.file.row_count,
            first_intake_id=min(one.file.digests),
            last_intake_id=max(one.file.digests),
            intake_count=len(one.file.digests),
            written_at=now,
            ledger_index=ledger_index,
        )
        for one in replaced
        if one.file is not None
    )


def record_rows_of_old_intakes(*, now: datetime, end: float | None = None) -> int:
    """Give intakes that were recorded by the digests of their files one of their rows, while the files are there.

    Only those whose files are as recorded get one; the others keep their files as they are.
    Args: end: no more are begun after this monotonic time
    """
    count, last = 0, 0
    while end is None or time.monotonic() < end:
        old = Intake.objects.filter(rows_sha256="", ledger_index__isnull=False, pk__gt=last)
        some = list(old.order_by("pk")[:_KEYS_MAX])
        if not some:
            break
        last = some[-1].pk
        count += _record_rows(some, now=now)
    return count


def _record_rows(intakes: Sequence[Intake], *, now: datetime) -> int:
    proven = [intake for intake in intakes if _has_its_files(intake)]
    if not proven:
        return 0
    first, last = proven[0].pk, proven[-1].pk
    files = FactFile.objects.filter(first_intake_id__gte=first, last_intake_id__lte=last)
    listed = [Source(*row) for row in files.values_list(*_SOURCE_FIELDS)]
    held = tables_of_intakes(listed, first, last)
    with transaction.atomic():
        for intake in proven:
            intake.rows_sha256 = digest_of_tables(held.get(intake.pk, {}))
        rows = {str(intake.ledger_index): intake.rows_sha256 for intake in proven}
        body: dict[str, Json] = {"intake_count": len(proven), "rows": rows}
        ledger.record(events.ROWS_RECORDED, subject="facts", body=body, at=now)
        Intake.objects.bulk_update(proven, ["rows_sha256"], batch_size=_KEYS_MAX)
    return len(proven)


def _has_its_files(intake: Intake) -> bool:
    """Say whether the files of an intake are those of its entry in the ledger, and on disk as recorded."""
    entry = None if intake.ledger_index is None else ledger_entry_at(intake.ledger_index)
    if entry is None or entry.body.get("files_sha256") != digest_of_own_files(intake.pk):
        return False
    own = FactFile.objects.filter(first_intake_id=intake.pk, last_intake_id=intake.pk)
    return all(
        _is_whole(facts_folder() / path, sha) for path, sha in own.values_list("path", "sha256")
    )


def _is_whole(place: Path, sha256: str) -> bool:
    try:
        return file_digest(place) == sha256
    except FileNotFoundError:
        return False
