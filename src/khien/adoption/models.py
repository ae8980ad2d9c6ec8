"""A unit's own text on its way into force: the source, its corrections, what was confirmed, what was published."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit

CODE_LENGTH = 60


class ImportedText(models.Model):
    """One regulation as it was brought in (văn bản nhập), and how far it has come.

    `source` is the text as it was read, every character; it never changes. `read_notes`: what reading the file
    repaired, as [{line, code, vi, en}]. `head`: what persons corrected of number, title, issuer, days …; only
    corrected fields stand in it. `structure` counts corrections of the structure, `version` every change.
    `code` becomes the id of the document in the library. `scope`, `replaces`, `amends`: see `adoption.force`.
    `shared`: of a text that came reviewed from elsewhere, its library files and where it came from.
    """

    class State(models.TextChoices):
        """Where a text stands."""

        REVIEWING = "reviewing"
        SUBMITTED = "submitted"
        APPROVED = "approved"
        WITHDRAWN = "withdrawn"
        DROPPED = "dropped"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="imported_texts")
    code = models.SlugField(max_length=CODE_LENGTH, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REVIEWING)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    source = models.TextField()
    source_sha256 = models.CharField(max_length=64)
    read_notes = models.JSONField(default=list)
    head = models.JSONField(default=dict)
    structure = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    scope = models.JSONField(default=dict)
    replaces = models.JSONField(default=list)
    amends = models.JSONField(default=list)
    shared = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return self.code


class StructureEdit(models.Model):
    """One correction of the structure by hand (split, join, renumber, change kind, accept an anomaly).

    `number` counts within a text; an undone edit stays with who undid it. `arguments`: see `norms.text.editing`.
    """

    text = models.ForeignKey(ImportedText, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    arguments = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["text", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "number"], name="one_edit_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.number} {self.kind}"


class ClauseReview(models.Model):
    """What a person decided about one clause (rà soát điều khoản).

    `duties`: what the clause demands, as [{control, modality, actor, text, parameters, frequency, deadline,
    schedule, recipient, form, side, evidence}]; empty where `outcome` is nothing (heading, scope, definition).
    `words_sha256`: of the clause's text when it was decided; another digest now means it changed since.
    `how`: sweep (many sure ones at once) or one (looked at).
    """

    class Outcome(models.TextChoices):
        """What was decided."""

        DUTIES = "duties"
        NOTHING = "nothing"

    text = models.ForeignKey(ImportedText, on_delete=models.CASCADE, related_name="reviews")
    path = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    duties = models.JSONField(default=list)
    none = models.CharField(max_length=30, blank=True)
    words_sha256 = models.CharField(max_length=64)
    how = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["text", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "path"], name="one_review_per_clause")
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.path} {self.outcome}"


class ReviewClaim(models.Model):
    """Who reviews which chapter (phân công rà soát): a mark for the others, no lock."""

    text = models.ForeignKey(ImportedText, on_delete=models.CASCADE, related_name="claims")
    path = models.CharField(max_length=120)
    person = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["text", "path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "path"], name="one_claim_per_chapter")
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.path} {self.person}"


class OwnControl(models.Model):
    """A control that a unit wrote since none of the library's fits (biện pháp tự lập).

    It is decided by a person's statement or by a filed document; `code` is like OWN-01, once per installation.
    """

    text = models.ForeignKey(ImportedText, on_delete=models.CASCADE, related_name="own_controls")
    code = models.CharField(max_length=7, unique=True)
    title = models.CharField(max_length=200)
    why = models.CharField(max_length=1000)
    fix = models.CharField(max_length=1000)
    supply = models.CharField(max_length=1000)
    evidence = models.CharField(max_length=10)
    severity = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.code


class Publication(models.Model):
    """A text as it stands in the installation's own library (bản đã đưa vào áp dụng).

    `files`: library files by path (norms/<code>/document.yaml, …, controls/own/<ID>/…); their digest stands in the
    ledger. `text` is empty for a text that came as a package. `scope`: the units it was put into force for.
    """

    code = models.SlugField(max_length=CODE_LENGTH, unique=True)
    text = models.OneToOneField(
        ImportedText, null=True, blank=True, on_delete=models.PROTECT, related_name="publication"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="publications")
    files = models.JSONField()
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=200, blank=True)
    in_force_from = models.DateField()
    scope = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.code
