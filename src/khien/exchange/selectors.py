"""The only door through which webhooks and their deliveries are read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from khien.exchange.errors import DeliveryUnknown, WebhookUnknown
from khien.exchange.models import Delivery, Webhook
from khien.org.models import Unit


def webhooks_of(units: Iterable[Unit], *, with_ended: bool = False) -> QuerySet[Webhook]:
    """Return the webhooks of units, the open ones unless said otherwise."""
    found = Webhook.objects.filter(unit__in=units).select_related("unit")
    return found if with_ended else found.filter(ended_at=None)


def webhooks_with_counts(units: Iterable[Unit]) -> list[tuple[Webhook, tuple[int, int]]]:
    """Return the open webhooks of units, each with how many messages wait and how many were given up."""
    webhooks = list(webhooks_of(units))
    counted = (
        Delivery.objects.filter(webhook__in=webhooks)
        .values_list("webhook_id", "state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found = {(webhook, state): n for webhook, state, n in counted}
    waiting, dead = Delivery.State.WAITING, Delivery.State.DEAD
    return [(w, (found.get((w.pk, waiting), 0), found.get((w.pk, dead), 0))) for w in webhooks]


def webhook_by_number(number: int, units: Iterable[Unit]) -> Webhook:
    """Return a webhook of units by its number, closed or not.

    Raises: WebhookUnknown: there is none, or it is another unit's
    """
    known = webhooks_of(units, with_ended=True)
    found = known.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise WebhookUnknown(number=number)
    return found


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """Return the deliveries of a webhook, newest first."""
    return Delivery.objects.filter(webhook=webhook)


def delivery_by_number(webhook: Webhook, number: int) -> Delivery:
    """Return a delivery of a webhook by its number.

    Raises: DeliveryUnknown: it has none such
    """
    found = deliveries_of(webhook).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise DeliveryUnknown(number=number)
    return found
