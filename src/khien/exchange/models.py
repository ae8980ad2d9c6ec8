"""Webhooks, and what waits to be sent through them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.exchange.submission_models import (
    OwnKey,
    Partner,
    PartnerKey,
    ReceivedBundle,
    ReceivedItem,
    SentBundle,
    Upload,
)
from khien.org.models import Unit

__all__ = [
    "Delivery",
    "OwnKey",
    "Partner",
    "PartnerKey",
    "ReceivedBundle",
    "ReceivedItem",
    "SentBundle",
    "Upload",
    "Webhook",
]


class Webhook(models.Model):
    """A way out that an administrator opened (webhook): which events of which unit go to which address.

    `position` is the index of the ledger entry it reads next. `secret` is sealed with a key that is not in the
    database. `allows_private`: the owner of the instance let it reach addresses inside the house.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    kinds = models.JSONField()
    secret = models.TextField()
    allows_private = models.BooleanField(default=False)
    position = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.url}"


class Delivery(models.Model):
    """One message of a webhook (lần gửi) until it is accepted or given up.

    `message` is the webhook-id: the same for every try, so that a receiver can tell a repetition.
    """

    class State(models.TextChoices):
        """Where a delivery stands."""

        WAITING = "waiting"
        DELIVERED = "delivered"
        DEAD = "dead"

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    message = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=64)
    source = models.CharField(max_length=120)
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["webhook", "kind", "source"], name="one_delivery_per_event"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                name="deliveries_due",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.state}"
