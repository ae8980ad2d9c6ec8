"""Reports that were made, each with the frozen snapshot it was made from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit


class ReportRecord(models.Model):
    """A report that was made (báo cáo đã lập); its snapshot gives the same file again."""

    class Kind(models.TextChoices):
        """What a report is about."""

        COMPLIANCE = "compliance"
        MINUTES = "minutes"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    file_format = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    state_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    snapshot = models.TextField()
    snapshot_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
