"""Notices to people, what each of them wants by e-mail, and mails until they have left."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.org.models import Unit, User


class Mail(models.Model):
    """One e-mail (thư) until the server took it; a digest is put into words only when it is sent.

    `message` is the Message-ID: the same at every try, so that a repetition can be told.
    """

    class Kind(models.TextChoices):
        """What a mail is for."""

        DIGEST = "digest"
        TEST = "test"

    class State(models.TextChoices):
        """Where a mail stands."""

        WAITING = "waiting"
        SENT = "sent"
        REFUSED = "refused"
        DROPPED = "dropped"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DIGEST)
    day = models.DateField()
    address = models.CharField(max_length=254)
    message = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "day"],
                condition=models.Q(kind="digest"),
                name="one_digest_a_day",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], name="mails_due", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day:%Y-%m-%d} {self.state}"


class Notice(models.Model):
    """One thing a person is told (thông báo); `source` is what it is about and why, told once.

    `mail_vi`, `mail_en` are what may stand in an e-mail: no person, no weakness. `place` names the page by
    kind and keys, as `khien.desk.targets` does. `is_settled`: what it was about is done.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", db_index=False)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=60)
    source = models.CharField(max_length=120)
    title_vi = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400)
    mail_vi = models.CharField(max_length=400)
    mail_en = models.CharField(max_length=400)
    why_vi = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=300, blank=True)
    anchor = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    place = models.JSONField(default=list)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    is_settled = models.BooleanField(default=False)
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "source"], name="told_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-made_at"], name="notices_of_a_person"),
            models.Index(fields=["user"], name="notices_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["about"], name="notices_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.source}"


class Preference(models.Model):
    """What a person wants by e-mail (cài đặt nhắc việc); in the pages everything is always told.

    `hour` is the hour in Viet Nam from which the digest leaves; `muted` are kinds left out of it.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notice_preference")
    by_mail = models.BooleanField(default=True)
    hour = models.PositiveSmallIntegerField(default=7)
    muted = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="vi")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.hour}"
