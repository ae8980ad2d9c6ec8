"""Webhooks of a unit: open to the outside, close, try, see what was sent, send again."""

from __future__ import annotations

from datetime import datetime

from ninja import Router, Schema
from ninja.responses import Status

from khien.api.door import Call
from khien.api.operations import operation
from khien.api.paging import Cursor, Limit, page_by_key
from khien.exchange.deliveries import deliver
from khien.exchange.models import Delivery, Webhook
from khien.exchange.selectors import (
    deliveries_of,
    delivery_by_number,
    webhook_by_number,
    webhooks_of,
)
from khien.exchange.webhooks import known_kinds, make_webhook, queue_test, remove_webhook, replay
from khien.kernel.clock import now_utc
from khien.org.roles import MANAGE

router = Router(tags=["webhooks"])
HOOK = "/units/{code}/webhooks"


class WebhookIn(Schema):
    """An https address outside the house, and the kinds of events it is told of."""

    url: str
    kinds: list[str]


class WebhookOut(Schema):
    """A webhook; its secret is told once, when it is opened."""

    id: int
    url: str
    kinds: list[str]
    allows_private: bool
    position: int
    made_at: datetime
    made_by: str
    ended_at: datetime | None


class NewWebhook(WebhookOut):
    """A webhook that was opened now, with the secret that signs."""

    secret: str


class DeliveryOut(Schema):
    """One message until it is accepted or given up."""

    id: int
    message: str
    kind: str
    state: str
    attempts: int
    made_at: datetime
    next_at: datetime
    tried_at: datetime | None
    answer: str


class DeliveryPage(Schema):
    """Deliveries, newest first, and the cursor of the next page."""

    items: list[DeliveryOut]
    next: str | None


@operation(router, "GET /webhook-kinds", MANAGE, "Các loại sự kiện gửi được", gives=list[str])
def list_webhook_kinds(request: Call) -> list[str]:
    """The kinds of events that can be sent."""
    return list(known_kinds())


@operation(router, f"GET {HOOK}", MANAGE, "Các webhook của đơn vị", gives=list[WebhookOut])
def list_webhooks(request: Call, code: str) -> list[WebhookOut]:
    """The open webhooks of a unit."""
    return [WebhookOut.from_orm(one) for one in webhooks_of([request.auth.unit(code)])]


@operation(router, f"POST {HOOK}", MANAGE, "Mở webhook, chỉ https", gives={201: NewWebhook})
def open_webhook(request: Call, code: str, body: WebhookIn) -> Status[NewWebhook]:
    """Open a webhook, over https only."""
    made, secret = make_webhook(
        request.auth.unit(code),
        url=body.url,
        kinds=body.kinds,
        by=request.auth.name,
        now=now_utc(),
    )
    return Status(201, NewWebhook(**WebhookOut.from_orm(made).model_dump(), secret=secret))


@operation(router, f"POST {HOOK}/{{webhook}}/remove", MANAGE, "Đóng webhook", gives=WebhookOut)
def close_webhook(request: Call, code: str, webhook: int) -> WebhookOut:
    """Close a webhook."""
    remove_webhook(_webhook(request, code, webhook), by=request.auth.name, now=now_utc())
    return WebhookOut.from_orm(_webhook(request, code, webhook))


@operation(router, f"POST {HOOK}/{{webhook}}/test", MANAGE, "Gửi thử ngay", gives=DeliveryOut)
def test_webhook(request: Call, code: str, webhook: int) -> DeliveryOut:
    """Send a test message now."""
    found = _webhook(request, code, webhook)
    return _tried(found, queue_test(found, now=now_utc()))


@operation(router, f"GET {HOOK}/{{webhook}}/deliveries", MANAGE, "Các lần gửi", gives=DeliveryPage)
def list_deliveries(
    request: Call, code: str, webhook: int, cursor: Cursor, limit: Limit
) -> DeliveryPage:
    """What was sent through a webhook."""
    sent = deliveries_of(_webhook(request, code, webhook))
    found, following = page_by_key(sent, cursor=cursor, limit=limit, newest_first=True)
    return DeliveryPage(items=[DeliveryOut.from_orm(one) for one in found], next=following)


@operation(
    router,
    f"POST {HOOK}/{{webhook}}/deliveries/{{delivery}}/replay",
    MANAGE,
    "Gửi lại một lần gửi",
    gives=DeliveryOut,
)
def replay_delivery(request: Call, code: str, webhook: int, delivery: int) -> DeliveryOut:
    """Send one message again now, under its own id."""
    found = _webhook(request, code, webhook)
    return _tried(found, replay(delivery_by_number(found, delivery), now=now_utc()))


def _webhook(request: Call, code: str, number: int) -> Webhook:
    return webhook_by_number(number, [request.auth.unit(code)])


def _tried(webhook: Webhook, delivery: Delivery) -> DeliveryOut:
    if webhook.ended_at is None:
        deliver(delivery.pk, now=now_utc())
    return DeliveryOut.from_orm(delivery_by_number(webhook, delivery.pk))
