"""The outbox of the ledger: entries are recorded here, in the transaction of what they tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from khien.kernel.canonical import Json


class LedgerEntry(models.Model):
    """One entry of the ledger (bản ghi sổ cái); never changed but for when it was published."""

    index = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=255)
    line = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["index"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "index"], name="ledger_by_subject"),
            models.Index(fields=["kind", "index"], name="ledger_by_kind"),
            models.Index(
                fields=["index"],
                name="ledger_waiting",
                condition=models.Q(published_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.kind} {self.subject}"

    @property
    def published(self) -> bool:
        """Say whether the entry stands in the files, under a signed checkpoint."""
        return self.published_at is not None

    @property
    def body(self) -> Mapping[str, Json]:
        """Return what the entry says."""
        body: Mapping[str, Json] = json.loads(bytes(self.line))["body"]
        return body


class LedgerCounter(models.Model):
    """The next free index (số thứ tự kế tiếp): one row, whose lock makes indices gapless."""

    next_index = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return str(self.next_index)
