"""The only door through which webhooks and their deliveries are read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from khien.exchange.errors import DeliveryUnknown, WebhookUnknown
from khien.exchange.models import Delivery, Webhook
from khien.org.models import Unit


def webhooks_of(units: Iterable[Unit], *, with_ended: bool = False) -> QuerySet[Webhook]:
    """Return the webhooks of units, with how many of their messages wait and were given up."""
    found = Webhook.objects.filter(unit__in=units).select_related("unit")
    found = found if with_ended else found.filter(ended_at=None)
    return found.annotate(
        waiting_count=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
        dead_count=Count("deliveries", filter=Q(deliveries__state=Delivery.State.DEAD)),
    )


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
