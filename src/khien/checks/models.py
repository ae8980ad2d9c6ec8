"""Assessments, and findings kept as intervals of time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from khien.org.models import Unit


class DetailField(models.TextField):  # type: ignore[type-arg]  # not generic when it runs
    """A mapping kept as the JSON text it was recorded as, on every database the same bytes.

    Compared and digested as text; a database's own JSON type would write it anew in an order of its own.
    """

    def from_db_value(self, value: str | None, *_: object) -> Mapping[str, Any] | None:
        """Return the mapping of a stored text."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Return the text of a mapping: keys in order, no space."""
        return value if value is None or isinstance(value, str) else detail_text(value)


def detail_text(detail: Mapping[str, Any]) -> str:
    """Return the JSON text under which a detail is kept."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="findings", db_index=False
    )
    control = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    verdict = models.CharField(max_length=15)
    reason = models.CharField(max_length=60)
    detail = DetailField(default=dict)
    known = models.CharField(max_length=10, choices=Known.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="opened", db_index=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["control", "subject_kind", "subject", "from_at"]
        indexes: ClassVar[list[models.Index]] = [
            # What stands now is found by the constraint below; these find the past, and one machine.
            models.Index(fields=["unit", "control", "-from_at"], name="findings_of_one_control"),
            models.Index(
                fields=["subject"], condition=models.Q(to_at=None), name="open_findings_of_subject"
            ),
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


class Standing(models.Model):
    """How one control stands at one unit now (tình trạng): its open findings, counted.

    Made from the findings at each assessment, so that pages need not count them; see ADR 0014.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    control = models.CharField(max_length=10)
    theme = models.CharField(max_length=60)
    verdict = models.CharField(max_length=15)
    known = models.CharField(max_length=10)
    fail_count = models.PositiveIntegerField()
    unknown_count = models.PositiveIntegerField()
    pass_count = models.PositiveIntegerField()
    not_applicable_count = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "control"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "control"], name="one_standing_per_control")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.control}: {self.verdict}"


class ThemeStanding(models.Model):
    """How many controls of a theme stood at each verdict at a unit, from a day until another (diễn biến).

    `until_on` is the first day no longer; NULL: it stands so now. Made like `Standing`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    theme = models.CharField(max_length=60)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    fail_count = models.PositiveIntegerField()
    unknown_count = models.PositiveIntegerField()
    pass_count = models.PositiveIntegerField()
    not_applicable_count = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "theme", "from_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "theme", "from_on"], name="one_theme_standing_per_day"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["unit", "theme"],
                condition=models.Q(until_on=None),
                name="theme_standings_of_now",
            ),
            models.Index(fields=["unit", "until_on"], name="theme_standings_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.theme} {self.from_on:%Y-%m-%d}"
