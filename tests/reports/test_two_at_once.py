"""Two people at the same moment: the second waits, sees the difference, and loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from written_world import TEXTS, World

from khien.reports.errors import ReportNotThere, ReportWrittenMeanwhile
from khien.reports.models import Report, ReportStep, ReportVersion
from khien.reports.step_services import review_report
from khien.reports.written_services import write_texts

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Do everything at the same moment, each on a connection of its own; say what came of it.

    The embedded database of the tests lives in one connection, with one writer at a time: there, one by one.
    """
    is_server = connection.vendor == "postgresql"
    start = threading.Barrier(len(acts) if is_server else 1)
    found: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(10)
        try:
            act()
        except (ReportWrittenMeanwhile, ReportNotThere) as refused:
            found[place] = refused
        finally:
            if is_server:
                connections.close_all()

    if not is_server:
        for place, act in enumerate(acts):
            run(place, act)
        return found
    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.fixture
def report(world: World) -> Report:
    world.authority()
    return world.draft()


def test_two_who_write_the_same_text_at_once(world: World, report: Report) -> None:
    doers = [world.doer("officer"), world.doer("second")]
    came = at_once(*(
        lambda d=doer, n=n: write_texts(report, {"results": f"Của {n}."}, seen=1, doer=d)
        for n, doer in enumerate(doers)
    ))  # fmt: skip
    assert sorted(one is None for one in came) == [False, True]
    [refused] = [one for one in came if one is not None]
    assert isinstance(refused, ReportWrittenMeanwhile)
    [conflict] = refused.conflicts
    kept = ReportVersion.objects.get(report=report, number=2).texts["results"]
    assert {conflict.theirs, conflict.mine} == {"Của 0.", "Của 1."}
    assert kept == conflict.theirs


def test_two_who_write_different_texts_at_once_are_both_kept(world: World, report: Report) -> None:
    doers = [world.doer("officer"), world.doer("second")]
    texts = [{"results": "Một."}, {"proposals": "Hai."}]
    came = at_once(*(
        lambda d=doer, t=text: write_texts(report, t, seen=1, doer=d)
        for doer, text in zip(doers, texts, strict=True)
    ))  # fmt: skip
    assert came == [None, None]
    assert ReportVersion.objects.get(report=report, number=3).texts == texts[0] | texts[1]


def test_two_who_review_at_once_review_once(world: World, report: Report) -> None:
    world.write(report, **TEXTS)
    doers = [world.doer("leader"), world.doer("second")]
    came = at_once(*(lambda d=doer: review_report(report, seen=2, doer=d) for doer in doers))
    assert sorted(one is None for one in came) == [False, True]
    assert ReportStep.objects.filter(report=report).count() == 1
