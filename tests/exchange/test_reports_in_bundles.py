"""A report that came in a bundle stands on the same board and in the same sum as one written here."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reports.written_world import TEXTS, World, make_world, told_definitions
from submission_cases import FixedSender

from khien.exchange.answers import answer_text, read_answer
from khien.exchange.models import ReceivedBundle, ReceivedItem
from khien.exchange.own_keys import own_instance, own_key
from khien.exchange.partners import BELOW, register_key
from khien.exchange.receiving import Arrival, receive_file
from khien.exchange.submission_contents import Choice, contents_of
from khien.exchange.submission_format import REPORT, REPORT_FILE, SNAPSHOT
from khien.exchange.submission_notes import read_card
from khien.exchange.submission_writing import Piece
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.reports.definition_reading import load_definitions
from khien.reports.errors import ReportFromElsewhere
from khien.reports.models import Report, ReportSnapshot, ReportStep, ReportVersion
from khien.reports.step_services import return_report
from khien.reports.written_selectors import content_of, version_at

pytestmark = pytest.mark.django_db
ORIGIN = "khien/00112233445566aa"


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A department with two hospitals, of which the first runs a Khiên of its own."""
    del db
    settings.KHIEN_DATA = tmp_path
    for code, definition in told_definitions().items():
        monkeypatch.setitem(load_definitions(), code, definition)
    world = make_world(told_definitions())
    world.authority(world.department)
    world.incident()
    return world


def packed(world: World, report: Report) -> list[Piece]:
    """The report as its own instance would pack it."""
    return list(contents_of(world.hospital, Choice(reports=[report.pk])).pieces)


def far(world: World) -> FixedSender:
    """The hospital's own instance; its ledger says what ours says, because the report was written here."""
    sender = FixedSender(
        unit="bv-mau", instance=ORIGIN, to=own_instance(world.now), to_unit="so-mau"
    )
    for line, leaf in LedgerEntry.objects.order_by("index").values_list("line", "leaf_hash"):
        sender.lines.append(bytes(line))
        sender.leaves += bytes(leaf)
    if not ReceivedBundle.objects.exists():
        card = sender.card()
        register_key(world.hospital, BELOW, card, number=read_card(card).fingerprint, read_by="Bình", by="t", now=world.now)  # fmt: skip
    return sender


def forgotten(report: Report) -> None:
    """The report as if it had never been written here."""
    ReportStep.objects.filter(report=report).delete()
    ReportVersion.objects.filter(report=report).delete()
    ReportSnapshot.objects.filter(report=report).delete()
    report.delete()


def taken(
    world: World, sender: FixedSender, pieces: list[Piece], sequence: int = 1
) -> ReceivedBundle:
    content = sender.bundle(pieces, sequence=sequence, made_at=world.now)[1]
    return receive_file(BytesIO(content), Arrival(world.now, "theo-doi"))


def item(bundle: ReceivedBundle) -> ReceivedItem:
    return bundle.items.get(kind=REPORT)


def test_a_report_is_packed_with_what_its_ledger_entries_prove(world: World) -> None:
    report = world.sent()
    pieces = packed(world, report)
    assert [piece.item.kind for piece in pieces] == [REPORT, SNAPSHOT, REPORT_FILE]
    sender = far(world)
    forgotten(report)
    got = taken(world, sender, pieces)
    assert got.proven_count == 3
    assert "proven" in got.facts


def test_it_enters_the_board_and_once_accepted_the_sum(world: World) -> None:
    report = world.sent()
    pieces, sender = packed(world, report), far(world)
    forgotten(report)
    got = taken(world, sender, pieces)
    made = Report.objects.get(unit=world.hospital)
    assert (made.state, made.sent_to, made.origin) == ("sent", world.department, ORIGIN)
    assert item(got).report == made
    assert version_at(made).texts == TEXTS
    world.receive(made)
    content = content_of(version_at(world.draft("summary", world.department, "overseer")))
    assert content["figures"]["incidents"]["value"] == 1


