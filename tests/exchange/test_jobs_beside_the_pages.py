"""Jobs: each at its pace, one that fails does not end the others, and the thread stops when told."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import pytest

from khien.cli.background import JOBS, Background, Job, run_once
from khien.exchange.errors import WebhookUnknown
from khien.kernel.language import Text
from khien.ledger.models import LedgerEntry

TITLE = Text("việc", "job")


def failing(now: datetime) -> int:
    raise WebhookUnknown(number=1)


@pytest.mark.django_db
def test_a_job_that_fails_does_not_end_the_others() -> None:
    done: list[str] = []
    jobs = [Job("hong", TITLE, 1, failing), Job("tot", TITLE, 1, lambda _: len(done) or 7)]
    assert run_once(jobs) == {"hong": None, "tot": 7}


def test_the_thread_works_and_stops_when_told() -> None:
    ticks: list[datetime] = []
    first = threading.Event()

    def tick(now: datetime) -> int:
        ticks.append(now)
        first.set()
        return 1

    with Background([Job("tick", TITLE, 0.01, tick)]) as background:
        assert first.wait(5)
        assert background.is_running
        started = time.monotonic()
    assert not background.is_running
    assert time.monotonic() - started < 5


@pytest.mark.django_db
def test_what_waits_in_the_ledger_is_published(house: object) -> None:
    assert LedgerEntry.objects.filter(published_at=None).exists()
    done = run_once([job for job in JOBS if job.name != "publish"])
    waiting_for_nothing = ("webhooks", "bundles", "uploads", "leavers")
    assert [done[name] for name in waiting_for_nothing] == [0, 0, 0, 0]


def test_every_job_has_a_name_in_both_languages() -> None:
    assert all(job.title.vi != job.title.en and job.every_seconds >= 1 for job in JOBS)
