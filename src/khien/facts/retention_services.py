"""The writer that deletes facts past the time they are kept; what was recorded of them stays."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Final

import duckdb
from django.db import transaction

from khien.facts import events
from khien.facts.errors import FactFileMissing, FactsAltered
from khien.facts.evidence import digest_of_intakes
from khien.facts.keeping import keep_days, kept_intakes
from khien.facts.lock import files_held_still
from khien.facts.merge_services import (
    Replaced,
    body_of,
    record_rows_of_old_intakes,
    replace_files,
    sources_within,
)
from khien.facts.merging import intakes_held, merged, must_be_as_recorded
from khien.facts.models import Intake
from khien.facts.services import facts_folder
from khien.facts.store import writer
from khien.kernel.canonical import Json
from khien.kernel.clock import vietnam_date
from khien.ledger import services as ledger

logger = logging.getLogger(__name__)
# So many neighbours expire in one transaction.
_INTAKES_MAX: Final = 20_000
_KEYS_MAX: Final = 500


def expirable_intakes(*, now: datetime) -> tuple[datetime, list[int]]:
    """Return the moment before which facts are old, and the intakes from before it that nothing needs."""
    before = now - timedelta(days=keep_days(now=now))
    old = Intake.objects.filter(expired_by=None, collected_at__lt=before).order_by("pk")
    numbers = list(old.values_list("pk", flat=True))
    if not numbers:
        return before, []
    kept = kept_intakes(before, now=now)
    return before, [number for number in numbers if number not in kept]


def expire_intakes(*, now: datetime) -> int:
    """Delete the rows of intakes that are too old and that nothing needs; return of how many.

    The intakes, their entries in the ledger and all findings stay; the ledger says which intakes lost their rows.
    Files that hold other intakes too are written anew without them; the others go as after a merge. Where a
    file is not as it was recorded nothing of its part is deleted.
    Raises: FactsBusy: another process merges
    """
    count = 0
    with files_held_still(), writer(facts_folder()) as sql:
        before, numbers = expirable_intakes(now=now)
        if numbers:
            record_rows_of_old_intakes(now=now)
        for start in range(0, len(numbers), _INTAKES_MAX):
            some = numbers[start : start + _INTAKES_MAX]
            try:
                _expire(sql, some, before, now=now)
            except (FactsAltered, FactFileMissing, duckdb.Error) as error:
                logger.error("facts.not_expired first=%d why=%s", some[0], error)
                continue
            count += len(some)
    return count


def _expire(
    sql: duckdb.DuckDBPyConnection, numbers: Sequence[int], before: datetime, *, now: datetime
) -> None:
    doomed, folder = set(numbers), facts_folder()
    with ExitStack() as undo:
        replaced = []
        for source in sources_within(numbers[0], numbers[-1]):
            must_be_as_recorded(folder, source)
            held = intakes_held(sql, folder, source)
            if not held & doomed:
                continue
            file = None if held <= doomed else merged(sql, folder, [source], without=doomed)
            if file is not None:
                undo.callback((folder / file.name).unlink, missing_ok=True)
            replaced.append(Replaced([source], file))
        _record_expiry(numbers, replaced, before, now=now)
        undo.pop_all()


@transaction.atomic
def _record_expiry(
    numbers: Sequence[int], replaced: Sequence[Replaced], before: datetime, *, now: datetime
) -> None:
    chosen = [numbers[start : start + _KEYS_MAX] for start in range(0, len(numbers), _KEYS_MAX)]
    told: list[int | None] = []
    for some in chosen:
        told += Intake.objects.filter(pk__in=some).values_list("ledger_index", flat=True)
    body: dict[str, Json] = {
        **body_of(replaced),
        "before": vietnam_date(before).isoformat(),
        "intake_count": len(numbers),
        "intakes_sha256": digest_of_intakes(told),
    }
    index = ledger.record(events.EXPIRED, subject="facts", body=body, at=now)
    for some in chosen:
        Intake.objects.filter(pk__in=some).update(expired_by=index)
    replace_files(replaced, ledger_index=index, now=now)
