"""A duty closes by proof only: a report sent, a paper filed, a row with its day, a finding that passed."""

from __future__ import annotations

from duties_cast import Cast, at

from khien.duties.models import Occurrence
from khien.registers.filing import retire_attachment
from khien.registers.models import Attachment
from khien.registers.services import Act, retire_row

QUARTER = "bn-iii-3-p4-quarterly-report"
CHANNEL = "bn-ii-2-p3-police-channel"


def test_the_nineteenth_is_in_time_and_the_twentieth_is_late(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-06-19")
    cast.send("quarterly_report", "2026-09-20")
    stands = cast.stands("2026-10-01", QUARTER)
    assert (stands["2026-Q2"], stands["2026-Q3"]) == ("done", "done_late")


def test_a_report_sent_after_the_day_belongs_to_the_period_it_is_late_for(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-07-05")
    stands = cast.stands("2026-07-06", QUARTER)
    assert (stands["2026-Q2"], stands["2026-Q3"]) == ("done_late", "upcoming")


def test_a_report_that_names_its_period_is_counted_for_it_however_late(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-10", period="2026-Q2")
    stands = cast.stands("2026-09-11", QUARTER)
    assert (stands["2026-Q2"], stands["2026-Q3"]) == ("done_late", "due_soon")


def test_a_report_of_a_year_long_past_closes_nothing_of_today(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-10", period="2019-Q3")
    assert cast.stands("2026-09-11", QUARTER)["2026-Q3"] == "due_soon"


def test_a_period_that_is_none_is_passed_over(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-10", period="quý ba")
    assert cast.stands("2026-09-11", QUARTER)["2026-Q3"] == "done"


def test_a_report_without_its_file_closes_nothing(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-15", is_filed=False)
    assert cast.stands("2026-09-18", QUARTER)["2026-Q3"] == "due_soon"


def test_a_report_sent_to_another_body_closes_nothing(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-15", to="so_ttt")
    assert cast.stands("2026-09-18", QUARTER)["2026-Q3"] == "due_soon"


def test_a_report_of_another_kind_closes_nothing(cast: Cast) -> None:
    cast.send("status_report", "2026-09-15")
    assert cast.stands("2026-09-18", QUARTER)["2026-Q3"] == "due_soon"


def test_a_row_dated_ahead_closes_nothing_until_its_day(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-19")
    assert cast.stands("2026-09-18", QUARTER)["2026-Q3"] == "due_soon"
    assert cast.stands("2026-09-19", QUARTER)["2026-Q3"] == "done"


def test_the_proof_names_the_row_and_its_version(cast: Cast) -> None:
    row = cast.send("quarterly_report", "2026-09-15")
    cast.on("2026-09-18")
    closed = Occurrence.objects.get(duty=QUARTER, period="2026-Q3")
    assert (closed.proof, closed.proof_row, closed.proof_version) == ("dispatch", row, 1)
    assert closed.settled_by is not None
    assert closed.closed_at == at("2026-09-18")


def test_a_proof_taken_out_of_its_register_opens_the_duty_again(cast: Cast) -> None:
    row = cast.send("quarterly_report", "2026-09-15")
    assert cast.stands("2026-09-18", QUARTER)["2026-Q3"] == "done"
    retire_row(row, act=Act("an", at("2026-09-25")))
    assert cast.stands("2026-09-25", QUARTER)["2026-Q3"] == "overdue"
    assert Occurrence.objects.get(duty=QUARTER, period="2026-Q3").proof_row is None


def test_a_file_taken_off_its_paper_opens_the_duty_again(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-15")
    assert cast.stands("2026-09-18", QUARTER)["2026-Q3"] == "done"
    retire_attachment(Attachment.objects.get(), act=Act("an", at("2026-09-25")))
    assert cast.stands("2026-09-25", QUARTER)["2026-Q3"] == "overdue"


def test_an_earlier_proof_recorded_later_makes_a_late_duty_timely(cast: Cast) -> None:
    cast.send("quarterly_report", "2026-09-25")
    assert cast.stands("2026-09-26", QUARTER)["2026-Q3"] == "done_late"
    cast.send("quarterly_report", "2026-09-17")
    assert cast.stands("2026-09-27", QUARTER)["2026-Q3"] == "done"


def test_a_channel_set_up_before_the_plan_counts(cast: Cast) -> None:
    cast.put("contact", kind="police_channel", contact_name="PA05", started_on="2025-03-02")
    assert cast.stands("2026-05-08", CHANNEL) == {"once": "done"}


def test_a_one_off_that_was_late_on_the_day_of_its_plan_says_so(cast: Cast) -> None:
    (found,) = cast.on("2026-05-08", CHANNEL)
    assert (found.remark, str(found.due_on), str(found.opens_on)) == (
        "late_from_start",
        "2026-04-30",
        "2026-05-07",
    )
    assert found.stands == "overdue"  # type: ignore[attr-defined]


def test_all_running_systems_must_be_approved(cast: Cast) -> None:
    duty = "bn-ii-2-p2-approve-level"
    paper = cast.paper("level_decision", "2026-06-01")
    his = cast.system("HIS", level_approved_on="2026-06-02", level_decision=paper)
    portal = cast.system("Cổng")
    assert cast.stands("2026-06-10", duty) == {"once": "open"}
    cast.change(portal, level_approved_on="2026-06-20", level_decision=paper)
    assert cast.stands("2026-06-21", duty) == {"once": "done"}
    assert Occurrence.objects.get(duty=duty).proof_row != his


def test_a_quarterly_review_must_reach_every_running_system(ward_cast: Cast) -> None:
    duty, reviewer = "ds-d21-k2-a-risk-quarterly", ward_cast.person()
    systems = [ward_cast.system(name) for name in ("Một cửa", "Trang tin")]
    ward_cast.put("risk_review", reviewed_on="2026-07-10", system=systems[0], reviewer=reviewer)
    assert ward_cast.stands("2026-08-01", duty)["2026-Q3"] == "open"
    ward_cast.put("risk_review", reviewed_on="2026-08-10", system=systems[1], reviewer=reviewer)
    assert ward_cast.stands("2026-08-11", duty)["2026-Q3"] == "done"


def test_training_must_reach_all_three_groups(ward_cast: Cast) -> None:
    duty = "ds-d6-k2-c-train-3-groups"
    ward_cast.put(
        "training",
        title="Lớp 1",
        kind="training",
        held_on="2026-03-01",
        groups=["technical", "users"],
    )
    assert ward_cast.stands("2026-04-01", duty)["2026"] == "open"
    ward_cast.put(
        "training", title="Lớp 2", kind="training", held_on="2026-04-05", groups=["managers"]
    )
    assert ward_cast.stands("2026-04-06", duty)["2026"] == "done"
