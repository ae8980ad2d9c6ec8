"""Access tokens of programs that act as a user."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit, User


class ApiToken(models.Model):
    """A token with which a program acts as its user (mã truy cập); only its hash is kept.

    `scopes` are capabilities of `khien.org.roles`; `unit` narrows them to it and what lies below.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name} …{self.hint}"
