"""Rows of all registers, their versions, their files, and confirmations that a register is complete."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit, User

NAME_LENGTH = 300
NAME_KEY_LENGTH = 120


class Row(models.Model):
    """One row of a register (dòng sổ) of a unit; `values` holds canonical JSON by field code.

    `number` is what people see; it is never given twice in a register of a unit. `name_key` orders and
    `search_key` finds without tone marks; `key_digest` keeps two active rows from being the same thing.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="register_rows")
    register = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    values = models.JSONField()
    name = models.CharField(max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_KEY_LENGTH)
    search_key = models.TextField()
    key_digest = models.CharField(max_length=64, null=True)  # noqa: DJ001  # NULL: the row has no key
    submission = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001  # NULL: not from a form
    version = models.PositiveIntegerField(default=1)
    is_retired = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["name_key", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "register", "number"], name="one_row_per_number"
            ),
            models.UniqueConstraint(
                fields=["unit", "register", "key_digest"],
                condition=models.Q(is_retired=False, key_digest__isnull=False),
                name="one_active_row_per_key",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Without is_retired: SQLite does not look it up ("NOT is_retired"), and few rows are.
            models.Index(fields=["register", "name_key", "id"], name="rows_of_many_units"),
            models.Index(fields=["unit", "register", "name_key", "id"], name="rows_of_one_unit"),
            models.Index(fields=["unit", "register", "-changed_at"], name="rows_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number} {self.name}"


class RowVersion(models.Model):
    """One state a row had (bản của dòng sổ); only ever added.

    `salt` and the values give the digest on record, so that the ledger proves what stood here without
    telling it to who reads the ledger alone.
    """

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    values = models.JSONField()
    what = models.CharField(max_length=20)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    salt = models.CharField(max_length=32)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["row", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row", "version"], name="one_state_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} v{self.version} {self.what}"


class RowCounter(models.Model):
    """The number the next row of a register of a unit gets; its lock puts writers of one register in a line."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=60)
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "register"], name="one_counter_per_register")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.register} {self.next_number}"


class Confirmation(models.Model):
    """Somebody's statement that a register is complete as of a day (xác nhận sổ đầy đủ)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="register_confirmations")
    register = models.CharField(max_length=60)
    confirmed_on = models.DateField()
    confirmed_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    row_count = models.PositiveIntegerField()
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-confirmed_on", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "register", "-confirmed_on"], name="confirmations_newest")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.register} {self.confirmed_on:%Y-%m-%d}"


class Attachment(models.Model):
    """A filed document's file (tệp đính kèm); the bytes stand beside the database under their SHA-256."""

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)
    ledger_index = models.BigIntegerField()
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["row", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sha256"], name="attachments_by_digest")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.name}"


class Dismissal(models.Model):
    """What a machine showed and somebody left out of a register (không ghi sổ); it is not proposed again."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=60)
    identity = models.CharField(max_length=64)
    name = models.CharField(max_length=NAME_LENGTH)
    reason = models.CharField(max_length=300, blank=True)
    dismissed_at = models.DateTimeField()
    dismissed_by = models.CharField(max_length=100)
    ledger_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "register", "identity"], name="one_dismissal_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.register} {self.name}"


class CommittedImport(models.Model):
    """An import that was carried out (lần nhập từ tệp); confirmed twice, it is done once.

    `digest` is that of the preview somebody confirmed; with it the second confirmation finds the first result.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)
    added_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    committed_at = models.DateTimeField()
    committed_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "register", "digest"], name="one_import_per_confirmation"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "register", "file_sha256"], name="imports_of_one_file")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.register} {self.digest}"


class PersonOfUser(models.Model):
    """Which person of the register of persons a user of Khiên is (người dùng là ai trong sổ nhân sự)."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="person_link")
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="user_links")
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.row_id}"
