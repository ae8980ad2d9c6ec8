"""Bundles between instances, to be read: what units below sent, what was verified, what this unit sent up."""

from __future__ import annotations

from datetime import datetime

from ninja import Router, Schema

from khien.api.door import READ, Call
from khien.api.operations import Words, operation, words
from khien.api.paging import Cursor, Limit, page_by_key
from khien.exchange.models import ReceivedBundle, SentBundle
from khien.exchange.submission_facts import facts_of
from khien.exchange.submission_selectors import received_of, sent_of
from khien.org.history import subtree

router = Router(tags=["bundles"])


class FactOut(Schema):
    """One thing that was verified: its code, how good it is (good, note, bad), its sentence."""

    code: str
    tone: str
    sentence: Words


class ReceivedOut(Schema):
    """A bundle that came in."""

    id: int
    unit: str
    bundle: str
    sequence: int
    made_at: datetime
    received_at: datetime
    channel: str
    sha256: str
    size_bytes: int
    item_count: int
    proven_count: int
    continuity: str
    facts: list[FactOut]


class ReceivedPage(Schema):
    """Bundles that came in, newest first, and the cursor of the next page."""

    items: list[ReceivedOut]
    next: str | None


class SentOut(Schema):
    """A bundle that the unit made; `offset`: how many bytes the receiver has."""

    id: int
    receiver: str
    bundle: str
    sequence: int
    state: str
    made_at: datetime
    sha256: str
    size_bytes: int
    offset: int
    item_count: int
    continuity: str
    cosigned_at: datetime | None


class SentPage(Schema):
    """Bundles that the unit made, newest first, and the cursor of the next page."""

    items: list[SentOut]
    next: str | None


@operation(
    router,
    "GET /units/{code}/bundles/received",
    READ,
    "Các gói đã nhận của đơn vị và đơn vị dưới",
    gives=ReceivedPage,
)
def list_received_bundles(request: Call, code: str, cursor: Cursor, limit: Limit) -> ReceivedPage:
    """The bundles received of a unit and those below, with what was verified."""
    units = subtree(request.auth.unit(code))
    found, following = page_by_key(
        received_of(units), cursor=cursor, limit=limit, newest_first=True
    )
    return ReceivedPage(items=[_received(one) for one in found], next=following)


@operation(router, "GET /units/{code}/bundles/sent", READ, "Các gói đơn vị đã lập", gives=SentPage)
def list_sent_bundles(request: Call, code: str, cursor: Cursor, limit: Limit) -> SentPage:
    """The bundles that a unit made, and where they stand."""
    made = sent_of([request.auth.unit(code)])
    found, following = page_by_key(made, cursor=cursor, limit=limit, newest_first=True)
    return SentPage(items=[_sent(one) for one in found], next=following)


def _received(one: ReceivedBundle) -> ReceivedOut:
    facts = [
        FactOut(code=str(fact.code), tone=fact.tone, sentence=words(fact.text))
        for fact in facts_of(one.facts)
    ]
    return ReceivedOut(
        id=one.pk,
        unit=one.partner.unit.code,
        bundle=one.bundle,
        sequence=one.sequence,
        made_at=one.made_at,
        received_at=one.received_at,
        channel=one.channel,
        sha256=one.sha256,
        size_bytes=one.size_bytes,
        item_count=one.item_count,
        proven_count=one.proven_count,
        continuity=one.continuity,
        facts=facts,
    )


def _sent(one: SentBundle) -> SentOut:
    return SentOut(
        id=one.pk,
        receiver=one.partner.name_vi,
        bundle=one.bundle,
        sequence=one.sequence,
        state=one.state,
        made_at=one.made_at,
        sha256=one.sha256,
        size_bytes=one.size_bytes,
        offset=one.offset,
        item_count=one.item_count,
        continuity=one.continuity,
        cosigned_at=one.cosigned_at,
    )
