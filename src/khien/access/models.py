"""What signing in needs to remember: passwords' ages, wrong tries, factors, sessions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from khien.access.token_models import ApiToken as ApiToken
from khien.org.models import User


class PasswordState(models.Model):
    """How old a user's password is, and whether its owner has chosen it (tình trạng mật khẩu)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="password_state")
    set_at = models.DateTimeField()
    must_change = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"


class OldPassword(models.Model):
    """A password that may not come back (mật khẩu cũ); only its Argon2 hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    hashed = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-set_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"


class WrongTries(models.Model):
    """Wrong tries of an account since its last success, and until when it is locked (khóa tài khoản)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="wrong_tries")
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    last_address = models.CharField(max_length=45, blank=True)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.count}"


class AddressPace(models.Model):
    """Wrong tries that came from one address, whoever they named (tốc độ thử của một địa chỉ)."""

    address = models.CharField(max_length=45, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.address} {self.count}"


class SecondFactor(models.Model):
    """A second factor of a user (yếu tố xác thực thứ hai): a code app, or a security key.

    `secret` is encrypted with a key that is not in the database. `last_step`: the last time step of a code
    that was used, or the last counter of a key; nothing at or below it is accepted again.
    """

    class Kind(models.TextChoices):
        """What the factor is."""

        CODE_APP = "totp"
        KEY = "webauthn"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.name}"


class RecoveryCode(models.Model):
    """A code that stands in once for a lost factor (mã dự phòng); only its keyed digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"


class SignedIn(models.Model):
    """One session of a user (phiên đăng nhập): how, from where, and until when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    way = models.CharField(max_length=20)
    factor = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.way} {self.started_at:%Y-%m-%d %H:%M}"