def test_what_came_from_elsewhere_is_not_rewritten_here(world: World) -> None:
    report = world.sent()
    pieces, sender = packed(world, report), far(world)
    forgotten(report)
    taken(world, sender, pieces)
    made = Report.objects.get(unit=world.hospital)
    return_report(made, "Sai số liệu.", seen=made.latest, doer=world.doer("overseer"))
    with pytest.raises(ReportFromElsewhere):
        world.write(made, results="Viết lại ở đây.")


def test_an_older_version_that_comes_late_changes_nothing(world: World) -> None:
    report = world.sent()
    pieces, sender = packed(world, report), far(world)
    forgotten(report)
    newer = [again(piece, 7) for piece in pieces]
    taken(world, sender, newer, sequence=2)
    late = taken(world, sender, [again(piece, 3) for piece in pieces], sequence=1)
    assert item(late).report is None
    assert "bản mới hơn" in item(late).outcome
    assert Report.objects.get(unit=world.hospital).versions.count() == 1


def again(piece: Piece, version: int) -> Piece:
    about = dict(piece.item.about or {}) | {"version": version}
    return replace(piece, item=replace(piece.item, about=about))


def test_a_report_the_unit_already_has_here_is_kept_in_its_bundle_and_said(world: World) -> None:
    report = world.sent()
    got = taken(world, far(world), packed(world, report))
    assert item(got).report is None
    assert "nguồn khác" in item(got).outcome
    assert Report.objects.get(unit=world.hospital) == report


@pytest.mark.parametrize(
    ("kinds", "about", "word"),
    [
        ((REPORT,), {}, "không kèm số liệu"),
        ((REPORT, SNAPSHOT), {"form": 99}, "mới hơn"),
        ((REPORT, SNAPSHOT), {"definition": "khong-co"}, "không đúng dạng"),
        ((REPORT, SNAPSHOT), {"title": None}, "không đúng dạng"),
        ((REPORT, SNAPSHOT), {"sent_on": "hôm qua"}, "không đúng dạng"),
    ],
)
def test_a_report_that_does_not_hold_together_spoils_nothing_else(
    world: World, kinds: tuple[str, ...], about: dict[str, Any], word: str
) -> None:
    report = world.sent()
    pieces, sender = packed(world, report), far(world)
    forgotten(report)
    kept = [
        replace(piece, item=replace(piece.item, about=dict(piece.item.about or {}) | about))
        for piece in pieces
        if piece.item.kind in kinds
    ]
    got = taken(world, sender, kept)
    assert word in item(got).outcome
    assert not Report.objects.filter(unit=world.hospital).exists()


def test_a_report_of_a_unit_that_is_not_in_the_tree_is_not_put_under_another_one(
    world: World,
) -> None:
    report = world.sent()
    pieces, sender = packed(world, report), far(world)
    forgotten(report)
    odd = [replace(piece, item=replace(piece.item, unit="phong-kham")) for piece in pieces]
    got = taken(world, sender, odd)
    assert "phong-kham" in item(got).outcome
    assert not Report.objects.exists()
    assert Unit.objects.count() == 3


def test_what_is_decided_goes_back_signed_with_its_remarks(world: World) -> None:
    report = world.sent()
    pieces, sender = packed(world, report), far(world)
    forgotten(report)
    got = taken(world, sender, pieces)
    assert answer_text(got, by="t", now=world.now) == ""
    made = Report.objects.get(unit=world.hospital)
    return_report(made, "Sai số liệu.\nXem mục II.", seen=made.latest, doer=world.doer("overseer"))
    text = answer_text(got, by="t", now=world.now)
    [decision] = read_answer(text, [own_key(by="t", now=world.now).verifier]).decisions
    assert (decision.state, decision.version) == ("returned", 2)
    assert decision.remarks == "Sai số liệu.\nXem mục II."
