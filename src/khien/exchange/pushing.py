"""The worker that sends bundles over https: announces, sends in parts, goes on where it stopped, tries again."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from khien.exchange.deliveries import GIVEN_UP_AFTER, wait_after
from khien.exchange.models import SentBundle
from khien.exchange.own_keys import own_key
from khien.exchange.sending import Reply, call
from khien.exchange.submission_errors import ReceiptRefused
from khien.exchange.submission_notes import Announcement, announcement_text
from khien.exchange.submission_store import sent_path
from khien.exchange.submitting import State, take_answer, take_receipt
from khien.kernel.clock import iso_utc
from khien.kernel.language import Text

logger = logging.getLogger(__name__)

PATH: Final = "/api/submissions/1/"
PART_BYTES: Final = 2 * 2**20
PART_SECONDS: Final = 60.0
LAST_PART_SECONDS: Final = 300.0
BUNDLES_AT_ONCE: Final = 5
_ANSWER_MAX: Final = 2**20
_LEASE: Final = timedelta(minutes=15)
_WORKER: Final = "khien jobs"
_ASKED_EVERY: Final = timedelta(hours=6)
_ASKED_FOR: Final = timedelta(days=120)
_ASKED_AT_ONCE: Final = 100
# Answers that another try may change; any other refusal waits for a person.
_AGAIN: Final = (0, 404, 408, 423, 425, 429)
Caller = Callable[..., Reply]
_NO_KHIEN = Text(
    "địa chỉ này không phải của một hệ thống Khiên", "no Khiên answers at this address"
)
_NO_FILE = Text(
    "tệp của gói không còn trên đĩa; khôi phục từ bản sao lưu",
    "the bundle's file is gone from the disk; restore it from the backup",
)
_NO_RECEIPT = Text("nơi nhận chưa trả phiếu", "the receiver gave no receipt yet")
_STATUS = Text("nơi nhận trả lời HTTP {status}", "the receiver answers HTTP {status}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: a receipt, a refusal that a person must look at, or a word and another try."""

    receipt: str = ""
    refusal: Text | None = None
    word: Text | None = None


def run_submissions(*, now: datetime, caller: Caller = call) -> int:
    """Send the bundles that are due; return how many were tried."""
    due = SentBundle.objects.filter(state=State.WAITING, next_at__lte=now)
    listed = list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:BUNDLES_AT_ONCE])
    tried = sum(push(pk, now=now, caller=caller) is not None for pk in listed)
    ask_for_answers(now=now, caller=caller)
    return tried


def ask_for_answers(*, now: datetime, caller: Caller = call) -> int:
    """Ask what became of reports that were received, each bundle four times a day; return how many."""
    due = SentBundle.objects.filter(
        state=State.RECEIVED, made_at__gte=now - _ASKED_FOR, partner__ended_at=None
    ).exclude(partner__address="")
    due = due.filter(Q(asked_at=None) | Q(asked_at__lte=now - _ASKED_EVERY))
    listed = [
        one for one in due.select_related("partner__unit")[:_ASKED_AT_ONCE] if _has_reports(one)
    ]
    for sent in listed:
        SentBundle.objects.filter(pk=sent.pk).update(asked_at=now)
        reply = _call(sent, "POST", _announcement(sent, now), {}, caller, PART_SECONDS)
        answer = _said(reply).get("answer")
        if reply.is_accepted and isinstance(answer, str):
            try:
                take_answer(answer, by=_WORKER, now=now)
            except ReceiptRefused:
                logger.warning("bundle.answer_refused bundle=%d", sent.pk)
    return len(listed)


def _has_reports(sent: SentBundle) -> bool:
    return bool(sent.contents.get("reports"))


def push(pk: int, *, now: datetime, caller: Caller = call) -> Outcome | None:
    """Try to send one bundle; None where another worker has it, or it no longer waits."""
    sent = SentBundle.objects.select_related("partner__unit").get(pk=pk)
    mine = SentBundle.objects.filter(
        pk=pk, state=State.WAITING, attempts=sent.attempts, next_at=sent.next_at
    )
    if not mine.update(next_at=now + _LEASE, attempts=sent.attempts + 1):
        return None
    outcome = _sent(sent, now, caller)
    if outcome.receipt:
        try:
            take_receipt(outcome.receipt, by=_WORKER, now=now)
        except ReceiptRefused as refused:
            outcome = Outcome(refusal=refused.text())
    if not outcome.receipt:
        _note(sent, outcome, now=now)
    logger.info("bundle.tried bundle=%d received=%s", pk, bool(outcome.receipt))
    return outcome


