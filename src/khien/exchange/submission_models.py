"""Partners with their keys, bundles sent and received, and uploads under way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit
from khien.reports.models import Report


class OwnKey(models.Model):
    """A submission key of this instance (khóa gửi); the private half lies in the folder of keys."""

    number = models.PositiveIntegerField(unique=True)
    public = models.CharField(max_length=200, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return self.public


class Partner(models.Model):
    """Another instance that bundles are exchanged with (nơi trao đổi gói).

    Of a partner below, `unit` is the unit of our tree it stands for; of one above, our unit that reports to it.
    What was co-signed last of its ledger stands here, and the alarm where its ledger did not continue that.
    """

    class Direction(models.TextChoices):
        """Which way bundles go."""

        BELOW = "below"
        ABOVE = "above"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="partners")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    instance = models.CharField(max_length=80)
    their_unit = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    ledger_key = models.CharField(max_length=300)
    address = models.CharField(max_length=500, blank=True)
    allows_private = models.BooleanField(default=False)
    last_sequence = models.PositiveBigIntegerField(default=0)
    witnessed_size = models.PositiveBigIntegerField(null=True)
    witnessed_root = models.CharField(max_length=64, blank=True)
    witnessed_sequence = models.PositiveBigIntegerField(default=0)
    witnessed_note = models.TextField(blank=True)
    witnessed_at = models.DateTimeField(null=True)
    alarm = models.CharField(max_length=20, blank=True)
    alarm_note = models.TextField(blank=True)
    alarm_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["instance", "direction", "their_unit", "unit"],
                name="one_partner_per_instance",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(direction="below", ended_at=None),
                name="one_sender_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.instance}"


class PartnerKey(models.Model):
    """A key of a partner (khóa của nơi trao đổi), registered after two people compared its number.

    `revoked_from`: what was signed from then on is refused. `is_compromised`: the key may be in other hands, so
    nothing that arrives after the revocation is believed, whatever date it bears.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    public = models.CharField(max_length=300)
    name = models.CharField(max_length=120)
    key_id = models.CharField(max_length=8)
    fingerprint = models.CharField(max_length=60)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=100)
    read_by = models.CharField(max_length=120)
    revoked_from = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=100, blank=True)
    is_compromised = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "public"], name="one_key_once_a_partner")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "key_id"], name="partner_key_by_line")
        ]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}"


class SentBundle(models.Model):
    """A bundle made here (gói gửi), until its receipt is back; the file never changes."""

    class State(models.TextChoices):
        """Where a bundle stands."""

        BY_HAND = "by_hand"
        WAITING = "waiting"
        RECEIVED = "received"
        REFUSED = "refused"
        DEAD = "dead"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sent")
    bundle = models.CharField(max_length=32, unique=True)
    sequence = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    item_count = models.PositiveIntegerField()
    contents = models.JSONField()
    checkpoint_size = models.PositiveBigIntegerField()
    ledger_index = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    offset = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=600, blank=True)
    receipt = models.TextField(blank=True)
    receipt_at = models.DateTimeField(null=True)
    continuity = models.CharField(max_length=20, blank=True)
    cosigned = models.TextField(blank=True)
    cosigned_at = models.DateTimeField(null=True)
    decisions = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "sequence"], name="one_bundle_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.bundle}"


class ReceivedBundle(models.Model):
    """A bundle that was verified and taken in (gói nhận); its file never changes."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="received")
    key = models.ForeignKey(PartnerKey, on_delete=models.PROTECT, related_name="received")
    bundle = models.CharField(max_length=32)
    sequence = models.PositiveBigIntegerField()
    version = models.CharField(max_length=10)
    software = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=100)
    channel = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    item_count = models.PositiveIntegerField()
    proven_count = models.PositiveIntegerField()
    checkpoint = models.TextField()
    continuity = models.CharField(max_length=20)
    facts = models.JSONField()
    receipt = models.TextField()
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "bundle"], name="one_receipt_per_bundle"),
            models.UniqueConstraint(fields=["partner", "sequence"], name="one_received_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.bundle}"


class ReceivedItem(models.Model):
    """One thing in a received bundle (thành phần gói); its bytes lie in the bundle's file at `offset`.

    `report` is the report here that came of it, `outcome` why none did.
    """

    bundle = models.ForeignKey(ReceivedBundle, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=160)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    offset = models.PositiveBigIntegerField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    unit_said = models.CharField(max_length=40, blank=True)
    entry = models.PositiveBigIntegerField(null=True)
    is_proven = models.BooleanField()
    about = models.JSONField(null=True)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="arrivals")
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["bundle", "place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bundle", "place"], name="one_item_per_place")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "kind"], name="received_by_unit_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


class Upload(models.Model):
    """A bundle on its way in (gói đang nhận): announced by a registered key, not yet whole, not believed."""

    key = models.ForeignKey(PartnerKey, on_delete=models.CASCADE, related_name="uploads")
    bundle = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    secret_sha256 = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "bundle"], name="one_upload_per_bundle")
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.offset}/{self.size_bytes}"
