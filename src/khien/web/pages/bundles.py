"""Bundles as pages: who sends here, what came, what was sent, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from khien.exchange.answers import decided
from khien.exchange.consolidating import outcome_of
from khien.exchange.models import Partner, ReceivedBundle, ReceivedItem, SentBundle
from khien.exchange.own_keys import has_own_key, own_card, own_fingerprint
from khien.exchange.partners import ABOVE, BELOW
from khien.exchange.receiving import missing_before
from khien.exchange.submission_contents import sendable_reports
from khien.exchange.submission_facts import Fact, facts_of, worst
from khien.exchange.submission_format import (
    DOCUMENT,
    ENTRIES,
    FINDINGS,
    REGISTER,
    REPORT,
    REPORT_FILE,
    SNAPSHOT,
)
from khien.exchange.submission_selectors import (
    SenderLine,
    alarms_of,
    answer_of,
    items_of,
    kinds_in,
    partners_of,
    received_of,
    senders,
    sent_of,
)
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.org.capabilities import capabilities_at
from khien.org.history import subtree
from khien.org.models import Unit, User
from khien.org.roles import MANAGE, REVIEW, WRITE
from khien.registers.declarations import Register, load_registers
from khien.registers.selectors import counts
from khien.reports.models import Report

SHOWN: Final = 50
ITEMS_SHOWN: Final = 200
KIND_WORDS: Final = {
    ENTRIES: Text("bằng chứng sổ cái", "proofs of the ledger"),
    REPORT: Text("báo cáo", "report"),
    SNAPSHOT: Text("số liệu của báo cáo", "figures of a report"),
    REPORT_FILE: Text("tệp của báo cáo", "file of a report"),
    FINDINGS: Text("kết quả đánh giá", "findings"),
    REGISTER: Text("sổ", "register"),
    DOCUMENT: Text("văn bản", "document"),
}
STATE_WORDS: Final = {
    SentBundle.State.BY_HAND: Text("chờ mang tệp đi", "to be carried by hand"),
    SentBundle.State.WAITING: Text("đang chờ gửi", "waiting to be sent"),
    SentBundle.State.RECEIVED: Text("nơi nhận đã nhận", "received"),
    SentBundle.State.REFUSED: Text("nơi nhận từ chối", "refused by the receiver"),
    SentBundle.State.DEAD: Text("đã thôi gửi", "given up"),
}
TONES: Final = {"good": "pass", "note": "unknown", "bad": "fail"}


@dataclass(frozen=True, slots=True)
class SenderShown:
    """A unit below on the board."""

    line: SenderLine
    tone: str
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class SentShown:
    """A bundle made here, with the word for its state and how much of it is there."""

    bundle: SentBundle
    word: Text
    tone: str
    percent: int
    answer: Text | None


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item of a received bundle with the word for its kind."""

    item: ReceivedItem
    word: Text
    outcome: Text | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page of bundles."""

    alarms: list[tuple[Partner, Fact]]
    senders: list[SenderShown]
    received: list[ReceivedBundle]
    above: list[Partner]
    sent: list[SentShown]
    reports: list[Report]
    registers: list[tuple[Register, int]]
    may_take_in: bool
    may_make: bool
    may_manage: bool


def known_below(unit: Unit) -> list[Unit]:
    """Return the unit with those below: what a reader of the unit may see of bundles."""
    return subtree(unit)


def board_of(unit: Unit, user: User | AnonymousUser) -> Board:
    """Put the page of bundles together, in a number of statements that does not grow with the units."""
    units = known_below(unit)
    may = capabilities_at(user, unit) if isinstance(user, User) else frozenset()
    above = list(partners_of([unit], ABOVE))
    may_make = WRITE in may and bool(above)
    return Board(
        alarms=[(one, facts_of([one.alarm])[0]) for one in alarms_of(units)],
        senders=[_sender(line) for line in senders(units)],
        received=list(received_of(units)[:SHOWN]),
        above=above,
        sent=[shown_sent(one) for one in sent_of([unit])[:SHOWN]],
        reports=list(sendable_reports(units)[:SHOWN]) if may_make else [],
        registers=_registers(units) if may_make else [],
        may_take_in=REVIEW in may,
        may_make=may_make,
        may_manage=MANAGE in may,
    )


def _sender(line: SenderLine) -> SenderShown:
    codes = line.last.facts if line.last else []
    tone = "bad" if line.partner.alarm else worst(codes)
    told = [fact for fact in facts_of(codes) if fact.tone != "good"]
    return SenderShown(line, TONES[tone], told)


def _registers(units: Sequence[Unit]) -> list[tuple[Register, int]]:
    """Return the registers with rows at units, in the order of their titles."""
    found: dict[str, int] = {}
    for (_, code), count in counts(units).items():
        found[code] = found.get(code, 0) + count.row_count
    known = load_registers()
    listed = [(known[code], n) for code, n in found.items() if n and code in known]
    return sorted(listed, key=lambda one: str(one[0].title))


def shown_sent(bundle: SentBundle) -> SentShown:
    """Return a bundle made here as it is shown."""
    state = SentBundle.State(bundle.state)
    tone = {"received": "pass", "refused": "fail", "dead": "fail"}.get(state, "unknown")
    size = max(bundle.size_bytes, 1)
    return SentShown(
        bundle, STATE_WORDS[state], tone, min(100, 100 * bundle.offset // size), answer_of(bundle)
    )


def received_page(bundle: ReceivedBundle) -> dict[str, object]:
    """Return what the page of a received bundle shows."""
    items = list(items_of(bundle)[:ITEMS_SHOWN])
    facts = facts_of(bundle.facts)
    return {
        "bundle": bundle,
        "decided": bool(decided(bundle)),
        "facts": [(fact, TONES[fact.tone]) for fact in facts],
        "tone": TONES[worst(bundle.facts)],
        "items": [ItemShown(one, kind_word(one.kind), outcome_of(one)) for one in items],
        "kinds": [(kind_word(kind), n, size) for kind, n, size in kinds_in(bundle)],
        "more": max(0, bundle.item_count - ITEMS_SHOWN),
        "missing": missing_before(bundle.partner, bundle.sequence),
    }


def kind_word(kind: str) -> Text:
    """Return what people call a kind of item; one that is not known here keeps its name."""
    return KIND_WORDS.get(kind, Text(f"{kind} (chưa biết)", f"{kind} (not known here)"))


def keys_page(request: HttpRequest, unit: Unit) -> dict[str, object]:
    """Return what the page of keys shows: our card and its number, partners below and above."""
    by, now = request.user.get_username(), now_utc()
    partners = partners_of(subtree(unit), with_ended=True)
    return {
        "unit": unit,
        "card": own_card(unit, by=by, now=now) if has_own_key() else "",
        "number": own_fingerprint(by=by, now=now) if has_own_key() else "",
        "below": [one for one in partners if one.direction == BELOW],
        "above": [one for one in partners if one.direction == ABOVE and one.unit_id == unit.pk],
        "units": [one for one in subtree(unit) if one.pk != unit.pk and one.ended_on is None],
    }
