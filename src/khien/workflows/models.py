"""Cases of workflows, the steps done in them, the decisions about single things, and the frozen minutes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit
from khien.registers.models import Row


class WorkflowCase(models.Model):
    """One run of a workflow at a unit (hồ sơ quy trình); never deleted, only finished or cancelled.

    `digest` is of the declaration it started under; `rows` names the register rows its steps made.
    """

    class State(models.TextChoices):
        """Where a case stands."""

        OPEN = "open"
        FINISHED = "finished"
        CANCELLED = "cancelled"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="workflow_cases")
    workflow = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    subject = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    rows = models.JSONField(default=dict)
    due_on = models.DateField(null=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=100)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    submission = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001  # NULL: not from a form

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_case_per_number")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "workflow"], name="cases_of_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.workflow} {self.number} {self.title}"


class StepDone(models.Model):
    """A step that was done (bước đã làm), with what was given; the salted digest stands on record."""

    case = models.ForeignKey(WorkflowCase, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=60)
    values = models.JSONField()
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=100)
    salt = models.CharField(max_length=32)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "step"], name="a_step_is_done_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class CaseItem(models.Model):
    """One thing of a list a step works through (mục trong danh sách), and what was decided about it.

    `values` is what was known of the thing when it was listed; `version` counts its decisions.
    """

    case = models.ForeignKey(WorkflowCase, on_delete=models.PROTECT, related_name="items")
    step = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    row = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    search_key = models.CharField(max_length=600)
    values = models.JSONField()
    decision = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)
    on = models.DateField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "step", "search_key", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "step", "key"], name="a_thing_is_listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.name}"


class FrozenMinutes(models.Model):
    """What the minutes of a case say (nội dung biên bản), frozen; the same content gives the same file."""

    case = models.OneToOneField(WorkflowCase, on_delete=models.PROTECT, related_name="minutes")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    ledger_index = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.sha256[:12]}"
