"""Assessments, and findings kept as intervals of time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit


class Assessment(models.Model):
    """One run of all checks (lần đánh giá): when, over what, with which library."""

    as_of = models.DateTimeField()
    library_sha256 = models.CharField(max_length=64)
    units = models.ManyToManyField(Unit, related_name="assessments")
    unit_count = models.PositiveIntegerField()
    host_count = models.PositiveIntegerField()
    opened_count = models.PositiveIntegerField()
    closed_count = models.PositiveIntegerField()
    ledger_index = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """What was known of one control at one subject, from one assessment until another (kết quả)."""

    class Known(models.TextChoices):
        """How a verdict is known; empty while it is not."""

        MEASURED = "measured"
        RECORDED = "recorded"
        STATED = "stated"
        NOT_YET = "not_yet"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="findings")
    control = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    verdict = models.CharField(max_length=15)
    reason = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)
    known = models.CharField(max_length=10, choices=Known.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="opened")

    class Meta:
        ordering: ClassVar[list[str]] = ["control", "subject_kind", "subject", "from_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "to_at", "verdict"]),
            models.Index(fields=["control", "subject", "to_at"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "control", "subject_kind", "subject"],
                condition=models.Q(to_at=None),
                name="one_open_finding_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.control} {self.subject}: {self.verdict}"


class Turning(models.Model):
    """A passing finding that will fail on a day to come if nobody acts (sắp đến hạn)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="turnings")
    control = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    turns_on = models.DateField()
    reason = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["turns_on", "control", "subject_kind", "subject"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "turns_on"])]

    def __str__(self) -> str:
        return f"{self.control} {self.subject}: {self.turns_on:%Y-%m-%d}"
