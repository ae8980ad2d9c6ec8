"""Units of the state and the persons who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

# What brought a unit into a state; of the last two no living unit comes back.
REGISTERED = "registered"
RENAMED = "renamed"
MOVED = "moved"
MERGED = "merged"
ENDED = "ended"
ENDINGS = (MERGED, ENDED)


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
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.name_vi


class UnitState(models.Model):
    """How a unit stood between two days (thời kỳ của đơn vị), and the decision that made it so.

    `from_on` is the first day, `until_on` the first day no longer; NULL: it stands so now. The newest
    state repeats what `Unit` says; of a unit that ended it is the one that ended it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="states")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    place = models.CharField(max_length=100)
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    decision = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar[list[str]] = ["unit", "from_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(until_on=None), name="one_open_state_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name_vi} {self.from_on:%Y-%m-%d}"


class UnitSuccession(models.Model):
    """A unit that ended and one that took over from it (kế thừa sau sáp nhập, chia tách)."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="inheritances")
    on = models.DateField()
    decision = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="one_succession_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} -> {self.successor_id}"


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
    """An account that signs in (người dùng); `unit` is where it is at home, its roles say what it may do.

    A user is not a person of the persons register; the registers room ties the two together.
    `ends_on` is the last day of somebody who leaves.
    """

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    ends_on = models.DateField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class RoleHeld(models.Model):
    """A role that a user holds at a unit from a day to a day (vai trò tại đơn vị).

    `until_on` is the last day; NULL: until revoked. What the role lets do, and where: `khien.org.roles`.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    granted_by = models.CharField(max_length=100)
    granted_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=100, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["user", "unit", "role", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=models.Q(revoked_at=None),
                name="one_role_held_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"


class AccountRequest(models.Model):
    """A request for an account, or for other roles of one (đề nghị cấp tài khoản, đổi quyền).

    `roles` is what the user shall hold at `unit` afterwards: [{"role": code, "until": day or null}].
    `user` is the account that is to change, or the one that was made.
    """

    class What(models.TextChoices):
        """What is asked for."""

        ACCOUNT = "account"
        ROLES = "roles"

    class State(models.TextChoices):
        """Where a request stands."""

        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="account_requests")
    what = models.CharField(max_length=20, choices=What.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    username = models.CharField(max_length=60)
    full_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    roles = models.JSONField()
    reason = models.CharField(max_length=300)
    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="requests_about"
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests_made")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="requests_decided"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "username"],
                condition=models.Q(state="open"),
                name="one_open_request_per_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.username} {self.state}"


class SignInLink(models.Model):
    """A one-time sign-in link (liên kết đăng nhập một lần); only the hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d %H:%M}"
