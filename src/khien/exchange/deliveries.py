"""The worker of webhooks: reads the ledger on from where each stopped, sends, tries again, gives up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import InvalidToken
from django.db import transaction

from khien.exchange.messages import messages_of
from khien.exchange.models import Delivery, Webhook
from khien.exchange.readers import EntryReader
from khien.exchange.sending import Answer, send
from khien.exchange.signing import headers_of, new_message, opened
from khien.ledger.selectors import entries_from
from khien.org.history import subtree

logger = logging.getLogger(__name__)

ENTRIES_AT_ONCE: Final = 500
DELIVERIES_AT_ONCE: Final = 50
GIVEN_UP_AFTER: Final = timedelta(days=3)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=12)
_LEASE: Final = timedelta(minutes=2)
Sender = Callable[..., Answer]


def run_webhooks(*, now: datetime, sender: Sender = send) -> int:
    """Put new events into the queue and send what is due; return how many messages were tried."""
    for webhook in Webhook.objects.filter(ended_at=None):
        while _read_on(webhook.pk, now=now) == ENTRIES_AT_ONCE:
            continue
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now)
    listed = list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:DELIVERIES_AT_ONCE])
    return sum(deliver(pk, now=now, sender=sender) is not None for pk in listed)


@transaction.atomic
def _read_on(pk: int, *, now: datetime) -> int:
    """Turn the next entries of the ledger into messages of one webhook; return how many were read.

    Position and messages are one transaction: a crash reads again and writes nothing twice.
    """
    webhook = Webhook.objects.select_for_update().select_related("unit").get(pk=pk)
    if webhook.ended_at is not None:
        return 0
    entries = list(entries_from(webhook.position)[:ENTRIES_AT_ONCE])
    if not entries:
        return 0
    units = subtree(webhook.unit)
    reader = EntryReader(units)
    found = [
        Delivery(
            webhook=webhook,
            message=new_message(),
            kind=message.kind,
            source=message.source,
            payload=message.payload,
            made_at=now,
            next_at=now,
        )
        for entry in entries
        for message in messages_of(entry, units, webhook.kinds, is_theirs=reader.may_read(entry))
    ]
    Delivery.objects.bulk_create(found, ignore_conflicts=True, batch_size=500)
    webhook.position = entries[-1].index + 1
    webhook.save(update_fields=["position"])
    return len(entries)


def deliver(pk: int, *, now: datetime, sender: Sender = send) -> Answer | None:
    """Try one delivery; None where another worker has it, or it no longer waits."""
    delivery = Delivery.objects.select_related("webhook").get(pk=pk)
    mine = Delivery.objects.filter(
        pk=pk, state=Delivery.State.WAITING, attempts=delivery.attempts, next_at=delivery.next_at
    )
    # Whoever moves next_at has the delivery; if that worker dies, it is due again after the lease.
    if not mine.update(next_at=now + _LEASE, attempts=delivery.attempts + 1):
        return None
    answer = _sent(delivery, now, sender)
    _note(delivery, answer, now=now)
    logger.info(
        "webhook.tried webhook=%d delivery=%d status=%d", delivery.webhook_id, pk, answer.status
    )
    return answer


def _sent(delivery: Delivery, now: datetime, sender: Sender) -> Answer:
    webhook, body = delivery.webhook, delivery.payload.encode()
    try:
        secret = opened(webhook.secret)
    except InvalidToken:
        return Answer(0, "secret sealed by another instance")
    headers = {
        **headers_of(secret, message=delivery.message, at=now, body=body),
        "Content-Type": "application/json",
    }
    return sender(webhook.url, body, headers, allows_private=webhook.allows_private)


def _note(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    tries = delivery.attempts + 1
    if answer.is_accepted:
        state, next_at = Delivery.State.DELIVERED, now
    elif now - delivery.made_at >= GIVEN_UP_AFTER:
        state, next_at = Delivery.State.DEAD, now
    else:
        state, next_at = Delivery.State.WAITING, now + wait_after(tries)
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
    waiting.update(state=state, next_at=next_at, tried_at=now, answer=answer.word)


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after a number of tries: 1, 2, 4, 8 minutes … at most 12 hours."""
    doubled: timedelta = FIRST_WAIT * (1 << min(tries - 1, 20))
    return min(doubled, LONGEST_WAIT)
