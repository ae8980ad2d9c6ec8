"""Duties on the desk: what is due soon or late, once, with its clause, where it leads."""

from __future__ import annotations

from datetime import UTC, datetime

from duties_cast import Cast, at
from test_keeping import found

from khien.desk.targets import control_target, duty_target, row_target
from khien.desk.tasks.from_duties import due
from khien.desk.tasks.gathered import tasks_of
from khien.desk.tasks.task import Asked, Source, Task
from khien.duties.models import Occurrence
from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text

QUARTER = "bn-iii-3-p4-quarterly-report"


def desk(cast: Cast, moment: datetime, *others: Task) -> list[Task]:
    cast.on(moment)
    asked = Asked(None, [cast.unit], now=moment, today=vietnam_date(moment))
    word = Text("nguồn", "source")
    return tasks_of(asked, [Source("duties", word, due), Source("others", word, lambda _: others)])


def test_what_must_be_done_within_the_days_ahead_is_told_with_clause_and_day(cast: Cast) -> None:
    tasks = {task.anchors: task for task in desk(cast, at("2026-09-05"))}
    task = tasks["bac-ninh/III.3.p4",]
    occurrence = Occurrence.objects.get(duty=QUARTER, period="2026-Q3")
    assert str(task.due_on) == "2026-09-18"
    assert task.target == duty_target("bv", occurrence.pk)
    assert task.why is not None
    assert task.why.vi.startswith("Ngày cuối 19/09/2026 là ngày nghỉ")
    assert task.why.vi.endswith("đã gửi báo cáo quý tới Sở Y tế.")


def test_what_is_far_ahead_or_done_is_not_told(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-06-01")
    cast.send("quarterly_report", "2026-09-01")
    assert not [
        task for task in desk(cast, at("2026-09-05")) if task.anchors == ("bac-ninh/III.3.p4",)
    ]


def test_an_overdue_report_takes_the_place_of_its_failing_control(cast: Cast) -> None:
    failing = Task("failing", Text("REP-01", "REP-01"), control_target("bv", "REP-01"))
    other = Task("failing", Text("PWD-01", "PWD-01"), control_target("bv", "PWD-01"))
    titles = [task.title.vi for task in desk(cast, at("2026-09-25"), failing, other)]
    assert "REP-01" not in titles
    assert "PWD-01" in titles


def test_a_control_that_fails_while_its_duty_is_in_time_is_still_told(cast: Cast) -> None:
    failing = Task("failing", Text("REP-01", "REP-01"), control_target("bv", "REP-01"))
    cast.send("quarterly_report", "2026-06-15")
    assert "REP-01" in [task.title.vi for task in desk(cast, at("2026-09-05"), failing)]


def test_a_request_is_told_once(cast: Cast) -> None:
    cast.put("request", content="Báo cáo", kind="report", authority=cast.body("so_yt"), received_on="2026-10-01",
             due_on="2026-10-11")  # fmt: skip
    row = Task("rows", Text("Hạn trả lời", "Due"), row_target("bv", "request", 1))
    tasks = desk(cast, at("2026-10-05"), row)
    assert "rows" not in {task.source for task in tasks}


def test_a_law_above_the_unit_s_texts_is_cited_with_its_article(cast: Cast) -> None:
    told = [task.anchors for task in desk(cast, at("2026-12-05"))]
    assert told.count(("nd-331-2026/D35",)) == 1


def test_a_passing_month_of_machines_is_not_a_task(ward_cast: Cast) -> None:
    found(ward_cast.unit, "pass", "2026-10-01", None)
    tasks = desk(ward_cast, datetime(2026, 10, 20, 2, tzinfo=UTC))
    assert ("do-son/D24.k1.b",) not in [
        task.anchors for task in tasks if task.title.vi.startswith("Mỗi tháng")
    ]
