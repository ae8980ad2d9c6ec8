"""Occurrences of duties, what closed them, who answers for them, and the intervals units set themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.checks.models import Finding
from khien.org.models import Unit, User
from khien.registers.models import Row


class Refresh(models.Model):
    """One run that changed occurrences (lần cập nhật nghĩa vụ): when, with which library, how many."""

    as_of = models.DateTimeField()
    library_sha256 = models.CharField(max_length=64)
    unit_count = models.PositiveIntegerField()
    created_count = models.PositiveIntegerField(default=0)
    closed_count = models.PositiveIntegerField(default=0)
    reopened_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    replaced_count = models.PositiveIntegerField(default=0)
    ledger_index = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"


class Occurrence(models.Model):
    """One time at which a duty of a unit is due (kỳ của nghĩa vụ), from the day it opens to its proof.

    `state` holds only what does not change with the clock; what a screen shows (upcoming, open, due soon,
    overdue) follows from it and the day asked for, see `selectors.occurrences`. `due_on` is the last day
    allowed by the text, never moved; `act_on` the last working day until then. `due_at` is set where the
    text counts hours. `missed` is what had to happen in its time and cannot be made up for, once the next time
    is over too; a report stays owed. `remark` is a code of `shown.REMARKS`: why the dates are what they are.
    """

    class State(models.TextChoices):
        """What has become of an occurrence."""

        PENDING = "pending"
        DONE = "done"
        DONE_LATE = "done_late"
        MISSED = "missed"
        NOT_APPLICABLE = "not_applicable"
        REPLACED = "replaced"

    class Proof(models.TextChoices):
        """What closed an occurrence; empty while nothing has."""

        ROW = "row"
        DOCUMENT = "document"
        DISPATCH = "dispatch"
        FINDING = "finding"
        STATEMENT = "statement"

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="occurrences", db_index=False
    )
    document = models.CharField(max_length=60)
    clause = models.CharField(max_length=60)
    duty = models.CharField(max_length=80)
    control = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    period = models.CharField(max_length=60)
    opens_on = models.DateField()
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    act_on = models.DateField()
    remark = models.CharField(max_length=30, blank=True)
    subject = models.ForeignKey(
        Row, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=15, choices=State.choices, default=State.PENDING)
    role = models.CharField(max_length=20)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="duties")
    proof = models.CharField(max_length=10, choices=Proof.choices, blank=True)
    proof_row = models.ForeignKey(Row, null=True, on_delete=models.PROTECT, related_name="+")
    proof_version = models.PositiveIntegerField(null=True)
    proof_finding = models.ForeignKey(
        Finding, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    proof_on = models.DateField(null=True)
    proof_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="+", db_index=False)
    settled_by = models.ForeignKey(
        Refresh, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["act_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "duty", "period"], name="one_occurrence_per_period"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "due_on"], name="occurrences_of_one_unit"),
            models.Index(fields=["state", "act_on", "id"], name="occurrences_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.period}: {self.state}"


class Charge(models.Model):
    """Who answers for a duty of a unit, from a day until another (phân công, bàn giao nghĩa vụ).

    `duty` empty: for every duty of the unit without its own. `until_on` is the first day no longer.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=80, blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="charges")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "duty", "-from_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "duty"],
                condition=models.Q(until_on=None),
                name="one_person_in_charge",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.duty} {self.person_id}"


class UnitInterval(models.Model):
    """How often a unit does what a text asks regularly, without a number (chu kỳ do đơn vị tự đặt).

    `every` months or days; the newest one counts, older ones stay for the periods they ruled.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="intervals")
    duty = models.CharField(max_length=80)
    every = models.PositiveIntegerField()
    measure = models.CharField(max_length=5)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    decision = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "duty", "-from_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "duty"],
                condition=models.Q(until_on=None),
                name="one_interval_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.duty} {self.every} {self.measure}"


class SetAside(models.Model):
    """A request that an occurrence does not apply this time, and a leader's answer (miễn thực hiện kỳ này)."""

    class State(models.TextChoices):
        """Where a request stands."""

        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="set_asides")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["occurrence"],
                condition=models.Q(state="open"),
                name="one_open_set_aside",
            )
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_id} {self.state}"


class CalendarLink(models.Model):
    """A secret address under which a calendar program reads duties (liên kết lịch); only its hash is kept.

    `unit` NULL: everything its owner answers for. It shows no more than the owner may read on the day it is read.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_links")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
