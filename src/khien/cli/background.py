"""Work that goes on by itself: messages of webhooks, publication of the ledger, accounts that have ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import DatabaseError, close_old_connections, connection

from khien.adoption.force.following import follow_texts
from khien.duties.keeping import Keeper
from khien.exchange.deliveries import run_webhooks
from khien.exchange.pushing import run_submissions
from khien.exchange.uploads import drop_stale
from khien.facts.upkeep import Upkeep
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.selectors import has_waiting_entries
from khien.ledger.services import publish
from khien.notices.digest import queue_digests
from khien.notices.reminders import tell_duties
from khien.notices.sending import send_waiting
from khien.org.users import disable_leavers
from khien.plans.reminders import tell_suppliers
from khien.reports.telling import tell_reports

logger = logging.getLogger(__name__)
STEP_SECONDS: Final = 1.0
STOP_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done every so many seconds; it returns how much there was to do."""

    name: str
    title: Text
    every_seconds: float
    work: Callable[[datetime], int]


def _publish_waiting(now: datetime) -> int:
    if not has_waiting_entries():
        return 0
    publish(now)
    return 1


JOBS: Final[Sequence[Job]] = (
    Job(
        "webhooks",
        Text("Gửi tin webhook", "Send messages of webhooks"),
        5,
        lambda now: run_webhooks(now=now),
    ),
    Job(
        "bundles",
        Text("Gửi gói cho đơn vị trên", "Send bundles to the unit above"),
        10,
        lambda now: run_submissions(now=now),
    ),
    Job(
        "uploads",
        Text("Dọn gói nhận dở đã bỏ", "Drop uploads that were left"),
        3600,
        lambda now: drop_stale(now=now),
    ),
    Job(
        "publish",
        Text("Ghi và ký sổ cái", "Publish and sign the ledger"),
        60,
        _publish_waiting,
    ),
    Job(
        "reminders",
        Text("Nhắc việc, báo quá hạn", "Remind, and tell what is overdue"),
        900,
        lambda now: tell_duties(now=now) + tell_suppliers(now=now) + tell_reports(now=now),
    ),
    Job(
        "digests",
        Text("Xếp thư tổng hợp vào hàng", "Queue the digests"),
        300,
        lambda now: queue_digests(now=now),
    ),
    Job(
        "mail",
        Text("Gửi thư điện tử", "Send e-mail"),
        30,
        lambda now: send_waiting(now=now),
    ),
    Job(
        "facts",
        Text(
            "Gộp tệp số liệu, xóa số liệu quá hạn", "Merge fact files, delete facts past their time"
        ),
        600,
        Upkeep(),
    ),
    Job(
        "leavers",
        Text("Khóa tài khoản đã qua ngày cuối", "Disable accounts whose last day has passed"),
        3600,
        lambda now: len(disable_leavers(now=now)),
    ),
    Job(
        "texts",
        Text("Đánh giá lại khi văn bản có hiệu lực", "Judge anew when a text takes effect"),
        900,
        lambda now: follow_texts(now=now),
    ),
    Job(
        "duties",
        Text("Cập nhật nghĩa vụ theo kỳ", "Bring duties up to date"),
        60,
        Keeper(),
    ),
)


def run_once(jobs: Sequence[Job] = JOBS) -> dict[str, int | None]:
    """Do every job once; return how much each did, None where it failed (the log says why)."""
    return {job.name: _done(job) for job in jobs}


def run_until(stop: threading.Event, jobs: Sequence[Job] = JOBS) -> None:
    """Do jobs each at its pace until told to stop; one that fails does not end the others."""
    due = dict.fromkeys((job.name for job in jobs), 0.0)
    while not stop.is_set():
        for job in jobs:
            if not stop.is_set() and time.monotonic() >= due[job.name]:
                _done(job)
                due[job.name] = time.monotonic() + job.every_seconds
        close_old_connections()
        stop.wait(STEP_SECONDS)
    connection.close()


def _done(job: Job) -> int | None:
    try:
        return job.work(now_utc())
    except (KhienError, DatabaseError, OSError):
        logger.exception("job.failed name=%s", job.name)
        return None


class Background:
    """Runs the jobs in a thread beside the pages, and ends it with them."""

    def __init__(self, jobs: Sequence[Job] = JOBS) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=run_until, args=(self._stop, jobs), name="khien-jobs", daemon=True
        )

    def __enter__(self) -> Background:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        """Stop, and wait until the job in hand is done, but not for ever."""
        self._stop.set()
        self._thread.join(STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        """Say whether the thread is at work."""
        return self._thread.is_alive()
