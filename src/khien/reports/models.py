"""Reports that were made, each with the frozen snapshot it was made from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit
from khien.registers.models import Row


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


class Report(models.Model):
    """One report, notice, letter or minutes of a unit (báo cáo, văn bản): from its draft to its receipt.

    `key` keeps two reports on the same thing apart; `latest` is the number of its newest version and the
    count that two people who write at once are told apart by. `due_on` is the last day allowed.
    """

    class State(models.TextChoices):
        """Where a report stands."""

        DRAFT = "draft"
        REVIEWED = "reviewed"
        SIGNED = "signed"
        SENT = "sent"
        RECEIVED = "received"
        RETURNED = "returned"
        CANCELLED = "cancelled"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="written_reports")
    definition = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    subject = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=500)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    latest = models.PositiveIntegerField(default=1)
    due_on = models.DateField(null=True)
    sent_to = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="reports_received"
    )
    sent_on = models.DateField(null=True)
    document = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_report_per_number"),
            models.UniqueConstraint(
                fields=["unit", "definition", "key"],
                condition=~models.Q(state="cancelled"),
                name="one_report_on_one_thing",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["definition", "period", "unit"], name="reports_of_one_period"),
            models.Index(fields=["sent_to", "state"], name="reports_on_a_board"),
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.key} {self.state}"


class ReportTemplate(models.Model):
    """A unit's own Word template of a report (mẫu riêng của đơn vị); kept for the versions it laid out."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_templates")
    definition = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.CharField(max_length=100, blank=True)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-added_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "definition"],
                condition=models.Q(retired_at=None),
                name="one_standing_template",
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.sha256[:12]}"


class ReportSnapshot(models.Model):
    """The frozen figures of a report (ảnh chụp số liệu): canonical JSON, never changed.

    `form` is the form of the content: a composer of each form that was ever stored is kept.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="snapshots")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    form = models.PositiveSmallIntegerField()
    library_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.sha256[:12]}"


class ReportVersion(models.Model):
    """One version of a report (bản của báo cáo): a snapshot and the texts people wrote; only ever added.

    `sha256` is over both; `what` says what made the version.
    """

    class What(models.TextChoices):
        """What made a version."""

        DRAFTED = "drafted"
        WRITTEN = "written"
        REFRESHED = "refreshed"
        TAKEN_IN = "taken_in"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    snapshot = models.ForeignKey(ReportSnapshot, on_delete=models.PROTECT, related_name="versions")
    template = models.ForeignKey(
        ReportTemplate, null=True, on_delete=models.PROTECT, related_name="versions"
    )
    texts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    what = models.CharField(max_length=20, choices=What.choices)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["report", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"


class ReportStep(models.Model):
    """One step of a report's way (bước của báo cáo): reviewed, returned, signed, sent, received."""

    class What(models.TextChoices):
        """What was done."""

        REVIEWED = "reviewed"
        RETURNED = "returned"
        SIGNED = "signed"
        SENT = "sent"
        RECEIVED = "received"
        CANCELLED = "cancelled"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=20, choices=What.choices)
    on = models.DateField()
    note = models.TextField(blank=True)
    given = models.JSONField(default=dict)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=100)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.what}"


class ReportReminder(models.Model):
    """A reminder to a unit whose report is missing (nhắc nộp báo cáo), from a unit above it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="report_reminders")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    definition = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    reminded_at = models.DateTimeField()
    reminded_by = models.CharField(max_length=100)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-reminded_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["definition", "period", "unit"], name="reminders_of_one_period")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.definition} {self.period}"
