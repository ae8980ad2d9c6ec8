"""Certificates that an administrator trusts, and what was read of the signatures of files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class TrustedCertificate(models.Model):
    """A certificate of a certification authority (chứng thư của tổ chức chứng thực) that this instance trusts.

    One that was removed stays as a row: what was read while it was trusted was judged by it.
    """

    sha256 = models.CharField(max_length=64)
    der = models.BinaryField()
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    serial = models.CharField(max_length=100)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    is_root = models.BooleanField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="one_trusted_certificate_each",
            )
        ]

    def __str__(self) -> str:
        return self.name


class KeptReading(models.Model):
    """What the signatures of a file were found to be at one time (kết quả đọc chữ ký); never changed.

    A file is known by its SHA-256. `trust`: the digest of the certificates that were trusted then; where it
    differs from today's, the file is worth reading again.
    """

    sha256 = models.CharField(max_length=64)
    read_at = models.DateTimeField()
    trust = models.CharField(max_length=64)
    result = models.JSONField()
    ledger_index = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-read_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sha256", "-read_at"], name="readings_of_a_file")
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:16]} {self.read_at:%Y-%m-%d}"
