"""Drafts of plans, and their tasks until the plan is signed and they stand in the register."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit
from khien.registers.models import Row

TITLE_LENGTH = 300
TASK_LENGTH = 500


class PlanDraft(models.Model):
    """A plan being drafted (dự thảo kế hoạch); `document` is the signed plan in the register of documents.

    `version` is the one a person saw, so that two who write at once do not undo each other.
    """

    class State(models.TextChoices):
        """Where a draft stands."""

        DRAFT = "draft"
        SIGNED = "signed"
        DROPPED = "dropped"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plan_drafts")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    purpose = models.TextField(blank=True)
    carrying_out = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    document = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_draft_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number} {self.state}"


class PlanTask(models.Model):
    """One task of a draft (nhiệm vụ): what, by which clause, who, by when, for how much.

    `source` is the gap it comes from: "control:<id>", "duty:<id>", or empty for an own task. `row` is its row in
    the register once the plan is signed.
    """

    draft = models.ForeignKey(PlanDraft, on_delete=models.CASCADE, related_name="tasks")
    place = models.PositiveIntegerField()
    source = models.CharField(max_length=90, blank=True)
    task = models.CharField(max_length=TASK_LENGTH)
    anchor = models.CharField(max_length=130, blank=True)
    division = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    cost = models.BigIntegerField(null=True)
    row = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["draft", "source"],
                condition=~models.Q(source=""),
                name="one_task_per_gap",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.place} {self.task}"
