"""Machines seen, what was taken in from them, and the files that hold the facts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit


class Host(models.Model):
    """A machine that facts came from (máy), in the unit it belongs to."""

    class Kind(models.TextChoices):
        """What a machine is used as; controls apply by it."""

        WORKSTATION = "workstation"
        SERVER = "server"
        NETWORK_DEVICE = "network_device"
        ISOLATED = "isolated"

    host_uid = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hosts")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    os_family = models.CharField(max_length=20)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "host_uid"]

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """One bundle taken in (lần thu thập): who sent it, when, with which digest."""

    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="intakes")
    collected_at = models.DateTimeField()
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    actor = models.CharField(max_length=100)
    collector = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    table_count = models.PositiveIntegerField()
    ledger_index = models.BigIntegerField(null=True)
    # Empty where facts were taken in before their rows had a digest, until that is made up for.
    rows_sha256 = models.CharField(max_length=64, default="")
    # The entry of the ledger by which the rows were deleted as too old; what is said here stays.
    expired_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-collected_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["host", "sha256"], name="one_intake_per_bundle")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], name="intake_without_digest", condition=models.Q(rows_sha256="")
            ),
            models.Index(
                fields=["collected_at"],
                name="intake_with_rows",
                condition=models.Q(expired_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.collected_at:%Y-%m-%d %H:%M}"


class FactFile(models.Model):
    """One immutable Parquet file of a fact table (tệp số liệu) in the catalogue."""

    table = models.CharField(max_length=60)
    path = models.CharField(max_length=300, unique=True)
    sha256 = models.CharField(max_length=64)
    row_count = models.BigIntegerField()
    first_intake_id = models.BigIntegerField()
    last_intake_id = models.BigIntegerField()
    intake_count = models.BigIntegerField(default=1)
    written_at = models.DateTimeField()
    # The entry of the ledger that tells of its making, for a file made of others.
    ledger_index = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["table", "first_intake_id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["table", "last_intake_id"])]

    def __str__(self) -> str:
        return self.path


class LeftFile(models.Model):
    """A fact file that others replaced (tệp đã thay): removed from disk once no reader can hold it any more."""

    path = models.CharField(max_length=300, unique=True)
    left_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["left_at", "path"]

    def __str__(self) -> str:
        return self.path
