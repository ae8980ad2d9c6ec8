"""Which documents bind which unit, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit


class Binding(models.Model):
    """A regulation binds a unit (văn bản áp dụng cho đơn vị) from a day until another."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="bindings")
    document = models.CharField(max_length=60)
    bound_from = models.DateField()
    bound_to = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "document"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "document"], name="one_binding_each")
        ]

    def __str__(self) -> str:
        return f"{self.document} → {self.unit}"
