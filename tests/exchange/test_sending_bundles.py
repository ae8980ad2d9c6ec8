"""Bundles made here: signed, proven, sent until they are received, and receipts that are believed only if right."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from exchange_house import House
from far_receiver import FarReceiver, said
from submission_cases import RECEIVER, FixedSender, document

from khien.exchange.answers import ANSWER, answered
from khien.exchange.models import Partner, SentBundle
from khien.exchange.own_keys import own_instance, own_key, rotate_own_key
from khien.exchange.partners import ABOVE, BELOW, register_key, revoke_key, set_address
from khien.exchange.pushing import PART_BYTES, ask_for_answers, push, run_submissions
from khien.exchange.sending import Reply
from khien.exchange.submission_contents import Choice, contents_of
from khien.exchange.submission_errors import ReceiptRefused, SubmissionNotMade
from khien.exchange.submission_format import DOCUMENT, ENTRIES, FINDINGS, REGISTER
from khien.exchange.submission_notes import note_signed, read_card
from khien.exchange.submission_store import sent_path
from khien.exchange.submitting import (
    Contents,
    State,
    make_bundle,
    send_again,
    take_answer,
    take_receipt,
)
from khien.kernel.clock import iso_utc, now_utc
from khien.ledger.models import LedgerEntry
from khien.ledger.note import decode_base64, encode_base64
from khien.ledger.selectors import verifier_key_text
from khien.ledger.tree import verify_consistency
from khien.registers.declarations import register_by_code
from khien.registers.filing import add_attachment
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row

pytestmark = pytest.mark.django_db
ADDRESS = "https://so.vidu.gov.vn"


@pytest.fixture
def above(house: House) -> Partner:
    """The department above the ward, whose key was registered."""
    card = FixedSender(unit="so", instance=RECEIVER).card()
    key = register_key(
        house.ward,
        ABOVE,
        card,
        number=read_card(card).fingerprint,
        read_by="Bình",
        by="an",
        now=now_utc(),
    )
    return key.partner


def far() -> FarReceiver:
    return FarReceiver(verifier_key_text(), str(own_key(by="t", now=now_utc()).verifier))


def made(above: Partner, *contents: bytes) -> SentBundle:
    pieces = [document(content) for content in contents or (b"x",)]
    return make_bundle(above, Contents(pieces), by="an", now=now_utc())


def test_a_bundle_holds_what_was_chosen_and_the_ledger_proves_the_documents(
    house: House, above: Partner
) -> None:
    row = house.add(house.ward)
    add_attachment(row, b"%PDF-1.4 x", name="Quyết định số 1.pdf", act=Act("an", now_utc()))
    house.add(house.station, "PC-02")
    house.add(house.strange, "PC-99")
    choice = Choice(registers=["endpoint"], with_findings=True, with_documents=True)
    sent = make_bundle(above, contents_of(house.ward, choice), by="an", now=now_utc())
    content = sent_path(sent).read_bytes()
    checked = far().checked(content)
    kinds = [item.kind for item in checked.manifest.items]
    assert kinds == [ENTRIES, REGISTER, REGISTER]
    assert {item.unit for item in checked.manifest.items[1:]} == {"phuong", "tram"}
    assert checked.proven == {2, 3}
    place = checked.members[1]
    rows = json.loads(content[place.content_at : place.end])["rows"]
    assert [one["values"]["endpoint_name"] for one in rows] == ["PC-01"]
    assert b"PC-99" not in content
    assert FINDINGS not in kinds
    assert LedgerEntry.objects.get(pk=sent.ledger_index).body["sha256"] == sent.sha256


def test_documents_of_the_register_come_with_their_proof(house: House, above: Partner) -> None:
    raw = {
        "kind": "internal_procedure",
        "title": "Quy trình",
        "issued_on": "10/01/2026",
        "is_approved": "có",
        "signer": "Nguyễn Văn A",
    }
    references = VisibleReferences([house.ward], home=house.ward, hosts=())
    draft = read_row(register_by_code("document"), raw, references)
    row = add_row(draft, unit=house.ward, act=Act("an", now_utc()))
    file = add_attachment(row, b"%PDF-1.4 y", name="Kế hoạch.pdf", act=Act("an", now_utc()))
    sent = make_bundle(above, contents_of(house.ward, Choice(with_documents=True)), by="an", now=now_utc())  # fmt: skip
    checked = far().checked(sent_path(sent).read_bytes())
    assert [item.kind for item in checked.manifest.items] == [ENTRIES, DOCUMENT]
    assert checked.manifest.items[1].sha256 == file.sha256
    assert checked.proven == {2}


def test_nothing_is_made_of_nothing_for_nobody_or_without_a_key(
    house: House, above: Partner
) -> None:
    with pytest.raises(SubmissionNotMade):
        make_bundle(above, Contents([]), by="an", now=now_utc())
    with pytest.raises(SubmissionNotMade):
        make_bundle(replace_direction(above), Contents([document(b"x")]), by="an", now=now_utc())
    key = above.keys.get()
    revoke_key(key, since=now_utc(), is_compromised=True, reason="x", by="an", now=now_utc())
    with pytest.raises(SubmissionNotMade):
        made(above)
    assert not SentBundle.objects.exists()


def replace_direction(partner: Partner) -> Partner:
    return Partner(pk=partner.pk, direction=BELOW, unit=partner.unit)


def test_a_waiting_bundle_is_sent_in_parts_and_its_receipt_is_kept(above: Partner) -> None:
    set_address(above, ADDRESS, by="an", now=now_utc())
    above.refresh_from_db()
    sent, receiver = made(above, b"a" * (PART_BYTES + 7), b"b" * PART_BYTES), far()
    assert sent.state == State.WAITING
    assert run_submissions(now=now_utc(), caller=receiver) == 1
    sent.refresh_from_db()
    assert bytes(receiver.got) == sent_path(sent).read_bytes()
    assert receiver.calls[0] == f"POST {ADDRESS}/api/submissions/1/"
    assert len(receiver.calls) == 4
    assert (sent.state, sent.offset) == (State.RECEIVED, sent.size_bytes)
    assert sent.cosigned
    assert run_submissions(now=now_utc() + timedelta(days=1), caller=receiver) == 0


def test_a_line_that_breaks_is_gone_on_with_where_it_stopped(above: Partner) -> None:
    set_address(above, ADDRESS, by="an", now=now_utc())
    above.refresh_from_db()
    sent, receiver = made(above, b"a" * PART_BYTES * 3), far()
    receiver.stops_at = PART_BYTES
    push(sent.pk, now=now_utc(), caller=receiver)
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == (State.WAITING, 1)
    assert sent.offset == PART_BYTES
    assert push(sent.pk, now=now_utc(), caller=receiver)
    sent.refresh_from_db()
    assert sent.state == State.RECEIVED
    assert bytes(receiver.got) == sent_path(sent).read_bytes()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(0, "timeout"),
        Reply(503, "HTTP 503"),
        Reply(404, "HTTP 404", b"<html>"),
        Reply(200, "HTTP 200", b"<html>"),
        Reply(200, "HTTP 200", b"[" * 5000),
        Reply(302, "HTTP 302"),
        said(409, {"code": "KHIEN-EXC-022", "detail_vi": "đã có đến byte 5"}),
    ],
)
def test_what_may_pass_is_tried_again(above: Partner, reply: Reply) -> None:
    set_address(above, ADDRESS, by="an", now=now_utc())
    above.refresh_from_db()
    sent, receiver = made(above), far()
    receiver.refusals = [reply]
    push(sent.pk, now=now_utc(), caller=receiver)
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == (State.WAITING, 1)
    assert sent.next_at > sent.made_at
    push(sent.pk, now=now_utc(), caller=receiver)
    sent.refresh_from_db()
    assert sent.state == State.RECEIVED


def test_a_refusal_waits_for_a_person_with_the_receivers_sentence(above: Partner) -> None:
    set_address(above, ADDRESS, by="an", now=now_utc())
    above.refresh_from_db()
    sent, receiver = made(above), far()
    receiver.refusals = [
        said(
            403,
            {
                "code": "KHIEN-EXC-010",
                "detail_vi": "Chưa đăng ký khóa",
                "detail_en": "Not registered",
            },
        )
    ]
    push(sent.pk, now=now_utc(), caller=receiver)
    sent.refresh_from_db()
    assert sent.state == State.REFUSED
    assert sent.answer == "KHIEN-EXC-010: Chưa đăng ký khóa\nKHIEN-EXC-010: Not registered"
    assert run_submissions(now=now_utc() + timedelta(days=2), caller=receiver) == 0
    send_again(sent, now=now_utc())
    assert run_submissions(now=now_utc(), caller=receiver) == 1


def test_two_workers_do_not_send_one_bundle(above: Partner) -> None:
    set_address(above, ADDRESS, by="an", now=now_utc())
    above.refresh_from_db()
    sent, receiver = made(above), far()

    def second(method: str, url: str, body: bytes, headers: object, **more: object) -> Reply:
        assert run_submissions(now=now_utc(), caller=receiver) == 0
        return Reply(0, "timeout")

    push(sent.pk, now=now_utc(), caller=second)
    assert receiver.calls == []


def test_a_receipt_carried_back_by_hand_is_taken_once(above: Partner) -> None:
    sent = made(above)
    assert sent.state == State.BY_HAND
    receipt = far().receipt(sent_path(sent).read_bytes())
    first = take_receipt(receipt.replace("\n", "\r\n"), by="an", now=now_utc())
    entries = LedgerEntry.objects.count()
    assert first.state == State.RECEIVED
    assert take_receipt(receipt, by="an", now=now_utc()) == first
    assert LedgerEntry.objects.count() == entries


def test_a_false_receipt_is_refused_and_changes_nothing(above: Partner) -> None:
    sent = made(above)
    receiver, content = far(), sent_path(sent).read_bytes()
    forged = FixedSender(unit="so", instance="khien/6666666666666666").checkpoint()
    own = receiver.checked(content).checkpoint
    for broken in (
        "",
        "phiếu",
        receiver.receipt(content)[:-9],
        receiver.receipt(content).replace("first", "firsT"),
        receiver.receipt(content, sha256="0" * 64),
        receiver.receipt(content, sequence=9),
        receiver.receipt(content, bundle="0" * 32),
        receiver.receipt(content, sender="khien/1"),
        receiver.receipt(content, cosigned=forged.note),
        receiver.receipt(content, cosigned=own.note),
        receiver.receipt(content, cosigned="x"),
    ):
        with pytest.raises(ReceiptRefused):
            take_receipt(broken, by="an", now=now_utc())
    sent.refresh_from_db()
    assert (sent.state, sent.receipt) == (State.BY_HAND, "")


def test_a_receipt_of_a_stolen_key_is_refused(above: Partner) -> None:
    sent = made(above)
    receipt = far().receipt(sent_path(sent).read_bytes())
    key = above.keys.get()
    revoke_key(key, since=now_utc(), is_compromised=True, reason="mất", by="an", now=now_utc())
    with pytest.raises(ReceiptRefused):
        take_receipt(receipt, by="an", now=now_utc())


def test_each_bundle_proves_that_the_ledger_goes_on_from_all_the_receiver_may_have_seen(
    above: Partner,
) -> None:
    first = made(above)
    one = far().checked(sent_path(first).read_bytes()).checkpoint
    second = made(above)
    take_receipt(far().receipt(sent_path(second).read_bytes()), by="an", now=now_utc())
    two = far().checked(sent_path(second).read_bytes())
    assert set(two.manifest.consistency) == {first.checkpoint_size}
    third = made(above)
    three = far().checked(sent_path(third).read_bytes())
    assert set(three.manifest.consistency) == {second.checkpoint_size}
    for old, new in ((one, two), (two.checkpoint, three)):
        given = new.manifest.consistency[old.size]
        proof = list(given)
        assert all(encode_base64(raw(path)) == path for path in proof)
        assert verify_consistency(
            old.size,
            new.checkpoint.size,
            old_root=old.root,
            root=new.checkpoint.root,
            proof=[raw(path) for path in proof],
        )


def raw(path: str) -> bytes:
    return decode_base64(path) or b""


def test_numbers_go_on_from_what_the_receiver_told(above: Partner) -> None:
    assert [made(above).sequence, made(above).sequence] == [1, 2]
    last = SentBundle.objects.get(sequence=2)
    receipt = far().receipt(sent_path(last).read_bytes(), last_sequence=40)
    take_receipt(receipt, by="an", now=now_utc())
    above.refresh_from_db()
    assert made(above).sequence == 41


def test_a_rotated_key_signs_what_comes_next(above: Partner) -> None:
    old = own_key(by="t", now=now_utc()).verifier
    first = made(above)
    new = rotate_own_key(by="an", now=now_utc()).verifier
    second = made(above)
    for sent, key in ((first, old), (second, new)):
        receiver = replace(far(), sender_key=str(key))
        assert receiver.checked(sent_path(sent).read_bytes())


def test_a_sent_file_may_be_read_by_us_only_and_is_not_changed(above: Partner) -> None:
    path = sent_path(made(above))
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o077 == 0


def answer(sent: SentBundle, state: str, at: str, **more: str) -> str:
    decision = {"definition": "x", "title": "Báo cáo quý", "version": 2, "state": state, "on": "2026-07-02", "remarks": "Sửa mục II."}  # fmt: skip
    said = {
        "bundle": sent.bundle,
        "sender": own_instance(now_utc()),
        "instance": RECEIVER,
        "at": at,
        "decisions": [decision],
    } | more
    return note_signed(ANSWER, said, FixedSender(unit="so", instance=RECEIVER).key)


def test_an_answer_is_kept_the_newest_one_and_a_false_one_is_not(above: Partner) -> None:
    sent = made(above)
    take_answer(answer(sent, "returned", "2026-07-02T03:00:00Z"), by="an", now=now_utc())
    sent.refresh_from_db()
    assert [(one.state, one.remarks) for one in answered(sent)] == [("returned", "Sửa mục II.")]
    entries = LedgerEntry.objects.count()
    take_answer(answer(sent, "returned", "2026-07-02T04:00:00Z"), by="an", now=now_utc())
    take_answer(answer(sent, "received", "2026-07-01T04:00:00Z"), by="an", now=now_utc())
    assert LedgerEntry.objects.count() == entries
    sound = answer(sent, "received", "2026-07-03T04:00:00Z")
    for broken in (
        sound.replace("received", "returned"),
        answer(sent, "received", "2026-07-03T04:00:00Z", sender="khien/1"),
        answer(sent, "received", "2026-07-03T04:00:00Z", bundle="0" * 32),
        "",
    ):
        with pytest.raises(ReceiptRefused):
            take_answer(broken, by="an", now=now_utc())
    take_answer(sound, by="an", now=now_utc())
    sent.refresh_from_db()
    assert [one.state for one in answered(sent)] == ["received"]


def test_the_worker_asks_what_became_of_reports(above: Partner) -> None:
    set_address(above, ADDRESS, by="an", now=now_utc())
    above.refresh_from_db()
    sent, receiver = made(above), far()
    SentBundle.objects.filter(pk=sent.pk).update(contents={"reports": [1]})
    run_submissions(now=now_utc(), caller=receiver)
    told = said(200, {"receipt": "x", "answer": answer(sent, "received", iso_utc(now_utc()))})
    receiver.refusals = [told]
    later = now_utc() + timedelta(hours=7)
    assert ask_for_answers(now=later, caller=receiver) == 1
    sent.refresh_from_db()
    assert [one.state for one in answered(sent)] == ["received"]
    assert ask_for_answers(now=later, caller=receiver) == 0
