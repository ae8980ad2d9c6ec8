"""Taking bundles in: verified before anything is stored, once however often it comes, and a forked ledger shouts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from submission_cases import DOCX, MADE_AT, REPORT_JSON, FixedSender, document, findings, reworded
from submission_house import SOON, Department

from khien.exchange import submission_facts as facts
from khien.exchange.models import Partner, PartnerKey, ReceivedBundle, ReceivedItem
from khien.exchange.own_keys import own_card, own_key, rotate_own_key
from khien.exchange.partners import BELOW, accept_break, end_partner, register_key, revoke_key
from khien.exchange.receiving import CLOCK_TOLERANCE
from khien.exchange.submission_errors import (
    CardRefused,
    FromTheFuture,
    KeyRevoked,
    KeyUnknown,
    NotForUs,
    SealBroken,
    SequenceReused,
    SpeaksForOthers,
    SubmissionAltered,
    SubmissionRefused,
    SubmissionTruncated,
)
from khien.exchange.submission_notes import read_card, read_receipt
from khien.exchange.submission_store import item_bytes, received_path
from khien.ledger.checkpoint import parse_checkpoint_text
from khien.ledger.models import LedgerEntry
from khien.ledger.note import open_note

pytestmark = pytest.mark.django_db


def nothing_is_stored(department: Department) -> bool:
    from django.conf import settings

    left = list((settings.KHIEN_DATA / "exchange").rglob("*.*"))
    return not ReceivedBundle.objects.exists() and not left


def test_a_bundle_of_a_registered_key_is_taken_in_with_what_was_verified(
    department: Department,
) -> None:
    sender = department.sender()
    key = department.paired(sender)
    manifest, content = sender.bundle()
    got = department.take(content)
    assert (got.partner.unit, got.key, got.sequence) == (department.ward, key, 1)
    assert got.facts == [facts.SIGNED, facts.WHOLE, facts.PROVEN, "first"]
    items = list(got.items.all())
    assert [one.sha256 for one in items] == [one.sha256 for one in manifest.items]
    assert item_bytes(items[1]) == REPORT_JSON
    assert item_bytes(items[2]) == DOCX
    assert items[1].about == {
        "definition": "RPT-01",
        "period": "2026-Q2",
        "report": "r-1",
        "version": 1,
    }
    assert received_path(got).stat().st_mode & 0o777 == 0o400
    entry = LedgerEntry.objects.get(pk=got.ledger_index)
    assert entry.body["sha256"] == got.sha256


def test_the_receipt_is_signed_and_co_signs_the_senders_ledger(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    manifest, content = sender.bundle()
    got = department.take(content)
    key = own_key(by="test", now=SOON)
    receipt, signer = read_receipt(got.receipt, [key.verifier])
    assert signer == key.verifier
    assert (receipt.bundle, receipt.sha256) == (manifest.bundle, got.sha256)
    assert receipt.receiver.unit == "so"
    note, signers = open_note(receipt.cosigned, [sender.ledger_key.verifier, key.witness])
    assert set(signers) == {sender.ledger_key.verifier, key.witness}
    assert parse_checkpoint_text(note.text)[1] == len(sender.lines)


def test_the_same_bundle_twice_gives_the_same_answer_and_nothing_doubled(
    department: Department,
) -> None:
    sender = department.sender()
    department.paired(sender)
    content = sender.bundle()[1]
    first = department.take(content)
    entries = LedgerEntry.objects.count()
    second = department.take(content, now=SOON + timedelta(days=3))
    assert second == first
    assert second.receipt == first.receipt
    assert ReceivedItem.objects.count() == first.item_count
    assert LedgerEntry.objects.count() == entries


def test_an_altered_half_or_unknown_bundle_stores_nothing(department: Department) -> None:
    sender = department.sender()
    content = sender.bundle()[1]
    with pytest.raises(KeyUnknown):
        department.take(content)
    department.paired(sender)
    altered = bytearray(content)
    altered[content.index(DOCX)] ^= 1
    for broken, error in (
        (bytes(altered), SubmissionAltered),
        (content[:-40], SubmissionTruncated),
        (b"", SubmissionTruncated),
        (content + b"x", SubmissionAltered),
    ):
        with pytest.raises(error):
            department.take(broken)
    assert nothing_is_stored(department)
    assert department.partner().last_sequence == 0


def test_a_bundle_from_the_future_is_refused_and_one_within_the_tolerance_is_not(
    department: Department,
) -> None:
    sender = department.sender()
    department.paired(sender)
    ahead = SOON + CLOCK_TOLERANCE
    with pytest.raises(FromTheFuture) as caught:
        department.take(sender.bundle(made_at=ahead + timedelta(seconds=1))[1])
    assert "10 phút" in str(caught.value)
    assert nothing_is_stored(department)
    department.take(sender.bundle(made_at=ahead)[1])


def test_a_bundle_for_another_receiver_is_refused(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    sender.to = "khien/1234123412341234"
    with pytest.raises(NotForUs):
        department.take(sender.bundle()[1])


def test_a_key_speaks_for_its_own_unit_only(department: Department) -> None:
    sender, hospital = department.sender(), department.sender("benh-vien")
    department.paired(sender)
    department.paired(hospital)
    with pytest.raises(SpeaksForOthers):
        department.take(
            sender.bundle(change=lambda m: replace(m, sender=replace(m.sender, unit="benh-vien")))[
                1
            ]
        )
    with pytest.raises(SpeaksForOthers):
        department.take(sender.bundle()[1], at=department.hospital)
    department.take(sender.bundle()[1], at=department.department)


def test_items_of_units_elsewhere_are_never_put_under_them(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    pieces = [findings("phuong", 3), findings("tram", 2), findings("benh-vien", 1)]
    got = department.take(sender.bundle(pieces)[1])
    assert [one.unit for one in got.items.select_related("unit")] == [
        department.ward,
        department.station,
        department.ward,
    ]
    assert facts.UNKNOWN_UNIT in got.facts
    assert facts.UNPROVEN_ITEMS in got.facts


def test_a_gap_is_shown_and_a_late_bundle_is_kept_as_history(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    third = department.take(sender.bundle(sequence=3)[1])
    assert facts.GAP in third.facts
    receipt = read_receipt(third.receipt, [own_key(by="t", now=SOON).verifier])[0]
    assert receipt.missing == (1, 2)
    late = department.take(sender.bundle(sequence=2, since=(2,))[1])
    assert facts.LATE in late.facts
    assert department.partner().last_sequence == 3


def test_a_number_used_again_is_refused_with_the_number_to_go_on_from(
    department: Department,
) -> None:
    sender = department.sender()
    department.paired(sender)
    department.take(sender.bundle(sequence=4)[1])
    with pytest.raises(SequenceReused) as caught:
        department.take(sender.bundle([document(b"other")], sequence=4)[1])
    assert "lớn hơn 4" in str(caught.value)


def test_an_altered_copy_of_a_bundle_that_was_received_is_called_altered(
    department: Department,
) -> None:
    sender = department.sender()
    department.paired(sender)
    content = sender.bundle()[1]
    department.take(content)
    with pytest.raises(SubmissionAltered):
        department.take(content.replace(b"not really", b"NOT really"))


def test_a_replaced_key_signs_nothing_new_and_what_it_signed_before_stays(
    department: Department,
) -> None:
    sender = department.sender()
    key = department.paired(sender)
    first = department.take(sender.bundle()[1])
    on_its_way = sender.bundle(sequence=2, since=(1,))[1]
    revoke_key(key, since=SOON, is_compromised=False, reason="thay khóa", by="quan-tri", now=SOON)
    with pytest.raises(KeyRevoked):
        department.take(sender.bundle(sequence=3, made_at=SOON)[1], now=SOON + timedelta(hours=1))
    late = department.take(on_its_way, now=SOON + timedelta(days=1))
    assert facts.OLD_KEY in late.facts
    first.refresh_from_db()
    assert facts.OLD_KEY not in first.facts
    assert department.take(on_its_way).pk == late.pk


def test_a_stolen_key_cannot_put_its_date_back(department: Department) -> None:
    sender = department.sender()
    key = department.paired(sender)
    revoke_key(key, since=SOON, is_compromised=True, reason="mất máy", by="quan-tri", now=SOON)
    with pytest.raises(KeyRevoked):
        department.take(sender.bundle(made_at=MADE_AT)[1])
    assert nothing_is_stored(department)
    with pytest.raises(CardRefused):
        department.paired(sender)


def test_a_new_key_goes_on_where_the_old_one_stopped(department: Department) -> None:
    sender = department.sender()
    old = department.paired(sender)
    department.take(sender.bundle()[1])
    revoke_key(old, since=SOON, is_compromised=False, reason="thay", by="quan-tri", now=SOON)
    size, sender.generation = len(sender.lines), 2
    department.paired(sender, now=SOON)
    got = department.take(sender.bundle(sequence=2, since=(size,), made_at=SOON)[1])
    assert got.continuity == "continues"
    assert Partner.objects.count() == 1


def test_a_ledger_that_continues_is_co_signed_again(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    department.take(sender.bundle()[1])
    size = len(sender.lines)
    again = department.take(sender.bundle(sequence=2, since=(size,))[1])
    assert again.continuity == "continues"
    partner = department.partner()
    assert (partner.witnessed_size, partner.witnessed_sequence) == (len(sender.lines), 2)
    unproven = department.take(sender.bundle(sequence=3)[1])
    assert unproven.continuity == "unproven"
    assert department.partner().witnessed_sequence == 2
    still = department.take(sender.bundle([document(b"x")], sequence=4, since=(2,))[1])
    assert still.continuity == "continues"


@pytest.mark.parametrize("growth", [0, 1])
def test_a_forked_ledger_is_told_loudly_and_both_signatures_are_kept(
    department: Department, growth: int
) -> None:
    honest = department.sender()
    department.paired(honest)
    department.take(honest.bundle()[1])
    forked = department.sender()
    forked.recorded(word="another past")
    for _ in range(growth):
        forked.recorded(word="more")
    proof = (1,) if growth else ()
    got = department.take(forked.bundle([document(b"x")], sequence=2, since=proof)[1])
    assert got.continuity == "forked"
    partner = department.partner()
    assert partner.alarm == "forked"
    entry = LedgerEntry.objects.get(kind="exchange.ledger_broken")
    key = honest.ledger_key.verifier
    before, now = (
        parse_checkpoint_text(open_note(str(entry.body[name]), [key])[0].text)
        for name in ("cosigned_before", "brought_now")
    )
    assert before != now
    receipt = read_receipt(got.receipt, [own_key(by="t", now=SOON).verifier])[0]
    assert receipt.cosigned == ""


def test_a_ledger_cut_back_is_told_and_nothing_is_co_signed_until_a_person_says_why(
    department: Department,
) -> None:
    sender = department.sender()
    department.paired(sender)
    sender.recorded()
    sender.recorded()
    department.take(sender.bundle([document(b"a")])[1])
    restored = department.sender()
    restored.recorded()
    got = department.take(restored.bundle([document(b"b")], sequence=2)[1])
    assert got.continuity == "rolled_back"
    with pytest.raises(CardRefused):
        accept_break(department.partner(), reason=" ", by="quan-tri", now=SOON)
    accept_break(department.partner(), reason="khôi phục bản cũ", by="quan-tri", now=SOON)
    again = department.take(restored.bundle([document(b"c")], sequence=3)[1])
    assert again.continuity == "first"
    assert department.partner().witnessed_size == 1


def test_a_newer_minor_version_is_taken_in_and_says_so(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    change = reworded(
        ('"bundle":', '"afterwards":1,"bundle":'),
        ('"version":"1.1"', '"version":"1.9"'),
        ('"kind":"document"', '"kind":"document.seen"'),
    )
    sender.recorded()
    got = department.take(sender.bundle([document(b"x")], change=change)[1])
    assert facts.NEWER in got.facts
    assert got.items.get().kind == "document.seen"


def test_a_received_file_altered_on_our_disk_is_never_handed_out(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    got = department.take(sender.bundle()[1])
    path = received_path(got)
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[got.items.get(place=3).offset] ^= 1
    path.write_bytes(content)
    with pytest.raises(SealBroken):
        item_bytes(got.items.get(place=3))
    path.unlink()
    with pytest.raises(SealBroken):
        item_bytes(got.items.get(place=2))


# --- keys and pairing ---------------------------------------------------------------------------


def test_a_key_is_registered_only_by_the_number_that_was_read(department: Department) -> None:
    sender = department.sender()
    card, other = sender.card(), FixedSender(instance="khien/6666666666666666").card()
    number = read_card(card).fingerprint
    assert len(number.replace(" ", "")) == 40
    for wrong in ("", number[:-1], number[:20], read_card(other).fingerprint, "1" * 40):
        with pytest.raises(CardRefused):
            register(department, card, number=wrong)
    with pytest.raises(CardRefused):
        register(department, card, number=number, read_by=" ")
    assert not PartnerKey.objects.exists()
    assert register(department, card, number=number.replace(" ", "-")).fingerprint == number


def register(
    department: Department, card: str, *, number: str, read_by: str = "Bình"
) -> PartnerKey:
    return register_key(
        department.ward, BELOW, card, number=number, read_by=read_by, by="quan-tri", now=SOON
    )


def test_a_card_that_was_altered_or_is_none_is_refused(department: Department) -> None:
    sender = department.sender()
    card = sender.card()
    number = read_card(card).fingerprint
    for broken in (
        "",
        "thẻ",
        card.replace("phuong", "benhvi"),
        card.replace("khien-card/1", "khien-card/2"),
    ):
        with pytest.raises(CardRefused):
            register(department, broken, number=number)
    assert register(department, card.replace("\n", "\r\n"), number=number)


def test_our_own_card_and_a_second_instance_for_one_unit_are_refused(
    department: Department,
) -> None:
    own = own_card(department.department, by="t", now=SOON)
    with pytest.raises(CardRefused):
        register(department, own, number=read_card(own).fingerprint if own else "")
    department.paired(department.sender())
    other = FixedSender(instance="khien/6666666666666666").card()
    with pytest.raises(CardRefused) as caught:
        register(department, other, number=read_card(other).fingerprint)
    assert "khien/00112233445566aa" in str(caught.value)
    end_partner(Partner.objects.get(), by="quan-tri", now=SOON)
    assert register(department, other, number=read_card(other).fingerprint)


def test_an_ended_partner_sends_nothing(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    end_partner(department.partner(), by="quan-tri", now=SOON)
    with pytest.raises(KeyUnknown):
        department.take(sender.bundle()[1])


def test_every_act_on_keys_is_on_record(department: Department) -> None:
    sender = department.sender()
    key = department.paired(sender)
    rotate_own_key(by="quan-tri", now=SOON)
    rotate_own_key(by="quan-tri", now=SOON)
    revoke_key(key, since=SOON, is_compromised=True, reason="mất", by="quan-tri", now=SOON)
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert {
        "exchange.key_registered",
        "exchange.own_key_made",
        "exchange.own_key_retired",
        "exchange.key_revoked",
    } <= kinds


def test_every_refusal_speaks_both_languages() -> None:
    for error in SubmissionRefused.__subclasses__():
        assert error.sentence.vi != error.sentence.en
        assert error.code.startswith("KHIEN-EXC-")


def test_a_large_bundle_takes_as_many_queries_as_a_small_one(department: Department) -> None:
    sender = department.sender()
    department.paired(sender)
    counts = []
    for sequence, items in ((1, 1), (2, 400)):
        content = sender.bundle([document(b"%d" % n) for n in range(items)], sequence=sequence)[1]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            department.take(content)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
