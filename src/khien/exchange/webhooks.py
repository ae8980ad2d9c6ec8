"""The only writer of webhooks: opened, closed, tried."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from khien.exchange.errors import AddressRefused, WebhookRefused
from khien.exchange.events import WEBHOOK_MADE, WEBHOOK_REMOVED
from khien.exchange.messages import FAILED, TEST, payload_of
from khien.exchange.models import Delivery, Webhook
from khien.exchange.places import place_at
from khien.exchange.signing import new_message, new_secret, sealed
from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.ledger.events import kinds as ledger_kinds
from khien.ledger.selectors import recent_entries
from khien.org.models import Unit

ALL: Final = "*"
WEBHOOKS_MAX: Final = 20
_NO_KIND = Text("chọn ít nhất một loại sự kiện", "choose at least one kind of event")
_BAD_KIND = Text(
    "không có loại sự kiện «{kind}»; ghi tên loại, hoặc phòng.* (ví dụ registers.*)",
    "there is no kind of event “{kind}”; write a kind, or room.* (for example registers.*)",
)
_TOO_MANY = Text(
    "đơn vị đã có {limit} webhook; đóng bớt", "the unit has {limit} webhooks already; remove some"
)


def known_kinds() -> tuple[str, ...]:
    """Return the kinds of events that can be sent: those of the ledger, and what Khiên derives."""
    return tuple(sorted({*ledger_kinds(), FAILED}))


@transaction.atomic
def make_webhook(  # one keyword for each thing a webhook is
    unit: Unit,
    *,
    url: str,
    kinds: Collection[str],
    by: str,
    now: datetime,
    allows_private: bool = False,
) -> tuple[Webhook, str]:
    """Open a way out for events of a unit and those below it, from now on.

    Args:    kinds: kinds of events, "room.*" for all of a room, "*" for all;
             allows_private: addresses inside the house, http too; only the owner of the instance says so
    Returns: the webhook, and the secret that signs its messages, shown once
    Raises:  WebhookRefused
    """
    _must_be_known(kinds)
    try:
        place = place_at(url, allows_private=allows_private)
    except AddressRefused as refused:
        raise WebhookRefused(refused.why) from refused
    if Webhook.objects.filter(unit=unit, ended_at=None).count() >= WEBHOOKS_MAX:
        raise WebhookRefused(_TOO_MANY.fill({"limit": WEBHOOKS_MAX}))
    secret = new_secret()
    last = recent_entries().values_list("index", flat=True).first()
    webhook = Webhook.objects.create(
        unit=unit,
        url=url,
        kinds=sorted(set(kinds)),
        secret=sealed(secret),
        allows_private=allows_private,
        position=0 if last is None else last + 1,
        made_at=now,
        made_by=by,
    )
    body: dict[str, Json] = {
        "unit": unit.code,
        "number": webhook.pk,
        "host": place.host,
        "kinds": webhook.kinds,
        "allows_private": allows_private,
        "by": by,
    }
    ledger.record(WEBHOOK_MADE, subject=unit.code, body=body, at=now)
    return webhook, secret


def _must_be_known(kinds: Collection[str]) -> None:
    if not kinds:
        raise WebhookRefused(_NO_KIND)
    known = known_kinds()
    rooms = {f"{kind.partition('.')[0]}.*" for kind in known}
    for kind in kinds:
        if kind != ALL and kind not in known and kind not in rooms:
            raise WebhookRefused(_BAD_KIND.fill({"kind": kind[:64]}))


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: str, now: datetime) -> None:
    """Close a way out at once; what waited is given up, and stays to be seen."""
    current = Webhook.objects.select_for_update().select_related("unit").get(pk=webhook.pk)
    if current.ended_at is not None:
        return
    current.ended_at, current.ended_by = now, by
    current.save(update_fields=["ended_at", "ended_by"])
    waiting = Delivery.objects.filter(webhook=current, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.DEAD, answer="removed")
    body: dict[str, Json] = {"unit": current.unit.code, "number": current.pk, "by": by}
    ledger.record(WEBHOOK_REMOVED, subject=current.unit.code, body=body, at=now)


@transaction.atomic
def queue_test(webhook: Webhook, *, now: datetime) -> Delivery:
    """Put a message that says nothing but that it is a test into the queue."""
    message = new_message()
    return Delivery.objects.create(
        webhook=webhook,
        message=message,
        kind=TEST,
        source=message,
        payload=payload_of(TEST, at=now, data={"unit": webhook.unit.code}),
        made_at=now,
        next_at=now,
    )


@transaction.atomic
def replay(delivery: Delivery, *, now: datetime) -> Delivery:
    """Send a message once more under its own id, also one that was given up or accepted."""
    current = Delivery.objects.select_for_update().select_related("webhook").get(pk=delivery.pk)
    current.state, current.next_at, current.made_at = Delivery.State.WAITING, now, now
    current.attempts = 0
    current.save(update_fields=["state", "next_at", "made_at", "attempts"])
    return current
