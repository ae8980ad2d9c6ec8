"""khien bundle: bundles made, written to a stick, taken in; receipts written and brought back."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from khien.cli.output import painted, put, say
from khien.exchange.answers import ANSWER
from khien.exchange.models import SentBundle
from khien.exchange.pushing import push
from khien.exchange.receiving import Arrival, receive_file
from khien.exchange.submission_contents import Choice, contents_of, sendable_reports
from khien.exchange.submission_facts import facts_of
from khien.exchange.submission_notes import NOTE_LENGTH_MAX
from khien.exchange.submission_selectors import (
    answer_of,
    partner_by_number,
    received_by_number,
    sent_by_number,
)
from khien.exchange.submission_store import sent_path
from khien.exchange.submitting import State, make_bundle, send_again, take_answer, take_receipt
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.ledger.services import publish
from khien.org.history import subtree
from khien.org.selectors import all_units

ACTOR = "khien bundle"
_MARKS = {"good": ("✓", "pass"), "note": ("!", "unknown"), "bad": ("✗", "fail")}


class FileUnusable(KhienError):
    """A file of the command line that cannot be read or written."""

    code = "KHIEN-CLI-041"
    sentence = Text(
        vi="Không đọc hoặc ghi được tệp {file}: {why}. Kiểm tra tên tệp, quyền và chỗ trống rồi chạy lại.",
        en="The file {file} cannot be read or written: {why}. Check its name, rights and room, then run again.",
    )


def read_text(file: str) -> str:
    """Return a small text file.

    Raises: FileUnusable
    """
    try:
        with Path(file).open(encoding="utf-8", errors="replace") as source:
            return source.read(NOTE_LENGTH_MAX * 2)
    except OSError as error:
        raise FileUnusable(file=file, why=error.strerror) from error


def export(args: argparse.Namespace) -> int:
    """Make a bundle, and write it to a file where one is named."""
    partner = partner_by_number(args.to, all_units())
    reports = sendable_reports(subtree(partner.unit)).filter(number__in=args.report)
    choice = Choice(
        reports=[report.pk for report in reports],
        registers=args.register,
        with_findings=args.findings,
        with_documents=args.documents,
    )
    made = make_bundle(partner, contents_of(partner.unit, choice), by=ACTOR, now=now_utc())
    publish(now_utc())
    if args.out:
        _copy(made, Path(args.out))
    say(
        f"Đã lập gói số {made.sequence} ({made.item_count} mục, {made.size_bytes} byte), số ở đây: {made.pk}.",
        f"Made bundle {made.sequence} ({made.item_count} items, {made.size_bytes} bytes), number here: {made.pk}.",
    )
    return 0


def _copy(made: SentBundle, target: Path) -> None:
    """Write the whole file or none: a stick may be full, or pulled out."""
    part = target.with_name(f"{target.name}.part")
    try:
        with sent_path(made).open("rb") as source, part.open("wb") as out:
            shutil.copyfileobj(source, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise FileUnusable(file=target, why=error.strerror) from error


def take_in(args: argparse.Namespace) -> int:
    """Take a bundle in, say what was verified, and write the receipt; 1 where a ledger does not continue."""
    try:
        with Path(args.file).open("rb") as source:
            got = receive_file(source, Arrival(now_utc(), ACTOR))
    except OSError as error:
        raise FileUnusable(file=args.file, why=error.strerror) from error
    publish(now_utc())
    for fact in facts_of(got.facts):
        mark, tone = _MARKS[fact.tone]
        put(f"{painted(mark, tone)} {fact.text}")
    if args.receipt:
        _write(Path(args.receipt), got.receipt)
    say(
        f"Đã nhận gói số {got.sequence} của {got.partner.unit.name_vi}: {got.item_count} mục, số ở đây {got.pk}.",
        f"Received bundle {got.sequence} of {got.partner.unit.name_en}: {got.item_count} items, here {got.pk}.",
    )
    return 1 if any(fact.tone == "bad" for fact in facts_of(got.facts)) else 0


def receipt(args: argparse.Namespace) -> int:
    """Write the receipt of a received bundle."""
    _write(Path(args.out), received_by_number(args.number, all_units()).receipt)
    say(f"Đã ghi phiếu vào {args.out}.", f"The receipt was written to {args.out}.")
    return 0


def _write(target: Path, content: str) -> None:
    try:
        target.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileUnusable(file=target, why=error.strerror) from error


def take_back(args: argparse.Namespace) -> int:
    """Take the receipt of a bundle made here."""
    content = read_text(args.file)
    take = take_answer if content.startswith(ANSWER) else take_receipt
    sent = take(content, by=ACTOR, now=now_utc())
    publish(now_utc())
    say(
        f"{sent.partner.name_vi} đã nhận gói số {sent.sequence}.",
        f"{sent.partner.name_vi} received bundle {sent.sequence}.",
    )
    return 0


def send(args: argparse.Namespace) -> int:
    """Send a bundle now; 1 where it did not arrive."""
    sent = send_again(sent_by_number(args.number, all_units()), now=now_utc())
    outcome = push(sent.pk, now=now_utc()) if sent.state == State.WAITING else None
    publish(now_utc())
    sent.refresh_from_db()
    if sent.state == State.RECEIVED:
        say(f"Nơi nhận đã nhận gói số {sent.sequence}.", f"Bundle {sent.sequence} was received.")
        return 0
    told = outcome.refusal or outcome.word if outcome else None
    why = told or answer_of(sent) or sent.state
    say(f"Chưa gửi được: {why}", f"Not sent: {why}")
    return 1