def _sent(sent: SentBundle, now: datetime, caller: Caller) -> Outcome:
    announced = _call(sent, "POST", _announcement(sent, now), {}, caller, PART_SECONDS)
    outcome = _outcome(announced)
    if outcome is not None:
        return outcome
    said = _said(announced)
    offset, secret = said.get("offset"), said.get("secret")
    if not isinstance(offset, int) or not isinstance(secret, str):
        return Outcome(word=_NO_KHIEN)
    path = sent_path(sent)
    if not path.is_file():
        return Outcome(refusal=_NO_FILE)
    return _parts(sent, offset, secret, caller)


def _announcement(sent: SentBundle, now: datetime) -> bytes:
    partner = sent.partner
    said = Announcement(
        bundle=sent.bundle,
        sha256=sent.sha256,
        size=sent.size_bytes,
        sequence=sent.sequence,
        unit=partner.unit.code,
        receiver=partner.instance,
        at=iso_utc(now),
    )
    return announcement_text(said, own_key(by=_WORKER, now=now)).encode()


def _parts(sent: SentBundle, offset: int, secret: str, caller: Caller) -> Outcome:
    with sent_path(sent).open("rb") as file:
        while 0 <= offset < sent.size_bytes:
            file.seek(offset)
            part = file.read(PART_BYTES)
            is_last = offset + len(part) >= sent.size_bytes
            headers = {"Upload-Offset": str(offset), "Upload-Secret": secret}
            seconds = LAST_PART_SECONDS if is_last else PART_SECONDS
            reply = _call(sent, "PATCH", part, headers, caller, seconds)
            outcome = _outcome(reply)
            if outcome is not None:
                return outcome
            following = _said(reply).get("offset")
            if not isinstance(following, int) or following <= offset:
                return Outcome(word=_NO_KHIEN)
            offset = following
            SentBundle.objects.filter(pk=sent.pk).update(offset=offset)
    return Outcome(word=_NO_RECEIPT)


def _call(
    sent: SentBundle,
    method: str,
    body: bytes,
    headers: dict[str, str],
    caller: Caller,
    seconds: float,
) -> Reply:
    address = sent.partner.address + PATH
    kind = "text/plain; charset=utf-8" if method == "POST" else "application/octet-stream"
    return caller(
        method,
        address if method == "POST" else f"{address}{sent.bundle}/",
        body,
        {"Content-Type": kind, "User-Agent": "khien-submission/1", **headers},
        allows_private=sent.partner.allows_private,
        seconds=seconds,
        answer_max=_ANSWER_MAX,
    )


def _outcome(reply: Reply) -> Outcome | None:
    """Return what an answer settles; None where the next part is to be sent."""
    said = _said(reply)
    if reply.is_accepted:
        receipt = said.get("receipt")
        return Outcome(receipt=receipt) if isinstance(receipt, str) else None
    code = said.get("code")
    is_refusal = isinstance(code, str) and code.startswith("KHIEN-EXC-")
    if is_refusal and reply.status not in _AGAIN and reply.status < 500 and code != _MOVED:
        return Outcome(refusal=_told(said))
    word = _told(said) if isinstance(code, str) else reply.why
    return Outcome(word=word or _STATUS.fill({"status": reply.status}))


def _told(said: dict[str, Any]) -> Text:
    """Return what a receiver says, in both languages, behind its code."""
    vi, en = (str(said.get(name) or "")[:250] for name in ("detail_vi", "detail_en"))
    return Text(f"{said['code']}: {vi}", f"{said['code']}: {en or vi}")


_MOVED: Final = "KHIEN-EXC-022"


def _said(reply: Reply) -> dict[str, Any]:
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _note(sent: SentBundle, outcome: Outcome, *, now: datetime) -> None:
    if outcome.refusal:
        state, next_at = State.REFUSED, now
    elif now - sent.made_at >= GIVEN_UP_AFTER * 10:
        state, next_at = State.DEAD, now
    else:
        state, next_at = State.WAITING, now + wait_after(sent.attempts + 1)
    waiting = SentBundle.objects.filter(pk=sent.pk, state=State.WAITING)
    told = outcome.refusal or outcome.word or _NO_RECEIPT
    answer = f"{told.vi}\n{told.en}"[:600]
    waiting.update(state=state, next_at=next_at, tried_at=now, answer=answer)
