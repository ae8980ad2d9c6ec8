"""Units of the state and the persons who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Unit(models.Model):
    """A body bound by regulations (cơ quan, đơn vị): department, hospital, ward, office."""

    code = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    place = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    parent_name_vi = models.CharField(max_length=200, blank=True)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.name_vi


class UserManager(BaseUserManager["User"]):
    """Makes users; none has a password until one is set by its owner."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Create a user who cannot sign in by password unless one is given."""
        user = self.model(username=username, **fields)
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in (người dùng); sees the units of `unit` and below."""

    username = models.CharField(max_length=60, unique=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class SignInLink(models.Model):
    """A one-time sign-in link (liên kết đăng nhập một lần); only the hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d %H:%M}"
